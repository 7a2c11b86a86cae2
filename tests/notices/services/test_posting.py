"""Batches, what comes of itself when enrolment opens, and that nothing urgent waits behind."""

import threading
from datetime import date, datetime, timedelta

from django.db import connections

import pytest

from courses.choices import Audience, PoolKind, SessionState
from courses.models import Pool, Theme
from courses.services.sessions import (
    cancel_session,
    open_enrolment,
    pause_enrolment,
    resume_enrolment,
)
from notices import tasks
from notices.choices import MailingKind, MailingState, NoticeKind, NoticeState, Priority
from notices.models import Mailing, Notice
from notices.services import outbox, posting
from notices.services.follows import follow
from notices.services.mailings import start_mailing, stop_mailing
from notices.services.outbox import Draft, post_all
from notices.services.posting import post_openings, settle_mailings, write_batch
from people.models import Community
from tests.factories import courses, mailings, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
DAY = timedelta(days=1)
OPENS = datetime(2026, 9, 10, 10, 0, tzinfo=courses.HERE)
EVE = datetime(2026, 9, 9, 9, 0, tzinfo=courses.HERE)


def sending(count: int) -> Mailing:
    for _n in range(count):
        mailings.reader_of_news()
    staff = people.coordinator()
    return start_mailing(mailing=mailings.announcement(by=staff), by=staff, at=AT)


def told(smtp) -> list[str]:
    return sorted(address for letter in smtp.letters for address in letter.recipients)


# ------------------------------------------------------------------ batches
@pytest.mark.both_databases
def test_people_are_written_to_in_batches_each_once():
    mailing = sending(7)
    assert mailings.write_all(size=3) == 3  # three, three, one
    keys = list(Notice.objects.order_by("pk").values_list("key", flat=True))
    people_told = list(Notice.objects.order_by("pk").values_list("recipient", flat=True))
    assert len(keys) == 7
    assert people_told == sorted(set(people_told))
    assert keys == [f"mailing:{mailing.pk}:{pk}" for pk in people_told]
    assert mailings.write_all(size=3) == 0


def test_a_worker_killed_after_its_rows_and_before_its_mark_doubles_nothing(monkeypatch):
    mailing = sending(4)

    class KilledError(Exception):
        pass

    def die(*_, **__):
        raise KilledError

    monkeypatch.setattr(Mailing, "save", die)
    with pytest.raises(KilledError):
        write_batch(at=AT, size=3)
    monkeypatch.undo()
    assert Notice.objects.count() == 0  # rows and mark are one transaction
    mailings.write_all(size=3)
    assert mailing.notices.count() == 4


@pytest.mark.parametrize("count", [3, 30])
def test_a_batch_costs_the_same_however_many_people(count, django_assert_num_queries):
    sending(count)
    with django_assert_num_queries(6):  # savepoint twice, mailing, people, one INSERT, mark
        write_batch(at=AT)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_write_each_person_once(monkeypatch):
    """Both at once: one holds the mailing, the other passes over it."""
    monkeypatch.setattr("notices.tasks.write_mailings.delay", lambda: None)
    monkeypatch.setattr("notices.tasks.wake.delay", lambda: None)
    mailing = sending(40)
    start = threading.Barrier(2, timeout=20)

    def work():
        try:
            start.wait()
            for _n in range(30):
                write_batch(at=AT, size=3)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    mailings.write_all(size=3)
    people_told = list(mailing.notices.values_list("recipient", flat=True))
    assert (len(people_told), len(set(people_told))) == (40, 40)


def test_it_is_over_when_nothing_waits_any_more(smtp):
    mailing = sending(2)
    assert settle_mailings(at=AT) == 0  # not written yet
    mailings.write_all()
    assert settle_mailings(at=AT) == 0  # written, not sent
    notices.send_all(AT)
    assert [settle_mailings(at=AT), settle_mailings(at=AT)] == [1, 0]
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_starting_wakes_the_worker_who_writes_and_sends(smtp):
    """From the press of the button to the mailboxes, as the wake-ups go."""
    wanted = [mailings.reader_of_news().email for _n in range(3)]
    staff = people.coordinator()
    mailing = mailings.announcement(by=staff)
    start_mailing(mailing=mailing, by=staff, at=AT)
    assert told(smtp) == sorted(wanted)
    tasks.write_mailings()  # the sweep marks what is over
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT


@pytest.mark.django_db(transaction=True)
def test_a_lost_wake_up_is_made_good_by_the_sweep(smtp, monkeypatch):
    monkeypatch.setattr(tasks.write_mailings, "delay", lambda: None)
    mailing = sending(2)
    assert mailing.notices.count() == 0
    tasks.write_mailings()
    assert (mailing.notices.count(), len(smtp)) == (2, 2)


def test_the_sweep_of_openings_writes_them_once(monkeypatch):
    courses.open_session(enrolment_opens_at=OPENS)
    monkeypatch.setattr(tasks.timezone, "now", lambda: EVE)
    tasks.post_openings()
    tasks.post_openings()
    assert Mailing.objects.filter(kind=MailingKind.ENROLMENT_OPENS).count() == 1


# ------------------------------------------------------------------ nothing urgent waits behind
def test_a_seat_is_told_before_five_thousand_announcements(smtp):
    """The contract: whatever number of announcements waits, a confirmation written after them is
    the very next message that leaves.
    """
    person = people.person("place@exemple.test")
    reader = mailings.reader_of_news("annonce@exemple.test")
    staff = people.coordinator()
    mailing = start_mailing(mailing=mailings.announcement(by=staff), by=staff, at=AT)
    drafts = [
        Draft(
            NoticeKind.TERM_ANNOUNCED, f"mailing:{mailing.pk}:{n}", reader,
            {"mailing": mailing.pk}, Priority.BULK, mailing_id=mailing.pk,
        )
        for n in range(5000)
    ]  # fmt: skip
    post_all(drafts=drafts, at=AT)
    session = courses.open_session()
    courses.enrolled(session, person, at=AT + timedelta(seconds=1))

    taken = outbox.take_due(at=AT + timedelta(seconds=1))
    for notice in taken:
        outbox.deliver(notice=notice, at=AT + timedelta(seconds=1))
    assert smtp.letters[0].recipients == ("place@exemple.test",)
    assert len(taken) == outbox.BATCH


def test_a_dead_server_delays_a_seat_by_its_own_tries_alone(settings, smtp):
    """A hundred announcements failing before it and beside it: when the server is back, the seat
    leaves first, one minute after its own first try.
    """
    mailing = sending(100)
    mailings.write_all()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    assert set(notices.send_all(AT)) == {"queued"}
    person = people.person("place@exemple.test")
    courses.enrolled(courses.open_session(), person, at=AT)
    assert notices.send_all(AT) == ["queued"]

    settings.EMAIL_PORT = port
    (first, *_rest) = outbox.take_due(at=AT + timedelta(minutes=1))
    assert first.recipient == person
    assert outbox.deliver(notice=first, at=AT + timedelta(minutes=1)) == NoticeState.SENT
    assert mailing.notices.filter(attempts=1, state=NoticeState.QUEUED).count() > 90


# ------------------------------------------------------------------ a session opens
def the_opened(session) -> list[str]:
    rows = Mailing.objects.filter(kind=MailingKind.ENROLMENT_OPENED, session=session)
    return list(rows.values_list("state", flat=True))


@pytest.mark.both_databases
def test_followers_are_told_once_when_a_session_opens(smtp):
    course = courses.published_course()
    session = courses.session(course=course)
    person = people.person("suit@exemple.test")
    follow(person=person, subject=course, at=AT)
    people.person("ne-suit-pas@exemple.test")
    open_enrolment(session=session, by=None, at=AT)
    mailings.send_all()
    assert told(smtp) == ["suit@exemple.test"]

    pause_enrolment(session=session, by=None, at=AT + DAY)
    resume_enrolment(session=session, by=None, at=AT + DAY)
    mailings.send_all(AT + DAY)
    assert len(smtp) == 1
    assert the_opened(session) == [MailingState.SENT]


def test_course_theme_and_community_bring_one_message(smtp):
    theme = Theme.objects.create(code="ethique", title_fr="Éthique")
    community = Community.objects.order_by("pk")[0]
    course = courses.published_course(theme=theme)
    session = courses.session(course=course)
    Pool.objects.create(session=session, kind=PoolKind.COMMUNITY, community=community, capacity=2)
    person = people.person("tout@exemple.test")
    for subject in (course, theme, community):
        follow(person=person, subject=subject, at=AT)
    open_enrolment(session=session, by=None, at=AT)
    mailings.send_all()
    (letter,) = smtp.letters
    assert letter.recipients == ("tout@exemple.test",)
    for subject in (course, theme, community):
        assert str(subject) in letter.text


def test_followers_are_told_at_the_hour_of_opening_not_before(smtp):
    course = courses.published_course()
    follow(person=people.person("suit@exemple.test"), subject=course, at=AT)
    session = courses.open_session(course=course, enrolment_opens_at=OPENS)
    assert mailings.send_all(OPENS - timedelta(minutes=1)) == []
    assert the_opened(session) == [MailingState.SENDING]
    assert mailings.send_all(OPENS) == ["sent"]


def test_a_session_that_will_not_open_tells_nobody_and_ends(smtp):
    course = courses.published_course()
    follow(person=people.person(), subject=course, at=AT)
    session = courses.open_session(course=course, enrolment_opens_at=OPENS)
    cancel_session(session=session, by=None, at=AT, motive="Reportée à l’an prochain.")
    assert mailings.send_all() == []
    assert the_opened(session) == [MailingState.SENT]


def test_seats_by_invitation_are_announced_to_nobody():
    course = courses.published_course()
    follow(person=people.person(), subject=course, at=AT)
    session = courses.open_session(course=course, audience=Audience.INVITATION)
    assert the_opened(session) == []


@pytest.mark.parametrize("to_state", sorted(set(SessionState.values) - {SessionState.OPEN}))
def test_other_steps_tell_nobody(to_state):
    session = courses.session()
    assert posting.tell_opened(session=session, to_state=to_state, at=AT) is None


# ------------------------------------------------------------------ the day before
@pytest.mark.both_databases
def test_the_day_before_each_person_has_one_list(smtp):
    term = courses.term()
    first = courses.published_course(title_fr="Le consentement")
    second = courses.published_course(title_fr="Les essais")
    for course, opens_at in ((first, OPENS), (second, OPENS + timedelta(hours=3))):
        courses.open_session(course=course, term=term, enrolment_opens_at=opens_at)
    courses.open_session(enrolment_opens_at=OPENS + DAY)
    reader = mailings.reader_of_news("annonces@exemple.test")
    follow(person=reader, subject=first, at=AT)
    follow(person=people.person("suit@exemple.test"), subject=second, at=AT)
    people.person("muette@exemple.test")

    assert [post_openings(at=EVE), post_openings(at=EVE + timedelta(hours=2))] == [1, 0]
    mailings.send_all(EVE)
    assert told(smtp) == ["annonces@exemple.test", "suit@exemple.test"]
    (both,) = smtp.to("annonces@exemple.test")
    assert both.subject == "Demain à 10\xa0h\xa0: les inscriptions ouvrent"
    assert ("Le consentement" in both.text, "Les essais" in both.text) == (True, True)
    assert "jeudi 10\xa0septembre 2026" in both.text
    (one,) = smtp.to("suit@exemple.test")
    assert one.subject == "Demain à 13\xa0h\xa0: les inscriptions ouvrent"
    assert ("Le consentement" in one.text, "Les essais" in one.text) == (False, True)


def test_signing_in_ahead_leads_on_to_where_seats_are_taken(smtp):
    course = courses.published_course()
    only = courses.open_session(course=course, enrolment_opens_at=OPENS)
    courses.open_session(enrolment_opens_at=OPENS)
    mailings.reader_of_news("annonces@exemple.test")
    follow(person=people.person("suit@exemple.test"), subject=course, at=AT)

    post_openings(at=EVE)
    mailings.send_all(EVE)
    (both,), (one,) = smtp.to("annonces@exemple.test"), smtp.to("suit@exemple.test")
    sign_in = "http://localhost:8000/compte/connexion/?next="
    assert f"{sign_in}/seances/{only.key}/" in one.text.split()
    assert f"{sign_in}/formations/" in both.text.split()


def test_nobody_is_told_before_nine_nor_when_nothing_opens():
    courses.open_session(enrolment_opens_at=OPENS)
    assert post_openings(at=EVE - timedelta(minutes=1)) == 0
    assert post_openings(at=EVE - DAY) == 0
    assert post_openings(at=EVE + timedelta(hours=14, minutes=59)) == 1
    assert Mailing.objects.get(kind=MailingKind.ENROLMENT_OPENS).day == date(2026, 9, 10)


def test_a_pool_that_opens_earlier_is_told_to_its_people(smtp):
    place = people.establishment()
    session = courses.open_session(enrolment_opens_at=OPENS + 2 * DAY)
    Pool.objects.create(
        session=session, kind=PoolKind.ESTABLISHMENT, establishment=place, capacity=2,
        opens_at=OPENS,
    )  # fmt: skip
    member = people.verified_member(place, email="membre@exemple.test")
    mailings.agree(member)
    mailings.reader_of_news("autre@exemple.test")
    Notice.objects.all().delete()
    assert post_openings(at=EVE) == 1
    mailings.send_all(EVE)
    assert told(smtp) == ["membre@exemple.test"]
    smtp.clear()
    assert post_openings(at=EVE + 2 * DAY) == 1
    mailings.send_all(EVE + 2 * DAY)
    assert told(smtp) == ["autre@exemple.test"]


def test_an_automatic_one_may_be_stopped_too(smtp):
    courses.open_session(enrolment_opens_at=OPENS)
    mailings.reader_of_news()
    post_openings(at=EVE)
    mailing = Mailing.objects.get(kind=MailingKind.ENROLMENT_OPENS)
    stop_mailing(mailing=mailing, by=people.coordinator(), at=EVE)
    assert mailings.send_all(EVE) == []
