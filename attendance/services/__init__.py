"""The verbs of the register: reports, marks, closing."""

from django.utils.translation import gettext as _

from people.services import Refusal


class AttendanceRefused(Refusal):
    """Something that presence does not allow; the text says what to do instead."""


class SettledAlready(AttendanceRefused):
    """Presence was settled; only a reopening, with its motive, lets it change."""

    def __init__(self) -> None:
        super().__init__(
            _("The attendance of this session is settled. Reopen it, with a motive, to change it.")
        )
