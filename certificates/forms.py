from django import forms
from django.utils.translation import gettext_lazy as _


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("Attestation number"),
        max_length=60,
        help_text=_(
            "It stands at the bottom of the attestation, for example QC-2026-000123-K. "
            "Spaces and dashes do not matter."
        ),
        error_messages={"required": _("Enter the number printed on the attestation.")},
    )


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name written on the attestation"),
        max_length=250,
        required=True,
        error_messages={"required": _("Enter the name written on the attestation.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
