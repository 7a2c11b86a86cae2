"""News of the voice."""

from django.dispatch import Signal

# Wake-up: a notice waits in the outbox. Sent by services.outbox; heard on this floor only;
# carries notice_id.
notice_posted = Signal()
