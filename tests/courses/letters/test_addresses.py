"""Email addresses as people paste them."""

import pytest

from courses.letters.addresses import addresses_in


@pytest.mark.parametrize(
    ("line", "addresses"),
    [
        ("", []),
        ("  ", []),
        ("Ana@Hopital.example", ["ana@hopital.example"]),
        ("Ana Roy <ana@hopital.example>", ["ana@hopital.example"]),
        ("« Roy, Ana » <ana@a.example>, Ben <ben@b.example>", ["ana@a.example", "ben@b.example"]),
        ("ana@a.example; ben@b.example,cle@c.example", [
            "ana@a.example", "ben@b.example", "cle@c.example",
        ]),
    ],
)  # fmt: skip
def test_addresses_are_found_with_or_without_names(line, addresses):
    assert addresses_in(line) == addresses


@pytest.mark.parametrize(
    "line", ["Ana Roy", "ana@", "ana@a.example Roy", '=HYPERLINK("x")', f"{'a' * 250}@b.example"]
)
def test_a_line_that_holds_anything_else_is_not_half_read(line):
    assert addresses_in(line) is None
