"""The link that ends messages without signing in: signed words that say whose and which.

It opens nothing else, names nobody (the person's key) and never expires: a message kept for years
must still be one that can be stopped. RFC 8058 asks that the address alone be enough.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.core.signing import BadSignature, Signer

from courses.models import Course, Theme
from notices.models import Follow
from people.models import Community, User

NEWS = "news"  # the consent to be told of new trainings
ALL_FOLLOWS = "follows"  # where naming each would make the address too long for a header
NAMED = 6  # follows named one by one, at most
Subject = Course | Theme | Community


@dataclass(frozen=True)
class Unsubscription:
    """What one link ends, for one person."""

    person: User
    news: bool = False
    subjects: list[Subject] = field(default_factory=list)


def name_of(subject: Subject) -> tuple[str, str]:
    """Kind and name of a subject, as addresses and links write it."""
    if isinstance(subject, Theme):
        return "theme", subject.code
    kind = "course" if isinstance(subject, Course) else "community"
    return kind, subject.key.hex


def find_subject(kind: str, name: str) -> Subject | None:
    """The subject of that kind and name; None for any other words."""
    if kind == "theme":
        return Theme.objects.filter(code=name).first()
    try:
        key = UUID(name)
    except ValueError:
        return None
    match kind:
        case "course":
            return Course.objects.filter(key=key).first()
        case "community":
            return Community.objects.filter(key=key).first()
    return None


def unsubscribe_token(person: User, *, news: bool, follows: Iterable[Follow]) -> str:
    """The signed words of one person's link. The same words give the same token."""
    what = [NEWS] if news else []
    names = [":".join(name_of(follow.subject)) for follow in follows]
    what += names if len(names) <= NAMED else [ALL_FOLLOWS]
    return _signer().sign_object({"p": person.key.hex, "w": what})


def read_token(token: str) -> Unsubscription | None:
    """What the link ends, without subjects that are gone; None when we did not sign it."""
    try:
        said = _signer().unsign_object(token)
    except (BadSignature, ValueError):
        return None
    person = User.objects.filter(key=said["p"]).first()
    if person is None:
        return None
    named = [find_subject(*what.split(":", 1)) for what in said["w"] if ":" in what]
    subjects = [each for each in named if each is not None]
    if ALL_FOLLOWS in said["w"]:
        rows = Follow.objects.standing().filter(person=person)
        subjects = [row.subject for row in rows.select_related("course", "theme", "community")]
    return Unsubscription(person, news=NEWS in said["w"], subjects=subjects)


def _signer() -> Signer:
    """Reads what SECRET_KEY_FALLBACKS signed as well."""
    return Signer(salt="notices.unsubscribe", sep=".")
