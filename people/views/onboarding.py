"""The page of a first visit: two questions, and the words one agrees to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allauth.account.utils import get_login_redirect_url

from people.choices import ConsentPurpose
from people.forms import OnboardingForm
from people.policies import policy
from people.selectors.accounts import is_complete
from people.selectors.consents import current_text
from people.services import Refusal
from people.services.onboarding import complete_account


@policy("people.account")
@require_http_methods(["GET", "POST"])
def onboarding(request: HttpRequest) -> HttpResponse:
    """Completes the account, then goes on to where one was going (`next`)."""
    now = timezone.now()
    if request.method == "GET" and is_complete(request.user):
        return redirect(get_login_redirect_url(request))
    profile = getattr(request.user, "profile", None)
    form = OnboardingForm(
        request.POST or None,
        initial={
            "printed_name": profile.printed_name if profile else "",
            "profession": profile.profession if profile else None,
            "language": profile.language if profile else (get_language() or "fr")[:2],
        },
    )
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            complete_account(
                user=request.user,
                printed_name=answers["printed_name"],
                language=answers["language"],
                profession=answers["profession"],
                establishment=answers["place"],
                organisation=answers["organisation"],
                wants_announcements=answers["wants_announcements"],
                at=now,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your account is ready."))
            return redirect(get_login_redirect_url(request))
    text = current_text(ConsentPurpose.ACCOUNT, timezone.localdate(now))
    return render(
        request,
        "people/onboarding.html",
        {"form": form, "text": text, "next_url": request.GET.get("next", "")},
        status=422 if form.errors else 200,
    )
