"""What staff type about a session, beyond its own columns. Rules stand in the services."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail.admin.forms import WagtailAdminModelForm

from courses.models import Session
from people.choices import Role
from people.models import User


class SessionForm(WagtailAdminModelForm):
    """A session, with the meetings and breaks of its panels, its trainers and a motive."""

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

    class Meta:
        model = Session
        fields: list[str] = []


class MotiveForm(forms.Form):
    """Why a step is taken."""

    motive = forms.CharField(
        label=_("Motive"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The people concerned read it."),
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
        help_text=_("One a line, of people who have an account."),
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("addresses", "").strip() and not cleaned.get("file"):
            raise forms.ValidationError(_("Type addresses or choose a list."))
        return cleaned

    def table_bytes(self) -> bytes:
        """What was typed or dropped, as one table."""
        file = self.cleaned_data.get("file")
        if file:
            return bytes(file.read())
        return ("courriel\n" + self.cleaned_data["addresses"]).encode()


class GuestsForm(forms.Form):
    """Addresses as people paste them; the service reads the lines."""

    addresses = forms.CharField(
        label=_("Email addresses"),
        help_text=_("One a line, or as your mail program copies them."),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Give at least one email address.")},
    )
