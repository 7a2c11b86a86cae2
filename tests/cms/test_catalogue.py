"""The catalogue: what there is, narrowed by the address, at a constant number of queries."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import pytest
from bs4 import BeautifulSoup

from certificates.choices import AccreditationStatus
from certificates.models import Accreditation, AccreditingBody
from courses.choices import SessionState
from courses.models import Session, Theme
from courses.services.catalogue import save_theme
from courses.services.states import cancel_session, pause_enrolment, postpone_session
from tests.factories import cms, courses, people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ADDRESS = "/formations/"
IN_ENGLISH = "/en/courses/"


def shown(**wanted):
    """Sessions on the first page of the catalogue, in order."""
    return [card.session for card in Client().get(ADDRESS, wanted).context["cards"]]


def card_of(session, address=ADDRESS):
    cards = Client().get(address).context["cards"]
    return next(card for card in cards if card.session == session)


def seals(session):
    return [fact["label"] for fact in card_of(session, IN_ENGLISH).facts if fact["icon"] == "seal"]


def accreditation(course, **fields):
    body, _created = AccreditingBody.objects.get_or_create(
        code="crmcc", defaults={"name_fr": "Collège royal", "name_en": "Royal College"}
    )
    given = {
        "status": AccreditationStatus.GRANTED,
        "number": "1",
        "hours": Decimal("1.50"),
        "valid_from": date(2026, 9, 1),
        "valid_until": date(2026, 12, 31),
        "statement_fr": "Énoncé",
        "statement_en": "Statement",
    } | fields
    return Accreditation.objects.create(course=course, body=body, **given)


def test_sessions_come_soonest_first_and_drafts_and_cancelled_ones_do_not(site):
    later = courses.open_session(starts_at=courses.NOON + timedelta(days=1))
    sooner = courses.open_session()
    courses.session()
    cancel_session(session=courses.open_session(), by=None, at=courses.AT, motive="Aucun")

    assert shown() == [sooner, later]


def test_a_theme_keeps_its_sessions_only(site):
    ethics = save_theme(theme=Theme(code="ethique", title_fr="Éthique"), by=None, at=courses.AT)
    mine = courses.open_session(course=courses.published_course(theme=ethics))
    other = courses.open_session()

    assert shown(theme="ethique") == [mine]
    assert shown() == [mine, other]


def test_a_month_is_counted_where_people_are(site):
    evening = datetime(2026, 11, 30, 23, 30, tzinfo=courses.HERE)  # December already in Greenwich
    november = courses.open_session(starts_at=evening)
    december = courses.open_session(starts_at=evening + timedelta(hours=1))

    assert shown(month="2026-11") == [november]
    assert shown(month="2026-12") == [december]


def test_months_offered_are_those_of_the_sessions(site):
    courses.open_session()
    courses.open_session(starts_at=courses.NOON + timedelta(days=60))

    choices = Client().get(ADDRESS).context["filters"].fields["month"].choices

    assert choices[1:] == [("2026-11", "Novembre 2026"), ("2027-01", "Janvier 2027")]


def test_the_spoken_language_and_the_format_narrow_too(site):
    english = courses.open_session(language="en")
    on_site = courses.open_session(format="in_person")

    assert shown(language="en") == [english]
    assert shown(format="in_person") == [on_site]


def test_accredited_means_granted_for_the_day_of_the_session(site):
    granted, asked, expired = (courses.open_session() for _each in range(3))
    accreditation(granted.course)
    accreditation(asked.course, status=AccreditationStatus.ASKED)
    accreditation(expired.course, valid_until=date(2026, 11, 16))

    assert shown(accredited="on") == [granted]
    assert seals(granted) == ["1.5 h accredited: Royal College"]
    assert seals(expired) == []


def test_open_seats_leave_out_full_paused_and_announced_sessions(site):
    roomy, unlimited = courses.open_session(capacity=1), courses.open_session(capacity=None)
    full, paused = courses.open_session(capacity=1), courses.open_session()
    courses.enrolled(full)
    pause_enrolment(session=paused, by=None, at=courses.AT, motive="Salle à confirmer")

    assert shown(open="on") == [roomy, unlimited]
    assert len(shown()) == 4


def test_words_are_looked_for_in_pages_and_official_titles(site):
    page = cms.course_page(title="Mesurer une tumeur")
    of_page = courses.open_session(course=page.course)
    of_title = courses.open_session(course=courses.published_course(title_fr="Budgets et contrats"))

    assert shown(q="tumeur") == [of_page]
    assert shown(q="tum") == [of_page]
    assert shown(q="contrats") == [of_title]
    assert shown(q="introuvable") == []


@pytest.mark.parametrize(
    "nonsense",
    [
        {"month": "2026-13"},
        {"month": "'"},
        {"theme": "rien"},
        {"language": "de"},
        {"format": "télépathie"},
        {"page": "-1"},
        {"page": "x"},
        {"q": " "},
    ],
)
def test_a_value_that_means_nothing_is_as_good_as_none(site, nonsense):
    session = courses.open_session()

    assert shown(**nonsense) == [session]


def test_a_full_session_says_how_many_wait_and_leads_to_the_list(site):
    session = courses.open_session(capacity=1)
    for _each in range(3):
        courses.enrolled(session)

    card = card_of(session, IN_ENGLISH)

    assert card.state == {
        "label": "Full, 2 people waiting",
        "tone": "attention",
        "icon": "hourglass",
    }
    assert card.action == {
        "label": "Join the waiting list",
        "href": f"/en/sessions/{session.key}/enrol/",
        "kind": "secondary",
    }


def test_a_session_with_room_says_how_much_and_leads_to_its_seats(site):
    session = courses.open_session(capacity=4)
    courses.enrolled(session)

    card = card_of(session, IN_ENGLISH)

    assert card.state == {"label": "3 seats", "tone": "success", "icon": "seat"}
    assert card.action["label"] == "Reserve my seat"


def test_a_postponed_session_shows_no_date_and_no_link(site):
    session = courses.open_session()
    postpone_session(session=session, by=None, at=courses.AT, motive="Formatrice absente")

    card = card_of(session)

    assert (card.at, card.hours, card.action) == (None, "", None)


def test_a_closed_enrolment_shows_no_link(site, today):
    session = courses.open_session(enrolment_closes_at=today - timedelta(minutes=1))
    still_open = courses.open_session(enrolment_closes_at=today + timedelta(minutes=1))

    assert card_of(session).action is None
    assert card_of(still_open).action is not None


def test_enrolment_that_opens_later_shows_the_day_and_no_link(site, today):
    session = courses.open_session(enrolment_opens_at=today + timedelta(days=2))

    card = card_of(session, IN_ENGLISH)

    assert card.action is None
    assert card.state == {
        "label": "Enrolment opens on November\N{NO-BREAK SPACE}4, 2026 at 9\N{NO-BREAK SPACE}a.m.",
        "tone": "info",
        "icon": "calendar",
    }


def test_a_card_says_what_is_kept_and_counts_only_what_is_open(site, today):
    kept = courses.pool(people.establishment("chum"), 5, release_at=today + timedelta(days=1))
    session = courses.open_session(capacity=6, audience="network", pools=[kept])

    card = card_of(session, IN_ENGLISH)

    assert card.state["label"] == "1 seat"
    assert [note.replace("\N{NO-BREAK SPACE}", " ") for note in card.notes] == [
        "For professionals of the network",
        "5 seats kept for CHUM until November 3, 2026",
    ]
    html = BeautifulSoup(Client().get(IN_ENGLISH).content, "html.parser")
    assert [each.get_text() for each in html.select(".session-card__note")] == card.notes


def test_a_seat_given_by_approval_is_asked_for(site):
    asked = courses.open_session(needs_approval=True)
    taken = courses.open_session()

    assert card_of(asked, IN_ENGLISH).action["label"] == "Ask for a seat"
    assert card_of(taken, IN_ENGLISH).action["label"] == "Reserve my seat"


def test_reserved_seats_are_no_free_seats_of_the_filter(site, today):
    kept = courses.open_session(
        capacity=5, pools=[courses.pool(seats=5, release_at=today + timedelta(days=1))]
    )
    released = courses.open_session(
        capacity=5, pools=[courses.pool(seats=5, release_at=today - timedelta(days=1))]
    )

    assert kept in shown()
    assert shown(open="on") == [released]


def test_a_session_of_several_meetings_says_so(site):
    session = courses.open_session(
        meetings=[
            courses.meeting(courses.NOON),
            courses.meeting(courses.NOON + timedelta(days=7)),
            courses.meeting(courses.NOON + timedelta(days=14)),
        ]
    )

    card = card_of(session, IN_ENGLISH)

    assert (card.at, card.hours) == (courses.NOON, "noon to 1\N{NO-BREAK SPACE}p.m.")
    assert card.more_dates == "and 2 other meetings"
    assert card_of(session).hours == "12\N{NO-BREAK SPACE}h à 13\N{NO-BREAK SPACE}h"


def test_a_card_leads_to_the_page_of_its_course_in_the_language_of_the_reader(site):
    page = cms.course_page()
    session = courses.open_session(course=page.course)
    without_page = courses.open_session()

    assert card_of(session).url == page.get_url()
    assert card_of(without_page).url == ""
    assert card_of(session, IN_ENGLISH).url == cms.in_english(page).get_url()


def test_trainers_are_named(site):
    session = courses.open_session(
        trainers=[people.trainer(printed_name=name) for name in ("Ana", "Benoît", "Chloé")]
    )

    assert card_of(session, IN_ENGLISH).people == "Ana, Benoît and Chloé"


def test_filters_are_a_form_that_gets_and_keeps_what_was_asked(site):
    courses.open_session(language="en")

    html = BeautifulSoup(Client().get(ADDRESS, {"language": "en"}).content, "html.parser")

    form = html.select_one("form.filters")
    assert form["method"] == "get"
    assert form.select_one('option[value="en"]').has_attr("selected")
    named = {field["name"] for field in form.select("input, select")}
    assert named == {"q", "theme", "month", "language", "format", "accredited", "open"}
    for field in form.select("input, select"):
        assert form.select_one(f'label[for="{field["id"]}"]').get_text(strip=True)


def test_many_sessions_stand_on_several_pages_that_keep_the_question(site):
    course = courses.published_course()
    for _each in range(26):
        courses.open_session(course=course, language="en")

    first = Client().get(ADDRESS, {"language": "en"})
    second = Client().get(ADDRESS, {"language": "en", "page": "2"})

    assert (len(first.context["cards"]), len(second.context["cards"])) == (24, 2)
    html = BeautifulSoup(first.content, "html.parser")
    assert html.select_one('a[rel="next"]')["href"] == "?language=en&page=2"


@pytest.mark.parametrize("address", [ADDRESS, "/", "/en/courses/"])
def test_queries_are_few_and_do_not_grow_with_sessions(
    site, address, django_assert_max_num_queries
):
    trainer = people.trainer()

    def add(number):
        for _each in range(number):
            course = courses.published_course()
            accreditation(course)
            courses.open_session(course=course, trainers=[trainer])

    add(3)
    Client().get(address)  # content types and site addresses are remembered from here on
    with django_assert_max_num_queries(13) as few:
        Client().get(address)
    add(20)
    with django_assert_max_num_queries(13) as many:
        Client().get(address)
    assert len(many) == len(few)


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_the_catalogue_costs_the_same_whatever_the_number_of_sessions(
    site, count, django_assert_num_queries
):
    courses.open_session()
    Client().get(ADDRESS)
    with CaptureQueriesContext(connection) as one:
        Client().get(ADDRESS)
    course = courses.published_course()
    rows = courses.many_sessions(count, course=course)
    Session.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=SessionState.OPEN, version=course.current_version
    )

    with django_assert_num_queries(len(one)):
        assert Client().get(ADDRESS).context["count"] == count + 1


def test_words_and_accreditation_cost_a_fixed_number_of_queries_more(
    site, django_assert_max_num_queries
):
    for _each in range(3):
        accreditation(courses.open_session().course)
    wanted = {"q": "formation", "accredited": "on", "open": "on", "theme": "", "month": "2026-11"}
    Client().get(ADDRESS, wanted)

    with django_assert_max_num_queries(18):
        Client().get(ADDRESS, wanted)


def test_a_course_page_asks_few_queries_whatever_its_sessions(site, django_assert_max_num_queries):
    page = cms.course_page()
    courses.open_session(course=page.course, trainers=[people.trainer()])
    Client().get(page.get_url())
    with django_assert_max_num_queries(19) as few:
        Client().get(page.get_url())
    for _each in range(10):
        courses.open_session(course=page.course, trainers=[people.trainer()])
    with django_assert_max_num_queries(19) as many:
        Client().get(page.get_url())
    assert len(many) == len(few)
