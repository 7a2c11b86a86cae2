from django import forms
from django.utils.translation import gettext_lazy as _

from attendance.choices import DateOrder, MarkKind


class ReportForm(forms.Form):
    """The drop zone. The platform is never asked: the file says what it is."""

    file = forms.FileField(
        label=_("Meeting report"),
        help_text=_("The attendance report as the meeting platform exports it, 100 MB at most."),
    )
    date_order = forms.ChoiceField(
        label=_("Order of the dates"),
        required=False,
        choices=[("", _("Decided from the file")), *DateOrder.choices],
    )


class DecisionForm(forms.Form):
    """A decision of staff about one person, which wins over every report."""

    kind = forms.ChoiceField(label=_("Decision"), choices=MarkKind.choices)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=0,
        max_value=6000,
        help_text=_("Only for somebody partly present."),
    )
    motive = forms.CharField(
        label=_("Motive"), max_length=500, help_text=_("It is kept with the decision.")
    )


class MotiveForm(forms.Form):
    motive = forms.CharField(
        label=_("Motive"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
