"""Messages about reserved seats: who looks after a pool, and what they are told."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import PoolKind
from courses.models import Enrolment, Pool
from notices.letters import one_line
from notices.models import Notice
from notices.selectors.words import DATED_STATES, Facts, address, moment_words, session_facts, terms
from people.choices import MembershipRole, in_language
from people.models import Membership, User


def keepers_of(pool: Pool, on: date) -> QuerySet[User]:
    """Who looks after a pool: verified liaison agents of the establishment, verified leaders of the
    community, the trainers whose guests it is for. Nobody answers for a profession.
    """
    people = User.objects.filter(closed_at__isnull=True).select_related("profile").order_by("pk")
    members = Membership.objects.verified().current(on)
    match pool.kind:
        case PoolKind.ESTABLISHMENT:
            agents = members.filter(establishment=pool.establishment, role=MembershipRole.LIAISON)
            return people.filter(pk__in=agents.values("user"))
        case PoolKind.COMMUNITY:
            leaders = members.filter(community=pool.community, role=MembershipRole.LEADER)
            return people.filter(pk__in=leaders.values("user"))
        case PoolKind.GUESTS:
            return people.filter(pk__in=pool.session.trainers.values("person"))
        case _:
            return people.none()


def pool_release_near(notice: Notice, at: datetime) -> Facts | None:
    """None once released, moved to another hour, used up, or no longer this person's to keep."""
    pool = (
        Pool.objects.select_related(
            "session__course", "session__version", "establishment", "community"
        )
        .filter(pk=notice.context["pool"])
        .first()
    )
    if pool is None or pool.release_at is None or pool.release_at <= at:
        return None
    if pool.release_at.isoformat() != notice.context["release_at"]:
        return None  # another hour was set: another message tells it
    if pool.session.state not in DATED_STATES:
        return None
    if not keepers_of(pool, timezone.localdate(at)).filter(pk=notice.recipient_id).exists():
        return None
    used = Enrolment.objects.held().filter(pool=pool, is_extra=False).count()
    if used >= pool.capacity:
        return None
    session = session_facts(pool.session)
    name = _name(pool)
    rows = [
        (_("Reserved for"), name),
        (_("Seats still free"), f"{pool.capacity - used}\N{NO-BREAK SPACE}/ {pool.capacity}"),
        (_("Released"), moment_words(pool.release_at)),
    ]
    is_agent = pool.kind == PoolKind.ESTABLISHMENT
    page = address("courses:delegate", key=pool.session.key) if is_agent else session.url
    words = {
        "session": session,
        "facts": [*terms(rows), *session.rows],
        "date": session.date,
        "hour": session.hour,
        "pool": name,
        "unused": pool.capacity - used,
        "release_at": pool.release_at,
        "session_url": session.url,
        "is_agent": is_agent,
        "action_url": page,
    }
    return Facts(words)


def _name(pool: Pool) -> str:
    target = pool.establishment or pool.community
    if target is None:
        return str(pool.get_kind_display())
    return one_line(in_language(target, "name", get_language()))
