"""What staff type when something befalls a session on its day: the questions of one kind."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import DayKind
from courses.models import Meeting, Session
from courses.services.day import LONGEST_DELAY, DayChange
from people.choices import Role
from people.models import User

# Where the verb itself asks why.
ASKS_MOTIVE = frozenset({DayKind.TRAINER, DayKind.POSTPONE, DayKind.CANCEL})


class DayForm(forms.Form):
    """The questions of `kind`, then why; `seen` is the session as it was when they were asked."""

    join_url = forms.URLField(
        label=_("New join address"),
        max_length=600,
        assume_scheme="https",
        help_text=_("Never mailed: people join from the page of the session."),
    )
    leaving = forms.ModelChoiceField(
        label=_("Who is replaced"), queryset=User.objects.none(), empty_label=None
    )
    coming = forms.ModelChoiceField(
        label=_("Who takes the place"),
        queryset=User.objects.none(),
        empty_label="",
        help_text=_("People who hold the role “Trainer”."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes of delay"),
        min_value=1,
        max_value=LONGEST_DELAY,
        help_text=_("What is left of the day is moved, breaks too."),
    )
    ends_at = forms.TimeField(
        label=_("New hour of the end"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("What would come after it that day is taken away."),
    )
    motive = forms.CharField(
        label=_("Motive"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The people concerned read it."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    QUESTIONS = {
        DayKind.JOIN_URL: ("join_url",),
        DayKind.TRAINER: ("leaving", "coming"),
        DayKind.DELAY: ("minutes",),
        DayKind.CUT: ("ends_at",),
        DayKind.POSTPONE: (),
        DayKind.CANCEL: (),
    }

    def __init__(self, *args: Any, kind: DayKind, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        kept = {*self.QUESTIONS[kind], "motive", "seen"}
        for name in set(self.fields) - kept:
            del self.fields[name]
        self.fields["motive"].required = kind in ASKS_MOTIVE
        if kind == DayKind.TRAINER:
            people = User.objects.select_related("profile").order_by("profile__printed_name", "pk")
            teaching = session.trainers.values("person")
            self.fields["leaving"].queryset = people.filter(pk__in=teaching)  # type: ignore[attr-defined]
            self.fields["coming"].queryset = (  # type: ignore[attr-defined]
                people.filter(role_grants__role=Role.TRAINER, role_grants__ended_at__isnull=True)
                .exclude(pk__in=teaching)
                .distinct()
            )

    def change(self, day: list[Meeting]) -> DayChange:
        """The change as the service takes it; an hour is one of the day of those meetings."""
        given = dict(self.cleaned_data)
        ends_at = given.get("ends_at")
        return DayChange(
            kind=self.kind,
            join_url=given.get("join_url", ""),
            leaving=given.get("leaving"),
            coming=given.get("coming"),
            minutes=given.get("minutes", 0),
            ends_at=_on_the_day(ends_at, day) if ends_at else None,
        )


def _on_the_day(hour: Any, day: list[Meeting]) -> datetime | None:
    if not day:
        return None
    on = timezone.localdate(day[0].starts_at)
    return timezone.make_aware(datetime.combine(on, hour))
