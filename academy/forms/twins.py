"""When the second session of a full one would begin."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TwinForm(forms.Form):
    """A day and an hour; the other meetings follow at the same distance."""

    on = forms.DateField(
        label=_("Day of its first meeting"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hour = forms.TimeField(
        label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    @property
    def starts_at(self) -> datetime:
        day, hour = self.cleaned_data["on"], self.cleaned_data["hour"]
        return timezone.make_aware(datetime.combine(day, hour))
