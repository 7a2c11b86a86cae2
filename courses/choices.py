"""Words, states and transition tables of the heart. Data: services obey, tests read row by row."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CourseKind(models.TextChoices):
    TRAINING = "training", _("Training")
    WEBINAR = "webinar", _("Webinar")
    GCP = "gcp", _("Good clinical practice")
    SELF_STUDY = "self_study", _("Self-study module")


class SessionFormat(models.TextChoices):
    ONLINE = "online", _("Online")
    IN_PERSON = "in_person", _("In person")
    HYBRID = "hybrid", _("Online and in person")


class Audience(models.TextChoices):
    EVERYONE = "everyone", _("Everyone with an account")
    NETWORK = "network", _("Professionals of the network")
    INVITATION = "invitation", _("By invitation")


class OpeningMode(models.TextChoices):
    FIRST_COME = "first_come", _("First come, first served")
    DRAW = "draw", _("Requests, then a draw")


class PoolKind(models.TextChoices):
    ESTABLISHMENT = "establishment", _("People of an establishment")
    COMMUNITY = "community", _("Members of a community of practice")
    PROFESSION = "profession", _("People of a profession")
    GUESTS = "guests", _("Guests of the trainer")


class HoldReason(models.TextChoices):
    SURVEY = "survey", _("The survey of a session attended is not answered")
    STAFF = "staff", _("By staff")


class StrikeCause(models.TextChoices):
    LATE = "late", _("Late withdrawal")
    ABSENT = "absent", _("Absence")


STRIKE_POINTS = {StrikeCause.LATE: 1, StrikeCause.ABSENT: 2}
# Points from which one enrols some hours after everybody, then only on the waiting list.
STRIKES_DELAYED, STRIKES_LAST = 2, 4
STRIKE_DELAY_HOURS = 48
# Never a strike for a seat received this near to the session: nobody could plan for it.
STRIKE_FREE_HOURS = 48

# How long personal data of the heart is kept after the session, in days (services.retention).
QUESTIONS_KEPT_DAYS = 90
GUESTS_KEPT_DAYS = 731  # two years, a leap day among them
ATTEMPTS_KEPT_DAYS = 731
CONNECTIONS_KEPT_DAYS = 1827  # five years, two leap days among them


class RefusalCause(models.TextChoices):
    """Why somebody who asked got no seat and no place on the list. A full session is no refusal."""

    CLOSED = "closed", _("Enrolment closed, or not open yet")
    AUDIENCE = "audience", _("Not in the audience")
    LIMIT = "limit", _("Limit of seats in the term")
    OVERLAP = "overlap", _("Another seat at that time")
    PREREQUISITE = "prerequisite", _("Course to complete before")
    HOLD = "hold", _("Enrolment on hold")
    STRIKES = "strikes", _("Late withdrawals or absences")
    OTHER = "other", _("Another cause")


# Which cause each refusal of the gate is, by its name; what is not named is another cause. The name
# also stands in the history of those who were passed over on the list (services.offers).
REFUSAL_CAUSES = {
    "EnrolmentClosed": RefusalCause.CLOSED,
    "EnrolmentDelayed": RefusalCause.STRIKES,
    "SessionOver": RefusalCause.CLOSED,
    "NotInAudience": RefusalCause.AUDIENCE,
    "TermLimitReached": RefusalCause.LIMIT,
    "ScheduleConflict": RefusalCause.OVERLAP,
    "PrerequisiteMissing": RefusalCause.PREREQUISITE,
    "EnrolmentHeld": RefusalCause.HOLD,
}
PASSED_OVER = "passed over: "  # begins that line of the history


class ChecklistCode(models.TextChoices):
    ACCREDITATION = "accreditation", _("Ask for the accreditation")
    DECLARATIONS = "declarations", _("Collect the declarations of interests")
    SLIDES = "slides", _("Receive the slides")
    TEST = "test", _("Hold the technical test")
    PRESENCE = "presence", _("Settle presence")
    ATTESTATIONS = "attestations", _("Issue the attestations")
    OTHER = "other", _("Something else")


# Days from the first meeting (before) or from the last one (after).
CHECKLIST = {
    ChecklistCode.ACCREDITATION: -90,
    ChecklistCode.DECLARATIONS: -30,
    ChecklistCode.SLIDES: -7,
    ChecklistCode.TEST: -2,
    ChecklistCode.PRESENCE: 2,
    ChecklistCode.ATTESTATIONS: 5,
}


class SessionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("session", "Draft")
    ANNOUNCED = "announced", pgettext_lazy("session", "Announced")
    OPEN = "open", pgettext_lazy("session", "Enrolment open")
    PAUSED = "paused", pgettext_lazy("session", "Enrolment paused")
    POSTPONED = "postponed", pgettext_lazy("session", "Postponed")
    HELD = "held", pgettext_lazy("session", "Held")
    CLOSED = "closed", pgettext_lazy("session", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


# from → to. `held` is reached by the clock at the end of the last meeting; the rest by staff.
# `closed → held` (reopening) asks for a motive.
SESSION_TRANSITIONS: dict[str, frozenset[str]] = {
    SessionState.DRAFT: frozenset(
        {SessionState.ANNOUNCED, SessionState.OPEN, SessionState.CANCELLED}
    ),
    SessionState.ANNOUNCED: frozenset(
        {SessionState.OPEN, SessionState.HELD, SessionState.POSTPONED, SessionState.CANCELLED}
    ),
    SessionState.OPEN: frozenset(
        {SessionState.PAUSED, SessionState.HELD, SessionState.POSTPONED, SessionState.CANCELLED}
    ),
    SessionState.PAUSED: frozenset(
        {SessionState.OPEN, SessionState.HELD, SessionState.POSTPONED, SessionState.CANCELLED}
    ),
    SessionState.POSTPONED: frozenset(
        {SessionState.ANNOUNCED, SessionState.OPEN, SessionState.CANCELLED}
    ),
    SessionState.HELD: frozenset({SessionState.CLOSED}),
    SessionState.CLOSED: frozenset({SessionState.HELD}),
    SessionState.CANCELLED: frozenset(),
}
# Seen by the public in the catalogue.
PUBLIC_SESSION_STATES = frozenset(SessionState.values) - {SessionState.DRAFT}
# Still to come: seats may move.
LIVE_SESSION_STATES = frozenset(
    {
        SessionState.ANNOUNCED,
        SessionState.OPEN,
        SessionState.PAUSED,
        SessionState.POSTPONED,
    }
)
PAST_SESSION_STATES = frozenset({SessionState.HELD, SessionState.CLOSED})

# A person may ask for a seat only in OPEN; staff may seat people once a session is announced.
STAFF_ENROL_STATES = frozenset(
    {
        SessionState.ANNOUNCED,
        SessionState.OPEN,
        SessionState.PAUSED,
    }
)
# A freed seat goes to whoever waits; a pause stops the list as well.
PROMOTING_STATES = frozenset({SessionState.ANNOUNCED, SessionState.OPEN})
# Its dates are those printed on people's calendars: they can collide with another session's.
DATED_SESSION_STATES = frozenset(
    {
        SessionState.ANNOUNCED,
        SessionState.OPEN,
        SessionState.PAUSED,
        SessionState.HELD,
        SessionState.CLOSED,
    }
)


class SessionChange(models.TextChoices):
    """Names carried by session_changed; TIME and PLACE also raise every calendar_sequence."""

    TIME = "time", pgettext_lazy("change", "Dates and hours")
    PLACE = "place", pgettext_lazy("change", "Place or format")
    LANGUAGE = "language", pgettext_lazy("change", "Spoken language")
    CAPACITY = "capacity", pgettext_lazy("change", "Number of seats")
    DEADLINE = "deadline", pgettext_lazy("change", "Enrolment dates")
    AUDIENCE = "audience", pgettext_lazy("change", "Audience")
    SURVEY = "survey", pgettext_lazy("change", "Survey required")
    TRAINERS = "trainers", pgettext_lazy("change", "Trainers")
    JOIN_URL = "join_url", pgettext_lazy("change", "Join address")
    POOLS = "pools", pgettext_lazy("change", "Pools of seats")
    RULES = "rules", pgettext_lazy("change", "Rules of enrolment")
    GUESTS = "guests", pgettext_lazy("change", "Guests")  # in the history alone: nobody is told


# What history says of an address typed where there was none: nobody was led elsewhere before.
FIRST_ADDRESS = "first"


class DayKind(models.TextChoices):
    """What may befall a session on the day."""

    JOIN_URL = "join_url", pgettext_lazy("day", "New join address")
    TRAINER = "trainer", pgettext_lazy("day", "Another trainer")
    DELAY = "delay", pgettext_lazy("day", "It begins later")
    CUT = "cut", pgettext_lazy("day", "It ends earlier")
    POSTPONE = "postpone", pgettext_lazy("day", "Postponed: the date is not known yet")
    CANCEL = "cancel", pgettext_lazy("day", "Cancelled: it will not take place")


# It still has a date to keep: a change on the day has something to change.
CHANGEABLE_ON_THE_DAY = STAFF_ENROL_STATES


class EnrolmentState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("enrolment", "Requested")
    WAITING = "waiting", pgettext_lazy("enrolment", "On the waiting list")
    OFFERED = "offered", pgettext_lazy("enrolment", "Place offered")
    CONFIRMED = "confirmed", pgettext_lazy("enrolment", "Place confirmed")
    REFUSED = "refused", pgettext_lazy("enrolment", "Refused")
    DECLINED = "declined", pgettext_lazy("enrolment", "Declined")
    EXPIRED = "expired", pgettext_lazy("enrolment", "Offer expired")
    LAPSED = "lapsed", pgettext_lazy("enrolment", "Place not obtained")
    CANCELLED = "cancelled", pgettext_lazy("enrolment", "Cancelled")


ENROLMENT_BEGINNINGS = frozenset(
    {
        EnrolmentState.REQUESTED,
        EnrolmentState.WAITING,
        EnrolmentState.CONFIRMED,
        EnrolmentState.OFFERED,
    }
)
ENROLMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    EnrolmentState.REQUESTED: frozenset(
        {
            EnrolmentState.WAITING,
            EnrolmentState.CONFIRMED,
            EnrolmentState.OFFERED,
            EnrolmentState.REFUSED,
            EnrolmentState.LAPSED,
            EnrolmentState.CANCELLED,
        }
    ),
    EnrolmentState.WAITING: frozenset(
        {
            EnrolmentState.OFFERED,
            EnrolmentState.CONFIRMED,
            EnrolmentState.LAPSED,
            EnrolmentState.CANCELLED,
        }
    ),
    EnrolmentState.OFFERED: frozenset(
        {
            EnrolmentState.CONFIRMED,
            EnrolmentState.DECLINED,
            EnrolmentState.EXPIRED,
            EnrolmentState.LAPSED,
            EnrolmentState.CANCELLED,
        }
    ),
    EnrolmentState.CONFIRMED: frozenset({EnrolmentState.CANCELLED}),
}
LIVE_ENROLMENT_STATES = ENROLMENT_BEGINNINGS
HELD_ENROLMENT_STATES = frozenset({EnrolmentState.CONFIRMED, EnrolmentState.OFFERED})


class EnrolmentOrigin(models.TextChoices):
    WEB = "web", _("By the person")
    STAFF = "staff", _("By staff")
    IMPORT = "import", _("By import")
    LIAISON = "liaison", _("By a liaison agent")
    COLLEAGUE = "colleague", _("Given by a colleague")
    TWIN = "twin", _("Second session")
    DRAW = "draw", _("By the draw")
    WALK_IN = "walk_in", _("Came without enrolling")


# Staff decided nothing: the rules of the window, of the audience and of strikes hold in full.
OWN_ORIGINS = frozenset(
    {
        EnrolmentOrigin.WEB,
        EnrolmentOrigin.DRAW,
        EnrolmentOrigin.LIAISON,
        EnrolmentOrigin.COLLEAGUE,
    }
)


class RosterAct(models.TextChoices):
    """What staff do to several people of a session at once."""

    CANCEL = "cancel", _("Cancel the enrolment")
    MOVE = "move", _("Move to another session")
    SEAT = "seat", _("Give a seat beyond the capacity")
    APPROVE = "approve", _("Approve the request")
    REFUSE = "refuse", _("Refuse the request")


# The states each act makes sense for.
ACTS_ON: dict[str, frozenset[str]] = {
    RosterAct.CANCEL: ENROLMENT_BEGINNINGS,
    RosterAct.MOVE: ENROLMENT_BEGINNINGS,
    RosterAct.SEAT: frozenset({EnrolmentState.WAITING, EnrolmentState.REQUESTED}),
    RosterAct.APPROVE: frozenset({EnrolmentState.REQUESTED}),
    RosterAct.REFUSE: frozenset({EnrolmentState.REQUESTED}),
}


class TrainerRole(models.TextChoices):
    TRAINER = "trainer", _("Trainer")
    PANELLIST = "panellist", _("Panellist")
    MODERATOR = "moderator", _("Moderator")
