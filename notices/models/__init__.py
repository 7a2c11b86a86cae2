from notices.models.outbox import DoorMail, Notice
from notices.models.texts import MessageText

__all__ = ["DoorMail", "MessageText", "Notice"]
