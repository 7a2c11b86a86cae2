"""News of the proof. Sent inside the transaction with send(); receivers write rows only."""

from django.dispatch import Signal

# A certificate row and its snapshot exist. Sent by services.issuing; carries certificate, at.
# Wake-up for drawing and signing: heard on this floor.
certificate_issued = Signal()
# Both files of a certificate are stored, it may be mailed. Sent by services.files;
# carries certificate, at.
certificate_ready = Signal()
# A certificate was revoked or replaced. Sent by services.issuing; carries certificate, kind, at.
certificate_ended = Signal()
