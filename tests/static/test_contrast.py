"""Measured contrast of every pair of colours that meet on a page, in both schemes.

WCAG 2.2: text 4.5 to 1 (1.4.3), parts one must see to use a thing 3 to 1 (1.4.11).
"""

import re
from pathlib import Path

import pytest

TOKENS = Path("static/css/tokens.css")
TEXT, PART = 4.5, 3.0
GROUNDS = ("ground", "paper", "sunken", "wash")
STATES = ("success", "attention", "error", "now")


def tokens(css: str) -> dict[str, dict[str, str]]:
    """{"light": {"ink": "#13292f", …}, "dark": …} of every colour in the file."""
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    colour = r"#[0-9a-f]{6}"
    for name, light, dark in re.findall(rf"--([\w-]+): light-dark\(({colour}), ({colour})\)", css):
        found["light"][name], found["dark"][name] = light, dark
    for name, both in re.findall(rf"--([\w-]+): ({colour});", css):
        found["light"][name] = found["dark"][name] = both
    return found


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it, 0 to 1."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


PAIRS = [
    *[("ink", ground, TEXT) for ground in GROUNDS],
    *[("ink-soft", ground, TEXT) for ground in GROUNDS],
    *[("action", ground, TEXT) for ground in GROUNDS],
    *[("action-strong", ground, TEXT) for ground in GROUNDS],
    *[(state, ground, TEXT) for state in STATES for ground in ("ground", "paper")],
    *[(state, f"{state}-wash", TEXT) for state in STATES],
    *[("ink", f"{state}-wash", TEXT) for state in STATES],
    *[("action", f"{state}-wash", TEXT) for state in STATES],
    ("on-action", "action", TEXT),
    ("on-action", "action-strong", TEXT),
    ("on-now", "now", TEXT),
    ("on-now", "now-strong", TEXT),
    *[("line-strong", ground, PART) for ground in GROUNDS],
    *[("focus", ground, PART) for ground in GROUNDS],
    *[("action", ground, PART) for ground in GROUNDS],
]
# The bands (hero, footer) show the dark set on --deep, whatever the scheme.
ON_BAND = [("ink", TEXT), ("ink-soft", TEXT), ("action", TEXT), ("line-strong", PART)]


@pytest.fixture(scope="module")
def colours() -> dict[str, dict[str, str]]:
    return tokens(TOKENS.read_text())


def test_contrast_of_black_on_white_is_twenty_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_contrast_of_a_known_pair_is_as_published():
    """#767676 on white is the lightest grey that passes: 4.54."""
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


def test_tokens_hold_every_colour_in_both_schemes(colours):
    declared = set(re.findall(r"--([\w-]+):[^;]*#[0-9a-f]{3,8}", TOKENS.read_text()))
    assert declared == set(colours["light"]) == set(colours["dark"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast_of_pair_is_enough(colours, scheme, front, back, least):
    measured = contrast(colours[scheme][front], colours[scheme][back])
    assert measured >= least, f"--{front} on --{back}, {scheme}: {measured:.2f} under {least}"


@pytest.mark.parametrize(("front", "least"), ON_BAND)
def test_contrast_on_the_dark_band_is_enough(colours, front, least):
    assert contrast(colours["dark"][front], colours["dark"]["deep"]) >= least


def test_links_of_the_admin_are_legible_in_the_dark_whoever_chose_it(colours):
    """Wagtail's greys, from the menus to the fields; its own colour for links is not legible."""
    css = Path("static/admin.css").read_text()
    chosen = re.findall(r"--(w-color-[\w-]+): (#[0-9a-f]{6});", css)
    assert {colour for _name, colour in chosen} == {
        colours["dark"]["action"], colours["dark"]["action-strong"],
    }  # fmt: skip
    greys = ("#1d1d1d", "#222222", "#262626", "#333333")
    assert min(contrast(colour, grey) for _name, colour in chosen for grey in greys) >= TEXT
    assert contrast("#147080", "#262626") < TEXT  # what our hue would give there
    names = [name for name, _colour in chosen]
    assert names == names[: len(names) // 2] * 2  # by the account, and by the machine


def test_colours_outside_the_tokens_are_none():
    """A colour written in a component would escape the measure; print speaks to paper."""
    strays = {
        str(path): found
        for path in Path("static/css").rglob("*.css")
        if path.name not in {"tokens.css", "print.css"}
        and (found := re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", path.read_text()))
    }
    assert strays == {}
