"""How far people are in the modules of a course."""

from django.db.models import QuerySet

from courses.models import Course, Module, ModuleProgress
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
