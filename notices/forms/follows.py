"""Choosing a theme or a community to follow."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Theme
from notices.selectors.unsubscribing import Subject, name_of
from people.letters import folded
from people.models import Community


class FollowForm(forms.Form):
    """One list of what is left to follow, in two groups."""

    subject = forms.ChoiceField(
        label=_("Theme or community of practice"),
        help_text=_("To follow one training, use the link on its page."),
        error_messages={
            "required": _("Choose a theme or a community."),
            "invalid_choice": _("Choose a theme or a community of the list."),
        },
    )

    def __init__(self, *args: Any, followed: Collection[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._subjects: dict[str, Subject] = {}
        themes = self._group(list(Theme.objects.all()), followed)
        communities = self._group(list(Community.objects.all()), followed)
        choices: list[Any] = [("", _("Choose"))]
        choices += [(label, rows) for label, rows in (
            (_("Themes"), themes), (_("Communities of practice"), communities),
        ) if rows]  # fmt: skip
        self.fields["subject"].choices = choices  # type: ignore[attr-defined]

    def _group(
        self, subjects: list[Any], followed: Collection[tuple[str, str]]
    ) -> list[tuple[str, str]]:
        rows = []
        for subject in sorted(subjects, key=lambda row: folded(str(row))):
            name = name_of(subject)
            if name not in followed:
                self._subjects[":".join(name)] = subject
                rows.append((":".join(name), str(subject)))
        return rows

    @property
    def chosen(self) -> Subject:
        """What was chosen."""
        return self._subjects[self.cleaned_data["subject"]]

    @property
    def has_choices(self) -> bool:
        return bool(self._subjects)
