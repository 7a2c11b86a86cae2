from datetime import UTC, date, datetime, timedelta

import pytest

from people.choices import ConsentPurpose
from people.models import Consent, ConsentText
from people.selectors.consents import current_text, has_consented, standing_consents
from people.services.consents import ConsentRefused, record_consent
from tests.factories.people import AT, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = AT + timedelta(days=10)
NEWS = ConsentPurpose.ANNOUNCEMENTS


@pytest.mark.parametrize("purpose", list(ConsentPurpose))
def test_every_purpose_has_words_in_both_languages(purpose):
    text = current_text(purpose, AT.date())
    assert (text.version, text.text_fr != "", text.text_en != "") == (1, True, True)
    assert text.text_fr != text.text_en


def test_newest_decision_stands_and_the_earlier_ones_stay():
    user = person()
    for number, is_given in enumerate((True, False, True)):
        record_consent(user=user, purpose=NEWS, is_given=is_given, at=AT + timedelta(days=number))
    assert has_consented(user, NEWS)
    assert Consent.objects.filter(user=user, text__purpose=NEWS).count() == 3


def test_same_decision_twice_is_one_row():
    user = person()
    first = record_consent(user=user, purpose=NEWS, is_given=True, at=AT)
    assert record_consent(user=user, purpose=NEWS, is_given=True, at=LATER) == first


def test_new_version_of_the_words_is_agreed_to_anew():
    user = person()
    record_consent(user=user, purpose=NEWS, is_given=True, at=AT)
    ConsentText.objects.create(
        purpose=NEWS, version=2, text_fr="Neuf", text_en="New", effective_on=LATER.date()
    )
    second = record_consent(user=user, purpose=NEWS, is_given=True, at=LATER)
    assert second.text.version == 2


def test_words_take_effect_on_their_day_in_montreal():
    day = date(2026, 12, 1)
    ConsentText.objects.create(
        purpose=NEWS, version=2, text_fr="Neuf", text_en="New", effective_on=day
    )
    late_evening = datetime(2026, 12, 1, 4, 59, tzinfo=UTC)  # still 30 November here
    given = record_consent(user=person(), purpose=NEWS, is_given=True, at=late_evening)
    assert given.text.version == 1
    given = record_consent(
        user=person(), purpose=NEWS, is_given=True, at=late_evening + timedelta(minutes=1)
    )
    assert given.text.version == 2


def test_account_s_own_consent_is_not_withdrawn():
    user = person()
    with pytest.raises(ConsentRefused):
        record_consent(user=user, purpose=ConsentPurpose.ACCOUNT, is_given=False, at=LATER)
    assert has_consented(user, ConsentPurpose.ACCOUNT)


def test_nothing_is_agreed_to_that_was_not_asked():
    assert set(standing_consents(person())) == {ConsentPurpose.ACCOUNT}


def test_purpose_without_words_is_refused():
    ConsentText.objects.filter(purpose=NEWS).delete()
    with pytest.raises(ConsentRefused):
        record_consent(user=person(), purpose=NEWS, is_given=True, at=AT)
