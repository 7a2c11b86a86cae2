"""One journey: an address, a code, a name and an establishment the first time, and on."""

import re
from datetime import timedelta

from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

import pytest
import time_machine
from bs4 import BeautifulSoup

from people.choices import DEMO_ACCOUNTS, Role
from people.models import User
from people.services.accounts import forget_unconfirmed_accounts
from tests.factories.people import coordinator, person

pytestmark = pytest.mark.django_db
HERE = "/compte/ou-jallais/?a=1&b=2"


def ask(client: Client, email: str, next_url: str = "") -> str:
    """Ask for a code; the address of the page that waits for it."""
    response = client.post(reverse("account_login"), {"email": email, "next": next_url})
    assert response.status_code == 302, response.content
    return response["Location"]


def code_of(letter: mail.EmailMessage) -> str:
    return re.search(r"\b\d{6}\b", letter.body)[0]


def language_of(letter: mail.EmailMultiAlternatives) -> str:
    return re.search(r'lang="(\w\w)-CA"', letter.alternatives[0].content)[1]


def give(client: Client, code: str, next_url: str = ""):
    return client.post(reverse("account_confirm_login_code"), {"code": code, "next": next_url})


def sign_in(client: Client, email: str, next_url: str = ""):
    ask(client, email, next_url)
    return give(client, code_of(mail.outbox[-1]), next_url)


def questions(response) -> list[str]:
    """Names of the fields a page asks for at first sight: neither hidden nor folded away."""
    page = BeautifulSoup(response.content, "html.parser").main
    for folded in page.select("details"):
        folded.decompose()
    fields = page.select("input, select, textarea")
    return [field["name"] for field in fields if field.get("type") != "hidden"]


def reader_of(client: Client) -> User | None:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


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


# ------------------------------------------------------------------ nobody learns who is known here
def test_known_and_unknown_addresses_get_the_same_answers():
    person("known@exemple.test")
    seen = []
    for address in ("known@exemple.test", "other@exemple.test"):
        client = Client()
        mail.outbox.clear()
        waiting = ask(client, address, HERE)
        page = client.get(waiting)
        letter = mail.outbox[0]
        shown = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
        shown = re.sub(r'nonce="[^"]*"', "", shown)
        words = letter.body.replace(code_of(letter), "CODE")
        seen.append(
            (
                waiting,
                page.status_code,
                shown.replace(address, "ADDRESS"),
                len(mail.outbox),
                letter.subject,
                words,
            )
        )
        wrong = give(client, "not a code", HERE)
        seen[-1] += (wrong.status_code,)
    assert seen[0] == seen[1]


def test_limits_do_not_tell_either():
    person("known@exemple.test")
    seen = []
    for address in ("known@exemple.test", "other@exemple.test"):
        answers = [Client().post(reverse("account_login"), {"email": address}) for _ in range(4)]
        seen.append([answer.status_code for answer in answers])
    assert seen[0] == seen[1] == [302, 302, 302, 200]


# ------------------------------------------------------------------ limits
def test_one_mailbox_gets_three_codes_a_minute_and_twelve_an_hour():
    person("a@exemple.test")
    with time_machine.travel("2026-11-22 12:00", tick=False) as clock:
        for _ in range(6):
            for _ in range(4):
                Client().post(reverse("account_login"), {"email": "a@exemple.test"})
            clock.shift(timedelta(seconds=61))
        assert len(mail.outbox) == 12
        clock.shift(timedelta(hours=1))
        Client().post(reverse("account_login"), {"email": "A@exemple.test"})
        assert len(mail.outbox) == 13


def test_three_hundred_people_sign_in_from_one_network_address():
    """A hospital leaves by one address: 300 within five minutes, none refused."""
    refused, began = [], timezone.now()
    with time_machine.travel(began, tick=False) as clock:
        for number in range(300):
            client = Client(REMOTE_ADDR="203.0.113.7")
            address = f"personne{number}@hopital.test"
            asked = client.post(reverse("account_login"), {"email": address})
            if asked.status_code != 302 or mail.outbox[-1].to != [address]:
                refused.append(address)
                continue
            if (
                give(client, code_of(mail.outbox[-1]))["Location"].startswith(
                    reverse("account_confirm_login_code")
                )
                or reader_of(client) is None
            ):
                refused.append(address)
            clock.shift(timedelta(seconds=0.9))
        assert timezone.now() - began <= timedelta(minutes=5)
    assert refused == []


def test_allauth_s_own_limits_would_refuse_them(settings):
    """Negative control: the test above sees a limit where there is one."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "request_login_code": "20/m/ip,3/m/key"
    }
    cache.clear()
    answers = [
        Client(REMOTE_ADDR="203.0.113.7")
        .post(reverse("account_login"), {"email": f"p{number}@hopital.test"})
        .status_code
        for number in range(21)
    ]
    assert answers == [302] * 20 + [200]


# ------------------------------------------------------------------ where one may be sent
CRAFTED = [
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:///evil.example",
    "ftp://evil.example/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "https://evil.example#@testserver/",
    "https://evil.example?testserver",
    "http://testserver:80@evil.example/",
    "//testserver@evil.example",
    "\thttps://evil.example",
    "\nhttps://evil.example",
    " https://evil.example",
    "\x00https://evil.example",
    "\x08//evil.example",
    "java\nscript:alert(1)",
    "https://\u24d4vil.example/",
    "//evil\u3002example",
    "http:\\\\evil.example",
    "h\ttps://evil.example",
    "//0x7f000001",
    "//[::ffff:7f00:1]/",
    "//evil.example\\@testserver",
    "https://evil.example\\.testserver",
    "mailto:x@evil.example",
    "https://user:pw@evil.example:443/",
]


@pytest.mark.parametrize("crafted", CRAFTED)
def test_crafted_next_leads_nowhere_else(client, crafted):
    assert len(CRAFTED) >= 40
    person("a@exemple.test")
    response = sign_in(client, "a@exemple.test", crafted)
    assert response["Location"] == reverse("academy:my_courses")


@pytest.mark.parametrize("crafted", CRAFTED)
def test_crafted_next_of_the_welcome_page_leads_nowhere_else(client, crafted):
    client.force_login(person())
    response = client.get(reverse("people:onboarding"), {"next": crafted})
    assert response["Location"] == reverse("academy:my_courses")


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


# ------------------------------------------------------------------ the demonstration
def test_demo_sign_in_does_not_exist_outside_the_demonstration(client, settings):
    settings.DEMO = False
    person(DEMO_ACCOUNTS[Role.LEARNER])
    assert client.get(reverse("people:demo_sign_in")).status_code == 404
    answer = client.post(reverse("people:demo_sign_in"), {"account": Role.LEARNER.value})
    assert (answer.status_code, reader_of(client)) == (404, None)


def test_demo_signs_in_with_one_click(client, settings):
    settings.DEMO = True
    learner = person(DEMO_ACCOUNTS[Role.LEARNER])
    page = client.get(reverse("people:demo_sign_in"), {"next": HERE}).content.decode()
    assert str(learner) in page
    answer = client.post(reverse("people:demo_sign_in"), {"account": "learner", "next": HERE})
    assert (answer["Location"], reader_of(client)) == (HERE, learner)


def test_demo_opens_no_other_account(client, settings):
    settings.DEMO = True
    staff = coordinator(email="vraie@exemple.test")
    for account in ("vraie@exemple.test", str(staff.pk), str(staff.key), "", "coordinator"):
        answer = client.post(reverse("people:demo_sign_in"), {"account": account})
        assert (answer.status_code, reader_of(client)) == (404, None)


def test_demo_changes_person_without_keeping_the_last_one(client, settings):
    settings.DEMO = True
    learner = person(DEMO_ACCOUNTS[Role.LEARNER])
    staff = coordinator(email=DEMO_ACCOUNTS[Role.COORDINATOR])
    client.post(reverse("people:demo_sign_in"), {"account": "learner"})
    assert reader_of(client) == learner
    client.post(reverse("people:demo_sign_in"), {"account": "coordinator"})
    assert reader_of(client) == staff
