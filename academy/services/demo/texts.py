"""Reading the words of the demonstration: JSON beside this file, French typeset as in Québec."""

import json
import re
from pathlib import Path
from typing import Any

NBSP = "\N{NO-BREAK SPACE}"
HERE = Path(__file__).parent
# Where a space must not break: before « : » and « % », inside guillemets, between a number and what
# it counts (Office québécois de la langue française).
UNBREAKABLE = re.compile(r" (?=[:»%])|(?<=«) |(?<=[\d}]) (?=(?:h|mm|min)\b)")
FRENCH = re.compile(r"fr|\w+_fr|organisations")


def read(name: str) -> Any:
    """The JSON file of that name; whatever stands under a French key is typeset."""
    return typeset(json.loads((HERE / name).read_text(encoding="utf-8")))


def read_folder(name: str) -> dict[str, Any]:
    """Every JSON file of a folder, by its name without the ending, in alphabetical order."""
    return {path.stem: read(f"{name}/{path.name}") for path in sorted((HERE / name).glob("*.json"))}


def typeset(value: Any, *, is_french: bool = False) -> Any:
    """The same words, with no-break spaces where French asks for them."""
    if isinstance(value, dict):
        return {
            key: typeset(each, is_french=is_french or bool(FRENCH.fullmatch(key)))
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [typeset(each, is_french=is_french) for each in value]
    return UNBREAKABLE.sub(NBSP, value) if is_french and isinstance(value, str) else value
