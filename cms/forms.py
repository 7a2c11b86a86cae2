"""What the face is asked: the catalogue's filters, the editors of course and module pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from wagtail.admin.forms import WagtailAdminPageForm

from cms.choices import SOURCE_LANGUAGE
from courses.choices import SessionFormat
from people.choices import Language

BULLETS = "-–—•*·"


def sentences(text: str) -> list[str]:
    """One objective a line; bullets that came with the paste and blank lines are left out."""
    lines = (line.strip().lstrip(BULLETS).strip() for line in (text or "").splitlines())
    return [line for line in lines if line]


class FrenchFactsForm(WagtailAdminPageForm):
    """The editor of a page whose facts are kept on its French side only."""

    french_only: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.locale_id and self.instance.locale.language_code != SOURCE_LANGUAGE:
            for name in self.french_only:
                self.fields.pop(name, None)


class CoursePageForm(FrenchFactsForm):
    french_only = ("course", "objectives_fr", "objectives_en")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        french = sentences(data.get("objectives_fr", ""))
        english = sentences(data.get("objectives_en", ""))
        if english and len(english) != len(french):
            self.add_error(
                "objectives_en",
                ValidationError(
                    ngettext(
                        "There is %(count)d objective in French: write as many here, or none.",
                        "There are %(count)d objectives in French: write as many here, or none.",
                        len(french),
                    )
                    % {"count": len(french)}
                ),
            )
        return data


class ModulePageForm(FrenchFactsForm):
    french_only = ("title_en", "minutes")


class CatalogueFilters(forms.Form):
    """The catalogue narrowed by its address. A value that means nothing is as good as none."""

    q = forms.CharField(label=pgettext_lazy("search", "Words"), required=False, max_length=80)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    month = forms.ChoiceField(label=_("Month"), required=False)
    language = forms.ChoiceField(
        label=_("Spoken language"),
        required=False,
        choices=[("", pgettext_lazy("language", "Either")), *Language.choices],
    )
    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", pgettext_lazy("format", "Any")), *SessionFormat.choices],
    )
    accredited = forms.BooleanField(label=_("Accredited only"), required=False)
    open = forms.BooleanField(label=_("With seats left"), required=False)

    def __init__(
        self, data: Any, *, themes: list[tuple[str, str]], months: list[tuple[str, str]]
    ) -> None:
        super().__init__(data, use_required_attribute=False, label_suffix="")
        self.fields["theme"].choices = [("", pgettext_lazy("themes", "All")), *themes]
        self.fields["month"].choices = [("", pgettext_lazy("months", "All")), *months]
        self.fields["q"].widget.attrs["type"] = "search"

    @property
    def wanted(self) -> dict[str, Any]:
        """What the reader asked for, without empty answers and values that mean nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
