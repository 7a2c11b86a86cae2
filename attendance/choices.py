"""Words of the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Raised whenever the way of counting changes; frozen with every decision.
RULE_VERSION = "union-clipped-1"


class PresenceStatus(models.TextChoices):
    PRESENT = "present", pgettext_lazy("attendance", "Present")
    PARTIAL = "partial", pgettext_lazy("attendance", "Partly present")
    ABSENT = "absent", pgettext_lazy("attendance", "Absent")


class MarkKind(models.TextChoices):
    """What a human may put down; `excused` forgives an absence and counts no time."""

    PRESENT = "present", pgettext_lazy("attendance", "Present")
    PARTIAL = "partial", pgettext_lazy("attendance", "Partly present")
    ABSENT = "absent", pgettext_lazy("attendance", "Absent")
    EXCUSED = "excused", pgettext_lazy("attendance", "Excused")
    WITHDRAWN = "withdrawn", pgettext_lazy("attendance", "Mark taken back")


class MarkSource(models.TextChoices):
    ROSTER = "roster", _("Roster")
    OVERRIDE = "override", _("Decision of staff")
    CODE = "code", _("Code given in the session")


class ImportState(models.TextChoices):
    PREVIEWED = "previewed", _("To be reviewed")
    APPLIED = "applied", _("Applied")
    UNDONE = "undone", _("Undone")
    SUPERSEDED = "superseded", _("Replaced by a newer report")


class MatchLevel(models.TextChoices):
    """How a line of a report found its person; the order is the order of trust."""

    EMAIL = "email", _("Verified address")
    ALIAS = "alias", _("Address confirmed earlier")
    NAME = "name", _("Unique name on the roster")
    HAND = "hand", _("Chosen by staff")
    SUGGESTED = "suggested", _("To be confirmed")
    NONE = "none", _("Unknown")


class Source(models.TextChoices):
    """Where a decision's seconds come from."""

    REPORT = "report", _("Meeting report")
    MARK = "mark", _("Mark")
    BOTH = "both", _("Meeting report and mark")
    NOTHING = "nothing", _("Nothing recorded")


class ReasonCode(models.TextChoices):
    """Why a line of a report, or a person's minutes, deserve a second look."""

    NO_EMAIL = "NO_EMAIL", _("No address in the report")
    PHONE = "PHONE", _("Joined by telephone")
    WAITING_ROOM = "WAITING_ROOM", _("Waiting room: not counted")
    HOST = "HOST", _("Host of the meeting")
    OPEN_END = "OPEN_END", _("No departure time: counted to the end")
    OVERLAP_MERGED = "OVERLAP_MERGED", _("Several devices at once: counted once")
    CLIPPED_EARLY = "CLIPPED_EARLY", _("Time before the start not counted")
    CLIPPED_LATE = "CLIPPED_LATE", _("Time after the end not counted")
    OUTSIDE_WINDOW = "OUTSIDE_WINDOW", _("Connection outside the agenda")
    NAME_ONLY = "NAME_ONLY", _("Recognised by name alone")
    AMBIGUOUS_NAME = "AMBIGUOUS_NAME", _("Same name connected twice at once: kept apart")
    DUPLICATE_FILE = "DUPLICATE_FILE", _("File already imported")
    SUPERSEDED = "SUPERSEDED", _("Replaced by a newer report")
    ZONE_SUSPECT = "ZONE_SUSPECT", _("Time zone to be checked")
    DATE_ORDER_ASSUMED = "DATE_ORDER_ASSUMED", _("Order of dates taken from the session's date")
    TOTAL_ONLY = "TOTAL_ONLY", _("Total minutes only: cannot be verified")
    RECORD_COUNT_DIFFERS = (
        "RECORD_COUNT_DIFFERS",
        _("The report announces more people than it lists"),
    )


class DateOrder(models.TextChoices):
    """How the numeric dates of a report are written; asked when nothing decides it."""

    DAY_FIRST = "day-first", _("Day first (31/12/2026)")
    MONTH_FIRST = "month-first", _("Month first (12/31/2026)")
    YEAR_FIRST = "year-first", _("Year first (2026-12-31)")
