from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from courses.models import Session
from people.policies import policy
from people.selectors.rights import scope_for
from surveys.choices import InvitationState, QuestionKind
from surveys.forms import fields_of, posted_answers
from surveys.models import Survey
from surveys.selectors.figures import (
    net_promoter_score,
    response_rate,
    satisfaction,
)
from surveys.selectors.invitations import find_invitation
from surveys.selectors.results import comments_of, question_results
from surveys.services.answers import AnswersIncomplete, SurveyRefused, submit_response


@policy("surveys.answer")
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The form behind an invitation's link. Opening it changes nothing; « Envoyer » stores."""
    invitation = find_invitation(token)
    if invitation is None:
        return render(request, "surveys/unknown.html", status=404)
    survey = invitation.survey
    at = timezone.now()
    context: dict[str, Any] = {"survey": survey, "session": survey.session, "token": token}
    if invitation.state == InvitationState.DONE:
        return render(request, "surveys/done.html", context)
    if survey.closed_at or survey.closes_at <= at:
        return render(request, "surveys/closed.html", context, status=410)
    if request.method == "POST":
        given = posted_answers(survey, request.POST)
        try:
            submit_response(invitation=invitation, answers=given, at=at)
        except AnswersIncomplete as refusal:
            context |= {
                "refusal": str(refusal),
                "errors": refusal.errors,
                "fields": fields_of(survey, given, refusal.errors),
            }
            return render(request, "surveys/answer.html", context, status=422)
        except SurveyRefused as refusal:
            return render(
                request, "surveys/done.html", context | {"refusal": str(refusal)}, status=409
            )
        return redirect("surveys:answer", token=token)
    context["fields"] = fields_of(survey, {}, {})
    return render(request, "surveys/answer.html", context)


@policy("surveys.results")
@require_GET
def results(request: HttpRequest, key: str) -> HttpResponse:
    """What a session's people thought, for its trainers and for staff; from five answers on."""
    sessions = Session.objects.visible_to(
        request.user, scope_for(request.user, "surveys.results")
    ).select_related("course")
    session = get_object_or_404(sessions, key=key)
    surveys = list(Survey.objects.filter(session=session).select_related("version"))
    overall = satisfaction(surveys)
    score, answers = net_promoter_score(surveys)
    return render(
        request,
        "surveys/results.html",
        {
            "session": session,
            "surveys": surveys,
            "satisfaction": overall,
            "nps": score,
            "nps_count": answers,
            "response_rate": response_rate(session),
            "questions": question_results(surveys) if overall.is_shown else [],
            "comments": comments_of(surveys) if overall.is_shown else [],
            "kinds": QuestionKind,
        },
    )
