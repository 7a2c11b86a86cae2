"""A term prepared after another one in the admin: asked, shown, made."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
from bs4 import BeautifulSoup

from courses.models import Session, Term
from courses.services.sessions import postpone_session
from tests.factories import courses, people
from tests.factories.courses import AT, NOON, published_course

pytestmark = pytest.mark.django_db

GIVEN = {
    "title_fr": "Automne 2027",
    "title_en": "Fall 2027",
    "starts_on": "2027-08-31",
    "weeks": "52",
}


@pytest.fixture
def staff(client):
    client.force_login(people.coordinator())
    return client


@pytest.fixture
def term():
    row = courses.term()
    courses.session(term=row)
    return row


def url(term):
    return reverse("terms_admin:duplicate", args=[term.pk])


def asked(term, **given):
    return f"{url(term)}?{urlencode(GIVEN | given)}"


def text(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def test_the_form_proposes_the_same_weekday_a_year_later(staff, term):
    form = staff.get(url(term)).context["form"]

    assert form["starts_on"].value() == date(2027, 8, 31)
    assert not form.is_bound


def test_what_would_be_made_is_shown_and_nothing_is_made(staff, term):
    answer = staff.get(asked(term))

    assert [copy.source for copy in answer.context["plan"].copies] == [term.sessions.get()]
    assert "mardi 16\N{NO-BREAK SPACE}novembre 2027" in text(answer)
    assert "Adresse de connexion" in text(answer)
    assert (Term.objects.count(), Session.objects.count()) == (1, 1)


def test_what_was_shown_is_made_and_leads_to_what_is_left_to_decide(staff, term):
    shown = BeautifulSoup(staff.get(asked(term)).content, "html.parser")
    form = shown.select_one(f'form[method="post"][action="{url(term)}"]')
    hidden = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}

    made = staff.post(url(term), hidden, follow=True)

    new = Term.objects.exclude(pk=term.pk).get()
    assert made.redirect_chain == [(reverse("terms_admin:undecided", args=[new.pk]), 302)]
    assert (new.title_fr, new.starts_on) == ("Automne 2027", date(2027, 8, 31))
    assert "1 séance a été copiée en ébauche." in text(made)
    [one] = made.context["found"]
    assert reverse("session:edit", args=[one.session.pk]) in made.content.decode()


def test_what_only_the_copied_session_could_tell_is_said_when_it_is_copied(staff, term):
    postponed = courses.open_session(term=term)
    postpone_session(session=postponed, by=None, at=AT, motive="Verglas")

    made = staff.post(url(term), GIVEN, follow=True)

    assert f"{postponed.course} · Sa date" in text(made)
    assert text(made).count("la séance copiée est reportée") == 1


def test_weeks_left_empty_are_those_between_the_first_days(staff, term):
    answer = staff.get(asked(term, weeks=""))

    assert answer.context["plan"].weeks == 52


def test_the_button_pressed_twice_makes_one_term(staff, term):
    assert staff.post(url(term), GIVEN).status_code == 302
    again = staff.post(url(term), GIVEN)

    assert again.status_code == 409
    assert "existe déjà" in text(again)
    assert (Term.objects.count(), Session.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"title_fr": ""}, 200),
        ({"starts_on": "demain"}, 200),
        ({"weeks": "0"}, 200),
        ({"weeks": "", "starts_on": "2026-09-01"}, 409),  # no week at all
    ],
)
def test_a_wrong_answer_is_told_and_nothing_is_made(staff, term, wrong, status):
    for answer in (staff.get(asked(term, **wrong)), staff.post(url(term), GIVEN | wrong)):
        assert answer.status_code == status
        assert answer.context["form"].errors
        assert "plan" not in answer.context
    assert Term.objects.count() == 1


def test_a_complete_term_has_nothing_left_to_decide(staff):
    term = courses.term()

    answer = staff.get(reverse("terms_admin:undecided", args=[term.pk]))

    assert "Rien ne reste à décider" in text(answer)
    assert str(term) in answer.context["header_title"]


def test_the_list_of_terms_leads_there(staff, term):
    shown = staff.get(reverse("term:index")).content.decode()

    for door in (
        url(term),
        reverse("terms_admin:undecided", args=[term.pk]),
        f"{reverse('academy:demand')}?term={term.key}",
    ):
        assert door in shown


@pytest.mark.parametrize("role", [None, "trainer", "committee", "direction"])
def test_terms_are_prepared_by_coordinators(client, term, role):
    client.force_login(people.person(roles=(role,) if role else ()))

    assert client.post(url(term), GIVEN).status_code in {302, 403}
    assert Term.objects.count() == 1


def test_what_would_be_made_costs_the_same_whatever_the_number_of_sessions(staff, term):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            staff.get(asked(term))
        return len(queries)

    cost()
    one = cost()
    course = published_course()
    for day in range(1, 11):
        courses.session(term=term, course=course, starts_at=NOON + timedelta(days=day))
    assert cost() == one
