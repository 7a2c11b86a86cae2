"""The pages by which one comes in, on a small telephone and with a keyboard."""

from types import SimpleNamespace

import pytest
from allauth.account.forms import BaseConfirmCodeForm, RequestLoginCodeForm

from tests.templates.examples import at
from tests.templates.test_style_guide import overflow, violations

LONG = "marie-eve.tremblay-archambault.recherche.clinique@ssss.gouv.qc.ca"


def bound(form):
    form.is_valid()
    return form


def address(email: str, *, primary: bool = False, verified: bool = False) -> dict[str, object]:
    return {
        "id": email,
        "emailaddress": SimpleNamespace(email=email, primary=primary, verified=verified),
    }


ANONYMOUS = [
    ("account/login.html", {"form": RequestLoginCodeForm()}),
    ("account/login.html", {"form": bound(RequestLoginCodeForm({"email": ""}))}),
    (
        "account/confirm_login_code.html",
        {"verify_form": BaseConfirmCodeForm(), "email": LONG, "can_resend": True},
    ),
    (
        "account/confirm_login_code.html",
        {"verify_form": bound(BaseConfirmCodeForm({"code": ""}, code="ABCD")), "email": LONG},
    ),
]
SIGNED_IN = [
    (
        "account/email.html",
        {
            "form": RequestLoginCodeForm(),
            "can_add_email": True,
            "emailaddress_radios": [
                address(LONG, primary=True, verified=True),
                address("marie@hopital.example"),
                address("marie@universite.example", verified=True),
            ],
        },
    ),
    ("account/logout.html", {}),
    (
        "usersessions/usersession_list.html",
        {
            "session_count": 2,
            "sessions": [
                SimpleNamespace(
                    user_agent="Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/131",
                    created_at=at(11, 3, 9),
                    ip="192.0.2.1",
                    is_current=True,
                )
            ],
        },
    ),
]


@pytest.mark.parametrize(("template", "context"), ANONYMOUS)
def test_page_of_entrance_has_no_accessibility_violation(draw, show, template, context):
    page = show(draw(template, context), width=320)

    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize(("template", "context"), SIGNED_IN)
def test_page_of_one_s_account_has_no_accessibility_violation(
    draw, show, signed_in, template, context
):
    page = show(draw(template, signed_in | context), width=320, scheme="dark")

    assert violations(page) == []
    assert overflow(page) == 0


def test_code_is_asked_so_that_a_telephone_can_fill_it_in(draw, show):
    page = show(draw("account/confirm_login_code.html", ANONYMOUS[2][1]))

    assert page.locator("#id_code").get_attribute("autocomplete") == "one-time-code"
    assert page.get_by_label("Code").count() == 1


def test_wrong_code_gets_the_focus_on_its_summary(draw, show):
    page = show(draw("account/confirm_login_code.html", ANONYMOUS[3][1], language="en"))

    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "error-summary"
