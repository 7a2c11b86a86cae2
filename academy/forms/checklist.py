"""Something of staff's own on the list of a session."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.services.checklists import FARTHEST

BEFORE, AFTER = "before", "after"


class ItemForm(forms.Form):
    """What, and how many days before or after the session."""

    label_fr = forms.CharField(label=_("What must be done"), max_length=160)
    label_en = forms.CharField(label=_("The same in English"), max_length=160, required=False)
    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=FARTHEST, initial=7)
    side = forms.ChoiceField(
        label=_("Before or after the session"),
        choices=[
            (BEFORE, pgettext_lazy("days", "before the session")),
            (AFTER, pgettext_lazy("days", "after the session")),
        ],
    )

    @property
    def offset_days(self) -> int:
        days = self.cleaned_data["days"]
        return -days if self.cleaned_data["side"] == BEFORE else days
