"""Templates keep the promise of the security policy, and speak through the catalogue."""

import re
from pathlib import Path

import pytest

from tests.architecture.house import is_mail, templates, where, without_comments

INLINE_STYLE = re.compile(r"""<style\b|\sstyle\s*=\s*["']""", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"""\son[a-z]+\s*=\s*["']""", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
OUTSIDE = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//[^"']+\.(?:js|css|woff2?)""")
BLOCKTRANSLATE = re.compile(r"{%\s*blocktrans(?:late)?\b([^%]*)%}")


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def is_allowed_script(attributes: str) -> bool:
    """A script of a file of ours, or data for machines that carries the page's nonce."""
    if re.search(r"\bsrc\s*=", attributes):
        return True
    return "application/ld+json" in attributes and "nonce" in attributes


def inline_faults(text: str) -> list[tuple[int, str]]:
    """Line and nature of everything that the Content-Security-Policy would refuse."""
    text = without_comments(text)
    faults = [
        (line_of(text, match.start()), name)
        for name, pattern in (
            ("inline style", INLINE_STYLE),
            ("inline handler", INLINE_HANDLER),
            ("file of another host", OUTSIDE),
        )
        for match in pattern.finditer(text)
    ]
    faults += [
        (line_of(text, match.start()), "inline script")
        for match in SCRIPT.finditer(text)
        if not is_allowed_script(match[1])
    ]
    return sorted(faults)


def untrimmed(text: str) -> list[int]:
    """Lines of blocktranslate tags that would carry the template's indentation to translators."""
    text = without_comments(text)
    return [
        line_of(text, match.start())
        for match in BLOCKTRANSLATE.finditer(text)
        if "trimmed" not in match[1].split()
    ]


def test_no_template_has_inline_style_or_script() -> None:
    assert [
        f"{where(path, line)}: {fault}"
        for path in [*templates("*.html"), *templates("*.svg")]
        if not is_mail(path)
        for line, fault in inline_faults(path.read_text())
    ] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<p style="color: red">', "inline style"),
        ("<style>p {}</style>", "inline style"),
        ('<button onclick="go()">', "inline handler"),
        ("<script>go()</script>", "inline script"),
        ('<script type="application/ld+json">{}</script>', "inline script"),
        ('<script src="https://cdn.example/x.js"></script>', "file of another host"),
    ],
)
def test_inline_fault_is_caught(text: str, fault: str) -> None:
    assert inline_faults(f"<main>\n{text}") == [(2, fault)]


@pytest.mark.parametrize(
    "text",
    [
        "<script src=\"{% static 'js/menu.js' %}\" defer></script>",
        '<script type="application/ld+json" nonce="{{ csp_nonce }}">{}</script>',
        "{# <p style='color: red'> #}",
        '<a class="style" data-once="1" href="https://recherche.example/">',
    ],
)
def test_clean_template_passes(text: str) -> None:
    assert inline_faults(text) == []


def test_blocktranslate_is_always_trimmed() -> None:
    assert [
        where(path, line)
        for pattern in ("*.html", "*.txt")
        for path in templates(pattern)
        for line in untrimmed(path.read_text())
    ] == []


def test_untrimmed_blocktranslate_is_caught() -> None:
    text = "{% blocktranslate trimmed with a=b %}x{% endblocktranslate %}\n{% blocktranslate %}y"

    assert untrimmed(text) == [2]


def test_mails_are_told_from_pages() -> None:
    assert is_mail(Path("templates/emails/seat.html"))
    assert not is_mail(Path("templates/courses/emailed.html"))
