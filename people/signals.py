"""News of the ground floor. Sent inside the transaction with send(): a failing receiver undoes the act."""

from django.dispatch import Signal

# A membership was verified. Sent by services.memberships; carries membership, at.
membership_verified = Signal()
# An account was closed and its personal fields emptied. Sent by services.accounts; carries user, at.
account_closed = Signal()
# A role was granted or ended. Sent by services.roles; carries user, role, at.
role_changed = Signal()
