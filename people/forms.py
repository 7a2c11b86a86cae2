"""Shape and wording of what people say of themselves."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from allauth.account import forms as allauth_forms

from people.choices import Language
from people.models import Community, Establishment, Profession
from people.selectors.establishments import (
    everyday_names,
    find_establishments,
    find_exact_establishment,
    other_organisation,
)

OTHER = "other"
# Six figures: a telephone opens its number keys, and no example stands where the code goes.
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class SignInCodeForm(allauth_forms.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = dict(CODE)


class AddressCodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = dict(CODE)


class Suggestions(forms.TextInput):
    """A text field with a list of names to pick from; a plain text field where there is none."""

    template_name = "people/widgets/suggestions.html"

    def __init__(self, suggestions: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return context | {"suggestions": self.suggestions()}


class EstablishmentForm(forms.Form):
    """Where a person works, in their own words.

    A name that one establishment bears is taken as it is. Otherwise the form comes back with the
    ones that resemble it and « Autre organisation » under the name typed; `chosen` is the answer.
    """

    establishment = forms.CharField(
        label=_("Your establishment or organisation"),
        help_text=_(
            "As you call it every day: Maisonneuve-Rosemont, CHUM, Sacré-Cœur… "
            "It tells us which places are yours and lets your liaison agent follow the team."
        ),
        max_length=160,
        widget=Suggestions(everyday_names, {"autocomplete": "organization"}),
        error_messages={"required": _("Enter the name of your establishment or organisation.")},
    )
    chosen = forms.CharField(label=_("Which one is it?"), required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.get("establishment", "").strip()
        if not typed:
            return cleaned
        exact = find_exact_establishment(typed)
        found = [] if exact else list(find_establishments(typed))
        answer = self.data.get(self.add_prefix("chosen"), "")
        by_key = {str(row.key): row for row in found}
        if exact or answer in by_key:
            cleaned["place"], cleaned["organisation"] = exact or by_key[answer], ""
        elif answer == OTHER:
            cleaned["place"], cleaned["organisation"] = other_organisation(), typed
        else:
            self._ask_which(typed, found)
        return cleaned

    def _ask_which(self, typed: str, found: list[Establishment]) -> None:
        """Turn the hidden answer into a question with these names."""
        names = [(str(row.key), self._place_words(row)) for row in found]
        names.append((OTHER, _("Another organisation: %(name)s") % {"name": typed}))
        self.fields["chosen"].widget = forms.RadioSelect(choices=names)
        self.fields["chosen"].required = True
        self.add_error(
            "chosen",
            _("Choose the establishment, or keep the name you typed.")
            if found
            else _("No establishment of the network has this name. Correct it above, or keep it."),
        )

    @staticmethod
    def _place_words(row: Establishment) -> str:
        return f"{row} ({row.city})" if row.city else str(row)


class ProfileForm(forms.Form):
    """What a person says of themself under « Mon compte »."""

    printed_name = forms.CharField(
        label=_("Your first and last name"),
        help_text=_("As they will be printed on your attestations."),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={
            "required": _("Enter your name as it should be printed on your attestations.")
        },
    )
    profession = forms.ModelChoiceField(
        label=_("Profession"),
        help_text=_("Some trainings count towards the hours of a professional order."),
        queryset=Profession.objects.all(),
        required=False,
        empty_label=_("I prefer not to say"),
    )
    permit_number = forms.CharField(
        label=_("Permit number of your order"),
        help_text=_("Only if your order asks for it on attestations."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of my messages and attestations"), choices=Language.choices
    )


class OnboardingForm(EstablishmentForm, ProfileForm):
    """The first visit: two questions; the rest may wait."""

    permit_number = None
    language = forms.ChoiceField(
        label=_("Language of my messages and attestations"),
        choices=Language.choices,
        required=False,
    )
    wants_announcements = forms.BooleanField(
        label=_("Write to me when new trainings are announced"), required=False
    )
    field_order = (
        "printed_name",
        "establishment",
        "chosen",
        "profession",
        "language",
        "wants_announcements",
    )

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or (get_language() or Language.FRENCH)[:2]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        names = ("printed_name", "establishment", "chosen")
        return [self[name] for name in names]

    @property
    def later_fields(self) -> list[forms.BoundField]:
        return [self["profession"], self["language"], self["wants_announcements"]]


class CommunityForm(forms.Form):
    community = forms.ModelChoiceField(
        label=_("Community of practice"),
        queryset=Community.objects.order_by("name_fr"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose a community of practice.")},
    )
