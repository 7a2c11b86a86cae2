"""A declaration of interests is asked once and signed once, by the trainer."""

from datetime import date, timedelta

import pytest

from courses.services.declarations import (
    AlreadySigned,
    DeclarationIncomplete,
    NotTheTrainer,
    ask_declaration,
    sign_declaration,
)
from tests.factories import people
from tests.factories.courses import AT, course, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def asked(trainer=None, **more):
    given = {"trainer": trainer or people.trainer(), "course": course(), "term": term()} | more
    return ask_declaration(due_on=date(2026, 10, 1), at=AT, **given)


def sign(declaration, *, by=None, at=AT, **words):
    given = {"has_interests": False, "statement": "", "signed_name": "Marie Tremblay"} | words
    return sign_declaration(declaration=declaration, by=by or declaration.trainer, at=at, **given)


@pytest.mark.parametrize("has_term", [True, False])
def test_a_declaration_is_asked_once(has_term):
    given = {"trainer": people.trainer(), "course": course(), "term": term() if has_term else None}

    assert asked(**given).pk == asked(**given).pk


def test_signing_keeps_the_words_and_the_hour():
    signed = sign(asked(), has_interests=True, statement=" Actions de X ")

    signed.refresh_from_db()
    assert (signed.has_interests, signed.statement, signed.signed_name, signed.signed_at) == (
        True, "Actions de X", "Marie Tremblay", AT,
    )  # fmt: skip


def test_signing_again_changes_nothing_and_other_words_are_refused():
    declaration = asked()
    sign(declaration)

    assert sign(declaration, at=AT + timedelta(days=1)).signed_at == AT
    with pytest.raises(AlreadySigned):
        sign(declaration, has_interests=True, statement="Actions de X")


def test_only_the_trainer_signs():
    with pytest.raises(NotTheTrainer):
        sign(asked(), by=people.coordinator())


@pytest.mark.parametrize("words", [{"signed_name": " "}, {"has_interests": True, "statement": " "}])
def test_a_declaration_is_signed_whole(words):
    with pytest.raises(DeclarationIncomplete):
        sign(asked(), **words)
