from notices.models.follows import Follow
from notices.models.mailings import Mailing, MailingEvent
from notices.models.outbox import DoorMail, Notice
from notices.models.texts import MessageText

__all__ = ["DoorMail", "Follow", "Mailing", "MailingEvent", "MessageText", "Notice"]
