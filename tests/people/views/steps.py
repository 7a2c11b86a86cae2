"""The steps of signing in, as a browser takes them."""

import re

from django.core import mail
from django.test import Client
from django.urls import reverse

from bs4 import BeautifulSoup

from people.models import User

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
