"""What staff type in place of our words in one kind of message."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.models import MessageText
from notices.selectors.texts import names_of
from notices.services.texts import SUBJECT_LENGTH, TypedText

LEAD_LENGTH = 1500
PARTS = ("subject_fr", "lead_fr", "subject_en", "lead_en")


class TextForm(forms.Form):
    """Subject and first paragraph in both languages; an empty one keeps the built-in words."""

    subject_fr = forms.CharField(
        label=_("Subject in French"), max_length=SUBJECT_LENGTH, required=False
    )
    lead_fr = forms.CharField(
        label=_("First paragraph in French"),
        max_length=LEAD_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    subject_en = forms.CharField(
        label=_("Subject in English"), max_length=SUBJECT_LENGTH, required=False
    )
    lead_en = forms.CharField(
        label=_("First paragraph in English"),
        max_length=LEAD_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, kind: str, text: MessageText | None, **kwargs: Any) -> None:
        if text is not None:
            kwargs["initial"] = {name: getattr(text, name) for name in PARTS}
        super().__init__(*args, **kwargs)
        names = names_of(kind).values()
        for field in PARTS:
            language = field[-2:]
            self.fields[field].widget.attrs["lang"] = f"{language}-CA"
            known = ", ".join(f"{{{both[language == 'en']}}}" for both in names)
            if field.startswith("lead") and known:
                self.fields[field].help_text = _(
                    "Empty: the built-in words. Filled in for each person: %(known)s."
                ) % {"known": known}
            else:
                self.fields[field].help_text = _("Empty: the built-in words.")

    @property
    def typed(self) -> TypedText:
        return TypedText(**{name: self.cleaned_data[name] for name in PARTS})
