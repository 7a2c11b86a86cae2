"""Words and files of the heart that read what is already loaded, and nothing else."""

from courses.letters.calendars import (
    CANCEL,
    CANCELLED,
    CONFIRMED,
    PUBLISH,
    REQUEST,
    one_line,
    page_of,
    place_uid,
    public_calendar,
    session_calendar,
    session_uid,
)
from courses.letters.feeds import Entry, seat_feed, term_feed
from courses.letters.links import AddLinks, add_links, google_link, outlook_link

__all__ = [
    "CANCEL",
    "CANCELLED",
    "CONFIRMED",
    "PUBLISH",
    "REQUEST",
    "AddLinks",
    "Entry",
    "add_links",
    "google_link",
    "one_line",
    "outlook_link",
    "page_of",
    "place_uid",
    "public_calendar",
    "seat_feed",
    "session_calendar",
    "session_uid",
    "term_feed",
]
