from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allauth.core import ratelimit

from certificates.forms import NameForm, NumberForm, ReasonForm
from certificates.models import Certificate
from certificates.selectors.eligibility import eligibilities
from certificates.selectors.verification import (
    Verification,
    find_by_number,
    find_by_token,
    status_of,
)
from certificates.services import issuing
from courses.models import Enrolment, Session
from people.policies import policy
from people.selectors.rights import scope_for
from people.services import Refusal


@policy("certificates.verify")
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an attestation's QR code. The name typed is posted, compared, forgotten."""
    if not ratelimit.consume(request, action="verify"):
        return _too_many(request)
    return _answer(request, find_by_token(token))


@policy("certificates.verify")
@never_cache
@require_http_methods(["GET", "POST"])
def verify_form(request: HttpRequest) -> HttpResponse:
    """Checks a number typed by hand; the same answer for every number that is not ours."""
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="verify"):
            return _too_many(request)
        return _answer(request, find_by_number(form.cleaned_data["number"]), form=form)
    return render(request, "certificates/verify_form.html", {"form": form})


def _answer(
    request: HttpRequest, found: Verification | None, form: NumberForm | None = None
) -> HttpResponse:
    if found is None:
        response = render(
            request, "certificates/unknown.html", {"form": form or NumberForm()}, status=404
        )
    else:
        name_form = NameForm(request.POST if "name" in request.POST else None)
        context: dict[str, Any] = {
            "found": found,
            "name_form": name_form,
            "typed_number": form.cleaned_data["number"] if form else "",
        }
        if name_form.is_bound and name_form.is_valid():
            context["corresponds"] = found.corresponds(name_form.cleaned_data["name"])
        response = render(request, "certificates/verify.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "certificates/too_many.html", status=429)


@policy("certificates.own")
@require_GET
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The holder's own page, the accessible original of the PDF."""
    row = _readable(request, number)
    found = find_by_token(row.token)
    if found is None:
        raise Http404
    return render(request, "certificates/certificate.html", {"certificate": row, "found": found})


@policy("certificates.own")
@require_GET
def pdf(request: HttpRequest, number: str, language: str) -> HttpResponse:
    """The stored file, byte for byte; never drawn here."""
    row = _readable(request, number)
    stored = row.files.filter(language=language).first()
    if stored is None:
        return render(request, "certificates/not_ready.html", {"certificate": row}, status=503)
    return FileResponse(
        stored.file.open("rb"),
        as_attachment=True,
        filename=f"{row.number}-{language}.pdf",
        content_type="application/pdf",
    )


def _readable(request: HttpRequest, number: str) -> Certificate:
    """A certificate of one's own, or any for those who may read them all."""
    scope = scope_for(request.user, "certificates.read") or scope_for(
        request.user, "certificates.own"
    )
    return get_object_or_404(
        Certificate.objects.visible_to(request.user, scope).select_related("content"), number=number
    )


@policy("certificates.read")
@require_GET
def session_certificates(request: HttpRequest, key: str) -> HttpResponse:
    """A session's people: who is eligible, who is not and why, what was issued."""
    session = get_object_or_404(Session.objects.select_related("course", "version"), key=key)
    found = eligibilities(session)
    issued: dict[int, Certificate] = {}
    rows = session.certificates.prefetch_related("events", "files").order_by("version")
    for row in rows:
        issued[row.person_id] = row
    people = [
        {
            "enrolment": enrolment,
            "eligibility": found[enrolment.person_id],
            "certificate": (own := issued.get(enrolment.person_id)),
            "status": status_of(list(own.events.all())) if own else None,
        }
        for enrolment in Enrolment.objects.confirmed()
        .filter(session=session)
        .select_related("person__profile")
        .order_by("person__profile__printed_name")
    ]
    return render(
        request,
        "certificates/session.html",
        {
            "session": session,
            "people": people,
            "issued": len(issued),
            "ready": sum(
                1 for row in people if row["eligibility"].is_eligible and not row["certificate"]
            ),
            "may_issue": scope_for(request.user, "certificates.issue") is not None,
            "reason_form": ReasonForm(),
        },
    )


@policy("certificates.issue")
@require_POST
def issue(request: HttpRequest, key: str) -> HttpResponse:
    """Issues to everyone eligible of the session, now rather than at the next sweep."""
    session = get_object_or_404(Session.objects.select_related("course", "version"), key=key)
    try:
        made = issuing.issue_for_session(session=session, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext(
                "%(n)s attestation issued. It is being drawn and mailed.",
                "%(n)s attestations issued. They are being drawn and mailed.",
                len(made),
            )
            % {"n": len(made)},
        )
    return redirect("certificates:session", key=key)


@policy("certificates.issue")
@require_POST
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """Revokes one attestation, with a reason."""
    row = get_object_or_404(Certificate, number=number)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        issuing.revoke_certificate(
            certificate=row, by=request.user, at=timezone.now(), reason=reason
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Attestation %(number)s is revoked; its page says so.") % {"number": row.number},
        )
    if row.session is None:
        return redirect("certificates:certificate", number=row.number)
    return redirect("certificates:session", key=row.session.key)
