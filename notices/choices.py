"""Every message the Academy sends, by name; which of them a person may refuse."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.choices import DATED_SESSION_STATES, PAST_SESSION_STATES


class NoticeKind(models.TextChoices):
    SEAT_CONFIRMED = "seat_confirmed", _("Place confirmed")
    PUT_ON_WAITING_LIST = "put_on_waiting_list", _("On the waiting list")
    ENROLMENT_CANCELLED = "enrolment_cancelled", _("Withdrawal confirmed")
    PLACE_NOT_OBTAINED = "place_not_obtained", _("Place not obtained")
    SEAT_OFFERED = "seat_offered", _("Seat offered")
    OFFER_REMINDER = "offer_reminder", _("Reminder of an offer")
    OFFER_EXPIRED = "offer_expired", _("Offer left without an answer")
    OFFER_DECLINED = "offer_declined", _("Offer declined")
    SEAT_CALLED = "seat_called", _("Last-hour seat")
    SEAT_REQUESTED = "seat_requested", _("Request received")
    REQUEST_REFUSED = "request_refused", _("Request refused")
    SEAT_PASSED_ON = "seat_passed_on", _("Seat given to a colleague")
    POOL_RELEASE_NEAR = "pool_release_near", _("Reserved seats soon released")
    STRIKE_GIVEN = "strike_given", _("Seat left unused")
    REMINDER_WEEK = "reminder_week", _("Reminder, a week before")
    COMING_ASKED = "coming_asked", _("“Are you coming?”, three days before")
    REMINDER_DAY = "reminder_day", _("Reminder, the day before")
    REMINDER_HOUR = "reminder_hour", _("Reminder, an hour before")
    SESSION_CHANGED = "session_changed", _("Change of a session")
    SESSION_POSTPONED = "session_postponed", _("Session postponed")
    SESSION_CANCELLED = "session_cancelled", _("Session cancelled")
    SLIDES_READY = "slides_ready", _("Slides ready")
    RECORDING_READY = "recording_ready", _("Recording ready")
    SURVEY_OPENED = "survey_opened", _("Invitation to evaluate")
    CERTIFICATE_READY = "certificate_ready", _("Attestation ready")
    CERTIFICATE_ENDED = "certificate_ended", _("Attestation replaced or revoked")
    ACCOUNT_CLOSED = "account_closed", _("Account closed")
    TERM_ANNOUNCED = "term_announced", _("Announcement of a term")
    SESSION_MESSAGE = "session_message", _("Message to people of a session")
    ENROLMENT_OPENS = "enrolment_opens", _("Enrolment opens tomorrow")
    ENROLMENT_OPENED = "enrolment_opened", _("Enrolment is open")


# In which states of a session its slides and its recording are announced.
MATERIAL_STATES = {
    NoticeKind.SLIDES_READY: DATED_SESSION_STATES,
    NoticeKind.RECORDING_READY: PAST_SESSION_STATES,
}


class NoticeState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("notice", "Waiting")
    SENDING = "sending", pgettext_lazy("notice", "Being sent")
    SENT = "sent", pgettext_lazy("notice", "Sent")
    FAILED = "failed", pgettext_lazy("notice", "Failed")
    DROPPED = "dropped", pgettext_lazy("notice", "No longer true, not sent")


class Priority(models.IntegerChoices):
    """Lower goes first. Sign-in codes never queue: they pass the door at once."""

    URGENT = 1, _("Change on the day")
    NORMAL = 5, _("Normal")
    BULK = 9, _("Announcement")


class MailingKind(models.TextChoices):
    """Messages to many; each person's is a notice of the same name."""

    TERM_ANNOUNCED = "term_announced", _("Announcement of a term")
    SESSION_MESSAGE = "session_message", _("Message to people of a session")
    ENROLMENT_OPENS = "enrolment_opens", _("Enrolment opens tomorrow")
    ENROLMENT_OPENED = "enrolment_opened", _("Enrolment is open")


# Written by staff; the others come of themselves.
STAFF_MAILINGS = frozenset({MailingKind.TERM_ANNOUNCED, MailingKind.SESSION_MESSAGE})


# What stands in braces in a message to many, in both languages, and is filled in for each person.
MAILING_PLACEHOLDERS: dict[str, tuple[str, ...]] = {
    MailingKind.TERM_ANNOUNCED: ("nom", "programmation", "lien"),
    MailingKind.SESSION_MESSAGE: ("nom", "formation", "date", "heure", "lien"),
}


class MailingState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("mailing", "Draft")
    SENDING = "sending", pgettext_lazy("mailing", "Being sent")
    STOPPED = "stopped", pgettext_lazy("mailing", "Stopped")
    SENT = "sent", pgettext_lazy("mailing", "Sent")


# `sent` is reached by the worker; `sent → sending` sends what failed once more.
MAILING_TRANSITIONS: dict[str, frozenset[str]] = {
    MailingState.DRAFT: frozenset({MailingState.SENDING}),
    MailingState.SENDING: frozenset({MailingState.STOPPED, MailingState.SENT}),
    MailingState.STOPPED: frozenset({MailingState.SENDING}),
    MailingState.SENT: frozenset({MailingState.SENDING}),
}
# Its words may still change: nobody, or nobody more, receives them.
EDITABLE_STATES = frozenset({MailingState.DRAFT, MailingState.STOPPED})
# Its messages may leave: being sent, or one that failed and is sent again.
LEAVING_STATES = frozenset({MailingState.SENDING, MailingState.SENT})

# Minutes before the next try; after the last one the notice is FAILED.
RETRY_MINUTES = (1, 5, 10, 20, 30, 60, 240)
# Minutes after which a notice still « being sent » was left behind by a worker that died.
STUCK_MINUTES = 10
# Days after which the words of a sent message are forgotten.
WORDS_KEPT_DAYS = 30
# Nothing more will happen to these by itself.
ENDED_STATES = frozenset({NoticeState.SENT, NoticeState.FAILED, NoticeState.DROPPED})

# ------------------------------------------------------------------ words that staff may write
# In the subject and the first paragraph of a kind: the two names (French, English) that may stand
# in braces, by either name in either text, and what replaces them.
TEXT_PLACEHOLDERS = {
    "name": ("nom", "name", _("name of the person")),
    "training": ("formation", "training", _("title of the training")),
    "date": ("date", "date", _("day of the session")),
    "hour": ("heure", "hour", _("hour at which it begins")),
    "rank": ("rang", "rank", _("rank on the waiting list")),
    "offer_end": ("fin_de_l_offre", "offer_end", _("moment until which the seat is held")),
    "colleague": ("collegue", "colleague", _("name of the colleague")),
    "reason": ("motif", "reason", _("reason given by staff")),
    "changes": ("changements", "changes", _("what has changed")),
    "seats": ("places", "seats", _("number of seats still free")),
    "release": ("liberation", "release", _("moment at which these seats are open to everyone")),
    "points_end": ("fin_des_points", "points_end", _("day until which the points count")),
    "survey_end": ("fin_du_sondage", "survey_end", _("moment until which one may answer")),
    "number": ("numero", "number", _("number of the attestation")),
}
_OF_A_SESSION = ("name", "training", "date", "hour")
# The kinds whose words staff may write, and the placeholders of each.
TEXTS: dict[NoticeKind, tuple[str, ...]] = {
    NoticeKind.SEAT_CONFIRMED: _OF_A_SESSION,
    NoticeKind.PUT_ON_WAITING_LIST: (*_OF_A_SESSION, "rank"),
    NoticeKind.ENROLMENT_CANCELLED: _OF_A_SESSION,
    NoticeKind.PLACE_NOT_OBTAINED: _OF_A_SESSION,
    NoticeKind.SEAT_OFFERED: (*_OF_A_SESSION, "offer_end"),
    NoticeKind.OFFER_REMINDER: (*_OF_A_SESSION, "offer_end"),
    NoticeKind.OFFER_EXPIRED: _OF_A_SESSION,
    NoticeKind.OFFER_DECLINED: _OF_A_SESSION,
    NoticeKind.SEAT_CALLED: _OF_A_SESSION,
    NoticeKind.SEAT_REQUESTED: _OF_A_SESSION,
    NoticeKind.REQUEST_REFUSED: (*_OF_A_SESSION, "reason"),
    NoticeKind.SEAT_PASSED_ON: (*_OF_A_SESSION, "colleague"),
    NoticeKind.POOL_RELEASE_NEAR: (*_OF_A_SESSION, "seats", "release"),
    NoticeKind.STRIKE_GIVEN: (*_OF_A_SESSION, "points_end"),
    NoticeKind.REMINDER_WEEK: _OF_A_SESSION,
    NoticeKind.COMING_ASKED: _OF_A_SESSION,
    NoticeKind.REMINDER_DAY: _OF_A_SESSION,
    NoticeKind.REMINDER_HOUR: _OF_A_SESSION,
    NoticeKind.SESSION_CHANGED: (*_OF_A_SESSION, "changes"),
    NoticeKind.SESSION_POSTPONED: (*_OF_A_SESSION, "reason"),
    NoticeKind.SESSION_CANCELLED: (*_OF_A_SESSION, "reason"),
    NoticeKind.SLIDES_READY: _OF_A_SESSION,
    NoticeKind.RECORDING_READY: _OF_A_SESSION,
    NoticeKind.SURVEY_OPENED: ("name", "training", "survey_end"),
    NoticeKind.CERTIFICATE_READY: ("name", "training", "number"),
    NoticeKind.CERTIFICATE_ENDED: ("name", "training", "number"),
    NoticeKind.ACCOUNT_CLOSED: (),
}
