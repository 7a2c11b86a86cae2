"""Late withdrawals and absences held against somebody, for that person alone."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.forms import ContestForm
from courses.letters.conditions import strikes_sentence
from courses.models import Strike
from courses.selectors.places import strikes_of
from courses.selectors.standing import strike_points
from courses.services.holds import HoldRefusal, contest_strike
from people.models import User
from people.policies import policy


@policy("courses.follow")
@never_cache
@require_http_methods(["GET", "POST"])
def strikes(request: HttpRequest) -> HttpResponse:
    """The list; POST (strike, words) keeps what the person says of one, for staff to read."""
    at = timezone.now()
    person: User = request.user  # type: ignore[assignment]
    if request.method == "GET":
        return _show(request, person)
    number = request.POST.get("strike", "")
    own = Strike.objects.filter(person=person)
    strike = get_object_or_404(own, pk=int(number) if number.isdecimal() else 0)
    form = ContestForm(request.POST, auto_id=f"contest-{strike.pk}-%s")
    if form.is_valid():
        try:
            contest_strike(strike=strike, words=form.cleaned_data["words"], at=at)
        except HoldRefusal as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("Your words are kept. The Academy’s team will read them."))
            return redirect("courses:strikes")
    return _show(request, person, contested=strike, form=form)


def _show(
    request: HttpRequest,
    person: User,
    *,
    contested: Strike | None = None,
    form: ContestForm | None = None,
) -> HttpResponse:
    on = localdate(timezone.now())
    lines = [
        (line, form if contested and line.strike.pk == contested.pk else _form_of(line.strike))
        for line in strikes_of(person, on=on)
    ]
    context = {
        "lines": lines,
        "points": strike_points(person, on=on),
        "rule": strikes_sentence(),
        "grace": settings.STRIKE_GRACE_HOURS // 24,
        "form": form,
    }
    return render(request, "courses/strikes.html", context, status=422 if form else 200)


def _form_of(strike: Strike) -> ContestForm | None:
    """Nothing to say of what counts no more."""
    if strike.excused_at is not None:
        return None
    return ContestForm(initial={"words": strike.contest}, auto_id=f"contest-{strike.pk}-%s")
