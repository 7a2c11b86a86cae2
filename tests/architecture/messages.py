"""Finds every message of ours in Python and templates, without gettext's own tools."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from tests.architecture.house import python_files, templates

# Which arguments hold the context and the text: pgettext("context", "text").
KEYWORDS = {
    "_": (None, 0),
    "gettext": (None, 0),
    "gettext_lazy": (None, 0),
    "gettext_noop": (None, 0),
    "ngettext": (None, 0),
    "ngettext_lazy": (None, 0),
    "pgettext": (0, 1),
    "pgettext_lazy": (0, 1),
    "npgettext": (0, 1),
    "npgettext_lazy": (0, 1),
}
CALL = re.compile(r"(?<![\w.])(?:_|n?p?gettext)\(")
STRING = re.compile(r"""\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,?""", re.DOTALL)

Message = tuple[str, str]  # context ("" for none), text


def in_python(tree: ast.AST) -> Iterator[Message]:
    """Messages of a module: calls of gettext and its family whose text is a constant."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        context_at, text_at = KEYWORDS.get(ast.unparse(node.func).rpartition(".")[2], (None, None))
        words = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
        if text_at is not None and len(words) > text_at and isinstance(words[text_at], str):
            yield (str(words[context_at]) if context_at is not None else "", words[text_at])


def in_template(text: str) -> Iterator[Message]:
    """Messages of a template, as Django hands them to gettext."""
    code = templatize(text)
    for call in CALL.finditer(code):
        context_at, text_at = KEYWORDS[call[0].rstrip("(")]
        words, position = [], call.end()
        while len(words) <= text_at and (found := STRING.match(code, position)):
            words.append(ast.literal_eval(found[1]))
            position = found.end()
        if len(words) > text_at:
            yield (words[context_at] if context_at is not None else "", words[text_at])


def all_messages() -> dict[Message, Path]:
    """Every message of ours and a file that says it."""
    found: dict[Message, Path] = {}
    for path in python_files():
        found |= dict.fromkeys(in_python(ast.parse(path.read_text())), path)
    for pattern in ("*.html", "*.txt", "*.xml", "*.svg"):
        for path in templates(pattern):
            found |= dict.fromkeys(in_template(path.read_text()), path)
    return found
