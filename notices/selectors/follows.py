"""What people follow, and which sessions that concerns."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from courses.choices import PoolKind
from courses.models import Session
from notices.models import Follow
from notices.selectors.unsubscribing import Subject
from people.models import User


def column_of(subject: Subject) -> str:
    """The column of Follow that points at this kind of subject."""
    return subject._meta.model_name or ""


def follows_of(person: User) -> QuerySet[Follow]:
    """What the person follows now, the newest first. One query."""
    rows = Follow.objects.standing().filter(person=person)
    return rows.select_related("course", "theme", "community")


def is_following(person: User, subject: Subject) -> bool:
    rows = Follow.objects.standing().filter(person=person)
    return rows.filter(**{column_of(subject): subject}).exists()


def follows_about(sessions: Iterable[Session]) -> QuerySet[Follow]:
    """Every standing follow that one of these sessions concerns: of its course, of its theme, of a
    community for which it keeps seats.

    The sessions come with their course, and their pools prefetched.
    """
    rows = list(sessions)
    communities = {
        pool.community_id
        for row in rows
        for pool in row.pools.all()
        if pool.kind == PoolKind.COMMUNITY
    }
    about = Q(course__in={row.course_id for row in rows})
    about |= Q(theme__in={row.course.theme_id for row in rows if row.course.theme_id})
    about |= Q(community__in=communities)
    return Follow.objects.standing().filter(about).select_related("course", "theme", "community")
