"""What the tests of the house look at: floors, files, templates, models. No rule stands here."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {each["name"]: each for each in PROJECT["tool"]["importlinter"]["contracts"]}
FLOORS: list[str] = CONTRACTS["Floors"]["layers"]  # the roof first, the ground last
COMMENTS = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)


def height(app_label: str) -> int | None:
    """The floor of an app: 0 for people, None for an app that is not ours."""
    return len(FLOORS) - 1 - FLOORS.index(app_label) if app_label in FLOORS else None


def python_files(*tops: str) -> Iterator[Path]:
    """Every module of ours under the floors (or `tops`), migrations excepted."""
    for top in tops or FLOORS:
        for path in sorted((ROOT / top).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def templates(pattern: str = "*.html") -> list[Path]:
    """Every template of ours: the common folder and those inside apps."""
    folders = [ROOT / "templates", *(ROOT / floor / "templates" for floor in FLOORS)]
    return [path for folder in folders for path in sorted(folder.rglob(pattern))]


def is_mail(path: Path) -> bool:
    """Whether a template is a mail's: mail readers know neither style sheets nor our CSP."""
    return bool({"emails", "email"} & set(path.parts))


def without_comments(text: str) -> str:
    """The template without what is never sent, its lines kept in place."""
    return COMMENTS.sub(lambda match: "\n" * match[0].count("\n"), text)


def our_models() -> list[type[Model]]:
    """Every model of a floor, without the tables Django makes for plain many-to-many fields."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in FLOORS and not model._meta.auto_created
    ]


def where(path: Path, line: int | None = None) -> str:
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{shown}:{line}" if line else str(shown)
