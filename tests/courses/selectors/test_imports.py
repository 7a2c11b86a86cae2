"""Lists of addresses as staff receive them: whom they name, and that no line is lost."""

from django.utils import translation

import pytest
from allauth.account.models import EmailAddress

from courses.selectors.imports import (
    MOST_PEOPLE,
    AddressesMissing,
    preview_import,
    preview_typed,
)
from people.readers.tables import read_table
from tests.factories import people
from tests.factories.courses import enrolled, open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return people.person("ana@hopital.example", printed_name="Ana Roy")


@pytest.fixture
def ben():
    return people.person("ben@hopital.example", printed_name="Ben Roy")


def read(text, session=None):
    return preview_import(read_table(text.encode()), session or open_session())


def accounted(preview):
    """Everything it says, in the order in which the page says it."""
    return (preview.wrong, preview.unknown, preview.already, preview.ready, preview.repeated)


@pytest.mark.parametrize(
    "text",
    [
        "Nom;Courriel\nAna;ana@hopital.example\n",
        "Adresse;Courriel\n12, rue A;ana@hopital.example\n",
        "Note @ part;Adresse courriel\nrien @ dire;Ana Roy <ana@hopital.example>\n",
        "Personnes inscrites\n\nNom;Adresse de courriel\nAna;ana@hopital.example\n",
        "ana@hopital.example\n",
    ],
)
def test_the_column_of_addresses_is_found(ana, text):
    assert accounted(read(text)) == ([], [], [], [ana], 0)


def test_every_line_is_accounted_for_as_it_was_written(ana, ben):
    session = open_session()
    enrolled(session, ben)

    found = read(
        "Courriel;Nom\n"
        "ana@hopital.example;A\n"
        "ANA@hopital.example;encore\n"
        "ben@hopital.example;B\n"
        "Nadia@Ailleurs.example;N\n"
        "=HYPERLINK(1);F\n"
        ";sans adresse\n",
        session,
    )

    assert accounted(found) == (
        [(6, "=HYPERLINK(1)"), (7, "")],
        [(5, "nadia@ailleurs.example")],
        [ben],
        [ana],
        1,
    )


def test_an_account_named_by_two_of_its_addresses_is_one_person(ana):
    EmailAddress.objects.create(user=ana, email="ana.roy@autre.example", verified=True)

    found = read("courriel\nana@hopital.example\nana.roy@autre.example\n")

    assert accounted(found) == ([], [], [], [ana], 1)


def test_several_addresses_typed_on_a_line_are_all_read(ana, ben):
    found = preview_typed(
        "ana@hopital.example; Ben <ben@hopital.example>\n\nquelqu’un\n", open_session()
    )

    assert accounted(found) == ([(3, "quelqu’un")], [], [], [ana, ben], 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nom;prénom\nRoy;Ana\n", "No column of email addresses was found in this file."),
        ("courriel\n", "This list holds no email address."),
        (
            "courriel\n" + "".join(f"p{n}@x.example\n" for n in range(MOST_PEOPLE + 1)),
            "This list has more than 2,000 people: import it in parts.",
        ),
    ],
)
def test_a_list_that_names_nobody_or_too_many_is_refused_in_words(text, words):
    translation.activate("en")
    with pytest.raises(AddressesMissing) as refusal:
        read(text)
    assert str(refusal.value) == words


def test_what_was_mended_while_reading_is_said(ana):
    assert len(read("courriel\nana@hopital.exam\0ple\n").warnings) == 1


def test_a_long_list_costs_as_many_questions_as_a_short_one(ana, django_assert_num_queries):
    session = open_session()
    for number in (1, 1500):
        text = "courriel\n" + "".join(f"p{n}@x.example\n" for n in range(number))
        with django_assert_num_queries(4):
            read(text + "ana@hopital.example\n", session)
