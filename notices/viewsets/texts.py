"""The words of messages in the admin: which kinds say ours and which say the team's; one of them
written, looked at and tried. Nothing is kept before « Save », nothing leaves but to whoever asks.
"""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from notices.choices import TEXT_PLACEHOLDERS, TEXTS, NoticeKind
from notices.forms.texts import PARTS, TextForm
from notices.models import MessageText
from notices.selectors.texts import find_text, texts_by_kind
from notices.services.composition import built_in_subjects
from notices.services.texts import (
    TextPreview,
    TextRefused,
    TypedText,
    preview_text,
    save_text,
    try_text,
)
from people.choices import Language
from people.models import User
from people.policies import policy

RIGHT = "notices.write"
# The buttons of the form; the first keeps.
ACTS = (
    ("save", gettext_lazy("Save")),
    ("show:fr", gettext_lazy("Show in French")),
    ("show:en", gettext_lazy("Show in English")),
    ("try:fr", gettext_lazy("Send me a test in French")),
    ("try:en", gettext_lazy("Send me a test in English")),
)
INDEX = "texts_admin:index"


@policy(RIGHT)
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Every kind with its subject of today: the team's, or ours on a sample."""
    written, subjects = texts_by_kind(), built_in_subjects(at=timezone.now())
    rows = [
        {
            "kind": kind.value,
            "label": kind.label,
            "text": written.get(kind),
            "subject": (written[kind].subject_fr if kind in written else "") or subjects[kind],
        }
        for kind in TEXTS
    ]
    crumbs = [{"url": "", "label": _("Words of messages")}]
    context = {"rows": rows, "breadcrumbs_items": crumbs}
    return TemplateResponse(request, "notices/admin/texts.html", context | _title())


@policy(RIGHT)
@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, kind: str) -> HttpResponse:
    """GET shows the message as it leaves today; POST shows, tries or keeps what is typed."""
    if kind not in TEXTS:
        raise Http404
    stored = find_text(kind)
    form = TextForm(request.POST or None, kind=kind, text=stored)
    act, _colon, language = request.POST.get("act", "").partition(":")
    language = language if language in Language.values else Language.FRENCH.value
    preview, status = None, 200
    if request.method == "GET":
        with suppress(TextRefused):  # kept before a meeting had that address, for one
            preview = _preview(request, kind, _stored(stored), language)
    elif form.is_valid():
        try:
            if act == "show":
                preview = _preview(request, kind, form.typed, language)
            elif act == "try":
                _try(request, kind, form.typed, language)
            else:
                return _save(request, kind, form.typed)
        except TextRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
            status = 409
    context = {
        "kind": kind,
        "form": form,
        "text": stored,
        "preview": preview,
        "preview_language": language,
        "acts": ACTS,
        "placeholders": [TEXT_PLACEHOLDERS[key] for key in TEXTS[NoticeKind(kind)]],
        "breadcrumbs_items": [
            {"url": reverse(INDEX), "label": _("Words of messages")},
            {"url": "", "label": NoticeKind(kind).label},
        ],
    }
    context |= _title(str(NoticeKind(kind).label))
    return TemplateResponse(request, "notices/admin/text.html", context, status=status)


def _title(subtitle: str = "") -> dict[str, Any]:
    return {"header_title": subtitle or _("Words of messages"), "header_icon": "edit"}


def _person(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _stored(text: MessageText | None) -> TypedText:
    return TypedText(**{name: getattr(text, name, "") for name in PARTS})


def _save(request: HttpRequest, kind: str, typed: TypedText) -> HttpResponse:
    save_text(kind=kind, typed=typed, by=_person(request), at=timezone.now())
    messages.success(
        request,
        _("“%(kind)s”: the messages that leave from now on say this.")
        % {"kind": NoticeKind(kind).label},
    )
    return redirect(INDEX)


def _preview(request: HttpRequest, kind: str, typed: TypedText, language: str) -> TextPreview:
    return preview_text(
        kind=kind, typed=typed, language=language, reader=_person(request), at=timezone.now()
    )


def _try(request: HttpRequest, kind: str, typed: TypedText, language: str) -> None:
    person = _person(request)
    try_text(kind=kind, typed=typed, language=language, to=person, at=timezone.now())
    messages.success(
        request,
        _("A test is on its way to %(address)s. What you typed is not saved yet.")
        % {"address": person.email},
    )
