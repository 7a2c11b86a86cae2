import json

import pytest

from people.choices import Role
from people.models import Profession
from people.selectors.establishments import other_organisation
from people.selectors.exports import export_person
from people.services.accounts import begin_account
from people.services.memberships import join_establishment
from tests.factories.people import AT, person

pytestmark = pytest.mark.django_db


def test_export_says_everything_held_about_the_person():
    user = person(
        "zoe@exemple.test",
        printed_name="Zoé Roy",
        roles=(Role.TRAINER,),
        profession=Profession.objects.get(code="medecin"),
    )
    join_establishment(
        user=user, establishment=other_organisation(), organisation="Clinique", at=AT
    )
    told = json.loads(json.dumps(export_person(user)))
    assert told["key"] == str(user.key)
    assert told["addresses"] == [
        {"email": "zoe@exemple.test", "is_verified": True, "is_primary": True}
    ]
    assert told["profile"] == {
        "printed_name": "Zoé Roy",
        "profession_fr": "Médecin",
        "profession_en": "Physician",
        "permit_number": "",
        "language": "fr",
    }
    assert [row["organisation"] for row in told["memberships"]] == ["Clinique"]
    assert [row["role"] for row in told["roles"]] == ["trainer"]
    assert [(row["purpose"], row["version"], row["is_given"]) for row in told["consents"]] == [
        ("account", 1, True)
    ]
    assert told["consents"][0]["text_fr"] != ""


def test_export_holds_nothing_of_anybody_else():
    person("autre@exemple.test", printed_name="Autre Personne")
    told = json.dumps(export_person(person("zoe@exemple.test")))
    assert "autre@exemple.test" not in told
    assert "Autre Personne" not in told


def test_account_just_begun_can_be_exported():
    told = export_person(begin_account(email="new@exemple.test", at=AT))
    assert told["profile"]["printed_name"] == ""
    assert told["consents"] == []
