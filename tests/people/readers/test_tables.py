import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.readers.tables import LIMITS, UnreadableTable, read_table

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
ROWS = [["Nom", "Courriel"], ["Hélène Côté", "h@demo.example"], ["Roy, Jean", "r@demo.example"]]


def text(delimiter: str = ",", newline: str = "\r\n") -> str:
    return newline.join(delimiter.join(f'"{cell}"' for cell in row) for row in ROWS) + newline


# ------------------------------------------------------------------ encoding
@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (text().encode(), "utf-8"),
        (text().encode("utf-8-sig"), "utf-8-sig"),
        ((MARK + text()).encode("utf-16-le"), "utf-16-le"),
        ((MARK + text()).encode("utf-16-be"), "utf-16-be"),
        (text().encode("utf-16-le"), "utf-16-le"),
        (text().encode("utf-16-be"), "utf-16-be"),
        (text().encode("cp1252"), "cp1252"),
        (text().encode("ascii", "ignore"), "utf-8"),
    ],
)
def test_encoding_is_found_out(data: bytes, encoding: str) -> None:
    table = read_table(data)

    assert table.encoding == encoding
    assert [row[1] for row in table.rows] == [row[1] for row in ROWS]
    assert table.warnings == []


def test_one_wrong_byte_at_the_far_end_makes_the_file_cp1252() -> None:
    data = text().encode("ascii", "ignore") * 50_000 + b"Ren\xe9,r@demo.example\r\n"

    table = read_table(data)

    assert table.encoding == "cp1252"
    assert [*table.rows][-1] == ["René", "r@demo.example"]


def test_bytes_that_no_encoding_knows_are_replaced_and_said() -> None:
    table = read_table(b"Nom,Courriel\nRen\x81\xe9,r@demo.example\n")

    assert [*table.rows][1] == ["Ren\N{REPLACEMENT CHARACTER}é", "r@demo.example"]
    assert table.warnings == ["Line 2 holds characters that could not be read: check it."]


def test_null_characters_cost_a_warning_and_nothing_after_them() -> None:
    table = read_table(b"Nom,Courriel\nA\0da,a\0@demo.example\nBo,b@demo.example\n")

    assert [*table.rows][1:] == [["Ada", "a@demo.example"], ["Bo", "b@demo.example"]]
    assert table.warnings == ["Line 2 held null characters, which were removed: check it."]


def test_warnings_are_those_of_the_last_pass_only() -> None:
    table = read_table(b"Nom,Courriel\nA\0da,a@demo.example\n")

    assert [*table.rows] == [*table.rows]
    assert len(table.warnings) == 1


# ------------------------------------------------------------------ dialect
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiter_and_newline_are_found_out(delimiter: str, newline: str) -> None:
    table = read_table(text(delimiter, newline).encode())

    assert table.delimiter == delimiter
    assert [*table.rows] == ROWS


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (
            b"1. Summary\nName\tFirst join\nRoy, Jean\t14/11/22, 09:30\n",
            ["Roy, Jean", "14/11/22, 09:30"],
        ),
        (b"Titre\nNom;Heures\nAda;1,5\nBo;2,5\n", ["Bo", "2,5"]),
        (b'a, b\n"Roy; J.", "x, y"\n', ["Roy; J.", "x, y"]),
        (b"a@demo.example\nb@demo.example\n", ["b@demo.example"]),
    ],
)
def test_marks_inside_cells_do_not_pass_for_the_delimiter(data: bytes, row: list[str]) -> None:
    assert [*read_table(data).rows][-1] == row


def test_the_delimiter_that_excel_names_is_obeyed_and_left_out() -> None:
    table = read_table(b"sep=;\r\nNom;Ville\r\nAda;Laval, QC\r\n")

    assert [*table.numbered()] == [(2, ["Nom", "Ville"]), (3, ["Ada", "Laval, QC"])]


def test_cells_lose_outer_blanks_and_formula_wrappings() -> None:
    data = '="2021-06-14 17:00:00"\t\N{NO-BREAK SPACE}Ada \t"=""0012"""\t="a\n'.encode()

    assert [*read_table(data).rows] == [["2021-06-14 17:00:00", "Ada", "0012", '="a']]


def test_rows_know_their_line_and_blank_ones_are_empty() -> None:
    table = read_table(b'a,b\n,,\n"two\nlines",c\n\nd,e\n')

    assert [*table.numbered()] == [
        (1, ["a", "b"]), (2, []), (4, ["two\nlines", "c"]), (5, []), (6, ["d", "e"]),
    ]  # fmt: skip


def test_head_skips_blank_rows() -> None:
    assert read_table(b"\n\na,b\n\nc,d\ne,f\n").head(2) == [["a", "b"], ["c", "d"]]


# ------------------------------------------------------------------ sources
def test_a_file_object_is_read_again_at_each_pass_and_stays_open() -> None:
    file = io.BytesIO(text().encode("utf-8-sig"))

    table = read_table(file)

    assert [*table.rows] == [*table.rows] == ROWS
    assert not file.closed


# ------------------------------------------------------------------ refusals
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", b",,,\n,,,\n", b"\xff\xfe"])
def test_an_empty_file_is_called_empty(data: bytes) -> None:
    with pytest.raises(UnreadableTable, match=r"^This file is empty\.$"):
        read_table(data)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%...",
        b"\x89PNG\r\n\x1a\n....",
        b"<!DOCTYPE html><title>Sign in</title>",
        b"\xef\xbb\xbf  <html>",
        b'{"event": "meeting.ended"}',
        b'[\n  {"event": "meeting.ended"}]',
        bytes(range(1, 32)) * 20,
    ],
)
def test_a_file_of_another_kind_is_no_table(data: bytes) -> None:
    with pytest.raises(UnreadableTable, match=r"^This file is not a table\."):
        read_table(data)


def test_an_old_workbook_says_how_to_save_it() -> None:
    with pytest.raises(UnreadableTable, match=r"Save it as \.xlsx without a password"):
        read_table(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'a,b\nc,d\n"e,f\ng,h\n', 3),
        (b'a,b\nc,d\ne,"f"g\n', 3),
        (b'a,b\n"two\nlines",c\nd,"' + b"x" * 200_000 + b'"\n', 4),
        (b'a,b\n"' + b"line of a cell without end\n" * 20_000, 2),
    ],
)
def test_a_stray_quotation_mark_refuses_the_file_and_names_its_line(data: bytes, line: int) -> None:
    with pytest.raises(UnreadableTable, match=f"that begins on line {line} has a quotation mark"):
        list(read_table(data).rows)


def test_a_file_above_the_ceiling_is_refused_with_the_ceiling() -> None:
    limits = replace(LIMITS, max_bytes=2 * 1024 * 1024)

    assert read_table(b"a,b\n" * (512 * 1024), limits=limits).delimiter == ","
    with pytest.raises(UnreadableTable, match="more than 2 MB"):
        read_table(b"a,b\n" * (512 * 1024) + b"c", limits=limits)


def test_too_many_rows_are_refused_with_the_ceiling() -> None:
    limits = replace(LIMITS, max_rows=2_000)

    assert sum(1 for _row in read_table(b"a,b\n" * 3_000, limits=limits).rows) == 3_000  # headings
    with pytest.raises(UnreadableTable, match="more than 2\N{NO-BREAK SPACE}000 rows"):
        list(read_table(b"a,b\n" * 3_001, limits=limits).rows)


def test_one_endless_line_is_refused_before_it_is_in_memory() -> None:
    with pytest.raises(UnreadableTable, match="Line 2 is far too long"):
        list(read_table(b"a,b\n" + b"x," * 600_000).rows)


# ------------------------------------------------------------------ properties
LETTERS = st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t")


@given(
    st.lists(
        st.lists(
            st.text(LETTERS, max_size=8),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_is_written_in_quotes_is_read_back(rows: list[list[str]]) -> None:
    rows = [["heading", "other"], *rows]
    quoted = ["\t".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]

    found = [*read_table("\n".join(quoted).encode()).rows]

    expected = [[cell.strip() for cell in row] for row in rows]
    assert found[0] == expected[0]
    assert [row for row in found if row] == [
        [cell[2:-1].replace('""', '"') if wrapped(cell) else cell for cell in row]
        for row in expected
        if any(row)
    ]


def wrapped(cell: str) -> bool:
    return cell.startswith('="') and cell.endswith('"') and len(cell) > 2


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_sentence(data: bytes) -> None:
    try:
        answer = str([*read_table(data).rows])
    except UnreadableTable as refusal:
        answer = str(refusal)

    assert answer.endswith((".", "]"))
