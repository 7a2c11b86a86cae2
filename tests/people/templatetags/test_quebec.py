from datetime import UTC, datetime

from django.template import Context, Template
from django.utils import translation

import pytest

START = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
END = datetime(2026, 11, 17, 18, 30, tzinfo=UTC)


def drawn(source: str, language: str, **context: object) -> str:
    with translation.override(language):
        text = Template("{% load quebec %}" + source).render(Context(context))
    return text.replace("\N{NO-BREAK SPACE}", "~")


@pytest.mark.parametrize(
    ("source", "french", "english"),
    [
        ("{{ start|date_long }}", "mardi 17~novembre 2026", "Tuesday, November~17, 2026"),
        ("{{ start|date_plain }}", "17~novembre 2026", "November~17, 2026"),
        ("{{ start|date_short }}", "17~nov.~2026", "Nov.~17, 2026"),
        ("{{ start|hour }}", "12~h", "noon"),
        ("{{ start|hours:end }}", "12~h à 13~h~30", "noon to 1:30~p.m."),
        (
            "{{ start|interval:end }}",
            "mardi 17~novembre 2026, 12~h à 13~h~30",
            "Tuesday, November~17, 2026, noon to 1:30~p.m.",
        ),
        ("{{ 3|ordinal }}", "3e", "3rd"),
        ("{{ 1|ordinal:'f' }}", "1re", "1st"),
        ("{{ value|number }}", "12~345,5", "12,345.5"),
        ("{{ value|number:0 }}", "12~346", "12,346"),
        ("{{ 90|percent }}", "90~%", "90%"),
        ("{{ 90|duration }}", "1~h~30~min", "1~h~30~min"),
    ],
)
def test_filter_writes_in_the_active_language(source, french, english):
    context = {"start": START, "end": END, "value": 12345.5}
    assert drawn(source, "fr", **context) == french
    assert drawn(source, "en", **context) == english


def test_missing_value_writes_nothing():
    assert (
        drawn(
            "[{{ nothing|date_long }}{{ none|hour }}{{ start|hours:none }}]",
            "fr",
            none=None,
            start=START,
        )
        == "[]"
    )
