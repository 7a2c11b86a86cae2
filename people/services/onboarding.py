"""Completing an account the first time somebody signs in: one act, so one service."""

from datetime import datetime

from django.db import transaction

from people.choices import REQUIRED_PURPOSES, ConsentPurpose
from people.models import Establishment, Profession, Profile, User
from people.selectors.accounts import forget_completeness
from people.services.accounts import update_profile
from people.services.consents import record_consent
from people.services.memberships import join_establishment


@transaction.atomic
def complete_account(
    *,
    user: User,
    printed_name: str,
    language: str,
    profession: Profession | None,
    establishment: Establishment,
    organisation: str,
    wants_announcements: bool,
    at: datetime,
) -> Profile:
    """Write the profile, the membership and the consents of a first visit, all or nothing.

    Pressing the button under the text is the consent an account needs; announcements are asked
    apart and never assumed. Idempotent.
    """
    profile = update_profile(
        user=user,
        printed_name=printed_name,
        language=language,
        profession=profession,
        permit_number=getattr(getattr(user, "profile", None), "permit_number", ""),
        at=at,
    )
    join_establishment(user=user, establishment=establishment, organisation=organisation, at=at)
    for purpose in REQUIRED_PURPOSES:
        record_consent(user=user, purpose=purpose, is_given=True, at=at)
    if wants_announcements:
        record_consent(user=user, purpose=ConsentPurpose.ANNOUNCEMENTS, is_given=True, at=at)
    forget_completeness(user)
    return profile
