"""The pins agree with pyproject.toml, carry hashes, and name no address."""

import re
from collections.abc import Iterable

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.house import PROJECT, ROOT

FOLDER = ROOT / "requirements"
PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)[^\\\n]*"
    r"(?P<hashes>(?:\\\n\s+--hash=\S+ ?)*)",
    re.MULTILINE,
)


def pins(text: str) -> dict[str, set[str]]:
    """Package and versions pinned (two when Pythons differ)."""
    found: dict[str, set[str]] = {}
    for pin in PIN.finditer(text):
        found.setdefault(canonicalize_name(pin["name"]), set()).add(pin["version"])
    return found


def unhashed(text: str) -> list[str]:
    return [pin["name"] for pin in PIN.finditer(text) if "--hash=sha256:" not in pin["hashes"]]


def disagreements(ranges: Iterable[str], pinned: dict[str, set[str]]) -> list[str]:
    """Ranges of pyproject.toml that no pin satisfies."""
    faults = []
    for each in map(Requirement, ranges):
        versions = pinned.get(canonicalize_name(each.name), set())
        if not versions or not all(each.specifier.contains(version) for version in versions):
            faults.append(f"{each}: {', '.join(sorted(versions)) or 'not pinned'}")
    return faults


@pytest.mark.parametrize("name", ["prod", "dev", "installer"])
def test_pins_name_no_address_and_carry_hashes(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text()

    assert re.findall(r"\S*://\S*|^--(?:index|extra|find)\S*", text, re.MULTILINE) == []
    assert unhashed(text) == []


@pytest.mark.parametrize(
    ("name", "ranges"),
    [
        ("prod", PROJECT["project"]["dependencies"]),
        ("dev", PROJECT["project"]["dependencies"]),
        ("dev", PROJECT["dependency-groups"]["dev"]),
        ("installer", PROJECT["dependency-groups"]["installer"]),
    ],
)
def test_pins_satisfy_the_ranges(name: str, ranges: list[str]) -> None:
    assert disagreements(ranges, pins((FOLDER / f"{name}.txt").read_text())) == [], "make lock"


def test_tests_run_on_the_versions_of_production() -> None:
    production, tests = (pins((FOLDER / f"{name}.txt").read_text()) for name in ("prod", "dev"))

    assert {name: tests.get(name) for name in production} == production


def test_stale_pin_is_caught() -> None:
    pinned = pins("django==5.2.19 \\\n    --hash=sha256:00\nsegno==1.5\n")

    assert disagreements(["django>=5.2,<5.3"], pinned) == []
    assert disagreements(["segno>=1.6", "nh3"], pinned) == ["segno>=1.6: 1.5", "nh3: not pinned"]
    assert unhashed("django==5.2.19 \\\n    --hash=sha256:00\nsegno==1.5\n") == ["segno"]
