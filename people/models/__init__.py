from people.models.accounts import Profession, Profile, User
from people.models.consents import Consent, ConsentText
from people.models.places import (
    Community,
    Establishment,
    EstablishmentDomain,
    EstablishmentName,
    Membership,
)
from people.models.rights import RoleGrant

__all__ = [
    "Community",
    "Consent",
    "ConsentText",
    "Establishment",
    "EstablishmentDomain",
    "EstablishmentName",
    "Membership",
    "Profession",
    "Profile",
    "RoleGrant",
    "User",
]
