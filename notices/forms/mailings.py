"""What staff type of a message to many."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.choices import EnrolmentState
from courses.models import Term
from notices.choices import MAILING_PLACEHOLDERS, MailingKind
from notices.models import Mailing
from notices.services.mailings import Words

# The groups of a session, in the order of its roster.
GROUPS = (
    EnrolmentState.CONFIRMED,
    EnrolmentState.OFFERED,
    EnrolmentState.REQUESTED,
    EnrolmentState.WAITING,
    EnrolmentState.LAPSED,
)


class WordsForm(forms.Form):
    """Subject and text in both languages; English may be left out, and French then stands in."""

    subject_fr = forms.CharField(label=_("Subject in French"), max_length=150)
    body_fr = forms.CharField(
        label=_("Text in French"), max_length=5000, widget=forms.Textarea(attrs={"rows": 10})
    )
    subject_en = forms.CharField(
        label=_("Subject in English"),
        max_length=150,
        required=False,
        help_text=_("Empty: those who read English receive the French text."),
    )
    body_en = forms.CharField(
        label=_("Text in English"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    kind: MailingKind

    def __init__(self, *args: Any, mailing: Mailing | None = None, **kwargs: Any) -> None:
        if mailing is not None:
            names = ("subject_fr", "body_fr", "subject_en", "body_en", "states")
            kwargs["initial"] = {name: getattr(mailing, name) for name in names}
        super().__init__(*args, **kwargs)
        known = ", ".join(f"{{{each}}}" for each in MAILING_PLACEHOLDERS[self.kind])
        for name in ("body_fr", "body_en"):
            self.fields[name].help_text = _(
                "“Hello” with the name stands above it already. An empty line begins a "
                "paragraph. Filled in for each person: %(known)s."
            ) % {"known": known}
        for name in ("subject_fr", "body_fr", "subject_en", "body_en"):
            self.fields[name].widget.attrs["lang"] = f"{name[-2:]}-CA"

    @property
    def words(self) -> Words:
        names = ("subject_fr", "body_fr", "subject_en", "body_en")
        return Words(**{name: self.cleaned_data[name] for name in names})


class AnnouncementForm(WordsForm):
    """The announcement of a term. Which term is chosen once, before the first start."""

    kind = MailingKind.TERM_ANNOUNCED
    term = forms.ModelChoiceField(
        label=_("Term"), queryset=Term.objects.all(), to_field_name="key", empty_label=None
    )
    field_order = ["term"]

    def __init__(self, *args: Any, mailing: Mailing | None = None, **kwargs: Any) -> None:
        super().__init__(*args, mailing=mailing, **kwargs)
        if mailing is not None:
            del self.fields["term"]


class MessageForm(WordsForm):
    """A message to people of a session: the groups, each with how many they are now."""

    kind = MailingKind.SESSION_MESSAGE
    states = forms.MultipleChoiceField(
        label=_("To whom"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one group of people.")},
    )
    field_order = ["states"]

    def __init__(
        self,
        *args: Any,
        counts: dict[str, int],
        mailing: Mailing | None = None,
        is_fixed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, mailing=mailing, **kwargs)
        if is_fixed:
            del self.fields["states"]
            return
        self.fields["states"].choices = [  # type: ignore[attr-defined]
            (state.value, f"{state.label} ({counts.get(state, 0)})") for state in GROUPS
        ]
