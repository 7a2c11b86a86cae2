from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from attendance.choices import ReasonCode
from attendance.readers.report import ATTENDEE, HOST, Connection, Person, Report, people_of

START = datetime(2026, 5, 12, 13, tzinfo=UTC)


def row(
    name: str, email: str, start: int, end: int | None, role: str = ATTENDEE, *codes: str
) -> Connection:
    """A connection in minutes after the start."""
    return Connection(
        line=1,
        section="",
        role=role,
        name=name,
        original_name="",
        email=email,
        joined_at=START + timedelta(minutes=start),
        left_at=None if end is None else START + timedelta(minutes=end),
        minutes_stated=None,
        reasons=frozenset(codes),
    )


def group(*rows: Connection) -> list[Person]:
    return people_of(Report("list", "utf-8", None, "", list(rows), [], None))


def shape(people: list[Person]) -> list[tuple[str, str, int, set[str]]]:
    return [
        (person.name, person.email, len(person.connections), set(person.reasons))
        for person in people
    ]


def test_one_address_is_one_person_whatever_the_names() -> None:
    people = group(row("Ada", "ada@x.example", 0, 10), row("iPhone", "ada@x.example", 20, 30))

    assert shape(people) == [("Ada", "ada@x.example", 2, set())]


def test_two_devices_at_once_are_said_to_be_merged() -> None:
    people = group(row("Ada", "ada@x.example", 0, 10), row("iPhone", "ada@x.example", 9, 30))

    assert shape(people) == [("Ada", "ada@x.example", 2, {ReasonCode.OVERLAP_MERGED})]


def test_rows_of_one_name_without_address_are_one_person_by_name_only() -> None:
    people = group(row("Dana  Twin", "", 0, 10), row("dana twin", "", 10, 30))

    assert shape(people) == [("Dana  Twin", "", 2, {ReasonCode.NAME_ONLY})]


def test_one_name_connected_twice_at_once_is_never_merged() -> None:
    people = group(
        row("Dana Twin", "", 0, 10), row("Dana Twin", "", 9, 30), row("Dana Twin", "", 50, 60)
    )

    assert shape(people) == [("Dana Twin", "", 1, {ReasonCode.AMBIGUOUS_NAME})] * 3


def test_an_open_end_overlaps_whatever_follows() -> None:
    people = group(row("Dana Twin", "", 0, None), row("Dana Twin", "", 50, 60))

    assert [person.reasons for person in people] == [{ReasonCode.AMBIGUOUS_NAME}] * 2


def test_a_name_with_an_address_and_the_same_name_without_stay_apart() -> None:
    people = group(row("Ada", "ada@x.example", 0, 10), row("Ada", "", 20, 30))

    assert shape(people) == [
        ("Ada", "ada@x.example", 1, set()),
        ("Ada", "", 1, {ReasonCode.NAME_ONLY}),
    ]


def test_accents_tell_people_apart() -> None:
    assert len(group(row("Rene", "", 0, 10), row("René", "", 20, 30))) == 2


def test_nameless_rows_are_each_someone() -> None:
    people = group(row("", "", 0, 10), row("", "", 20, 30))

    assert shape(people) == [("", "", 1, set())] * 2


def test_the_highest_role_and_all_reasons_are_kept() -> None:
    (person,) = group(
        row("", "ada@x.example", 0, 10, ATTENDEE, ReasonCode.OPEN_END),
        row("Ada", "ada@x.example", 20, 30, HOST, ReasonCode.HOST),
    )

    assert (person.name, person.role) == ("Ada", HOST)
    assert person.reasons == {ReasonCode.OPEN_END, ReasonCode.HOST}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Ada", "Bo", ""]),
            st.sampled_from(["ada@x.example", ""]),
            st.integers(0, 50),
            st.integers(0, 10),
        ),
        max_size=12,
    )
)
def test_every_row_belongs_to_exactly_one_person(
    rows: list[tuple[str, str, int, int]],
) -> None:
    connections = [row(name, email, start, start + size) for name, email, start, size in rows]

    people = group(*connections)

    held = [connection for person in people for connection in person.connections]
    assert sorted(map(id, held)) == sorted(map(id, connections))
