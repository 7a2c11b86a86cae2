"""What staff and people type about a session, beyond its own columns. Rules: the services."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail.admin.forms import WagtailAdminModelForm

from courses.models import Session
from courses.services.terms import FARTHEST_WEEKS
from people.choices import Role
from people.letters import date_words
from people.models import User

RELEASE = timedelta(days=10)  # before the session: the usual release of reserved seats


class SessionForm(WagtailAdminModelForm):
    """A session, with the meetings, breaks and pools of its panels, its trainers and a motive."""

    teachers = forms.ModelMultipleChoiceField(
        label=_("Trainers"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("People who hold the role “Trainer”. Give them that role under People first."),
    )
    motive = forms.CharField(
        label=_("Motive of this change"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Needed to change the trainers of an announced session or the agenda of one that is "
            "over. The people concerned read it."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Q(role_grants__role=Role.TRAINER, role_grants__ended_at__isnull=True)
        if self.instance.pk:
            standing = list(self.instance.trainers.values_list("person", flat=True))
            known |= Q(pk__in=standing)
            self.initial["teachers"] = standing
        field = self.fields["teachers"]
        field.queryset = (  # type: ignore[attr-defined]
            User.objects.filter(known)
            .select_related("profile")
            .distinct()
            .order_by("profile__printed_name", "pk")
        )
        if "pools" in self.formsets:
            self.formsets["pools"].form = _proposing_release(
                self.formsets["pools"].form, self.instance
            )

    class Meta(WagtailAdminModelForm.Meta):  # its widgets: a calendar for each moment
        model = Session
        fields: list[str] = []

    class Media:
        js = ["js/pools.js"]


def _proposing_release(form_class: type[forms.ModelForm], session: Session) -> type:
    """The form of one pool, which says what release is usual for this session."""
    starts_at = session.pk and (
        session.meetings.order_by("starts_at").values_list("starts_at", flat=True).first()
    )
    words = str(_("From then on unused seats are open to everybody; empty: never."))
    if starts_at:
        words = _("%(words)s Usual for this session: %(date)s, ten days before.") % {
            "words": words,
            "date": date_words(starts_at - RELEASE, get_language()),
        }
    else:
        words = _("%(words)s Usual: ten days before the session.") % {"words": words}

    class PoolForm(form_class):  # type: ignore[misc,valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.fields["release_at"].help_text = words

    return PoolForm


class MotiveForm(forms.Form):
    """Why a step is taken. `is_told`: the step is told to people, with this motive."""

    motive = forms.CharField(
        label=_("Motive"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The people concerned read it."),
    )

    def __init__(self, *args: Any, is_told: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_told:
            self.fields["motive"].help_text = _(
                "If you wish: it stays in the history of the session and nobody is sent it."
            )


class PlaceForm(forms.Form):
    """Another place on the waiting list."""

    place = forms.IntegerField(label=_("Place on the list"), min_value=1)
    motive = forms.CharField(
        label=_("Motive"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays in the history of this enrolment."),
    )


class EnrolPeopleForm(forms.Form):
    """Addresses typed or a list dropped, and whether they go beyond the capacity."""

    addresses = forms.CharField(
        label=_("Email addresses"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One a line, or as your mail program copies them; of people who have an account."
        ),
    )
    file = forms.FileField(
        label=_("Or a list in CSV or XLSX"),
        required=False,
        help_text=_("A column headed “courriel” or “email”. Other columns are left aside."),
    )
    motive = forms.CharField(
        label=_("Motive for seats beyond the capacity"),
        required=False,
        max_length=400,
        help_text=_(
            "Leave empty to enrol by the ordinary rules: a seat if one is free, else the waiting "
            "list. With a motive, each person gets a seat, counted apart."
        ),
    )

    def __init__(self, *args: Any, overbooks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not overbooks:
            del self.fields["motive"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed, file = cleaned.get("addresses", "").strip(), cleaned.get("file")
        if not self.errors and not typed and not file:
            raise forms.ValidationError(_("Type addresses or choose a list."))
        if typed and file:
            raise forms.ValidationError(
                _("Type addresses or choose a list, one after the other: not both at once.")
            )
        return cleaned


class GuestsForm(forms.Form):
    """Addresses as people paste them; the service reads the lines."""

    addresses = forms.CharField(
        label=_("Email addresses"),
        help_text=_("One a line, or as your mail program copies them."),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Give at least one email address.")},
    )


# ------------------------------------------------------------------ one's own place
class AskingForm(forms.Form):
    """What somebody who waits wants when a seat is free. `asks_on`: the day from which everybody is
    asked first; without it there is nothing to choose.
    """

    BY_ITSELF, ASK = "by-itself", "ask"

    asking = forms.ChoiceField(
        label=_("When a seat is free for you"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )

    def __init__(self, *args: Any, asks_on: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_on is None:
            del self.fields["asking"]
            return
        day = date_words(asks_on, get_language())
        self.fields["asking"].choices = [  # type: ignore[attr-defined]
            (
                self.BY_ITSELF,
                _("It is mine by itself; from %(day)s on, ask me first") % {"day": day},
            ),
            (self.ASK, _("Always ask me first")),
        ]

    @property
    def asks_first(self) -> bool:
        return self.cleaned_data.get("asking") == self.ASK


class EnrolForm(AskingForm):
    """What is asked with a seat, where there is something to ask. A bare press is an answer too."""

    question = forms.CharField(
        label=_("Your question to the trainer"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The trainer reads it before the session, with your name."),
    )

    def __init__(
        self, data: Any = None, *, asks_on: date | None = None, takes_questions: bool
    ) -> None:
        if data is not None:
            data = {"asking": self.BY_ITSELF} | {name: data[name] for name in data}
        super().__init__(data, asks_on=asks_on, initial={"asking": self.BY_ITSELF})
        if not takes_questions:
            del self.fields["question"]


class GiveUpForm(forms.Form):
    """Which of one's seats goes, in an exchange. `seats`: (key, words) of those that may."""

    seat = forms.ChoiceField(
        label=_("The seat you give up"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the seat you give up."),
            "invalid_choice": _("Choose one of your seats: the other one is not yours any more."),
        },
    )

    def __init__(self, *args: Any, seats: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = seats  # type: ignore[attr-defined]
        if len(seats) == 1:
            self.initial["seat"] = seats[0][0]


class ColleagueForm(forms.Form):
    """To whom a seat is passed on."""

    address = forms.EmailField(
        label=_("Your colleague’s email address"),
        max_length=254,
        help_text=_("The one of their account at the Académie."),
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter the address of your colleague."),
            "invalid": _("Enter a whole address, for example prenom.nom@hopital.example."),
        },
    )


class ContestForm(forms.Form):
    """What a person says about a late withdrawal or an absence held against them."""

    words = forms.CharField(
        label=_("What happened"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The Academy’s team reads it and decides. No medical detail is needed."),
        error_messages={"required": _("Say in a few words what happened.")},
    )


class DuplicateForm(forms.Form):
    """The term to make after another one."""

    title_fr = forms.CharField(label=_("Title in French"), max_length=80)
    title_en = forms.CharField(label=_("Title in English"), max_length=80, required=False)
    starts_on = forms.DateField(
        label=_("First day of the new term"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    weeks = forms.IntegerField(
        label=_("Weeks between the two terms"),
        required=False,
        min_value=1,
        max_value=FARTHEST_WEEKS,
        help_text=_(
            "Every date moves by whole weeks: a Tuesday at 1 p.m. stays a Tuesday at 1 p.m. Empty: "
            "as many weeks as between the first days of the two terms."
        ),
    )
