"""What the tests of the demonstration look at: everything it tells, and where to find it."""

import json
from typing import Any

from attendance.models import Attendance
from certificates.models import Certificate
from courses.models import Enrolment, Session
from courses.selectors.sessions import with_counts
from people.choices import DEMO_ACCOUNTS, Role
from people.models import Membership, User
from people.selectors.addresses import find_by_address
from surveys.models import Invitation, Response


def facts() -> dict[str, Any]:
    """All that does not hold a random key or token, in an order that does not depend on ids."""
    answers = Response.objects.filter(survey__closed_at__isnull=False)
    return {
        "people": sorted(
            User.objects.values_list(
                "email",
                "profile__printed_name",
                "profile__language",
                "profile__profession__code",
                "date_joined",
            )
        ),
        "memberships": sorted(
            map(
                str,
                Membership.objects.values_list(
                    "user__email", "establishment__code", "community__code", "verified_how"
                ),
            )
        ),
        "seats": sorted(
            map(
                str,
                Enrolment.objects.values_list(
                    "session__meetings__starts_at", "person__email", "state", "rank", "created_at"
                ),
            )
        ),
        "presence": sorted(
            Attendance.objects.values_list(
                "closing__session__course__code", "person__email", "status", "seconds"
            )
        ),
        "invitations": sorted(
            map(
                str,
                Invitation.objects.values_list(
                    "survey__session__course__code", "person__email", "state", "answered_on"
                ),
            )
        ),
        "answers": sorted(
            json.dumps(row, sort_keys=True) for row in answers.values_list("answers", flat=True)
        ),
        "certificates": sorted(
            Certificate.objects.values_list("number", "person__email", "version", "issued_on")
        ),
    }


def account(role: Role) -> User:
    user = find_by_address(DEMO_ACCOUNTS[role])
    assert user is not None
    return user


def sessions(*states: str) -> list[Session]:
    rows = with_counts(Session.objects.select_related("course")).order_by("starts_at")
    return list(rows.filter(state__in=states) if states else rows)
