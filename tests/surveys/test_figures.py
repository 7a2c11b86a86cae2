from fractions import Fraction
from math import isclose

from django.db import transaction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.models import Response, Survey
from surveys.selectors.figures import (
    Proportion,
    net_promoter_score,
    satisfaction,
    satisfaction_by_session,
)
from surveys.services.surveys import open_survey
from tests.factories import courses, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey() -> Survey:
    session = courses.open_session(course=courses.published_course())
    courses.enrolled(session, people.person())
    session = courses.held(session)
    found = open_survey(session=session, at=courses.NOON.replace(hour=20))
    assert found is not None
    return found


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    scores=st.lists(st.one_of(st.none(), st.integers(1, 5)), max_size=40),
    recommendations=st.lists(st.integers(0, 10), max_size=40),
)
def test_figures_equal_a_count_by_hand(survey, scores, recommendations):
    with transaction.atomic():
        Response.objects.all().delete()
        Response.objects.bulk_create(
            Response(survey=survey, answers={} if score is None else {"overall": score})
            for score in scores
        )
        Response.objects.bulk_create(
            Response(survey=survey, answers={"nps": value}) for value in recommendations
        )
    answered = [score for score in scores if score is not None]

    found = satisfaction([survey])

    assert (found.part, found.whole) == (sum(s >= 4 for s in answered), len(answered))
    score, n = net_promoter_score([survey])
    assert n == len(recommendations)
    if n:
        expected = Fraction(
            100 * (sum(v >= 9 for v in recommendations) - sum(v <= 6 for v in recommendations)), n
        )
        assert isclose(score, float(expected))
    by_session = satisfaction_by_session([survey.session]).get(survey.session_id)
    assert (by_session or Proportion(0, 0)) == found


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Wilson score interval, 95 %; figures of Newcombe (1998), Statist. Med. 17, table I.
        (81, 263, 25.53, 36.62),
        (15, 148, 6.24, 16.05),
        (0, 20, 0.0, 16.11),
        (1, 29, 0.61, 17.18),
    ],
)
def test_the_interval_is_wilsons(part, whole, low, high):
    found = Proportion(part, whole)

    assert round(found.low, 2) == low
    assert round(found.high, 2) == high


@pytest.mark.parametrize(
    ("whole", "shown", "few"),
    [(4, False, True), (5, True, True), (9, True, True), (10, True, False)],
)
def test_no_figure_under_five_and_a_mark_under_ten(whole, shown, few):
    assert (Proportion(1, whole).is_shown, Proportion(1, whole).is_few) == (shown, few)
