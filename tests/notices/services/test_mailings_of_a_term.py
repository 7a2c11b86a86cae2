"""One announcement a term: nobody has two, whoever was not reached may have the next."""

from datetime import timedelta

import pytest

from notices.choices import NoticeState
from notices.selectors.audiences import left_to_tell, told_otherwise
from notices.services.mailings import (
    MailingRefused,
    resume_mailing,
    start_mailing,
    stop_mailing,
)
from notices.services.outbox import deliver, take_due
from tests.factories import courses, mailings, people

pytestmark = pytest.mark.django_db
AT = courses.AT
LATER = AT + timedelta(hours=1)


@pytest.fixture
def staff():
    return people.coordinator()


def told(smtp) -> list[str]:
    return sorted(address for letter in smtp.letters for address in letter.recipients)


def readers(count: int) -> list[str]:
    return [mailings.reader_of_news(f"lectrice{n}@exemple.test").email for n in range(count)]


# ------------------------------------------------------------------ one announcement a term
@pytest.mark.both_databases
def test_whoever_had_one_announcement_of_a_term_has_no_other(staff, smtp):
    term, addresses = courses.term(), readers(3)
    first = mailings.announcement(term, by=staff)
    start_mailing(mailing=first, by=staff, at=AT)
    mailings.send_all(AT)
    newcomer = mailings.reader_of_news("nouvelle@exemple.test")
    second = mailings.announcement(term, by=staff)
    assert (list(left_to_tell(second)), told_otherwise(second)) == ([newcomer], 3)

    start_mailing(mailing=second, by=staff, at=AT)
    mailings.send_all(AT)

    assert told(smtp) == sorted([*addresses, newcomer.email])
    with pytest.raises(MailingRefused):
        start_mailing(mailing=mailings.announcement(term, by=staff), by=staff, at=AT)


def test_another_term_is_announced_to_everybody(staff, smtp):
    address = readers(1)
    for n in range(2):
        mailing = mailings.announcement(courses.term(title_fr=f"Programmation {n}"), by=staff)
        start_mailing(mailing=mailing, by=staff, at=AT)
        mailings.send_all(AT)

    assert told(smtp) == address * 2


def test_whom_an_announcement_could_not_reach_may_have_the_next(staff):
    term, _address = courses.term(), readers(1)
    first = mailings.announcement(term, by=staff)
    start_mailing(mailing=first, by=staff, at=AT)
    mailings.write_all()
    first.notices.update(state=NoticeState.FAILED)

    assert left_to_tell(mailings.announcement(term, by=staff)).count() == 1


def test_two_announcements_of_a_term_never_leave_together(staff):
    term = courses.term()
    readers(2)
    first, second = (mailings.announcement(term, by=staff) for _n in range(2))
    start_mailing(mailing=first, by=staff, at=AT)

    with pytest.raises(MailingRefused):
        start_mailing(mailing=second, by=staff, at=AT)
    stop_mailing(mailing=first, by=staff, at=AT)
    start_mailing(mailing=second, by=staff, at=AT)
    with pytest.raises(MailingRefused):
        resume_mailing(mailing=first, by=staff, at=AT)


def test_a_stopped_sending_says_how_many_are_left(staff, smtp):
    readers(3)
    mailing = mailings.announcement(by=staff)
    start_mailing(mailing=mailing, by=staff, at=AT)
    mailings.write_all()
    deliver(notice=take_due(at=AT, limit=1)[0], at=AT)
    stop_mailing(mailing=mailing, by=staff, at=AT)

    assert left_to_tell(mailing).count() == 2
