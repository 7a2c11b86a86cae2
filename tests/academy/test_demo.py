"""The demonstration, built twice at one moment: what a visitor of that day would find."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

import pytest
import time_machine

from academy.selectors.learner import learner_desk
from academy.selectors.staff import staff_desk
from academy.services.demo.build import ACCOUNTS, build_demo
from attendance.choices import ImportState, MatchLevel
from attendance.models import Connection, ReportImport
from certificates.choices import CertificateStatus
from certificates.models import Certificate
from certificates.selectors.verification import find_by_token
from certificates.services.files import store_files
from cms.models import CoursePage
from courses.choices import EnrolmentState, SessionState
from courses.models import Course, Enrolment, ModuleVersion, Session, Term
from courses.selectors.checklists import due_items
from courses.selectors.sessions import seat_summary, sessions_for
from people.choices import DEMO_ACCOUNTS, EstablishmentKind, Role, VerifiedHow
from people.models import Establishment, User
from people.selectors.memberships import memberships_to_verify
from people.selectors.rights import roles_of
from surveys.models import Response, Survey
from surveys.selectors.figures import satisfaction
from tests.academy.services.demo.facts import account, facts, sessions
from tests.architecture.house import our_models

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 15, 14, 0, tzinfo=UTC)  # a Sunday, 9 h in Montréal
TODAY = timezone.localdate(AT)


class Built:
    """What came of building: the facts of the first time, those of the second, what was said."""

    first: dict[str, Any]
    second: dict[str, Any]
    said: list[str]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Built]:
    """Built, told, taken back; built again for the tests of this module; taken back."""
    built = Built()
    with django_db_blocker.unblock(), transaction.atomic():
        with transaction.atomic():
            build_demo(at=AT)
            built.first = facts()
            transaction.set_rollback(True)
        cache.clear()  # Wagtail keeps the addresses of sites there
        built.said = []
        build_demo(at=AT, say=built.said.append)
        built.second = facts()
        yield built
        transaction.set_rollback(True)


# ------------------------------------------------------------------ building
def test_one_moment_gives_one_demonstration(demo):
    assert demo.first == demo.second


def test_what_is_made_is_told(demo):
    assert len(demo.said) == 3


def test_second_build_touches_nothing(demo):
    said: list[str] = []

    assert build_demo(at=AT + timedelta(days=90), say=said.append) is False
    assert said == []
    assert facts() == demo.second


def test_nothing_is_dated_after_the_moment(demo):
    """Whatever has happened has happened by then; a service given no moment would say otherwise.

    Pages are Wagtail's: publishing one reads the clock, and so does what freezes its module.
    """
    ahead = {
        "starts_at", "ends_at", "closes_at", "enrolment_opens_at", "cancel_until", "due_at",
        "offer_expires_at",
    }  # fmt: skip
    late = set()
    for model in our_models():
        if model._meta.app_label == "cms" or model is ModuleVersion:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateTimeField) and field.name not in ahead:
                last = model._default_manager.aggregate(last=models.Max(field.name))["last"]
                if last is not None and last > AT:
                    late.add(f"{model.__name__}.{field.name}")

    assert late == set()


# ------------------------------------------------------------------ people
def test_accounts_are_those_of_sign_in(demo):
    assert {each.email for each in ACCOUNTS} == set(DEMO_ACCOUNTS.values())
    for each in ACCOUNTS:
        assert each.role in roles_of(account(each.role), TODAY)
        assert each.label_fr
        assert each.label_en


def test_network_is_peopled(demo):
    network = Establishment.objects.filter(kind=EstablishmentKind.NETWORK)
    peopled = network.filter(memberships__verified_how=VerifiedHow.MAIL_DOMAIN).distinct()

    assert User.objects.count() == 354
    assert (network.count(), peopled.count()) == (18, 18)
    assert User.objects.exclude(email__endswith=".example").count() == 0


def test_liaison_agent_finds_people_to_verify(demo):
    waiting = memberships_to_verify(account(Role.LIAISON), TODAY)

    assert waiting.count() >= 5
    assert {row.establishment.code for row in waiting} == {"chum"}


# ------------------------------------------------------------------ catalogue
def test_term_bears_the_name_of_the_season(demo):
    term = Term.objects.get()

    assert (term.title_fr, term.title_en) == ("Automne 2026", "Fall 2026")


def test_ten_courses_have_a_page_in_both_languages(demo):
    for language in ("fr", "en"):
        pages = CoursePage.objects.live().in_language(language)
        assert len({page.course_id for page in pages}) == 10
    for course in Course.objects.all():
        version = course.current_version
        assert version is not None
        assert version.number == 1
        assert version.is_bilingual


def test_every_state_is_shown(demo):
    assert Counter(session.state for session in sessions()) == {
        SessionState.CLOSED: 4,
        SessionState.HELD: 1,
        SessionState.OPEN: 6,
        SessionState.ANNOUNCED: 1,
        SessionState.POSTPONED: 1,
    }


def test_two_sessions_are_full_with_people_waiting(demo):
    full = [row for row in sessions(SessionState.OPEN) if seat_summary(row).is_full]

    assert [row.course.code for row in full] == ["bpc-e6r3", "recist"]
    assert [row.held_count for row in full] == [row.capacity for row in full]
    assert all(row.waiting_count >= 5 for row in full)


def test_coming_webinar_has_no_limit(demo):
    endless = [row for row in sessions(SessionState.OPEN) if row.capacity is None]

    assert [(row.course.code, row.language) for row in endless] == [("inspections", "en")]


def test_one_session_begins_within_the_hour(demo):
    starts = [row.starts_at for row in sessions(SessionState.OPEN)]

    assert [start for start in starts if AT < start <= AT + timedelta(hours=1)] == [
        AT + timedelta(minutes=15)
    ]


def test_seat_given_up_went_to_whoever_waited(demo):
    ended = Enrolment.objects.filter(state=EnrolmentState.CANCELLED)
    promoted = Enrolment.objects.filter(state=EnrolmentState.CONFIRMED, rank__isnull=False)

    assert (ended.count(), promoted.count()) == (3, 3)


# ------------------------------------------------------------------ afterwards
def test_last_session_waits_for_its_report_to_be_applied(demo):
    session = sessions(SessionState.HELD)[0]
    report = ReportImport.objects.get(session=session)
    levels = Counter(Connection.objects.filter(report=report).values_list("match_level", flat=True))

    assert timezone.localdate(session.starts_at).isoformat() == "2026-11-13"  # the Friday before
    assert (report.state, report.warnings) == (ImportState.PREVIEWED, [])
    assert levels[MatchLevel.NAME] == 1
    assert levels[MatchLevel.NONE] >= 4
    assert levels[MatchLevel.EMAIL] > 20


def test_nine_in_ten_are_satisfied(demo):
    found = satisfaction(Survey.objects.all())

    assert found.whole > 100
    assert 88 <= found.rate <= 96


def test_dashboard_has_figures_for_every_settled_session(demo):
    desk = staff_desk(Session.objects.all(), term=Term.objects.get(), at=AT)
    settled = [line for line in desk.lines if line.session.state == SessionState.CLOSED]

    assert [bool(line.attendance and line.satisfaction) for line in settled] == [True] * 4
    assert all(line.certificates > 10 for line in settled)
    assert {each.kind for each in desk.to_do} == {"close", "apply"}


def test_attestations_of_each_status_are_drawn_and_found(demo):
    drawn = Certificate.objects.filter(files__isnull=False).distinct()
    found = Counter(
        verification.status
        for token in drawn.values_list("token", flat=True)
        if (verification := find_by_token(token)) and verification.snapshot_is_intact
    )

    assert found[CertificateStatus.VALID] > 20
    assert found[CertificateStatus.SUPERSEDED] == 1
    assert found[CertificateStatus.REVOKED] == 1


def test_attestation_of_every_course_can_be_drawn(demo):
    """The worker draws the others: one of each is tried here."""
    codes = Course.objects.filter(sessions__state=SessionState.CLOSED).values_list(
        "code", flat=True
    )
    for code in codes:
        certificate = Certificate.objects.filter(session__course__code=code).latest("pk")
        assert len(store_files(certificate=certificate, at=AT)) == 2


# ------------------------------------------------------------------ whose eyes one borrows
def test_learner_has_one_of_each(demo):
    desk = learner_desk(account(Role.LEARNER), at=AT)
    coming = [(one.enrolment.session.course.code, one.enrolment.state) for one in desk.coming]
    past = {one.enrolment.session.course.code: one for one in desk.past}

    assert coming == [
        ("pharmacie", EnrolmentState.CONFIRMED),
        ("recist", EnrolmentState.WAITING),
        ("budgets", EnrolmentState.CONFIRMED),
    ]
    assert [one.rank for one in desk.coming if one.rank] != []
    assert [row.session.course.code for row in desk.offers] == ["inspections"]
    assert desk.offers[0].offer_expires_at - AT > timedelta(hours=24)
    assert [each.survey.session.course.code for each in desk.to_answer] == ["documents"]
    assert sorted(past) == ["consentement", "ctcae", "documents"]
    assert past["consentement"].certificate is not None
    assert past["consentement"].certificate.files.count() == 2
    missing = past["ctcae"].eligibility.missing
    assert [(each.condition, "45" in each.sentence) for each in missing] == [("attendance", True)]
    assert [each.condition for each in past["documents"].eligibility.missing] == ["survey"]


def test_trainer_teaches_one_past_with_results_and_one_coming(demo):
    taught = sessions_for(account(Role.TRAINER), "surveys.results")
    past, coming = taught.order_by("meetings__starts_at")

    assert (past.state, coming.state) == (SessionState.CLOSED, SessionState.OPEN)
    assert Response.objects.filter(survey__session=past).count() >= 10


# ------------------------------------------------------------------ pages
@pytest.fixture
def on_the_day(demo: Built) -> Iterator[None]:
    """The clock of the views stands at the moment the demonstration was built."""
    with time_machine.travel(AT, tick=False):
        yield


def seen_by(role: Role | None, address: str) -> tuple[int, str]:
    """Status and words of the page at `address`, for an account or for somebody passing by."""
    client = Client()
    if role is not None:
        client.force_login(account(role), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(address)
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_public_pages_show_the_term(on_the_day, language):
    with translation.override(language):
        pages = CoursePage.objects.live().in_language(language)
        addresses = {page.url: page.title for page in pages}
        catalogue = pages[0].get_parent()
    status, words = seen_by(None, catalogue.url)

    assert status == 200
    assert words.count("session-card__title") == len(
        sessions(SessionState.OPEN, SessionState.ANNOUNCED, SessionState.POSTPONED)
    )
    for address, title in addresses.items():
        status, words = seen_by(None, address)
        assert status == 200
        assert title.replace("’", "&#x27;") in words or title in words


def test_public_verifies_the_attestation_of_the_learner(on_the_day):
    certificate = Certificate.objects.get(person=account(Role.LEARNER))
    status, words = seen_by(None, reverse("certificates:verify", args=[certificate.token]))

    assert status == 200
    assert certificate.number in words


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role.LEARNER, "academy:my_courses"),
        (Role.LEARNER, "people:account"),
        (Role.LIAISON, "people:memberships"),
        (Role.COORDINATOR, "academy:dashboard"),
        (Role.DIRECTION, "academy:dashboard"),
        (Role.INSPECTOR, "academy:dashboard"),
    ],
)
def test_desk_of_each_account_opens(on_the_day, role, name):
    assert seen_by(role, reverse(name))[0] == 200


@pytest.mark.parametrize(
    ("role", "name", "state"),
    [
        (Role.TRAINER, "surveys:results", SessionState.CLOSED),
        (Role.TRAINER, "courses:roster", SessionState.OPEN),
        (Role.COORDINATOR, "attendance:session", SessionState.HELD),
        (Role.COORDINATOR, "academy:control_room", SessionState.CLOSED),
        (Role.COORDINATOR, "certificates:session", SessionState.CLOSED),
        (None, "courses:session", SessionState.POSTPONED),
    ],
)
def test_session_is_seen_from_each_side(on_the_day, role, name, state):
    mine = sessions(state)
    if role == Role.TRAINER:
        mine = [row for row in mine if row.trainers.filter(person=account(role)).exists()]

    assert seen_by(role, reverse(name, kwargs={"key": mine[0].key}))[0] == 200


def test_the_team_has_done_what_was_due_but_for_one_thing(demo):
    late = [one for one in due_items(AT, account(Role.COORDINATOR)) if one.is_late]

    assert 1 <= len(late) <= 3
