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
