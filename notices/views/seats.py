"""What the page of a session asks of the voice."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import Session
from courses.selectors.enrolments import find_live_enrolment
from notices.services.seats import send_seat_again
from people.policies import policy


@policy("courses.follow")
@require_POST
def resend(request: HttpRequest, key: UUID) -> HttpResponse:
    """The message about one's own seat, once more. The answer is the same whatever was done."""
    session = get_object_or_404(Session.objects.public(), key=key)
    enrolment = find_live_enrolment(request.user, session)
    if enrolment is not None:
        send_seat_again(enrolment=enrolment, at=timezone.now())
    messages.success(
        request,
        _(
            "If you hold a seat here or wait for one, the message is on its way. Nothing after ten "
            "minutes? Look among unwanted mail."
        ),
    )
    return redirect("courses:session", key=session.key)
