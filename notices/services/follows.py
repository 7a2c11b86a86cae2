"""Following a course, a theme or a community, and taking it back: signed in, or by the link of a
message. Each row is the consent, with its dates.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from notices.models import Follow
from notices.selectors.follows import column_of
from notices.selectors.unsubscribing import Subject, Unsubscription, read_token
from notices.services import NoticeRefusal
from people.choices import ConsentPurpose
from people.models import User
from people.selectors.consents import has_consented
from people.services.consents import record_consent


class FollowRefused(NoticeRefusal):
    """Nobody can be told any more."""


@transaction.atomic
def follow(*, person: User, subject: Subject, at: datetime) -> Follow:
    """From now on the person is told when enrolment opens. Idempotent: gives the standing row."""
    if person.closed_at is not None:
        raise FollowRefused(_("This account is closed."))
    row, _is_new = Follow.objects.get_or_create(
        person=person, ended_at=None, **{column_of(subject): subject}, defaults={"since": at}
    )
    return row


@transaction.atomic
def unfollow(*, person: User, subject: Subject, at: datetime, by_mail: bool = False) -> bool:
    """Ends it, effective at once: what is queued already is not sent. Idempotent.

    Returns whether something ended.
    """
    rows = Follow.objects.standing().filter(person=person, **{column_of(subject): subject})
    return bool(rows.update(ended_at=at, ended_by_mail=by_mail))


@transaction.atomic
def unsubscribe(*, token: str, at: datetime) -> Unsubscription | None:
    """Ends what the link of a message names: the consent to announcements, the follows. Idempotent.

    None when the link was not signed by us. A closed account has nothing left to end.
    """
    found = read_token(token)
    if found is None or found.person.closed_at is not None:
        return found
    if found.news and has_consented(found.person, ConsentPurpose.ANNOUNCEMENTS):
        record_consent(
            user=found.person, purpose=ConsentPurpose.ANNOUNCEMENTS, is_given=False, at=at
        )
    for subject in found.subjects:
        unfollow(person=found.person, subject=subject, at=at, by_mail=True)
    return found


@transaction.atomic
def forget_follows(*, user: User) -> int:
    """Erases what a person who leaves followed. Returns how many rows."""
    return Follow.objects.filter(person=user).delete()[0]
