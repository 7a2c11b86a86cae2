"""What is said of an offer, a call, a seat passed on: true the minute it leaves, or nothing."""

from datetime import timedelta

import pytest

from courses.choices import EnrolmentOrigin
from courses.models import Enrolment
from courses.services.enrolments import cancel_enrolment, pause_waiting
from courses.services.exchanges import offer_to, pass_on
from courses.services.offers import (
    accept_offer,
    decline_offer,
    expire_offers,
    fill_session,
    renew_offers,
)
from courses.services.sessions import cancel_session, postpone_session
from notices.choices import NoticeKind as Kind
from notices.selectors.facts import facts_of
from tests.factories import courses, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
HOUR = timedelta(hours=1)


@pytest.fixture
def offered():
    return notices.offered(courses.open_session(capacity=1))


def last(person, kind):
    return notices.of(person, kind)[-1]


def test_an_offer_says_until_when_and_leads_to_the_page_that_asks(offered):
    facts = facts_of(last(offered.person, Kind.SEAT_OFFERED), at=AT)
    assert facts.words["until"] == offered.offer_expires_at
    assert facts.words["action_url"].endswith(f"/{offered.key}/")
    assert facts.words["comes_from"] == "list"
    assert facts.words["facts"][0]["text"].endswith("9\xa0h")


def test_an_offer_is_no_appointment_yet(offered):
    facts = facts_of(last(offered.person, Kind.SEAT_OFFERED), at=AT)
    assert (facts.calendar, facts.files) == (b"", ())


@pytest.mark.parametrize("kind", [Kind.SEAT_OFFERED, Kind.OFFER_REMINDER])
@pytest.mark.parametrize("answer", [accept_offer, decline_offer])
def test_an_answer_silences_offer_and_reminder(offered, kind, answer):
    notice = last(offered.person, kind)
    assert facts_of(notice, at=AT) is not None
    answer(enrolment=offered, by=offered.person, at=AT)
    assert facts_of(notice, at=AT) is None


def test_an_offer_is_not_told_at_the_second_of_its_end(offered):
    notice = last(offered.person, Kind.OFFER_REMINDER)
    ends_at = offered.offer_expires_at
    assert facts_of(notice, at=ends_at - timedelta(seconds=1)) is not None
    assert facts_of(notice, at=ends_at) is None


@pytest.mark.parametrize("act", [cancel_session, postpone_session])
def test_an_offer_of_a_session_called_off_is_not_told(offered, act):
    act(session=offered.session, by=None, at=AT, motive="Maladie.")
    assert facts_of(last(offered.person, Kind.SEAT_OFFERED), at=AT) is None


def test_a_renewed_offer_is_told_by_its_newest_message_alone(offered):
    renew_offers(session=offered.session, at=AT + HOUR)
    first, second = notices.of(offered.person, Kind.SEAT_OFFERED)
    assert facts_of(first, at=AT + HOUR) is None
    offered.refresh_from_db()
    assert facts_of(second, at=AT + HOUR).words["until"] == offered.offer_expires_at


def test_the_giver_of_a_seat_is_named(offered):
    session, agent = courses.open_session(), people.liaison_agent(printed_name="Luc Agent")
    row = offer_to(person=people.person(), session=session, by=agent, at=AT)
    words = facts_of(last(row.person, Kind.SEAT_OFFERED), at=AT).words
    assert (words["comes_from"], words["giver"]) == (EnrolmentOrigin.LIAISON, "Luc Agent")

    full = courses.open_session(capacity=0)
    row = offer_to(person=people.person(), session=full, by=agent, at=AT)
    words = facts_of(last(row.person, Kind.PUT_ON_WAITING_LIST), at=AT).words
    assert (words["giver"], words["has_chosen"]) == ("Luc Agent", False)


def test_what_a_yes_gives_up_is_named(offered):
    other = courses.enrolled(courses.open_session(starts_at=courses.NOON + timedelta(days=1)))
    Enrolment.objects.filter(pk=offered.pk).update(instead_of=other)
    notice = last(offered.person, Kind.SEAT_OFFERED)
    named = facts_of(notice, at=AT).words["instead_of"]
    assert (named["title"], named["is_seat"]) == (str(other.session.course), True)
    cancel_enrolment(enrolment=other, by=other.person, at=AT)
    assert facts_of(notice, at=AT).words["instead_of"] is None


# ------------------------------------------------------------------ silence, no, calls
def test_first_silence_keeps_the_rank_and_second_goes_to_the_end():
    session = courses.open_session(capacity=1)
    silent = notices.offered(session)
    behind = courses.enrolled(session)
    at = silent.offer_expires_at
    expire_offers(at=at)
    words = facts_of(last(silent.person, Kind.OFFER_EXPIRED), at=at).words
    assert (words["keeps_rank"], words["rank"][:1]) == (True, "1")

    fill_session(session_id=session.pk, at=at)  # passed over: it goes to the one behind
    behind.refresh_from_db()
    cancel_enrolment(enrolment=behind, by=behind.person, at=at)
    fill_session(session_id=session.pk, at=at)
    again = Enrolment.objects.live().get(person=silent.person)
    third = courses.enrolled(session, at=at)
    expire_offers(at=again.offer_expires_at)
    words = facts_of(last(silent.person, Kind.OFFER_EXPIRED), at=again.offer_expires_at).words
    assert words["keeps_rank"] is False
    assert third.state == "waiting"


def test_a_silence_is_not_told_once_the_person_left_the_list(offered):
    expire_offers(at=offered.offer_expires_at)
    again = Enrolment.objects.live().get(person=offered.person)
    notice = last(offered.person, Kind.OFFER_EXPIRED)
    assert facts_of(notice, at=offered.offer_expires_at) is not None
    cancel_enrolment(enrolment=again, by=again.person, at=offered.offer_expires_at)
    assert facts_of(notice, at=offered.offer_expires_at) is None


def test_a_no_is_not_told_to_one_who_asked_again(offered):
    decline_offer(enrolment=offered, by=offered.person, at=AT)
    notice = last(offered.person, Kind.OFFER_DECLINED)
    assert facts_of(notice, at=AT).words["waited"] is True
    courses.enrolled(offered.session, offered.person)
    assert facts_of(notice, at=AT) is None


@pytest.fixture
def called():
    """Somebody called eight hours before the start."""
    session = courses.open_session(capacity=1)
    seated, waiting = courses.enrolled(session), courses.enrolled(session)
    at = courses.NOON - 8 * HOUR
    cancel_enrolment(enrolment=seated, by=seated.person, at=at)
    fill_session(session_id=session.pk, at=at)
    return last(waiting.person, Kind.SEAT_CALLED), waiting, at


def test_a_call_is_true_while_the_seat_is_free(called):
    notice, waiting, at = called
    assert facts_of(notice, at=at).words["action_url"].endswith("/inscription/")
    courses.enrolled(waiting.session, waiting.person, at=at)  # the first to ask has it
    assert facts_of(notice, at=at) is None


def test_a_call_is_not_made_once_the_seat_went_to_another(called):
    notice, waiting, _at = called
    walk_up = people.person()
    courses.enrolled(waiting.session, walk_up, at=courses.NOON - HOUR)  # open to all from 2 h on
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert facts_of(notice, at=courses.NOON - HOUR) is None


def test_a_call_is_not_made_to_one_who_stands_aside_nor_after_the_start(called):
    notice, waiting, at = called
    assert facts_of(notice, at=courses.NOON) is None
    pause_waiting(enrolment=waiting, paused=True, by=waiting.person, at=at)
    assert facts_of(notice, at=at) is None


def test_a_call_is_not_made_to_one_whom_a_rule_would_refuse(called):
    notice, waiting, at = called
    other = courses.enrolled(courses.open_session(), waiting.person)  # at that very hour
    assert facts_of(notice, at=at) is None
    cancel_enrolment(enrolment=other, by=waiting.person, at=at)
    assert facts_of(notice, at=at) is not None


def test_a_call_is_made_to_one_who_gives_up_the_seat_that_stands_in_the_way(called):
    notice, waiting, at = called
    other = courses.enrolled(courses.open_session(), waiting.person)
    Enrolment.objects.filter(pk=waiting.pk).update(instead_of=other)
    assert facts_of(notice, at=at) is not None


# ------------------------------------------------------------------ passed on
def test_a_seat_passed_on_leaves_the_givers_calendar(offered):
    giver = courses.enrolled(courses.open_session())
    colleague = people.person(printed_name="Zoé Roy")
    given = pass_on(enrolment=giver, to=colleague, by=giver.person, at=AT)
    notice = last(giver.person, Kind.SEAT_PASSED_ON)
    facts = facts_of(notice, at=AT)
    assert (facts.calendar_method, facts.words["colleague"]) == ("CANCEL", "Zoé Roy")
    assert facts.words["until"] == given.offer_expires_at
    accept_offer(enrolment=given, by=colleague, at=AT)
    assert facts_of(notice, at=AT).words["until"] is None


def test_an_offer_given_up_calls_nothing_off_in_a_calendar(offered):
    """No invitation went out, so no cancellation does."""
    cancel_enrolment(enrolment=offered, by=offered.person, at=AT)
    facts = facts_of(last(offered.person, Kind.ENROLMENT_CANCELLED), at=AT)
    assert (facts.words["held"], facts.words["was"]) == (False, "offered")
    assert (facts.calendar, facts.files) == (b"", ())


def test_a_session_postponed_calls_nothing_off_for_one_who_holds_an_offer(offered):
    postpone_session(session=offered.session, by=None, at=AT, motive="Tempête.")
    facts = facts_of(last(offered.person, Kind.SESSION_POSTPONED), at=AT)
    assert (facts.words["held"], facts.words["was"], facts.calendar) == (False, "offered", b"")
