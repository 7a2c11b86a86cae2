import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.utils import translation

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from people.sheets import csv_bytes, xlsx_bytes

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("x")']


def lines(data: bytes) -> list[str]:
    assert data.startswith(b"\xef\xbb\xbf")
    return data.decode("utf-8-sig").split("\r\n")


def sheet(data: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(data)).active


# ------------------------------------------------------------------ CSV
@pytest.mark.parametrize("formula", FORMULAS)
def test_csv_marks_whatever_begins_like_a_formula(formula: str) -> None:
    data = csv_bytes([formula], [[formula]])

    text = data.decode("utf-8-sig").replace('""', '"')
    assert text.count("'" + formula) == 2


def test_csv_is_what_a_french_spreadsheet_opens() -> None:
    row = ["Côté; Hélène", 1.5, Decimal("2.50"), -3, None, date(2026, 5, 12)]

    assert lines(csv_bytes(["Nom", "Heures"], [row])) == [
        "Nom;Heures", '"Côté; Hélène";1,5;2,50;-3;;2026-05-12', "",
    ]  # fmt: skip


def test_csv_writes_instants_in_the_local_zone_and_durations_in_hours() -> None:
    instant = datetime(2026, 5, 12, 15, 40, 7, 999, tzinfo=UTC)

    assert lines(csv_bytes(["x"], [[instant, timedelta(hours=30, minutes=5)]]))[1] == (
        "2026-05-12 11:40:07;30:05:00"
    )


def test_csv_loses_characters_that_tables_cannot_hold() -> None:
    assert lines(csv_bytes(["x"], [["a\0b\x07\ud800"]]))[1] == "ab"


def test_truth_is_written_in_words() -> None:
    with translation.override("en"):
        assert lines(csv_bytes(["x"], [[True, False]]))[1] == "Yes;No"


@given(st.lists(st.text(max_size=10), min_size=1, max_size=4))
def test_no_csv_cell_of_text_ever_begins_like_a_formula(row: list[str]) -> None:
    text = csv_bytes(["titre"], [["x"], row]).decode("utf-8-sig")
    table = csv.reader(io.StringIO(text, newline=""), delimiter=";")

    assert not [
        cell
        for cells in table
        for cell in cells
        if cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    ]


# ------------------------------------------------------------------ XLSX
@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A", '=HYPERLINK("x")'])
def test_xlsx_text_is_never_a_formula(formula: str) -> None:
    page = sheet(xlsx_bytes("Présences", [formula], [[formula]]))

    assert [(row[0].value, row[0].data_type) for row in page] == [(formula, "s")] * 2
    assert page["A2"].quotePrefix == (formula != "#N/A")


def test_xlsx_keeps_types() -> None:
    instant = datetime(2026, 5, 12, 15, 40, tzinfo=UTC)
    page = sheet(
        xlsx_bytes("x", ["a"], [[instant, date(2026, 5, 12), time(9, 30), 1.5, -3, None, "é"]])
    )

    assert [(cell.value, cell.number_format) for cell in page[2]] == [
        (datetime.fromisoformat("2026-05-12 11:40"), "yyyy-mm-dd hh:mm"),
        (datetime.fromisoformat("2026-05-12"), "yyyy-mm-dd"),
        (time(9, 30), "hh:mm"),
        (1.5, "General"),
        (-3, "General"),
        (None, "General"),
        ("é", "General"),
    ]


def test_xlsx_header_is_frozen_bold_and_filtered() -> None:
    page = sheet(xlsx_bytes("x", ["Nom", "Courriel"], [["Ada", "a@demo.example"]] * 3))

    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:B4")
    assert [cell.font.bold for cell in page[1]] == [True, True]


def test_xlsx_without_rows_is_a_workbook_all_the_same() -> None:
    assert [[cell.value for cell in row] for row in sheet(xlsx_bytes("x", ["Nom"], []))] == [
        ["Nom"]
    ]


def test_xlsx_columns_are_as_wide_as_what_they_hold():
    rows = [
        ["Andrée-Anne Asselin", "x" * 90, datetime(2026, 5, 12, tzinfo=UTC), ""],
        ["Ana", "", None, ""],
    ]
    widths = sheet(
        xlsx_bytes("Liste", ["Nom", "Texte", "Le", "Une colonne"], rows)
    ).column_dimensions

    assert [widths[letter].width for letter in "ABCD"] == [21, 60, 18, 15]


def test_xlsx_rows_beyond_those_measured_are_all_written():
    assert sheet(xlsx_bytes("Liste", ["n"], ([n] for n in range(450)))).max_row == 451


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Séance 1/2: [test]?*\\", "Séance 1 2 test"),
        ("x" * 50, "x" * 31),
        ("", "1"),
        ("'''", "1"),
    ],
)
def test_xlsx_title_obeys_excel(title: str, expected: str) -> None:
    assert sheet(xlsx_bytes(title, ["x"], [])).title == expected


def test_xlsx_loses_characters_that_xml_cannot_hold_and_cuts_what_excel_cannot() -> None:
    page = sheet(xlsx_bytes("x", ["a\0\x1fb\ud800\uffff"], [["y" * 40_000]]))

    assert (page["A1"].value, len(page["A2"].value)) == ("ab", 32_767)


@given(st.lists(st.text(max_size=10), min_size=1, max_size=4))
def test_any_text_makes_a_workbook_that_opens(row: list[str]) -> None:
    assert sheet(xlsx_bytes("x", row, [row])).max_row == 2
