import io
import json
import zipfile
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from academy.selectors.learner import learner_desk
from academy.selectors.trainer import sessions_taught
from attendance.selectors import exports as attendance_exports
from certificates.selectors import exports as certificate_exports
from courses.selectors import exports as course_exports
from notices.selectors import exports as notice_exports
from people.choices import Role
from people.policies import policy
from people.selectors import exports as people_exports
from people.selectors.rights import roles_of
from surveys.selectors import exports as survey_exports

ROOMS = (
    people_exports,
    course_exports,
    attendance_exports,
    survey_exports,
    certificate_exports,
    notice_exports,
)


@policy("courses.follow")
@require_GET
def my_courses(request: HttpRequest) -> HttpResponse:
    """« Mes formations »: à venir, à faire, terminées."""
    at = timezone.now()
    return render(
        request,
        "academy/my_courses.html",
        {
            "desk": learner_desk(request.user, at=at),
            "at": at,
            "teaching": (
                sessions_taught(request.user) if Role.TRAINER in roles_of(request.user) else []
            ),
        },
    )


@policy("people.account")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Everything the house holds of a person: one JSON file and their attestations, in a ZIP."""
    data: dict[str, Any] = {"exported_at": timezone.now().isoformat()}
    for room in ROOMS:
        data |= room.export_person(request.user)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "donnees.json", json.dumps(data, ensure_ascii=False, indent=2, default=str)
        )
        for name, content in certificate_exports.export_files(request.user):
            archive.writestr(f"attestations/{name}", content)
    response = HttpResponse(buffer.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="mes-donnees.zip"'
    return response
