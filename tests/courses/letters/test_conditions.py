"""What a session asks, in plain words: for whom, which seats are kept, how they are given."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

from django.utils import translation

import pytest

from courses.letters.conditions import (
    card_notes,
    conditions_of,
    is_by_request,
    kept_until,
    own_pool_sentence,
    pool_sentence,
)

AT = datetime(2026, 9, 1, 13, 0, tzinfo=UTC)
RELEASE = datetime(2026, 11, 3, 14, 0, tzinfo=UTC)  # 9 h in Montréal
KEY = UUID(int=7)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def a_pool(kind: str = "establishment", capacity: int = 5, **fields):
    given = {
        "establishment": SimpleNamespace(short_name="CHUM"),
        "community": SimpleNamespace(name_fr="Communauté thoracique", name_en="Thoracic community"),
        "profession": SimpleNamespace(title_fr="Médecin", title_en="Physician"),
        "opens_at": None,
        "release_at": None,
    } | fields
    return SimpleNamespace(kind=kind, capacity=capacity, **given)


def a_session(**fields):
    given = {
        "audience": "everyone",
        "opening_mode": "first_come",
        "requests_close_at": None,
        "needs_approval": False,
        "prerequisite_id": None,
        "survey_gate": False,
        "counts_strikes": False,
    } | fields
    return SimpleNamespace(**given)


def said(session, pools=(), **more) -> list[str]:
    return [plain(line.text) for line in conditions_of(session, pools, at=AT, **more)]


# ------------------------------------------------------------------ seats kept
@pytest.mark.parametrize(
    ("kind", "count", "words"),
    [
        ("establishment", 5, "5 seats kept for CHUM"),
        ("establishment", 1, "1 seat kept for CHUM"),
        ("community", 2, "2 seats kept for the members of “Thoracic community”"),
        ("profession", 2, "2 seats kept for the profession “Physician”"),
        ("guests", 1, "1 seat kept for people invited"),
    ],
)
def test_seats_kept_name_their_people(kind, count, words):
    assert kept_until(a_pool(kind, count)) == words


def test_a_card_says_the_day_of_the_release_and_a_page_its_hour():
    pool = a_pool(release_at=RELEASE)

    assert plain(kept_until(pool)) == "5 seats kept for CHUM until November 3, 2026"
    assert plain(pool_sentence(pool, 2)) == (
        "5 seats kept for CHUM until 9 a.m. on November 3, 2026; then they are open to everybody "
        "(2 are still free)."
    )
    assert plain(pool_sentence(a_pool(), 1)) == "5 seats kept for CHUM (1 is still free)."
    assert plain(pool_sentence(a_pool(), 0)) == "5 seats kept for CHUM (none is free any more)."


def test_one_s_own_seats_say_from_when_until_then():
    pool = a_pool(opens_at=RELEASE)

    before = plain(own_pool_sentence(pool, at=RELEASE - timedelta(seconds=1)))
    assert before == (
        "You may use the seats kept for CHUM from 9 a.m. on Tuesday, November 3, 2026."
    )
    assert own_pool_sentence(pool, at=RELEASE) == "You may use the seats kept for CHUM."
    assert "people invited" in own_pool_sentence(a_pool("guests"), at=AT)


# ------------------------------------------------------------------ rules
@pytest.mark.parametrize(
    ("fields", "beginning"),
    [
        ({"audience": "network"}, "For professionals of the network"),
        ({"audience": "invitation"}, "By invitation"),
        ({}, "Open to everyone with an account."),
    ],
)
def test_the_first_line_says_for_whom(fields, beginning):
    (line,) = said(a_session(**fields))
    assert line.startswith(beginning)


def test_each_rule_has_its_line_and_none_without_it():
    everything = a_session(
        opening_mode="draw",
        requests_close_at=RELEASE,
        needs_approval=True,
        prerequisite_id=3,
        prerequisite=SimpleNamespace(key=KEY, title_fr="Les BPC", title_en="GCP"),
        survey_gate=True,
        counts_strikes=True,
    )

    lines = conditions_of(everything, [(a_pool(), 5)], at=AT)

    assert len(lines) == 7
    assert len(said(a_session())) == 1
    (prerequisite,) = [line for line in lines if line.url]
    assert (prerequisite.link, str(KEY) in prerequisite.url) == ("GCP", True)


def test_a_draw_says_until_when_and_that_earlier_is_no_better():
    session = a_session(opening_mode="draw", requests_close_at=RELEASE)

    (_audience, before) = said(session)
    (_audience, after) = [plain(line.text) for line in conditions_of(session, [], at=RELEASE)]

    assert "before 9 a.m. on Tuesday, November 3, 2026" in before
    assert "no advantage" in before
    assert after.startswith("Seats were given by a draw")


def test_late_withdrawals_and_absences_are_said_with_their_figures_and_one_s_own():
    session = a_session(counts_strikes=True)

    rule = said(session)[1]
    for figure in ("1 for a late", "2 for an absence", "365 days", "From 2 points", "48 hours",
                   "from 4"):  # fmt: skip
        assert figure in rule, figure
    assert len(said(session, points=0)) == 2
    assert said(session, points=1)[2] == "You have 1 point at present."
    assert said(session, points=3)[2] == "You have 3 points at present."
    assert len(said(a_session(), points=3)) == 1


@pytest.mark.parametrize(
    ("fields", "by_request"),
    [
        ({}, False),
        ({"needs_approval": True}, True),
        ({"opening_mode": "draw", "requests_close_at": RELEASE}, True),
        ({"opening_mode": "draw", "requests_close_at": AT}, False),
        ({"requests_close_at": RELEASE}, False),
    ],
)
def test_a_seat_is_asked_for_by_approval_and_while_a_draw_takes_requests(fields, by_request):
    assert is_by_request(a_session(**fields), at=AT) is by_request


def test_a_card_says_only_what_differs_from_the_usual():
    unusual = a_session(
        audience="network", opening_mode="draw", requests_close_at=RELEASE, needs_approval=True,
        prerequisite_id=3,
    )  # fmt: skip

    assert card_notes(a_session(counts_strikes=True, survey_gate=True), [], at=AT) == []
    assert [plain(each) for each in card_notes(unusual, [a_pool()], at=AT)] == [
        "For professionals of the network",
        "5 seats kept for CHUM",
        "Seats given by a draw",
        "Upon approval",
        "With a prerequisite",
    ]
    assert card_notes(a_session(audience="invitation"), [], at=AT) == ["By invitation"]
