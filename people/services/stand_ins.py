"""Stand-ins: somebody of whom nothing is known, in the place of a person in rows that outlive what
they said of them. Figures and histories keep their row; the person's is gone from it.
"""

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from people.models import Membership, Profile, User


@transaction.atomic
def stand_in_for(
    *, person: User, since: date | None, keeps_profession: bool = False, at: datetime
) -> User:
    """A closed account that nobody ever had: it was never open (`closed_at` is `date_joined`),
    which tells it from one that somebody closed. Nothing of it leads to the person.

    It keeps which establishments and communities the person was verified in on `since` or later (of
    none without a date), for the figures of that time, and the profession where they need it. Those
    rows end before they begin, so that no count of a day finds them, and bear this hour, not that
    of the person's own.
    """
    stand_in = User.objects.create(
        email=None, password=make_password(None), is_active=False, date_joined=at, closed_at=at
    )
    profile = Profile.objects.filter(user=person).first() if keeps_profession else None
    stand_in.profile = Profile.objects.create(
        user=stand_in, printed_name="", profession=profile.profession if profile else None
    )
    if since is not None:
        stood = Q(ends_on__isnull=True) | Q(ends_on__gte=since)
        places = person.memberships.verified().filter(stood).order_by("pk")
        Membership.objects.bulk_create(
            Membership(
                user=stand_in,
                establishment_id=establishment_id,
                community_id=community_id,
                verified_at=at,
                created_at=at,
                ends_on=timezone.localdate(at) - timedelta(days=1),
            )
            for establishment_id, community_id in dict.fromkeys(
                places.values_list("establishment_id", "community_id")
            )
        )
    return stand_in
