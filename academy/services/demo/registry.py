"""Opening complete accounts, for everybody the demonstration is made of."""

import random
from datetime import datetime, timedelta

from people.choices import ConsentPurpose, EstablishmentKind, Language
from people.letters import folded
from people.models import Establishment, Profession, User
from people.services.accounts import register_person
from people.services.consents import record_consent

JOINED = timedelta(days=95)  # before the demonstration is opened: nobody joins earlier
HOME = "courriel.example"  # a mailbox of one's own proves no establishment


class Registry:
    """Seeded rows read once, the die, and the moment everything is counted from."""

    def __init__(self, die: random.Random, at: datetime) -> None:
        self.die = die
        self.begun = at - JOINED
        self.places = {row.code: row for row in Establishment.objects.all()}
        self.professions = {row.code: row for row in Profession.objects.all()}
        self.network = [
            row
            for code, row in sorted(self.places.items())
            if row.kind == EstablishmentKind.NETWORK
        ]

    def open_account(
        self,
        name: str,
        email: str,
        *,
        profession: str,
        joined_at: datetime,
        language: str = Language.FRENCH,
    ) -> User:
        """A complete account: proved address, printed name, consent to hold it."""
        user = register_person(
            email=email,
            printed_name=name,
            language=language,
            profession=self.professions[profession],
            is_email_verified=True,
            at=joined_at,
        )
        record_consent(user=user, purpose=ConsentPurpose.ACCOUNT, is_given=True, at=joined_at)
        return user


def domain_of(place: Establishment) -> str:
    """The mail domain the demonstration gives an establishment; nobody can own it."""
    return f"{place.code}.example"


def address_of(name: str, domain: str) -> str:
    """« Anne-Marie O’Connor » → anne.marie.o.connor@…"""
    return f"{folded(name).replace(' ', '.')}@{domain}"
