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
