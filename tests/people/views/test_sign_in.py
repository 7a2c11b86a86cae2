"""One journey: an address, a code, a name and an establishment the first time, and on."""

from datetime import timedelta

from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

import pytest
import time_machine

from people.models import User
from people.services.accounts import forget_unconfirmed_accounts
from tests.factories.people import person
from tests.people.views.steps import (
    HERE,
    ask,
    code_of,
    give,
    language_of,
    questions,
    reader_of,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


# ------------------------------------------------------------------ the journey
def test_known_person_signs_in_and_goes_on(client):
    user = person("a@exemple.test")
    response = sign_in(client, "A@Exemple.test ", HERE)
    assert (response.status_code, response["Location"]) == (302, HERE)
    assert reader_of(client) == user


def test_newcomer_answers_four_fields_and_goes_on(client):
    asked = questions(client.get(reverse("account_login"), {"next": HERE}))
    asked += questions(client.get(ask(client, "new@exemple.test", HERE)))
    welcome = give(client, code_of(mail.outbox[-1]), HERE)["Location"]
    assert welcome.startswith(reverse("people:onboarding"))
    asked += questions(client.get(welcome))
    assert asked == ["email", "code", "printed_name", "establishment"]
    response = client.post(welcome, {"printed_name": "Zoé Roy", "establishment": "CHUM"})
    assert (response.status_code, response["Location"]) == (302, HERE)
    user = reader_of(client)
    assert (user.email, user.profile.printed_name) == ("new@exemple.test", "Zoé Roy")
    assert user.memberships.get().establishment.code == "chum"
    assert user.emailaddress_set.get().verified is True
    assert user.has_usable_password() is False


def test_nothing_is_said_twice_on_the_way(client):
    person("a@exemple.test")
    ask(client, "a@exemple.test")
    page = client.get(reverse("account_confirm_login_code"))
    assert [str(message) for message in page.context["messages"]] == []
    give(client, code_of(mail.outbox[-1]))
    assert [str(each) for each in client.get(reverse("people:account")).context["messages"]] == []


def test_second_code_is_acknowledged(client):
    person("a@exemple.test")
    ask(client, "a@exemple.test")
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    page = client.get(reverse("account_confirm_login_code"))
    assert len(page.context["messages"]) == 1


def test_second_visit_asks_nothing_more(client):
    person("a@exemple.test")
    sign_in(client, "a@exemple.test", HERE)
    assert sign_in(Client(), "a@exemple.test", HERE)["Location"] == HERE


def test_any_proved_address_of_an_account_opens_it(client):
    user = person("a@exemple.test")
    user.emailaddress_set.create(email="b@hopital.test", verified=True)
    sign_in(client, "b@hopital.test")
    assert reader_of(client) == user
    assert mail.outbox[-1].to == ["b@hopital.test"]


def test_address_added_by_somebody_else_does_not_open_their_account(client):
    thief = person("thief@exemple.test")
    thief.emailaddress_set.create(email="victim@hopital.test", verified=False)
    sign_in(client, "victim@hopital.test")
    assert reader_of(client) != thief
    assert reader_of(client).email == "victim@hopital.test"


def test_person_imported_without_proof_proves_it_by_the_code(client):
    user = person("a@exemple.test", is_email_verified=False)
    assert sign_in(client, "a@exemple.test", HERE)["Location"] == HERE
    assert reader_of(client) == user
    assert user.emailaddress_set.get().verified is True


def test_first_account_of_the_command_line_signs_in_by_code(client):
    user = User.objects.create_superuser("premiere@exemple.test")
    sign_in(client, "premiere@exemple.test")
    assert reader_of(client) == user


def test_without_next_one_comes_to_my_trainings(client):
    person("a@exemple.test")
    assert sign_in(client, "a@exemple.test")["Location"] == reverse("academy:my_courses")


def test_signed_in_person_is_not_asked_again(client):
    client.force_login(person())
    assert client.get(reverse("account_login"), {"next": HERE})["Location"] == HERE


def test_mistyped_address_can_be_corrected(client):
    ask(client, "mistyped@exemple.test")
    assert client.get(reverse("account_login")).status_code == 200
    sign_in(client, "right@exemple.test")
    assert reader_of(client).email == "right@exemple.test"


def test_sign_up_is_the_same_door(client):
    response = client.get(f"{reverse('account_signup')}?next=/x/")
    assert response["Location"] == f"{reverse('account_login')}?next=%2Fx%2F"


def test_signing_out_is_a_post(client):
    client.force_login(person())
    client.get(reverse("account_logout"))
    assert reader_of(client) is not None
    client.post(reverse("account_logout"))
    assert reader_of(client) is None


def test_asking_by_get_changes_nothing(client):
    client.get(reverse("account_login"), {"email": "new@exemple.test"})
    assert (User.objects.count(), len(mail.outbox)) == (0, 0)


# ------------------------------------------------------------------ the code
def test_wrong_code_is_refused_and_five_are_enough(client):
    person("a@exemple.test")
    ask(client, "a@exemple.test")
    right = code_of(mail.outbox[-1])
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(4):
        assert give(client, wrong).status_code == 200
    assert give(client, wrong).status_code == 302
    give(client, right)
    assert reader_of(client) is None


def test_code_ends_after_fifteen_minutes(client):
    person("a@exemple.test")
    with time_machine.travel("2026-11-22 12:00", tick=False) as clock:
        ask(client, "a@exemple.test")
        clock.shift(timedelta(minutes=15, seconds=1))
        give(client, code_of(mail.outbox[-1]))
        assert reader_of(client) is None


def test_code_of_another_browser_opens_nothing(client):
    person("a@exemple.test")
    ask(client, "a@exemple.test")
    give(Client(), code_of(mail.outbox[-1]))
    other = Client()
    ask(other, "b@exemple.test")
    give(other, code_of(mail.outbox[0]))
    assert reader_of(other) is None


def test_code_may_be_asked_again_and_the_first_one_ends(client):
    person("a@exemple.test")
    ask(client, "a@exemple.test")
    client.post(reverse("account_confirm_login_code"), {"action": "resend", "next": HERE})
    first, second = (code_of(letter) for letter in mail.outbox)
    if first != second:
        give(client, first)
        assert reader_of(client) is None
    assert give(client, second, HERE)["Location"] == HERE


# ------------------------------------------------------------------ language
def test_mail_speaks_the_reader_s_language(client):
    person("fr@exemple.test", language="fr")
    person("en@exemple.test", language="en")
    ask(client, "fr@exemple.test")
    ask(Client(), "en@exemple.test")
    assert [language_of(letter) for letter in mail.outbox] == ["fr", "en"]


def test_mail_to_a_newcomer_speaks_the_page_s_language(client):
    with translation.override("en"):
        client.post(reverse("account_login"), {"email": "new@exemple.test"})
    assert language_of(mail.outbox[0]) == "en"


# ------------------------------------------------------------------ a mail server that is down
class DownBackend:
    def __init__(self, **_):
        pass

    def send_messages(self, _):
        raise ConnectionRefusedError


def test_mail_that_does_not_leave_is_said_plainly(client, settings):
    settings.EMAIL_BACKEND = f"{__name__}.DownBackend"
    response = client.post(reverse("account_login"), {"email": "a@exemple.test"})
    assert response.status_code == 503
    assert reverse("account_login") in response.content.decode()


# ------------------------------------------------------------------ addresses nobody proved
def test_account_nobody_proved_is_forgotten_after_a_day(client):
    with time_machine.travel("2026-11-22 12:00", tick=False) as clock:
        ask(client, "new@exemple.test")
        proved = Client()
        sign_in(proved, "proved@exemple.test")
        known = person(is_email_verified=False)
        clock.shift(timedelta(hours=23))
        assert forget_unconfirmed_accounts(at=timezone.now()) == 0
        clock.shift(timedelta(hours=2))
        assert forget_unconfirmed_accounts(at=timezone.now()) == 1
    assert set(User.objects.all()) == {reader_of(proved), known}
