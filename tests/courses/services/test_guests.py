"""Guests of a session: how they are named, refused, withdrawn, and what they open."""

import pytest

from courses.models import SessionEvent, SessionGuest
from courses.services.enrolments import NotInAudience, enrol
from courses.services.guests import (
    GuestsTooLate,
    NobodyNamed,
    NotAddresses,
    TooManyGuests,
    invite_guests,
    withdraw_guest,
)
from courses.services.sessions import cancel_session
from tests.factories import people
from tests.factories.courses import AT, enrolled, guest, held, open_session, pool, session

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def invite(row, *lines, by=None):
    return invite_guests(session=row, addresses=lines, by=by, at=AT)


def addresses(row) -> list[str]:
    return list(SessionGuest.objects.filter(session=row).values_list("address", flat=True))


# ------------------------------------------------------------------ naming
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Marie.Tremblay@Exemple.CA", ["marie.tremblay@exemple.ca"]),
        ("  a@exemple.ca  ", ["a@exemple.ca"]),
        ("a@exemple.ca, b@exemple.ca;c@exemple.ca d@exemple.ca", list("abcd")),
        ("Marie Tremblay <a@exemple.ca>", ["a@exemple.ca"]),
        ("Tremblay, Marie <a@exemple.ca>; Roy, Jean <b@exemple.ca>", list("ab")),
        ("Marie <a@exemple.ca>, Jean <b@exemple.ca>,", list("ab")),
        ('"Roy, Jean" < a@exemple.ca >', ["a@exemple.ca"]),
    ],
)
def test_addresses_are_read_as_people_paste_them(line, found):
    row = session()

    invite(row, line, "")

    assert addresses(row) == [each if "@" in each else f"{each}@exemple.ca" for each in found]


def test_an_address_is_named_once_whatever_its_case():
    row, trainer = session(), people.trainer()

    first = invite(row, "a@exemple.ca", "A@EXEMPLE.ca", by=trainer)
    second = invite(row, "b@exemple.ca", "a@Exemple.ca")

    assert [each.address for each in first] == ["a@exemple.ca"]
    assert (first[0].invited_by, first[0].invited_at) == (trainer, AT)
    assert [each.address for each in second] == ["b@exemple.ca"]
    assert addresses(row) == ["a@exemple.ca", "b@exemple.ca"]


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        (["a@exemple.ca", "pas une adresse", "b@exemple.ca", "c@", ""], [2, 4]),
        (["a@exemple.ca b@exemple"], [1]),
        (["b@exemple.ca, Marie <a@exemple.ca>"], [1]),  # read otherwise, b would be lost
        (["Marie <a@exemple.ca> et Jean"], [1]),
        (["a" * 250 + "@exemple.ca"], [1]),
        (["a@exemple.ca\x00"], [1]),
    ],
)
def test_a_line_that_is_no_address_is_named_and_nothing_is_written(lines, numbers):
    row = session()

    with pytest.raises(NotAddresses) as refused:
        invite(row, *lines)

    assert refused.value.lines == numbers
    assert all(str(number) in str(refused.value) for number in numbers)
    assert addresses(row) == []


def test_a_refusal_names_five_lines_and_counts_the_others():
    with pytest.raises(NotAddresses) as refused:
        invite(session(), *["rien"] * 8)

    assert refused.value.lines == list(range(1, 9))
    assert "1, 2, 3, 4, 5" in str(refused.value)
    assert "6" not in str(refused.value)
    assert "3" in str(refused.value)


def test_an_empty_list_is_refused():
    with pytest.raises(NobodyNamed):
        invite(session(), "", "   ")


def test_a_session_takes_so_many_guests_and_no_more(monkeypatch):
    monkeypatch.setattr("courses.services.guests.GUESTS_AT_MOST", 2)
    row = session()
    invite(row, "a@exemple.ca", "b@exemple.ca")

    with pytest.raises(TooManyGuests):
        invite(row, "c@exemple.ca")
    assert invite(row, "a@exemple.ca") == []
    assert addresses(row) == ["a@exemple.ca", "b@exemple.ca"]


@pytest.mark.parametrize("end", ["cancelled", "held"])
def test_nobody_is_invited_to_what_is_over(end):
    row = open_session()
    if end == "held":
        held(row)
    else:
        cancel_session(session=row, by=None, at=AT, motive="Verglas")

    with pytest.raises(GuestsTooLate):
        invite(row, "a@exemple.ca")


def test_history_says_how_many_and_never_who():
    row = session()
    events = SessionEvent.objects.filter(session=row)
    before = events.count()

    invite(row, "a@exemple.ca", "b@exemple.ca")
    invite(row, "a@exemple.ca")
    withdraw_guest(guest=row.guests.get(address="a@exemple.ca"), by=None, at=AT)

    assert [each.changes for each in events[before:]] == [
        {"guests": {"invited": 2}},
        {"guests": {"withdrawn": 1}},
    ]


def test_naming_guests_wakes_the_list_of_a_session_to_come(heard):
    draft, row = session(), open_session()
    heard.clear()

    invite(draft, "a@exemple.ca")
    invite(row, "a@exemple.ca")
    invite(row, "a@exemple.ca")

    assert [carried["session_id"] for name, carried in heard if name == "seat_freed"] == [row.pk]


# ------------------------------------------------------------------ what it opens
def test_a_session_by_invitation_is_open_to_its_guests_alone():
    row = open_session(audience="invitation")
    invited, other = people.person("Invitee@Exemple.test"), people.person()
    guest(row, "INVITEE@exemple.TEST")

    assert enrolled(row, invited).state == "confirmed"
    with pytest.raises(NotInAudience):
        enrol(person=other, session=row, by=other, at=AT)


def test_a_guest_sits_in_the_pool_of_guests():
    row = open_session(capacity=2, pools=[pool(seats=1)])
    invited = people.person()
    guest(row, invited)

    assert enrolled(row).pool is None
    assert enrolled(row).state == "waiting"
    assert enrolled(row, invited).pool == row.pools.get()


def test_a_guest_withdrawn_keeps_the_seat_and_opens_no_other():
    row = open_session(audience="invitation")
    seated, late = people.person(), people.person()
    guests = [guest(row, seated), guest(row, late)]
    seat = enrolled(row, seated)

    for each in guests:
        withdraw_guest(guest=each, by=None, at=AT)
        withdraw_guest(guest=each, by=None, at=AT)

    seat.refresh_from_db()
    assert seat.state == "confirmed"
    with pytest.raises(NotInAudience):
        enrol(person=late, session=row, by=late, at=AT)
