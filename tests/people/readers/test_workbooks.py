import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from people.readers.tables import LIMITS, UnreadableTable, read_table

noon = datetime.fromisoformat("2026-05-12 11:40:00")


def workbook(fill: Callable[[Workbook], None]) -> bytes:
    book = Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(**values: object) -> bytes:
    """A workbook with these cells: `cells(B3="Ada")`."""

    def fill(book: Workbook) -> None:
        for name, value in values.items():
            book.active[name] = value

    return workbook(fill)


def rewritten(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same archive with each part passed through `change`."""
    out = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(data))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def test_typed_cells_become_the_text_a_csv_would_hold() -> None:
    data = cells(
        A1="Ada ", B1=noon, C1=date(2026, 5, 12), D1=time(10, 0), E1=12, F1=1.5, G1=True,
        H1=timedelta(hours=1, minutes=5), I1=None, J1="fin",
    )  # fmt: skip

    table = read_table(data)

    assert [*table.rows] == [
        ["Ada", "2026-05-12 11:40:00", "2026-05-12", "10:00:00", "12", "1.5", "TRUE",
         "1:05:00", "", "fin"],
    ]  # fmt: skip
    assert (table.encoding, table.delimiter, table.warnings) == ("xlsx", "", [])


def test_rows_keep_the_numbers_they_have_in_the_sheet() -> None:
    assert [*read_table(cells(B3="Nom", B5="Ada")).numbered()] == [
        (1, []), (2, []), (3, ["Nom"]), (4, []), (5, ["Ada"]),
    ]  # fmt: skip


def test_a_formula_is_read_by_its_stored_result_with_a_warning_that_names_the_cell() -> None:
    table = read_table(
        rewritten(
            cells(A1="Nom", A2="=UPPER(A1)", B2="reste"),
            lambda _name, part: (
                part.replace(b"<v></v>", b"<v>7</v>")
                .replace(b"<v/>", b"<v>7</v>")
                .replace(b"<v />", b"<v>7</v>")
            ),
        )
    )

    assert [*table.rows] == [["Nom", ""], ["7", "reste"]]
    assert table.warnings == ["Cell A2 holds a formula: its last saved result was read."]


def test_only_the_first_visible_sheet_with_content_is_read_and_that_is_said() -> None:
    def fill(book: Workbook) -> None:
        book.active.title = "Vide"
        hidden = book.create_sheet("Cachée")
        hidden.sheet_state = "hidden"
        hidden["A1"] = "secret"
        book.create_sheet("Une")["A1"] = "une"
        book.create_sheet("Deux")["A1"] = "deux"

    table = read_table(workbook(fill))

    assert [*table.rows] == [["une"]]
    assert table.warnings == ["Only the first sheet of this workbook, “Une”, was read."]


def test_a_workbook_is_read_at_each_pass() -> None:
    table = read_table(cells(A1="Nom", A2="Ada"))

    assert [*table.rows] == [*table.rows] == [["Nom"], ["Ada"]]


# ------------------------------------------------------------------ refusals
def test_an_empty_workbook_is_called_empty() -> None:
    with pytest.raises(UnreadableTable, match=r"^This file is empty\.$"):
        read_table(cells())


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_cut_workbook_is_called_damaged(keep: float) -> None:
    data = cells(A1="Nom")

    with pytest.raises(UnreadableTable, match="damaged or incomplete"):
        read_table(data[: int(len(data) * keep)])


def test_another_archive_is_called_one() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("rapport.csv", "a,b\n")

    with pytest.raises(UnreadableTable, match="is an archive, not a table"):
        read_table(out.getvalue())


def test_a_part_that_unpacks_beyond_the_ceiling_is_refused() -> None:
    limits = replace(LIMITS, max_unpacked=100_000, max_ratio=10_000)
    data = cells(A1="x" * 32_000, A2="y" * 32_000)

    assert read_table(data, limits=limits)
    with pytest.raises(UnreadableTable, match="holds more than we read"):
        read_table(cells(**{f"A{n}": chr(96 + n) * 32_000 for n in range(1, 5)}), limits=limits)


def test_an_archive_that_swells_out_of_proportion_is_refused() -> None:
    data = rewritten(
        cells(A1="Nom"),
        lambda name, part: part + b" " * 9_000_000 if name.endswith("sheet1.xml") else part,
    )

    assert len(data) < 20_000
    with pytest.raises(UnreadableTable, match="holds more than we read"):
        read_table(data)


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    """The true content is 5 MB; the directory says 900 bytes, so that ratio and sum look small."""
    honest = rewritten(
        cells(A1="Nom"),
        lambda name, part: part + b" " * 5_000_000 if name.endswith("sheet1.xml") else part,
    )
    archive = zipfile.ZipFile(io.BytesIO(honest))
    size = next(i.file_size for i in archive.infolist() if i.filename.endswith("sheet1.xml"))
    lying = honest.replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little"))

    assert lying != honest
    with pytest.raises(UnreadableTable, match="damaged or incomplete"):
        read_table(lying)


def test_one_cell_in_the_last_corner_is_refused() -> None:
    with pytest.raises(UnreadableTable, match="2 million cells"):
        read_table(cells(A1="Nom", XFD1048576="x"))


def test_an_empty_cell_in_the_last_corner_harms_nobody() -> None:
    def fill(book: Workbook) -> None:
        book.active["A1"] = "Nom"
        book.active["XFD1048576"].number_format = "0.00"

    assert [*read_table(workbook(fill)).rows] == [["Nom"]]


def test_a_long_text_shared_by_many_cells_is_refused() -> None:
    rows = {f"A{n}": "x" * 30_000 for n in range(1, 2_000)}

    with pytest.raises(UnreadableTable, match="holds more than we read"):
        read_table(cells(**rows))


def test_too_many_parts_are_refused() -> None:
    out = io.BytesIO(cells(A1="Nom"))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(300):
            archive.writestr(f"xl/media/{number}.png", b"")

    with pytest.raises(UnreadableTable, match="damaged or incomplete"):
        read_table(out.getvalue())


def test_a_document_type_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    data = rewritten(
        cells(A1="Nom"),
        lambda name, part: bomb + part if name.endswith("sheet1.xml") else part,
    )

    with pytest.raises(UnreadableTable, match="damaged or incomplete"):
        read_table(data)
