from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

import pytest
from bs4 import BeautifulSoup

from notices.selectors.mailbox import latest_mails

pytestmark = pytest.mark.django_db
FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def demonstration(settings, tmp_path):
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = str(tmp_path)


@pytest.fixture
def mail(demonstration) -> str:
    """The name of one message in the mailbox."""
    message = EmailMultiAlternatives(
        "Votre place <b>", "Voir https://exemple.test/x <script>", "a@b.test", ["marie@c.test"],
        connection=get_connection(FILE_BACKEND),
    )  # fmt: skip
    message.attach_alternative(
        '<html><head></head><body><a href="/x">x</a><script>1</script></body></html>', "text/html"
    )
    message.attach("invitation.ics", ICS, "application/ics")
    message.send()
    return latest_mails()[0].name


def addresses(name: str = "20261117-120000-1.0") -> list[str]:
    return [
        reverse("notices:demo_mailbox"),
        reverse("notices:demo_mail", args=[name]),
        reverse("notices:demo_mail_page", args=[name]),
        reverse("notices:demo_attachment", args=[name, 1]),
    ]


def test_the_mailbox_exists_in_a_demonstration_only(client, mail, settings):
    assert [client.get(address).status_code for address in addresses(mail)] == [200] * 4
    settings.DEMO = False
    assert [client.get(address).status_code for address in addresses(mail)] == [404] * 4


def test_the_mailbox_is_read_only(client, mail):
    assert [client.post(address).status_code for address in addresses(mail)] == [405] * 4


def test_an_unknown_message_is_not_found(client, demonstration):
    assert [client.get(address).status_code for address in addresses()] == [200, 404, 404, 404]
    assert client.get(reverse("notices:demo_mail", args=["nimporte quoi"])).status_code == 404


def test_the_list_leads_to_each_message_and_narrows_to_one_address(client, mail):
    page = BeautifulSoup(client.get(reverse("notices:demo_mailbox")).content, "html.parser")
    (link,) = page.find_all("a", string="Votre place <b>")
    assert link["href"] == reverse("notices:demo_mail", args=[mail])
    for sought, count in (("MARIE@", 1), ("luc@", 0)):
        answer = client.get(reverse("notices:demo_mailbox"), {"to": sought})
        assert len(answer.context["page"].object_list) == count


def test_a_message_shows_text_links_and_files_but_runs_nothing(client, mail):
    answer = client.get(reverse("notices:demo_mail", args=[mail]))
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.find("a", href="https://exemple.test/x")["rel"] == ["nofollow"]
    assert not [each for each in page.find_all("script") if not each.get("src")]
    frame = page.find("iframe")
    assert frame["src"] == reverse("notices:demo_mail_page", args=[mail])
    assert "allow-scripts" not in frame["sandbox"]
    assert frame["title"]
    assert page.find("a", string="invitation.ics")


def test_the_framed_message_runs_nothing_and_opens_links_elsewhere(client, mail):
    answer = client.get(reverse("notices:demo_mail_page", args=[mail]))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert BeautifulSoup(answer.content, "html.parser").base["target"] == "_blank"


def test_an_attached_file_is_kept_never_shown(client, mail):
    answer = client.get(reverse("notices:demo_attachment", args=[mail, 1]))
    assert answer.content == ICS
    assert answer["Content-Disposition"] == 'attachment; filename="invitation.ics"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(reverse("notices:demo_attachment", args=[mail, 2])).status_code == 404


def test_the_mailbox_is_never_kept_by_a_cache(client, mail):
    for address in addresses(mail):
        assert "no-store" in client.get(address)["Cache-Control"]
