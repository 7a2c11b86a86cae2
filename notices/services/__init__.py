"""What may be done with messages: write one, send one, send one again, forget words."""

from people.services import Refusal


class NoticeRefusal(Refusal):
    """A message that cannot be; the text says why."""
