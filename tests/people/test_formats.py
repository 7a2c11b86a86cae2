"""Django's own formatting, which the admin uses, follows Québec too."""

from datetime import date, datetime

from django.utils import formats, translation

import pytest


@pytest.mark.parametrize(
    ("name", "french", "english"),
    [
        ("SHORT_DATE_FORMAT", "2026-11-17", "2026-11-17"),
        ("DATE_FORMAT", "17 novembre 2026", "November 17, 2026"),
        ("TIME_FORMAT", "13~h~30", "1:30 p.m."),
        ("DATETIME_FORMAT", "17 novembre 2026, 13~h~30", "November 17, 2026, 1:30 p.m."),
    ],
)
def test_format_of_dates(name, french, english):
    moment = datetime(2026, 11, 17, 13, 30)  # noqa: DTZ001 - formats do not convert
    for language, words in (("fr", french), ("en", english)):
        with translation.override(language):
            assert formats.date_format(moment, name).replace("\xa0", "~") == words


def test_format_of_numbers():
    with translation.override("fr"):
        assert formats.number_format(12345.5, use_l10n=True, force_grouping=True) == "12\xa0345,5"
    with translation.override("en"):
        assert formats.number_format(12345.5, use_l10n=True, force_grouping=True) == "12,345.5"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_dates_are_typed_as_iso(language):
    with translation.override(language):
        assert formats.get_format("DATE_INPUT_FORMATS")[0] == "%Y-%m-%d"
        assert formats.localize_input(date(2026, 11, 17)) == "2026-11-17"
