"""Accounts: made, changed, closed without a trace of the person."""

from datetime import timedelta

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

import pytest

from people.choices import ConsentPurpose, Language, Role
from people.models import Community, Profession, User
from people.selectors.establishments import other_organisation
from people.services.accounts import (
    AccountRefused,
    begin_account,
    close_account,
    register_person,
    update_profile,
)
from people.services.consents import record_consent
from people.services.memberships import join_community, join_establishment
from people.services.roles import grant_role
from people.signals import account_closed
from tests.factories.people import AT, coordinator, establishment, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = AT + timedelta(days=30)


# ------------------------------------------------------------------ beginning
def test_begun_account_has_an_address_and_nothing_else():
    user = begin_account(email=" New@Exemple.TEST ", at=AT)
    assert (user.email, user.date_joined, user.has_usable_password()) == (
        "new@exemple.test",
        AT,
        False,
    )
    address = user.emailaddress_set.get()
    assert (address.email, address.primary, address.verified) == ("new@exemple.test", True, False)
    assert not hasattr(user, "profile")


def test_beginning_twice_gives_the_same_account():
    first = begin_account(email="new@exemple.test", at=AT)
    assert begin_account(email="NEW@exemple.test", at=LATER) == first
    assert User.objects.count() == 1


def test_registered_person_has_a_profile():
    doctor = Profession.objects.get(code="medecin")
    user = register_person(
        email="A@Exemple.test",
        printed_name="  Dre  Ève Roy ",
        language="en",
        profession=doctor,
        is_email_verified=True,
        at=AT,
    )
    user = User.objects.get(pk=user.pk)
    assert (user.email, str(user), user.language) == ("a@exemple.test", "Dre Ève Roy", "en")
    assert user.profile.profession == doctor
    assert user.emailaddress_set.get().verified is True


@pytest.mark.parametrize("email", ["a@exemple.test", "A@EXEMPLE.test", "second@exemple.test"])
def test_address_in_use_is_refused(email):
    person("a@exemple.test").emailaddress_set.create(email="second@exemple.test", verified=True)
    with pytest.raises(AccountRefused):
        register_person(email=email, printed_name="Autre", language="fr", at=AT)


@pytest.mark.parametrize("name", ["", "   ", "\n\t"])
def test_name_without_letters_is_refused(name):
    with pytest.raises(AccountRefused):
        register_person(email="a@exemple.test", printed_name=name, language="fr", at=AT)
    assert User.objects.count() == 0


def test_name_is_one_line():
    user = person()
    update_profile(
        user=user,
        printed_name="Zoé\r\nBcc: x",
        language=Language.FRENCH,
        profession=None,
        permit_number="",
        at=AT,
    )
    assert user.profile.printed_name == "Zoé Bcc: x"


# ------------------------------------------------------------------ closing
PERSONAL = (
    "Zoé Quelconque",
    "zoe@exemple.test",
    "zoe@hopital.test",
    "Zoé",
    "Quelconque",
    "PERMIS-778",
    "Clinique Quelconque",
    "203.0.113.9",
    "Navigateur-Rare",
)


@pytest.fixture
def zoe() -> User:
    """A person who has left traces in every table that can hold one."""
    user = person(
        "zoe@exemple.test",
        printed_name="Zoé Quelconque",
        profession=Profession.objects.get(code="medecin"),
    )
    User.objects.filter(pk=user.pk).update(first_name="Zoé", last_name="Quelconque")
    user.emailaddress_set.create(email="zoe@hopital.test", verified=True)
    update_profile(
        user=user,
        printed_name="Zoé Quelconque",
        language="en",
        permit_number="PERMIS-778",
        profession=user.profile.profession,
        at=AT,
    )
    join_establishment(user=user, establishment=establishment(), at=AT)
    join_establishment(
        user=user, establishment=other_organisation(), organisation="Clinique Quelconque", at=AT
    )
    join_community(user=user, community=Community.objects.get(code="thoracique"), at=AT)
    record_consent(user=user, purpose=ConsentPurpose.ANNOUNCEMENTS, is_given=True, at=AT)
    grant_role(user=user, role=Role.TRAINER, by=None, at=AT)
    client = Client(REMOTE_ADDR="203.0.113.9", headers={"user-agent": "Navigateur-Rare"})
    client.post(reverse("account_login"), {"email": "zoe@exemple.test"})
    code = next(word for word in mail.outbox[-1].body.split() if word.isdigit())
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.session["_auth_user_id"] == str(user.pk)
    return User.objects.get(pk=user.pk)


def everything_stored() -> str:
    """Every row of every table of the database, sessions opened, as one text."""
    words = []
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            words += [f"{table}: {row}" for row in cursor.fetchall()]
    words += [str(row.get_decoded()) for row in Session.objects.all()]
    return "\n".join(words)


def test_closing_leaves_no_personal_word_in_any_table(zoe):
    before = everything_stored()
    assert [word for word in PERSONAL if word not in before] == []  # negative control
    close_account(user=zoe, by=zoe, at=LATER)
    left = [
        line for line in everything_stored().splitlines() if any(word in line for word in PERSONAL)
    ]
    # The outbox holds one thing still: the address of the last message, until it has left.
    assert [line.partition(":")[0] for line in left] == ["notices_notice"]
    assert [word for word in PERSONAL if word in left[0]] == ["zoe@exemple.test"]


def test_closing_keeps_the_row_its_key_and_the_proof_of_consent(zoe):
    consents = zoe.consents.count()
    close_account(user=zoe, by=zoe, at=LATER)
    row = User.objects.get(pk=zoe.pk)
    assert (row.key, row.closed_at, row.is_active, row.email) == (zoe.key, LATER, False, None)
    assert row.consents.count() == consents


def test_closing_ends_roles_memberships_and_sessions(zoe):
    close_account(user=zoe, by=zoe, at=LATER)
    assert zoe.role_grants.filter(ended_at__isnull=True).count() == 0
    assert zoe.memberships.filter(ends_on__isnull=True).count() == 0
    assert zoe.groups.count() == 0
    assert Session.objects.count() == 0
    assert apps.get_model("usersessions", "UserSession").objects.count() == 0


def test_closing_is_told_while_the_address_can_still_be_read(zoe):
    heard = []

    def hear(sender, user, at, **_):
        heard.append((user.email, user.language, user.profile.printed_name, at))

    account_closed.connect(hear)
    try:
        close_account(user=zoe, by=zoe, at=LATER)
        close_account(user=zoe, by=zoe, at=LATER)
    finally:
        account_closed.disconnect(hear)
    assert heard == [("zoe@exemple.test", "en", "Zoé Quelconque", LATER)]


def test_failing_listener_undoes_the_closing(zoe):
    def fail(**_):
        raise RuntimeError("the outbox is full")

    account_closed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            close_account(user=zoe, by=zoe, at=LATER)
    finally:
        account_closed.disconnect(fail)
    assert User.objects.get(pk=zoe.pk).closed_at is None


def test_somebody_else_s_account_is_closed_by_a_coordinator_only(zoe):
    with pytest.raises(AccountRefused):
        close_account(user=zoe, by=person(), at=LATER)
    close_account(user=zoe, by=coordinator(), at=LATER)
    assert User.objects.get(pk=zoe.pk).closed_at == LATER


def test_closed_account_changes_no_more_and_its_address_is_free(zoe):
    close_account(user=zoe, by=zoe, at=LATER)
    with pytest.raises(AccountRefused):
        update_profile(
            user=zoe, printed_name="Zoé", language="fr", profession=None, permit_number="", at=LATER
        )
    again = begin_account(email="zoe@exemple.test", at=LATER)
    assert again.pk != zoe.pk


def test_closed_account_is_shown_by_no_name(zoe):
    close_account(user=zoe, by=zoe, at=LATER)
    assert "Zo" not in str(User.objects.get(pk=zoe.pk))
