"""What the lists and forms of the admin say in French, where Wagtail's own words would hesitate."""

import re

from django.urls import reverse
from django.utils.translation import gettext, override

import pytest
from bs4 import BeautifulSoup

from people.viewsets.places import QuietViewSet
from tests.factories import people
from tests.factories.courses import open_session, term

pytestmark = pytest.mark.django_db

HESITATES = re.compile(r"\w\((?:e|le|la|s|es|trice|euse)\)")
VIEWSETS = {each.__name__: each for each in QuietViewSet.__subclasses__()}


@pytest.fixture
def staff(client):
    client.force_login(people.coordinator())
    return client


def words(response) -> str:
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    rows = " ".join(template.decode_contents() for template in page.select("template"))
    return page.get_text(" ", strip=True) + rows


@pytest.mark.parametrize("name", VIEWSETS)
def test_no_list_and_no_form_says_a_masculine_and_a_feminine_at_once(staff, name):
    viewset = VIEWSETS[name]()
    index = reverse(viewset.get_url_name("index"))
    seen = [words(staff.get(index)), words(staff.get(index, {"q": "introuvable"}))]
    if viewset.permission_policy.user_has_permission(people.coordinator(), "add"):
        new = reverse(viewset.get_url_name("add"))
        seen += [words(staff.get(new)), words(staff.post(new, {}))]
        assert all(str(viewset.add_label) in each for each in (seen[0], seen[2]))

    assert [HESITATES.findall(each) for each in seen] == [[]] * len(seen)


def test_the_words_in_place_of_which_these_stand_do_hesitate():
    with override("fr"):
        assert HESITATES.search(gettext("Add %(model_name)s"))
        assert HESITATES.search(gettext("%(model_name)s '%(object)s' updated."))


def test_the_rows_of_a_session_are_added_by_their_names(staff):
    page = staff.get(reverse("session:edit", args=[open_session().pk]))
    buttons = BeautifulSoup(page.content, "html.parser").select("button[id$=-ADD]")

    assert [each.get_text(strip=True) for each in buttons] == [
        "Ajouter une rencontre", "Ajouter une pause", "Réserver des places",
    ]  # fmt: skip
    assert HESITATES.findall(words(page)) == []


def test_days_are_written_as_everywhere_else(staff):
    row = term()

    listed = words(staff.get(reverse("term:index")))
    read = words(staff.get(reverse("term:inspect", args=[row.pk])))

    for text in (listed, read):
        assert "1er\N{NO-BREAK SPACE}septembre 2026" in text
        assert "1 septembre" not in text
