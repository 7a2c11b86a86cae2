"""Whatever the bytes: a report, or a sentence. Never a traceback."""

import random
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.readers import UnreadableReport, read_report
from people.sheets import xlsx_bytes
from tests.attendance.reports import Webinar, month_first, visit

TORONTO = ZoneInfo("America/Toronto")
WEBINAR = Webinar(
    hosts=(visit("Hélène Hôte", "hote@demo.example", "08:07:27", "17:14:45"),),
    panellists=(visit("Paule (Paule Roy)", "paule@demo.example", "09:00", "10:59:58"),),
    attendees=(
        visit("Ada Nova", "ada@demo.example", "09:40", "10:00:30"),
        visit("Grâce Roy", "grace@demo.example", "09:00:01", None),
    ),
    others=(visit("Invité", "", "14:20", "14:21"),),
    no_shows=("absente@demo.example",),
)
TITLE, *ROWS = WEBINAR.rows()
SEEDS = {
    "named": WEBINAR.data(),
    "numeric": WEBINAR.with_stamp(month_first).data(),
    "bare": WEBINAR.text("\t").replace('"', "").encode(),  # no quotation mark to trip over
    "cp1252": WEBINAR.text(";", "\r\n").encode("cp1252"),
    "utf-16": ("\ufeff" + WEBINAR.text("\t")).replace('"', "").encode("utf-16-le"),
    "xlsx": xlsx_bytes("Rapport", TITLE, ROWS),
}


def outcome(data: bytes) -> str:
    """What the reader answers; anything but a report or a sentence is raised."""
    try:
        report = read_report(data, zone=TORONTO, on=date(2020, 3, 28))
    except UnreadableReport as refusal:
        return str(refusal)
    assert report.connections
    assert all(row.joined_at and row.joined_at.tzinfo for row in report.connections)
    return "read"


def spoilt(seed: bytes, chance: random.Random) -> bytes:
    """One to four accidents: cut, doubled, overwritten, shuffled or poisoned bytes."""
    data = bytearray(seed)
    for _turn in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        size = chance.choice((1, 2, 7, 60))
        match chance.randrange(6):
            case 0:
                del data[place:]
            case 1:
                del data[place : place + size]
            case 2:
                data[place:place] = data[place : place + size]
            case 3:
                data[place : place + size] = chance.randbytes(size)
            case 4:
                data[place:place] = chance.choice(
                    (b"\0", b'"', b"\r", b"\n", b",", b'="', b"--", b"\xff\xfe", "\ufffd".encode())
                )
            case 5:
                lines = bytes(data).split(b"\n")
                chance.shuffle(lines)
                data[:] = b"\n".join(lines)
    return bytes(data)


@pytest.mark.parametrize("name", SEEDS)
def test_the_seeds_of_these_accidents_are_good_reports(name: str) -> None:
    assert outcome(SEEDS[name]) == "read"


@pytest.mark.parametrize("number", range(60))
@pytest.mark.parametrize("name", SEEDS)
def test_a_spoilt_report_is_read_or_refused_in_words(name: str, number: int) -> None:
    answer = outcome(spoilt(SEEDS[name], random.Random(f"{name} {number}")))

    assert answer == "read" or answer.endswith((".", "?"))


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    assert outcome(data).endswith(("read", ".", "?"))


@settings(max_examples=200)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [*TITLE, *{cell for row in ROWS for cell in row}, "Attendee Details", "", "\0", "é"]
            ),
            max_size=10,
        ),
        max_size=12,
    )
)
def test_any_rows_of_known_cells_are_read_or_refused_in_words(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)

    assert outcome(text.encode()).endswith(("read", ".", "?"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf\r\n\r\n", "This file is empty."),
        (
            b"%PDF-1.7 ...",
            "This file is not a table. Choose a CSV or Excel file, as it was exported.",
        ),
        (
            WEBINAR.data()[:-40],
            "The row that begins on line 18 has a quotation mark that is never closed, or one out "
            "of place. Nothing was read: correct the file, or export it again.",
        ),
    ],
)
def test_the_sentence_says_what_is_wrong(data: bytes, sentence: str) -> None:
    assert outcome(data) == sentence
