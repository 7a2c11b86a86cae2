"""A message to many: nobody receives it twice, nothing leaves once it is stopped."""

from datetime import timedelta

import pytest

from courses.choices import EnrolmentState
from courses.services.enrolments import cancel_enrolment
from notices.choices import MailingKind, MailingState, NoticeKind, NoticeState, Priority
from notices.models import Mailing, MailingEvent, Notice
from notices.services import posting
from notices.services.mailings import (
    MailingRefused,
    Words,
    WordsRefused,
    discard_mailing,
    draft_message,
    edit_mailing,
    resume_mailing,
    send_failed_again,
    start_mailing,
    stop_mailing,
    try_mailing,
)
from notices.services.outbox import deliver, take_due
from notices.signals import mailing_started
from people.services.accounts import close_account
from tests.factories import courses, mailings, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
LATER = AT + timedelta(hours=1)


@pytest.fixture
def staff():
    return people.coordinator()


@pytest.fixture
def started():
    """The mailings of which mailing_started told, in order."""
    heard = []

    def hear(*, mailing, **_):
        heard.append(mailing.pk)

    mailing_started.connect(hear)
    yield heard
    mailing_started.disconnect(hear)


def told(smtp) -> list[str]:
    return sorted(address for letter in smtp.letters for address in letter.recipients)


def readers(count: int) -> list[str]:
    return [mailings.reader_of_news(f"lectrice{n}@exemple.test").email for n in range(count)]


def history(mailing) -> list[tuple[str, str]]:
    return list(mailing.events.values_list("from_state", "to_state"))


# ------------------------------------------------------------------ writing
@pytest.mark.both_databases
def test_a_draft_reaches_nobody(staff):
    readers(2)
    mailing = mailings.announcement(by=staff)
    assert (mailing.state, mailing.created_by) == (MailingState.DRAFT, staff)
    assert mailings.write_all() == 0
    assert Notice.objects.count() == 0
    assert history(mailing) == [("", "draft")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject_fr": " "}, "subject_fr"),
        ({"body_fr": ""}, "body_fr"),
        ({"subject_en": ""}, "subject_en"),
        ({"body_en": ""}, "body_en"),
        ({"body_fr": "Bonjour {prenom}"}, "body_fr"),
        ({"subject_en": "{formation}"}, "subject_en"),
    ],
)
def test_words_that_are_missing_or_mean_nothing_are_refused_at_their_field(changes, field):
    words = Words(**(mailings.WORDS.__dict__ | changes))
    with pytest.raises(WordsRefused) as refused:
        mailings.announcement(words=words)
    assert refused.value.field == field
    assert Mailing.objects.count() == 0


def test_an_unknown_placeholder_is_named_with_those_that_exist():
    words = Words(subject_fr="Avis", body_fr="Bonjour {prenom}")
    with pytest.raises(WordsRefused, match=r"\{prenom\}.*\{nom\}, \{programmation\}, \{lien\}"):
        mailings.announcement(words=words)


def test_a_subject_of_two_lines_is_put_on_one():
    words = Words(subject_fr="Avis\r\nBcc: tous@exemple.test", body_fr="Texte")
    assert mailings.announcement(words=words).subject_fr == "Avis Bcc: tous@exemple.test"


def test_the_address_of_a_meeting_is_refused_in_a_message():
    session = courses.open_session(join_url="https://reunion.example/j/secret")
    words = Words(subject_fr="Lien", body_fr="Voici : https://reunion.example/j/secret")
    with pytest.raises(WordsRefused):
        mailings.message(session, words=words)
    harmless = Words(subject_fr="Lien", body_fr="Voici : https://reunion.example/")
    assert mailings.message(session, words=harmless).body_fr == "Voici : https://reunion.example/"


@pytest.mark.parametrize("states", [[], ["cancelled"], ["confirmed", "cancelled"]])
def test_only_people_it_concerns_can_be_chosen(states, staff):
    with pytest.raises(WordsRefused) as refused:
        draft_message(
            session=courses.open_session(), states=states, words=mailings.OF_A_SESSION,
            by=staff, at=AT,
        )  # fmt: skip
    assert refused.value.field == "states"


# ------------------------------------------------------------------ who receives it
@pytest.mark.both_databases
def test_an_announcement_goes_to_whoever_consents_and_to_nobody_else(smtp, staff):
    wanted = readers(2)
    people.person("muette@exemple.test")
    taken_back = mailings.reader_of_news("reprise@exemple.test")
    mailings.agree(taken_back, is_given=False, at=AT + timedelta(minutes=1))
    leaving = mailings.reader_of_news("partie@exemple.test")
    close_account(user=leaving, by=leaving, at=AT)
    Notice.objects.all().delete()

    mailing = start_mailing(mailing=mailings.announcement(by=staff), by=staff, at=AT)
    assert mailings.send_all() == ["sent", "sent"]
    assert told(smtp) == wanted
    assert set(Notice.objects.values_list("kind", "priority", "mailing")) == {
        (NoticeKind.TERM_ANNOUNCED, Priority.BULK, mailing.pk)
    }
    mailing.refresh_from_db()
    assert (mailing.state, mailing.ended_at) == (MailingState.SENT, AT)
    assert history(mailing) == [("", "draft"), ("draft", "sending"), ("sending", "sent")]


@pytest.mark.both_databases
def test_a_message_goes_to_the_chosen_groups_of_its_session_alone(smtp, staff):
    session = courses.open_session(capacity=2)
    seated = [courses.enrolled(session) for _ in range(2)]
    waiting = [courses.enrolled(session) for _ in range(2)]
    courses.enrolled(courses.open_session())
    Notice.objects.all().delete()

    mailing = mailings.message(session, [EnrolmentState.WAITING], by=staff)
    start_mailing(mailing=mailing, by=staff, at=AT)
    mailings.send_all()
    assert told(smtp) == sorted(row.person.email for row in waiting)

    smtp.clear()
    picked = mailings.message(
        session, [EnrolmentState.CONFIRMED, EnrolmentState.WAITING], by=staff,
        enrolments=[seated[0], waiting[1]],
    )  # fmt: skip
    start_mailing(mailing=picked, by=staff, at=AT)
    mailings.send_all()
    assert told(smtp) == sorted([seated[0].person.email, waiting[1].person.email])


def test_whoever_cancels_or_withdraws_meanwhile_does_not_get_it(smtp, staff):
    session = courses.open_session()
    leaving, staying = courses.enrolled(session), courses.enrolled(session)
    fickle = mailings.reader_of_news()
    Notice.objects.all().delete()
    for mailing in (mailings.message(session, by=staff), mailings.announcement(by=staff)):
        start_mailing(mailing=mailing, by=staff, at=AT)
    mailings.write_all()
    cancel_enrolment(enrolment=leaving, by=leaving.person, at=AT)
    mailings.agree(fickle, is_given=False, at=LATER)
    Notice.objects.filter(mailing__isnull=True).delete()

    assert sorted(notices.send_all(LATER)) == ["dropped", "dropped", "sent"]
    assert told(smtp) == [staying.person.email]


def test_starting_reaches_nobody_or_is_refused(staff, started):
    mailing = mailings.announcement(by=staff)
    with pytest.raises(MailingRefused):
        start_mailing(mailing=mailing, by=staff, at=AT)
    mailing.refresh_from_db()
    assert (mailing.state, started) == (MailingState.DRAFT, [])


def test_pressed_twice_it_starts_once(smtp, staff, started):
    wanted = readers(3)
    mailing = mailings.announcement(by=staff)
    for _time in range(2):
        start_mailing(mailing=mailing, by=staff, at=AT)
    mailings.send_all()
    start_mailing(mailing=mailing, by=staff, at=LATER)
    mailings.send_all(LATER)
    assert told(smtp) == wanted
    assert started == [mailing.pk]


# ------------------------------------------------------------------ stop and resume
@pytest.mark.both_databases
def test_stopped_nothing_more_leaves_and_resumed_each_has_it_once(smtp, staff, started):
    wanted = readers(12)
    mailing = start_mailing(mailing=mailings.announcement(by=staff), by=staff, at=AT)
    posting.write_batch(at=AT, size=8)  # eight are written, four are not
    first = take_due(at=AT, limit=3)
    for notice in first:
        deliver(notice=notice, at=AT)
    in_hand = take_due(at=AT, limit=2)  # in a worker's hands when the button is pressed

    stop_mailing(mailing=mailing, by=staff, at=AT)
    assert [deliver(notice=notice, at=AT) for notice in in_hand] == [NoticeState.DROPPED] * 2
    assert mailings.send_all() == []
    assert posting.settle_mailings(at=AT) == 0
    mailing.refresh_from_db()
    assert mailing.state == MailingState.STOPPED
    assert len(smtp) == 3

    resume_mailing(mailing=mailing, by=staff, at=LATER)
    assert mailings.send_all(LATER) == ["sent"] * 9
    assert told(smtp) == sorted(wanted)
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT
    assert history(mailing) == [
        ("", "draft"), ("draft", "sending"), ("sending", "stopped"), ("stopped", "sending"),
        ("sending", "sent"),
    ]  # fmt: skip
    assert started == [mailing.pk, mailing.pk]


def test_the_transport_fails_while_it_is_stopped(settings, smtp, staff):
    """A message that was on its way when the button was pressed, and whose server refuses it then,
    does not leave at its next try.
    """
    readers(1)
    mailing = start_mailing(mailing=mailings.announcement(by=staff), by=staff, at=AT)
    mailings.write_all()
    (notice,) = take_due(at=AT)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    deliver(notice=notice, at=AT)
    settings.EMAIL_PORT = port
    stop_mailing(mailing=mailing, by=staff, at=AT)
    assert notices.send_all(LATER) == []
    assert len(smtp) == 0


def test_stopping_and_resuming_again_change_nothing(smtp, staff):
    readers(2)
    mailing = start_mailing(mailing=mailings.announcement(by=staff), by=staff, at=AT)
    for _time in range(2):
        stop_mailing(mailing=mailing, by=staff, at=AT)
    for _time in range(2):
        resume_mailing(mailing=mailing, by=staff, at=AT)
    mailings.send_all()
    assert len(smtp) == 2
    assert MailingEvent.objects.filter(mailing=mailing).count() == 5
    for act in (stop_mailing, resume_mailing):
        with pytest.raises(MailingRefused):
            act(mailing=mailing, by=staff, at=LATER)


def test_a_stopped_one_is_resumed_not_started(staff):
    readers(1)
    mailing = start_mailing(mailing=mailings.announcement(by=staff), by=staff, at=AT)
    stop_mailing(mailing=mailing, by=staff, at=AT)
    with pytest.raises(MailingRefused):
        start_mailing(mailing=mailing, by=staff, at=AT)


def test_words_change_only_while_nobody_receives_them(smtp, staff):
    readers(2)
    mailing = mailings.announcement(by=staff)
    corrected = Words(subject_fr="Corrigé", body_fr="Texte")
    edit_mailing(mailing=mailing, words=corrected, by=staff, at=AT)
    start_mailing(mailing=mailing, by=staff, at=AT)
    with pytest.raises(MailingRefused):
        edit_mailing(mailing=mailing, words=mailings.WORDS, by=staff, at=AT)
    posting.write_batch(at=AT)
    deliver(notice=take_due(at=AT, limit=1)[0], at=AT)
    stop_mailing(mailing=mailing, by=staff, at=AT)
    again = Words(subject_fr="Encore", body_fr="Texte")
    edit_mailing(mailing=mailing, words=again, by=staff, at=AT)
    resume_mailing(mailing=mailing, by=staff, at=AT)
    mailings.send_all()
    assert [letter.subject for letter in smtp.letters] == ["Corrigé", "Encore"]


def test_to_whom_is_fixed_at_the_first_start(staff):
    session = courses.open_session()
    courses.enrolled(session)
    mailing = mailings.message(session, by=staff)
    states = [EnrolmentState.WAITING]
    row = edit_mailing(mailing=mailing, words=mailings.OF_A_SESSION, states=states, by=staff, at=AT)
    assert row.states == ["waiting"]
    row = edit_mailing(
        mailing=mailing, words=mailings.OF_A_SESSION, states=["confirmed"], by=staff, at=AT
    )
    start_mailing(mailing=mailing, by=staff, at=AT)
    stop_mailing(mailing=mailing, by=staff, at=AT)
    row = edit_mailing(mailing=mailing, words=mailings.OF_A_SESSION, states=states, by=staff, at=AT)
    assert row.states == ["confirmed"]


def test_a_draft_is_thrown_away_and_nothing_else(staff):
    readers(1)
    draft, kept = mailings.announcement(by=staff), mailings.announcement(by=staff)
    start_mailing(mailing=kept, by=staff, at=AT)
    discard_mailing(mailing=draft, by=staff, at=AT)
    with pytest.raises(MailingRefused):
        discard_mailing(mailing=kept, by=staff, at=AT)
    assert list(Mailing.objects.filter(kind=MailingKind.TERM_ANNOUNCED)) == [kept]


# ------------------------------------------------------------------ a trial, a failure
def test_a_test_reaches_its_writer_alone_and_counts_nowhere(smtp, staff):
    readers(3)
    mailing = mailings.announcement(by=staff)
    try_mailing(mailing=mailing, to=staff, at=AT)
    try_mailing(mailing=mailing, to=staff, at=AT)
    assert notices.send_all(AT) == ["sent"]
    (letter,) = smtp.letters
    assert letter.recipients == (staff.email,)
    assert letter.subject == "[Essai] Programmation Automne 2026"
    assert mailing.notices.count() == 0


def test_what_failed_is_sent_again_without_those_who_have_it(smtp, staff):
    wanted = readers(3)
    mailing = start_mailing(mailing=mailings.announcement(by=staff), by=staff, at=AT)
    mailings.write_all()
    failed = mailing.notices.earliest("pk")
    Notice.objects.filter(pk=failed.pk).update(state=NoticeState.FAILED, attempts=8)
    mailings.send_all()
    mailing.refresh_from_db()
    assert (mailing.state, len(smtp)) == (MailingState.SENT, 2)

    assert send_failed_again(mailing=mailing, by=staff, at=LATER) == 1
    mailings.send_all(LATER)
    assert told(smtp) == wanted
    mailing.refresh_from_db()
    assert (mailing.state, mailing.ended_at) == (MailingState.SENT, LATER)
    with pytest.raises(MailingRefused):
        send_failed_again(mailing=mailing, by=staff, at=LATER)
