"""Every message the Academy sends, one line an event: when X, write Y. Rows only; the worker words
and sends them after the commit.
"""

from notices.receivers import afterwards, mailings, offers, seats, sessions, worker

__all__ = ["afterwards", "mailings", "offers", "seats", "sessions", "worker"]
