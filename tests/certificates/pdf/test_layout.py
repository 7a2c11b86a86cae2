from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.pdf.layout import balanced, lines
from certificates.pdf.typefaces import SERIF, width

WORDS = st.text(alphabet="aWÉ-'漢字ب", min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=12), st.integers(60, 500))
def test_no_line_is_wider_than_its_column_and_no_letter_is_lost(words, room):
    text = " ".join(words)

    for breaking in (lines, balanced):
        broken = breaking(text, SERIF, 20.0, float(room))
        assert "".join(broken).replace(" ", "") == text.replace(" ", "")
        assert all(width(line, SERIF, 20.0) <= room for line in broken)
    assert len(balanced(text, SERIF, 20.0, float(room))) == len(
        lines(text, SERIF, 20.0, float(room))
    )


def test_words_are_not_broken_for_the_sake_of_balance():
    assert balanced("Académie Q-CROC", SERIF, 21.0, 112.0) == ("Académie", "Q-CROC")


def test_a_line_never_breaks_at_a_no_break_space():
    text = "Formation du 12\u00a0novembre\u00a02026"

    assert lines(text, SERIF, 20.0, 175.0) == ("Formation du", "12\u00a0novembre\u00a02026")
