"""Messages to many: the announcement of a term, a message to people of a session. Written, looked
at, tried on oneself, started, stopped, resumed; each press calls one service of notices.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from csp.decorators import csp

from courses.models import Enrolment, Session
from courses.views.roster import PICKED
from notices.choices import (
    EDITABLE_STATES,
    STAFF_MAILINGS,
    MailingState,
)
from notices.forms.mailings import GROUPS, AnnouncementForm, MessageForm
from notices.models import Mailing
from notices.selectors.audiences import left_to_tell, told_otherwise
from notices.selectors.mailings import (
    MailingCounts,
    counts_of,
    people_by_state,
    title_of,
    with_subjects,
    worth_showing,
)
from notices.services import NoticeRefusal
from notices.services.mailings import (
    WordsRefused,
    discard_mailing,
    draft_announcement,
    draft_message,
    edit_mailing,
    resume_mailing,
    send_failed_again,
    start_mailing,
    stop_mailing,
    try_mailing,
)
from notices.services.previews import preview_mailing
from notices.views.mailbox import MAIL_POLICY
from people.choices import Language
from people.models import User
from people.policies import policy
from people.selectors.rights import scope_for

RIGHT = "academy.control_room"
PER_PAGE = 25
TONES = {
    MailingState.DRAFT: "",
    MailingState.SENDING: "attention",
    MailingState.STOPPED: "error",
    MailingState.SENT: "success",
}


# ------------------------------------------------------------------ reading
@policy(RIGHT)
@never_cache
@require_GET
def mailings(request: HttpRequest) -> HttpResponse:
    """Every message to many, the newest first, with how far each is."""
    page = Paginator(worth_showing(_mailings_of(request)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    counts = counts_of(page.object_list)
    rows = [
        {
            "mailing": row,
            "title": title_of(row),
            "counts": counts.get(row.pk, MailingCounts()),
            "tone": TONES[MailingState(row.state)],
        }
        for row in page.object_list
    ]
    return render(request, "academy/mailings.html", {"page": page, "rows": rows})


@policy(RIGHT)
@never_cache
@require_GET
def mailing(request: HttpRequest, key: UUID) -> HttpResponse:
    """One message: what it says in both languages, to whom, how far it is, what can be done."""
    row = _mailing_or_404(request, key)
    at = timezone.now()
    previews = [
        (Language(language).label, preview)
        for language in Language.values
        if (preview := _preview(request, row, language, at)) is not None
    ]
    context = _progress(row) | {
        "title": title_of(row),
        "people": left_to_tell(row).count() if row.state in EDITABLE_STATES else 0,
        "told": told_otherwise(row) if row.state in EDITABLE_STATES else 0,
        "previews": previews,
        "history": row.events.select_related("by__profile").order_by("-at", "-pk")[:20],
        "is_editable": row.kind in STAFF_MAILINGS and row.state in EDITABLE_STATES,
    }
    return render(request, "academy/mailing.html", context)


@policy(RIGHT)
@never_cache
@require_GET
def mailing_progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """The counts alone, for the page that shows them to ask again while it is being sent."""
    row = _mailing_or_404(request, key)
    return render(request, "academy/_mailing_progress.html", _progress(row))


@policy(RIGHT)
@never_cache
@csp(MAIL_POLICY)  # type: ignore[arg-type]
@require_GET
def mailing_letter(request: HttpRequest, key: UUID, language: str) -> HttpResponse:
    """The HTML of its preview in one language, for a frame."""
    row = _mailing_or_404(request, key)
    if language not in Language.values:
        raise Http404
    preview = _preview(request, row, language, timezone.now())
    if preview is None:
        raise Http404
    return HttpResponse(preview.html.replace("<head>", '<head><base target="_blank">', 1))


# ------------------------------------------------------------------ writing
@policy(RIGHT)
@never_cache
@require_http_methods(["GET", "POST"])
def announce(request: HttpRequest) -> HttpResponse:
    """GET asks for the words of an announcement, POST keeps them as a draft to be looked at."""
    form = AnnouncementForm(_posted(request), initial={"term": request.GET.get("term")})
    if form.is_valid():
        return _keep(
            request,
            form,
            lambda: draft_announcement(
                term=form.cleaned_data["term"],
                words=form.words,
                by=_reader(request),
                at=timezone.now(),
            ),
            {"is_announcement": True},
        )
    return _form(request, form, {"is_announcement": True})


@policy(RIGHT)
@never_cache
@require_http_methods(["GET", "POST"])
def write_to(request: HttpRequest, key: UUID) -> HttpResponse:
    """A message to people of one session: by groups, or those picked on the roster: `who`, or
    kept in the reader's session where they are too many for an address (`picked`).
    """
    session = get_object_or_404(_sessions_of(request), key=key)
    keys = request.POST.getlist("who") or request.GET.getlist("who")
    if request.method == "GET" and request.GET.get("picked"):
        keys = request.session.get(PICKED, [])
    picked = _picked(session, keys)
    groups = request.GET.getlist("state") or sorted({row.state for row in picked})
    form = MessageForm(
        _posted(request),
        counts=people_by_state(session, [row.pk for row in picked]),
        initial={"states": [each for each in groups if each in set(GROUPS)]},
    )
    context = {"session": session, "picked": picked}
    if form.is_valid():
        return _keep(
            request,
            form,
            lambda: draft_message(
                session=session,
                states=form.cleaned_data["states"],
                enrolments=picked,
                words=form.words,
                by=_reader(request),
                at=timezone.now(),
            ),
            context,
        )
    return _form(request, form, context)


@policy(RIGHT)
@never_cache
@require_http_methods(["GET", "POST"])
def mailing_edit(request: HttpRequest, key: UUID) -> HttpResponse:
    """The words anew, while nobody or nobody more receives them."""
    row = _mailing_or_404(request, key)
    if row.kind not in STAFF_MAILINGS:
        raise Http404
    form: AnnouncementForm | MessageForm
    if row.session is None:
        form = AnnouncementForm(_posted(request), mailing=row)
    else:
        form = MessageForm(
            _posted(request),
            mailing=row,
            counts=people_by_state(row.session, row.enrolments),
            is_fixed=row.state != MailingState.DRAFT,
        )
    context = {"mailing": row, "session": row.session, "title": title_of(row)}
    if form.is_valid():
        return _keep(
            request,
            form,
            lambda: edit_mailing(
                mailing=row,
                words=form.words,
                states=form.cleaned_data.get("states"),
                by=_reader(request),
                at=timezone.now(),
            ),
            context,
        )
    return _form(request, form, context)


# ------------------------------------------------------------------ acting
def _try(row: Mailing, by: User, at: datetime) -> str:
    try_mailing(mailing=row, to=by, at=at)
    return _("The test is on its way to %(address)s.") % {"address": by.email}


def _start(row: Mailing, by: User, at: datetime) -> str:
    start_mailing(mailing=row, by=by, at=at)
    return _("The message is being sent.")


def _stop(row: Mailing, by: User, at: datetime) -> str:
    stop_mailing(mailing=row, by=by, at=at)
    return _("Stopped: nothing more leaves.")


def _resume(row: Mailing, by: User, at: datetime) -> str:
    resume_mailing(mailing=row, by=by, at=at)
    return _("The message goes on to those who have not received it.")


def _again(row: Mailing, by: User, at: datetime) -> str:
    count = send_failed_again(mailing=row, by=by, at=at)
    return ngettext(
        "%(count)d message is on its way again.",
        "%(count)d messages are on their way again.",
        count,
    ) % {"count": count}


def _discard(row: Mailing, by: User, at: datetime) -> str:
    discard_mailing(mailing=row, by=by, at=at)
    return _("The draft is thrown away.")


STEPS: dict[str, Callable[[Mailing, User, datetime], str]] = {
    "test": _try,
    "start": _start,
    "stop": _stop,
    "resume": _resume,
    "again": _again,
    "discard": _discard,
}


@policy(RIGHT)
@require_POST
def mailing_step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """One press: test, start, stop, resume, again, discard."""
    row = _mailing_or_404(request, key)
    if step not in STEPS:
        raise Http404
    try:
        done = STEPS[step](row, _reader(request), timezone.now())
    except NoticeRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("academy:mailing", key=key)
    messages.success(request, done)
    if step == "discard":
        return redirect("academy:mailings")
    return redirect("academy:mailing", key=key)


# ------------------------------------------------------------------ what they share
def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _reader(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _mailings_of(request: HttpRequest) -> Any:
    rows = Mailing.objects.visible_to(request.user, scope_for(request.user, RIGHT))
    return with_subjects(rows)


def _mailing_or_404(request: HttpRequest, key: UUID) -> Mailing:
    return get_object_or_404(_mailings_of(request), key=key)


def _sessions_of(request: HttpRequest) -> Any:
    rows = Session.objects.visible_to(request.user, scope_for(request.user, RIGHT))
    return rows.select_related("course")


def _picked(session: Session, keys: list[str]) -> list[Enrolment]:
    """The enrolments of that session ticked on its roster; other keys mean nothing."""
    known = {}
    for text in keys:
        try:
            known[UUID(text)] = True
        except ValueError:
            continue
    rows = Enrolment.objects.filter(session=session, key__in=known)
    return list(rows.select_related("person__profile").order_by("person__profile__printed_name"))


def _progress(row: Mailing) -> dict[str, Any]:
    counts = counts_of([row]).get(row.pk, MailingCounts())
    return {"mailing": row, "counts": counts, "tone": TONES[MailingState(row.state)]}


def _preview(request: HttpRequest, row: Mailing, language: str, at: datetime) -> Any:
    return preview_mailing(mailing=row, reader=_reader(request), language=language, at=at)


def _form(
    request: HttpRequest, form: AnnouncementForm | MessageForm, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "academy/mailing_form.html", context | {"form": form}, status=status)


def _keep(
    request: HttpRequest,
    form: AnnouncementForm | MessageForm,
    act: Callable[[], Mailing],
    context: dict[str, Any],
) -> HttpResponse:
    """Runs one service; a refusal stands at the field it speaks of."""
    try:
        row = act()
    except WordsRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    except NoticeRefusal as refusal:
        form.add_error(None, str(refusal))
    else:
        return redirect("academy:mailing", key=row.key)
    return _form(request, form, context)
