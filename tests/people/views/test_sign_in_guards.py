"""What sign-in must not tell, must not refuse, and where it must not lead."""

import re
from datetime import timedelta

from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import pytest
import time_machine

from tests.factories.people import person
from tests.people.views.steps import (
    HERE,
    ask,
    code_of,
    give,
    reader_of,
    sign_in,
)

pytestmark = pytest.mark.django_db


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
