"""Giving and withdrawing consent. Each decision is a new row; the newest one stands."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.choices import REQUIRED_PURPOSES
from people.models import Consent, User
from people.selectors.consents import current_text, standing_consent
from people.services import Refusal


class ConsentRefused(Refusal):
    """The decision cannot be written down."""


@transaction.atomic
def record_consent(*, user: User, purpose: str, is_given: bool, at: datetime) -> Consent:
    """Write the decision under the newest text in force on that day.

    Idempotent: the same decision under the same text gives the standing row. Refuses to withdraw
    what an account cannot exist without: that is closing the account.
    """
    if not is_given and purpose in REQUIRED_PURPOSES:
        raise ConsentRefused(
            _("An account needs this consent. To withdraw it, close your account.")
        )
    text = current_text(purpose, timezone.localdate(at))
    if text is None:
        raise ConsentRefused(_("No text is in force for this purpose yet."))
    standing = standing_consent(user, purpose)
    if standing and (standing.text_id, standing.is_given) == (text.pk, is_given):
        return standing
    return Consent.objects.create(user=user, text=text, is_given=is_given, decided_at=at)
