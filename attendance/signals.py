"""News of the register. Sent inside the transaction with send(); receivers write rows only."""

from django.dispatch import Signal

# Presence of a session was settled. Sent by services.closing; carries closing, at.
attendance_closed = Signal()
# A settled session was opened again with a motive. Sent by services.closing; carries closing, at.
attendance_reopened = Signal()
