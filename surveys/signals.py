"""News of the ear. Sent inside the transaction with send(); receivers write rows only."""

from django.dispatch import Signal

# A person was invited to answer. Sent by services.surveys; carries invitation, at.
survey_opened = Signal()
# A person answered. Sent by services.answers; carries person, session and a date - never a time,
# never a response, so that no listener can pair the two.
survey_completed = Signal()
