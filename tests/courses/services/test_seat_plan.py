"""How the seats of a session are shared: what pools may be, what is written, who hears of it."""

from datetime import timedelta

import pytest

from courses.choices import SessionChange
from courses.models import Draw, Pool, Session, SessionEvent
from courses.services.seat_plan import (
    PoolDatesReversed,
    PoolForNobody,
    PoolNegative,
    PoolsTooLarge,
    PoolTwice,
)
from courses.services.session_facts import (
    DatesReversed,
    DrawAnnounced,
    PrerequisiteItself,
    SettledSession,
    WindowMissing,
)
from courses.services.sessions import cancel_session, save_session
from people.models import Community, Profession
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, held, meeting, open_session, pool, session

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def save(row: Session, *, pools=None, meetings=None, at=AT) -> Session:
    return save_session(
        session=row, meetings=meetings, breaks=None, trainers=None, pools=pools, by=None, at=at
    )


def chum(seats=5, **fields) -> Pool:
    return pool(people.establishment("chum"), seats, **fields)


def cusm(seats=5, **fields) -> Pool:
    return pool(people.establishment("cusm"), seats, **fields)


def standing(row: Session) -> list[tuple[str, int]]:
    return [(each.kind, each.capacity) for each in Pool.objects.filter(session=row)]


def freed(heard) -> int:
    return sum(1 for name, _carried in heard if name == "seat_freed")


# ------------------------------------------------------------------ what is written
def test_pools_of_every_kind_are_kept_in_the_order_typed():
    row = session(
        pools=[
            pool(Profession.objects.first(), 2),
            chum(5, release_at=NOON - 10 * DAY, opens_at=NOON - 20 * DAY),
            pool(seats=3),
            pool(Community.objects.first(), 4),
        ]
    )

    assert standing(row) == [
        ("profession", 2), ("establishment", 5), ("guests", 3), ("community", 4),
    ]  # fmt: skip


def test_pools_not_given_stay_as_they_are_and_an_empty_list_takes_them_away():
    row = session(pools=[chum()])

    save(row)
    assert standing(row) == [("establishment", 5)]
    save(row, pools=[])
    assert standing(row) == []


def test_a_pool_that_stands_keeps_its_key_and_one_of_another_session_is_not_taken():
    row, other = session(pools=[chum()]), session(pools=[cusm()])
    (mine,), (theirs,) = row.pools.all(), other.pools.all()
    stolen = Pool.objects.get(pk=theirs.pk)
    mine.capacity = stolen.capacity = 2

    save(row, pools=[mine, stolen])

    kept, new = Pool.objects.filter(session=row)
    assert (kept.pk, kept.capacity, new.capacity) == (mine.pk, 2, 2)
    assert new.pk != theirs.pk
    assert standing(other) == [("establishment", 5)]


def test_the_columns_of_other_kinds_are_emptied():
    row = session()
    both = chum()
    both.community = Community.objects.first()

    save(row, pools=[both])

    assert row.pools.get().community is None


def test_whoever_sits_in_a_pool_taken_away_sits_in_a_general_seat():
    row = open_session(capacity=5, pools=[chum(1)])
    seat = enrolled(row, people.verified_member(people.establishment("chum")))
    assert seat.pool == row.pools.get()

    save(row, pools=[])

    seat.refresh_from_db()
    assert (seat.state, seat.pool) == ("confirmed", None)


def test_a_pool_given_to_other_people_is_another_pool():
    row = open_session(capacity=5, pools=[chum(1)])
    seat = enrolled(row, people.verified_member(people.establishment("chum")))
    given = row.pools.get()
    was, given.establishment = given.pk, people.establishment("cusm")

    save(row, pools=[given])

    seat.refresh_from_db()
    assert seat.pool is None
    assert [(each.pk == was, each.establishment.code) for each in row.pools.all()] == [
        (False, "cusm")
    ]


# ------------------------------------------------------------------ what the sweep wrote
def swept(row: Session) -> Pool:
    """The pool as staff's page read it, before the sweep wrote on the row."""
    typed = row.pools.get()
    Pool.objects.filter(pk=typed.pk).update(warned_at=AT, seen_released_at=AT)
    return typed


def test_what_the_sweep_wrote_meanwhile_is_not_undone():
    row = session(pools=[chum(release_at=AT + DAY)])
    typed = swept(row)
    typed.capacity = 3

    save(row, pools=[typed], at=AT + 2 * DAY)

    pool_now = row.pools.get()
    assert (pool_now.capacity, pool_now.warned_at, pool_now.seen_released_at) == (3, AT, AT)


@pytest.mark.parametrize("later", [AT + 9 * DAY, None])
def test_a_release_put_off_is_warned_of_and_seen_once_more(later):
    row = session(pools=[chum(release_at=AT + DAY)])
    typed = swept(row)
    typed.release_at = later

    save(row, pools=[typed], at=AT + 2 * DAY)

    assert (row.pools.get().warned_at, row.pools.get().seen_released_at) == (None, None)


# ------------------------------------------------------------------ what is refused
@pytest.mark.parametrize(
    ("made", "refusal", "words"),
    [
        (lambda: [chum(12), cusm(9)], PoolsTooLarge, r"21\D+20"),
        (lambda: [chum(1), chum(2)], PoolTwice, "CHUM"),
        (lambda: [pool(seats=1), pool(seats=2)], PoolTwice, "."),
        (lambda: [chum(-1)], PoolNegative, "CHUM"),
        (lambda: [Pool(kind="establishment", capacity=1)], PoolForNobody, "."),
        (lambda: [Pool(kind="friends", capacity=1)], PoolForNobody, "."),
        (lambda: [chum(release_at=NOON + HOUR)], PoolDatesReversed, "CHUM"),
        (lambda: [chum(opens_at=NOON)], PoolDatesReversed, "CHUM"),
        (
            lambda: [chum(opens_at=NOON - DAY, release_at=NOON - DAY)],
            PoolDatesReversed,
            "CHUM",
        ),
    ],
)
def test_pools_that_cannot_be_are_refused_and_nothing_is_written(made, refusal, words):
    row = session(capacity=20, pools=[cusm(4)])
    events = SessionEvent.objects.count()

    with pytest.raises(refusal, match=words):
        save(row, pools=made())

    assert standing(row) == [("establishment", 4)]
    assert SessionEvent.objects.count() == events


def test_what_is_just_right_is_kept():
    """The negative control of the refusals: the same pools at their limits."""
    row = session(capacity=20)

    save(
        row,
        pools=[
            chum(12, release_at=NOON, opens_at=NOON - HOUR),
            cusm(8),
            pool(seats=0),
        ],
    )

    assert sum(capacity for _kind, capacity in standing(row)) == 20


def test_a_capacity_lowered_under_its_pools_is_refused():
    row = session(capacity=20, pools=[chum(8)])
    row.capacity = 7

    with pytest.raises(PoolsTooLarge, match=r"8\D+7"):
        save(row)
    row.refresh_from_db()
    assert row.capacity == 20


def test_without_a_limit_any_pool_fits():
    row = session(capacity=None, pools=[chum(500)])

    assert standing(row) == [("establishment", 500)]


def test_pools_of_a_cancelled_session_stand_still():
    row = open_session(pools=[chum()])
    cancel_session(session=row, by=None, at=AT, motive="Verglas")

    with pytest.raises(SettledSession):
        save(row, pools=[])


# ------------------------------------------------------------------ who hears of it
def test_a_change_of_pools_begins_a_release_and_wakes_the_list(heard):
    row = open_session(pools=[chum()])
    was, woken = row.release, freed(heard)

    save(row, pools=[cusm(2)])

    row.refresh_from_db()
    assert (row.release, freed(heard)) == (was + 1, woken + 1)
    (changes,) = [carried["changes"] for name, carried in heard if name == "session_changed"]
    assert changes == {SessionChange.POOLS}
    before, after = row.events.last().changes["pools"]
    assert [(each["people"], each["capacity"]) for each in before] == [("chum", 5)]
    assert [(each["people"], each["capacity"]) for each in after] == [("cusm", 2)]


def test_the_same_pools_kept_again_change_nothing(heard):
    row = open_session(pools=[chum(), pool(seats=2)])
    was, woken, events = row.release, freed(heard), row.events.count()

    save(row, pools=list(row.pools.all()))

    row.refresh_from_db()
    assert (row.release, freed(heard), row.events.count()) == (was, woken, events)


@pytest.mark.parametrize(("capacity", "released"), [(21, 1), (None, 1), (19, 0), (20, 0)])
def test_only_a_capacity_that_grows_begins_a_release(capacity, released, heard):
    row = open_session(capacity=20)
    was, woken = row.release, freed(heard)
    row.capacity = capacity

    save(row)

    row.refresh_from_db()
    assert (row.release, freed(heard)) == (was + released, woken + released)


def test_a_stale_form_does_not_turn_the_release_back():
    row = open_session(capacity=20)
    Session.objects.filter(pk=row.pk).update(release=7)
    row.language = "en"

    save(row)

    row.refresh_from_db()
    assert row.release == 7


# ------------------------------------------------------------------ rules of enrolment
def test_rules_are_kept_and_told_apart(heard):
    row, first = open_session(), session().course
    row.needs_approval = row.survey_gate = row.counts_strikes = row.takes_questions = True
    row.prerequisite = first

    save(row)

    row.refresh_from_db()
    assert (row.needs_approval, row.survey_gate, row.counts_strikes, row.takes_questions) == (
        (True,) * 4
    )
    assert row.prerequisite == first
    assert [carried["changes"] for name, carried in heard if name == "session_changed"] == [
        {SessionChange.RULES}
    ]


@pytest.mark.parametrize(
    ("opens", "requests", "closes", "refused"),
    [
        (AT, AT + DAY, AT + 2 * DAY, False),
        (AT, AT + DAY, AT + DAY, False),
        (None, NOON, None, False),
        (AT, AT, None, True),
        (AT + DAY, AT, None, True),
        (None, AT + DAY, AT, True),
        (None, NOON + HOUR, None, True),
    ],
)
def test_the_window_of_a_draw_stands_inside_enrolment(opens, requests, closes, refused):
    row = session()
    row.opening_mode = "draw"
    row.enrolment_opens_at, row.requests_close_at, row.enrolment_closes_at = opens, requests, closes

    if refused:
        with pytest.raises(DatesReversed):
            save(row)
    else:
        save(row)
        row.refresh_from_db()
        assert row.requests_close_at == requests


def test_a_draw_without_an_end_is_refused():
    row = session()
    row.opening_mode = "draw"

    with pytest.raises(WindowMissing):
        save(row)


@pytest.mark.parametrize("field", ["opening_mode", "requests_close_at"])
def test_the_window_of_an_announced_draw_is_fixed(field):
    row = session(opening_mode="draw", requests_close_at=NOON - 9 * DAY)
    changed = {"opening_mode": "first_come", "requests_close_at": NOON - 8 * DAY}[field]
    was = getattr(row, field)
    setattr(row, field, changed)
    save(row)  # nothing announced yet: the negative control
    setattr(row, field, was)
    save(row)
    Draw.objects.create(
        session=row, closes_at=NOON - 9 * DAY, seed="a", seed_hash="b", published_at=AT
    )

    setattr(row, field, changed)
    with pytest.raises(DrawAnnounced):
        save(row)

    row.refresh_from_db()
    row.language = "en"
    save(row)


def test_a_course_is_not_its_own_prerequisite():
    row = session()
    row.prerequisite = row.course

    with pytest.raises(PrerequisiteItself):
        save(row)


# ------------------------------------------------------------------ moves of the agenda
def test_meetings_moved_without_the_pools_leave_them_as_they_are():
    """A change on the day is not stopped by a release of seats that comes after it."""
    row = open_session(pools=[chum(release_at=NOON - HOUR)])

    save(row, meetings=[meeting(NOON - 3 * HOUR)])

    assert row.pools.get().release_at == NOON - HOUR


def test_a_session_that_was_held_still_keeps_its_pools():
    row = held(open_session(pools=[chum()]))

    save(row, at=NOON + DAY)

    assert standing(row) == [("establishment", 5)]
