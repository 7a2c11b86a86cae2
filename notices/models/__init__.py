from notices.models.outbox import DoorMail, Notice

__all__ = ["DoorMail", "Notice"]
