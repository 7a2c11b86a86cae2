"""Words and files of the heart that read what is already loaded, and nothing else."""

from courses.letters.calendars import (
    CANCEL,
    PUBLISH,
    REQUEST,
    one_line,
    page_of,
    public_calendar,
    session_calendar,
)

__all__ = [
    "CANCEL",
    "PUBLISH",
    "REQUEST",
    "one_line",
    "page_of",
    "public_calendar",
    "session_calendar",
]
