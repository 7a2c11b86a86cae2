"""Whole messages, as a real SMTP server receives them."""

from datetime import timedelta
from email.utils import parseaddr

from django.urls import reverse
from django.utils import translation

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar

from courses.choices import SessionChange
from courses.services.enrolments import cancel_enrolment
from courses.services.exchanges import pass_on
from courses.services.offers import accept_offer
from courses.services.sessions import cancel_session, postpone_session, save_session
from notices.services import composition
from people.services.accounts import close_account
from tests.factories import courses, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
JOIN_URL = "https://reunion.example/j/secret-1"


def the_letter(smtp, address):
    (letter,) = smtp.to(address)
    return letter


def page_of(session, language: str) -> str:
    with translation.override(language):
        return "http://localhost:8000" + reverse("courses:session", kwargs={"key": session.key})


def events(data: bytes) -> tuple[str, list]:
    """METHOD and events of a calendar object."""
    calendar = Calendar.from_ical(data)
    return str(calendar["METHOD"]), list(calendar.walk("VEVENT"))


def part(letter, content_type):
    (found,) = [each for each in letter.message.walk() if each.get_content_type() == content_type]
    return found


@pytest.mark.both_databases
def test_a_whole_confirmation(smtp):
    session = courses.open_session(
        course=courses.published_course(title_fr="Le consentement, en pratique"),
        trainers=[people.trainer(printed_name="Ève Côté")],
        join_url=JOIN_URL,
        cancel_until=courses.NOON - timedelta(days=3),
    )
    person = people.person("marie@exemple.test", printed_name="Marie Tremblay")
    enrolment = courses.enrolled(session, person)
    assert notices.send_all(AT) == ["sent"]

    letter = the_letter(smtp, "marie@exemple.test")
    message = letter.message
    assert letter.subject == "Votre place est réservée\xa0: Le consentement, en pratique"
    assert message["auto-submitted"] == "auto-generated"
    assert message["content-language"] == "fr"
    assert parseaddr(str(message["from"]))[1] == "academie@academie.example"
    assert [each.get_content_type() for each in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
        "application/ics",
    ]  # fmt: skip

    assert "Bonjour Marie Tremblay," in letter.text
    assert "mardi 17\xa0novembre 2026, 12\xa0h à 13\xa0h" in letter.text
    assert "Ève Côté" in letter.text
    assert "samedi 14\xa0novembre 2026 à 12\xa0h" in letter.text
    assert page_of(session, "fr") in letter.text
    page = BeautifulSoup(letter.html, "html.parser")
    assert page.html["lang"] == "fr-CA"
    assert page.h1.get_text(strip=True) == "Votre place est réservée"

    assert part(letter, "text/calendar").get_param("method") == "REQUEST"
    assert part(letter, "text/calendar").get_param("charset") == "utf-8"
    method, (event,) = events(letter.attachment("text/calendar"))
    assert method == "REQUEST"
    assert event["UID"] == f"place-{enrolment.key}-{session.meetings.get().key}@localhost"
    assert (event["SEQUENCE"], event["SUMMARY"]) == (0, "Le consentement, en pratique")
    assert event.decoded("DTSTART") == courses.NOON
    attached = part(letter, "application/ics")
    assert attached.get_filename() == "invitation.ics"
    assert events(letter.attachment("application/ics"))[1][0]["UID"] == event["UID"]


def test_the_address_of_the_meeting_is_in_no_part(smtp):
    person = people.person()
    courses.enrolled(courses.open_session(join_url=JOIN_URL), person)
    notices.send_all(AT)
    letter = the_letter(smtp, person.email)
    assert letter.text
    for each in letter.message.walk():
        assert b"secret-1" not in (each.get_payload(decode=True) or b"")


@pytest.mark.parametrize(
    ("language", "subject", "hours"),
    [
        ("fr", "Votre place est réservée\xa0: Le consentement", "12\xa0h à 13\xa0h"),
        ("en", "Your seat is reserved: Consent", "noon to 1\xa0p.m."),
    ],
)
def test_the_language_is_the_recipients_whoever_acts(smtp, language, subject, hours):
    person = people.person(language=language)
    course = courses.published_course(title_fr="Le consentement", title_en="Consent")
    with translation.override({"fr": "en", "en": "fr"}[language]):
        session = courses.open_session(course=course)
        courses.enrolled(session, person)
        notices.send_all(AT)
    letter = the_letter(smtp, person.email)
    assert letter.subject == subject
    assert hours in letter.text
    assert letter.message["content-language"] == language
    assert page_of(session, language) in letter.text
    assert page_of(session, {"fr": "en", "en": "fr"}[language]) not in letter.text


def test_line_ends_in_names_and_titles_begin_no_header(smtp):
    course = courses.published_course(title_fr="Éthique\r\nBcc: tous@exemple.test\r\n\r\nCorps")
    trainer = people.trainer()
    trainer.profile.printed_name = "Luc\r\nATTENDEE:mailto:x@y.test"
    trainer.profile.save()
    person = people.person("marie@exemple.test")
    courses.enrolled(courses.open_session(course=course, trainers=[trainer]), person)
    assert notices.send_all(AT) == ["sent"]

    letter = the_letter(smtp, "marie@exemple.test")
    assert letter.recipients == ("marie@exemple.test",)
    assert letter.message["bcc"] is None
    assert letter.subject.endswith("Éthique Bcc: tous@exemple.test Corps")
    _method, (event,) = events(letter.attachment("text/calendar"))
    assert event["ATTENDEE"] == "mailto:marie@exemple.test"


def test_a_subject_of_two_lines_does_not_leave_at_all():
    """The negative control: Django itself refuses what `one_line` has put right."""
    message = composition.FoldedMail("Éthique\r\nBcc: x@y.test", "t", "a@b.test", ["c@d.test"])
    with pytest.raises(ValueError, match="newline"):
        message.message()


def test_a_name_cannot_become_markup(smtp):
    person = people.person(printed_name="Jean <b>X</b> & <img src=x>")
    courses.enrolled(courses.open_session(), person)
    notices.send_all(AT)
    letter = the_letter(smtp, person.email)
    page = BeautifulSoup(letter.html, "html.parser")
    assert (page.find("img"), page.find("b")) == (None, None)
    assert "Bonjour Jean <b>X</b> & <img src=x>," in letter.text


# ------------------------------------------------------------------ an invitation's life
def test_book_move_cancel_keeps_the_uid_and_raises_the_sequence(smtp):
    session, person = courses.open_session(), people.person()
    enrolment = courses.enrolled(session, person)
    notices.send_all(AT)
    meeting = session.meetings.get()
    meeting.starts_at += timedelta(days=1)
    meeting.ends_at += timedelta(days=1)
    save_session(session=session, meetings=[meeting], breaks=None, trainers=None, by=None, at=AT)
    notices.send_all(AT)
    enrolment.refresh_from_db()
    cancel_enrolment(enrolment=enrolment, by=person, at=AT + timedelta(days=1))
    notices.send_all(AT + timedelta(days=1))

    letters = smtp.to(person.email)
    life = [events(letter.attachment("text/calendar")) for letter in letters]
    assert [method for method, _events in life] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({event["UID"] for _method, (event,) in life}) == 1
    assert [event["SEQUENCE"] for _method, (event,) in life] == [0, 1, 2]
    assert life[1][1][0].decoded("DTSTART") == courses.NOON + timedelta(days=1)
    assert life[2][1][0]["STATUS"] == "CANCELLED"
    assert letters[1].subject.startswith("Changement à votre séance\xa0: ")
    with translation.override("fr"):
        assert f"({SessionChange.TIME.label.lower()})" in letters[1].text
    assert letters[2].subject.startswith("Votre inscription est annulée\xa0: ")
    files = [part(letter, "application/ics").get_filename() for letter in letters]
    assert files == ["invitation.ics", "invitation.ics", "annulation.ics"]


def test_a_seat_passed_on_leaves_one_calendar_and_enters_another_once_taken(smtp):
    giver, colleague = courses.enrolled(courses.open_session()), people.person()
    notices.send_all(AT)
    given = pass_on(enrolment=giver, to=colleague, by=giver.person, at=AT)
    notices.send_all(AT)
    (offer,) = smtp.to(colleague.email)
    assert "text/calendar" not in [part.get_content_type() for part in offer.message.walk()]
    accept_offer(enrolment=given, by=colleague, at=AT)
    notices.send_all(AT)

    booked, passed_on = smtp.to(giver.person.email)
    taken = smtp.to(colleague.email)[1]
    life = [events(each.attachment("text/calendar")) for each in (booked, passed_on, taken)]
    assert [method for method, _events in life] == ["REQUEST", "CANCEL", "REQUEST"]
    first, last, other = (event for _method, (event,) in life)
    assert first["UID"] == last["UID"] != other["UID"]
    assert last["SEQUENCE"] > first["SEQUENCE"]
    assert str(colleague) in passed_on.text
    assert other["ATTENDEE"] == f"mailto:{colleague.email}"


def test_each_meeting_is_a_file_and_the_first_stands_beside_the_text(smtp):
    days = [courses.NOON, courses.NOON + timedelta(days=7)]
    session = courses.open_session(meetings=[courses.meeting(day) for day in days])
    person = people.person()
    courses.enrolled(session, person)
    notices.send_all(AT)
    letter = the_letter(smtp, person.email)
    _method, (event,) = events(letter.attachment("text/calendar"))
    assert event.decoded("DTSTART") == days[0]
    files = [each for each in letter.message.walk() if each.get_filename()]
    assert [each.get_filename() for each in files] == ["invitation-1.ics", "invitation-2.ics"]
    starts = [events(each.get_payload(decode=True))[1][0].decoded("DTSTART") for each in files]
    assert starts == days
    assert "Rencontre 2 sur 2" in letter.text


def test_a_meeting_taken_away_is_called_off(smtp):
    days = [courses.NOON, courses.NOON + timedelta(days=7)]
    session = courses.open_session(meetings=[courses.meeting(day) for day in days])
    person = people.person()
    courses.enrolled(session, person)
    notices.send_all(AT)
    gone = session.meetings.latest("starts_at").key
    first = session.meetings.earliest("starts_at")
    save_session(session=session, meetings=[first], breaks=None, trainers=None, by=None, at=AT)
    notices.send_all(AT)

    letter = smtp.to(person.email)[1]
    files = {each.get_filename(): each for each in letter.message.walk() if each.get_filename()}
    assert sorted(files) == ["annulation.ics", "invitation.ics"]
    method, (event,) = events(files["annulation.ics"].get_payload(decode=True))
    assert method == "CANCEL"
    assert str(gone) in event["UID"]


@pytest.mark.parametrize(
    ("act", "subject"),
    [
        (cancel_session, "Séance annulée\xa0: "),
        (postpone_session, "Séance reportée\xa0: "),
    ],
)
def test_a_session_called_off_says_why_and_leaves_the_calendar(smtp, act, subject):
    session = courses.open_session(capacity=1)
    seated, waiting = people.person(), people.person()
    courses.enrolled(session, seated)
    courses.enrolled(session, waiting)
    notices.send_all(AT)
    smtp.clear()
    act(session=session, by=None, at=AT, motive="La formatrice est malade.")
    notices.send_all(AT)

    letter = the_letter(smtp, seated.email)
    assert letter.subject.startswith(subject)
    assert "«\xa0La formatrice est malade.\xa0»" in letter.text
    assert "Était prévue le" in letter.text
    assert events(letter.attachment("text/calendar"))[0] == "CANCEL"
    other = the_letter(smtp, waiting.email)
    assert other.subject.startswith(subject)
    assert "text/calendar" not in [each.get_content_type() for each in other.message.walk()]


def test_a_closed_account_is_told_at_the_address_it_had(smtp):
    person = people.person("partie@exemple.test", printed_name="Partie Loin")
    close_account(user=person, by=person, at=AT)
    assert notices.send_all(AT) == ["sent"]
    letter = the_letter(smtp, "partie@exemple.test")
    assert letter.subject == "Votre compte est fermé"
    assert "Partie Loin" not in letter.text
