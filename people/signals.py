"""News of the ground floor. Sent inside the transaction: a failing receiver undoes the act."""

from django.dispatch import Signal

# A membership was verified. Sent by services.memberships; carries membership, at.
membership_verified = Signal()
# An account is being closed. Sent by services.accounts just before the personal columns are
# emptied, so that whoever hears it can still read the address and the language; carries user, at.
account_closed = Signal()
# A role was granted or ended. Sent by services.roles; carries user, role, at.
role_changed = Signal()
