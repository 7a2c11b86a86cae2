"""A term made after another one, and what is left to decide in it: pages of the admin."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import Button

from courses.forms import DuplicateForm
from courses.models import Term
from courses.selectors.terms import plan_term, undecided, weeks_between
from courses.services.terms import Duplicate, check_duplicate, duplicate_term
from people.policies import policy
from people.services import Refusal


class TermIndexView(IndexView):
    def get_list_more_buttons(self, instance: Term) -> list[Button]:
        demand = reverse("academy:demand")
        pages = (
            (
                _("Prepare the next term"),
                reverse("terms_admin:duplicate", args=[instance.pk]),
                "copy",
            ),
            (_("Left to decide"), reverse("terms_admin:undecided", args=[instance.pk]), "tasks"),
            (_("Demand"), f"{demand}?term={instance.key}", "view"),
        )
        return [
            *super().get_list_more_buttons(instance),
            *(
                Button(label, url=url, icon_name=icon, priority=50 + n)
                for n, (label, url, icon) in enumerate(pages)
            ),
        ]


@policy("courses.manage")
@require_http_methods(["GET", "POST"])
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks, and once answered shows what would be made; POST makes it, once, and leads to what
    is left to decide.
    """
    term, at = get_object_or_404(Term, pk=pk), timezone.now()
    asked = request.POST if request.method == "POST" else request.GET
    form = DuplicateForm(asked or None, initial=_proposal(term))
    context = _context(term, _("Prepare the next term"), form=form)
    status = 200
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        given["weeks"] = given["weeks"] or weeks_between(term.starts_on, given["starts_on"])
        try:
            if request.method == "POST":
                made = duplicate_term(term=term, by=request.user, at=at, **given)  # type: ignore[arg-type]
                _say_made(request, made)
                return redirect("terms_admin:undecided", made.term.pk)
            check_duplicate(
                term=term,
                title_fr=given["title_fr"],
                starts_on=given["starts_on"],
                weeks=given["weeks"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            context |= {"plan": plan_term(term, at=at, **given), "given": given}
    return TemplateResponse(request, "courses/admin/duplicate_term.html", context, status=status)


def _proposal(term: Term) -> dict[str, date]:
    """A year later on the same weekday."""
    return {"starts_on": term.starts_on + timedelta(weeks=52)}


def _say_made(request: HttpRequest, made: Duplicate) -> None:
    """How many, and what the next page can say no more."""
    words = ngettext(
        "%(count)d session was copied as a draft.",
        "%(count)d sessions were copied as drafts.",
        len(made.sessions),
    )
    messages.success(request, words % {"count": len(made.sessions)})
    for session, question in made.to_decide:
        if question.is_fleeting:
            messages.warning(request, f"{session.course} · {question.words}")


@policy("courses.manage")
@require_GET
def left_to_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Sessions of a term not yet open, and what is missing in each."""
    term = get_object_or_404(Term, pk=pk)
    context = _context(term, _("Left to decide"), found=undecided(term, at=timezone.now()))
    return TemplateResponse(request, "courses/admin/undecided.html", context)


def _context(term: Term, title: Any, **more: Any) -> dict[str, Any]:
    heading = f"{title} · {term}"
    return {
        "term": term,
        "header_title": heading,
        "header_icon": "calendar-alt",
        "breadcrumbs_items": [
            {"url": reverse("term:index"), "label": _("Terms")},
            {"url": reverse("term:edit", args=[term.pk]), "label": str(term)},
            {"url": "", "label": heading},  # shown as the heading
        ],
    } | more
