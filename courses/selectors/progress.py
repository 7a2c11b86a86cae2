"""How far people are in the modules of a course."""

from django.db.models import QuerySet

from courses.models import Course, Equivalence, Module, ModuleProgress
from people.models import User


def completed_modules(person: User, course: Course) -> QuerySet[Module]:
    """Modules of the course that the person completed, in any of their versions."""
    return Module.objects.filter(
        course=course,
        pk__in=ModuleProgress.objects.filter(
            person=person, completed_at__isnull=False, version__module__course=course
        ).values("version__module"),
    )


def has_completed_course(person: User, course: Course) -> bool:
    """Every published module is complete; a course without modules is never completed so."""
    published = Module.objects.filter(course=course, current_version__isnull=False)
    left = published.exclude(pk__in=completed_modules(person, course).values("pk"))
    return published.exists() and not left.exists()


def has_completed(person: User, course_id: int) -> bool:
    """What a session may ask for: the course attended or recognised (Equivalence), or every module
    complete."""
    recognised = Equivalence.objects.filter(person=person, course_id=course_id, ended_at=None)
    return recognised.exists() or has_completed_course(person, Course.objects.get(pk=course_id))
