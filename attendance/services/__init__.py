"""The verbs of the register: reports, marks, closing."""

from people.services import Refusal


class AttendanceRefused(Refusal):
    """Something that presence does not allow; the text says what to do instead."""
