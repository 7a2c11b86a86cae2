"""Sessions in the admin: listed with their fill, written through one service, moved by steps."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail.admin import messages
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
)
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import Button

from courses.choices import SessionState
from courses.forms import SessionForm
from courses.models import Session
from courses.selectors.seats import beyond_words, seat_summary, with_counts, with_offers
from courses.services.sessions import save_session
from courses.viewsets.steps import steps_from
from people.letters import interval_words
from people.viewsets.base import RowsPanel, ServiceCreateView, ServiceEditView
from people.viewsets.places import QuietViewSet


class _SaveSession:
    """Hands the form's rows to the service: nothing of them is saved by the form itself."""

    def save_instance(self: Any) -> Session:
        session = self.form.save(commit=False)
        return save_session(
            session=session,
            meetings=list(session.meetings.all()),
            breaks=list(session.breaks.all()),
            pools=list(session.pools.all()),
            trainers=list(self.form.cleaned_data["teachers"]),
            motive=self.form.cleaned_data["motive"],
            by=self.request.user,
            at=timezone.now(),
        )

    def save_action(self: Any) -> HttpResponse:
        response = super().save_action()  # type: ignore[misc]
        if not self.expects_json_response:
            for sentence in beyond_words(self.object):
                messages.warning(self.request, sentence)
        return response


class SessionCreateView(_SaveSession, ServiceCreateView):
    pass


class SessionEditView(_SaveSession, ServiceEditView):
    pass


class StepsPanel(Panel):
    """Where the session stands, the steps open from there, its own pages. Nothing to fill in."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses/admin/steps_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance and self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            return context | {"session": self.instance, "steps": steps_from(self.instance)}


class SessionIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Session]:
        rows = super().get_base_queryset()
        return with_offers(with_counts(rows.select_related("course", "term")))

    def get_list_more_buttons(self, instance: Session) -> list[Button]:
        desk = reverse("academy:control_room", kwargs={"key": instance.key})
        roster = reverse("courses:roster", kwargs={"key": instance.key})
        return [
            *super().get_list_more_buttons(instance),
            Button(_("The session’s desk"), url=desk, icon_name="desktop", priority=50),
            Button(_("People enrolled"), url=roster, icon_name="group", priority=60),
        ]


def dates_of(session: Any) -> str:
    """« mardi 17 novembre 2026, 12 h à 13 h »; « Date à venir » while it is not known."""
    if session.starts_at is None or session.state == SessionState.POSTPONED:
        return _("Date to come")
    return interval_words(session.starts_at, session.ends_at, get_language())


def fill_of(session: Session) -> str:
    """« 12 / 20 »; « 12 » without a limit; in red when seats are held beyond the capacity."""
    summary = seat_summary(session)
    if not (summary.extra or summary.beyond):
        return summary.fill
    return format_html(
        '<strong class="beyond">{}</strong> <span class="w-sr-only">{}</span>',
        summary.fill,
        _("beyond the capacity"),
    )


class SessionViewSet(QuietViewSet):
    model = Session
    index_view_class = SessionIndexView
    add_view_class = SessionCreateView
    edit_view_class = SessionEditView
    inspect_view_enabled = False
    icon = "date"
    menu_label = _("Sessions")
    add_label = _("Create a session")
    ordering = "-starts_at"
    list_display = [
        "course",
        Column("dates", label=_("Dates"), accessor=dates_of, sort_key="starts_at"),
        "state",
        Column("fill", label=_("Seats taken"), accessor=fill_of, sort_key="held_count"),
        Column("offered_count", label=_("Offers"), sort_key="offered_count"),
        Column("waiting_count", label=_("Waiting"), sort_key="waiting_count"),
        "term",
    ]
    list_filter = ["state", "term", "course", "language"]
    search_fields = ["course__title_fr", "course__title_en", "course__code"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            StepsPanel(heading=_("State")),
            MultiFieldPanel(
                [
                    FieldPanel("course"),
                    FieldRowPanel([FieldPanel("term"), FieldPanel("language")]),
                    FieldRowPanel([FieldPanel("format"), FieldPanel("audience")]),
                ],
                heading=_("What"),
            ),
            RowsPanel(
                "meetings",
                heading=_("Meetings"),
                label=_("Meeting"),
                add_label=_("Add a meeting"),
                panels=[
                    FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                    FieldPanel("place"),
                    FieldPanel("join_url"),
                ],
            ),
            RowsPanel(
                "breaks",
                heading=_("Breaks"),
                label=_("Break"),
                add_label=_("Add a break"),
                panels=[FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])],
            ),
            MultiFieldPanel(
                [
                    FieldPanel("capacity"),
                    FieldRowPanel(
                        [FieldPanel("enrolment_opens_at"), FieldPanel("enrolment_closes_at")]
                    ),
                    FieldPanel("cancel_until"),
                    FieldPanel("survey_required"),
                ],
                heading=_("Seats"),
            ),
            RowsPanel(
                "pools",
                heading=_("Reserved seats"),
                label=_("Seats reserved"),
                add_label=_("Reserve seats"),
                help_text=_(
                    "Seats of the capacity kept for some people, by verified membership. The rest "
                    "is open to everybody who may enrol."
                ),
                panels=[
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("capacity")]),
                    FieldPanel("establishment"),
                    FieldPanel("community"),
                    FieldPanel("profession"),
                    FieldRowPanel([FieldPanel("opens_at"), FieldPanel("release_at")]),
                ],
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("opening_mode"), FieldPanel("requests_close_at")]),
                    FieldPanel(
                        "needs_approval",
                        help_text=_("People ask for a seat; staff say yes or no on the roster."),
                    ),
                    FieldPanel("prerequisite"),
                    FieldPanel("survey_gate"),
                    FieldPanel("counts_strikes"),
                    FieldPanel(
                        "takes_questions",
                        help_text=_("One question each, which the trainers read before."),
                    ),
                ],
                heading=_("Options"),
                help_text=_("Off unless you choose otherwise. Each is said on the session’s page."),
                classname="collapsed",
            ),
            FieldPanel("teachers"),
            FieldPanel("motive"),
        ],
        base_form_class=SessionForm,
    )
