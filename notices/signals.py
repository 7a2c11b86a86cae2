"""News of the voice."""

from django.dispatch import Signal

# Wake-up: a notice waits in the outbox. Sent by services.outbox; heard on this floor only;
# carries key (of the first one when several are written at once).
notice_posted = Signal()
# Wake-up: a message to many is to be written to its people. Sent by services.mailings; heard on
# this floor only; carries mailing.
mailing_started = Signal()
