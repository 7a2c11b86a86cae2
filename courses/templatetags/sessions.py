"""What stands above the pages of a session.

{% load sessions %} {% day_banner session enrolment %}
"""

from typing import Any

from django import template
from django.utils import timezone

from courses.models import Session
from courses.selectors.day import banner_of

register = template.Library()


@register.inclusion_tag("courses/_banner.html")
def day_banner(session: Session, enrolment: Any = None) -> dict[str, Any]:
    """What changed at the last moment, if anything did; why, for whoever is enrolled."""
    return {
        "banner": banner_of(session, at=timezone.now()),
        "shows_motive": enrolment is not None and enrolment != "",
    }
