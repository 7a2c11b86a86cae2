"""What import-linter cannot see: the shape of folders and modules."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.architecture.house import FLOORS, ROOT, python_files, tree_of, where

BESIDE_THE_FLOORS = {"tests", "bin"}
ONLY_IN_THE_ROOF = {"asgi", "celery", "settings", "wsgi"}
LONGEST = 400  # lines
# Names on no rung of the ladder. The contracts refuse them as modules of an app; this test also
# refuses them deeper, where a drawer could hide inside a package.
DRAWERS = {"admin", "common", "core", "exceptions", "helpers", "managers", "misc", "utils"}


def read(text: str) -> ast.Module:
    return ast.parse(text)


# ------------------------------------------------------------------ folders
def packages_beside_floors(root: Path) -> list[str]:
    """Top-level packages that are neither a floor nor allowed beside the floors."""
    found = {path.parent.name for path in root.glob("*/__init__.py")}
    return sorted(found - set(FLOORS) - BESIDE_THE_FLOORS)


def test_every_top_level_package_is_a_floor() -> None:
    assert packages_beside_floors(ROOT) == []


def test_new_top_level_package_is_caught(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "__init__.py").touch()

    assert packages_beside_floors(tmp_path) == ["core"]


def roof_modules_below(root: Path) -> list[str]:
    """asgi, celery, settings and wsgi, standing in an app that is not the roof."""
    return sorted(
        f"{floor}.{name}"
        for floor in FLOORS
        for name in ONLY_IN_THE_ROOF
        if floor != "academy"
        and ((root / floor / name).is_dir() or (root / floor / f"{name}.py").exists())
    )


def test_roof_modules_stand_in_the_roof() -> None:
    assert roof_modules_below(ROOT) == []


def test_settings_in_a_lower_floor_are_caught(tmp_path: Path) -> None:
    (tmp_path / "courses").mkdir()
    (tmp_path / "courses" / "celery.py").touch()

    assert roof_modules_below(tmp_path) == ["courses.celery"]


def drawers(paths: Iterable[Path]) -> list[str]:
    return [where(path) for path in paths if DRAWERS & {path.stem, path.parent.name}]


def test_no_module_is_a_drawer() -> None:
    assert drawers(python_files()) == []


def test_drawer_inside_a_package_is_caught() -> None:
    assert drawers([Path("courses/services/utils.py"), Path("courses/services/seats.py")]) == [
        "courses/services/utils.py"
    ]


# ------------------------------------------------------------------ modules
def too_long(path: Path, text: str) -> list[str]:
    lines = text.count("\n")
    return [f"{where(path)}: {lines} lines"] if lines > LONGEST else []


def test_no_module_is_longer_than_one_idea() -> None:
    files = [*python_files(*FLOORS, "tests", "bin"), *(ROOT / "bin").glob("*")]

    assert [fault for path in files for fault in too_long(path, path.read_text())] == []


def test_long_module_is_caught() -> None:
    assert too_long(Path("a.py"), "x = 1\n" * 401) == ["a.py: 401 lines"]
    assert too_long(Path("a.py"), "x = 1\n" * 400) == []


def late_imports(tree: ast.Module) -> list[int]:
    """Lines of imports inside functions, but those of `ready()` in an AppConfig."""

    def walk(node: ast.AST, in_function: bool, in_config: bool) -> Iterator[int]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import | ast.ImportFrom) and in_function:
                yield child.lineno
            elif isinstance(child, ast.ClassDef):
                bases = {ast.unparse(base).rpartition(".")[2] for base in child.bases}
                yield from walk(child, in_function, "AppConfig" in bases)
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                is_ready = in_config and getattr(child, "name", "") == "ready"
                yield from walk(child, in_function or not is_ready, in_config=False)
            else:
                yield from walk(child, in_function, in_config)

    return list(walk(tree, in_function=False, in_config=False))


def test_no_import_hides_in_a_function() -> None:
    assert [
        where(path, line) for path in python_files() for line in late_imports(tree_of(path))
    ] == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("def enrol():\n    from courses import models", [2]),
        ("class Page:\n    def ready(self):\n        import courses", [3]),
        ("async def f():\n    if True:\n        import courses", [3]),
        ("class C(AppConfig):\n    def ready(self):\n        import courses", []),
        ("class C(AppConfig):\n    def other(self):\n        import courses", [3]),
        ("if TYPE_CHECKING:\n    import courses", []),
    ],
)
def test_late_import_is_caught(text: str, lines: list[int]) -> None:
    assert late_imports(read(text)) == lines


# ------------------------------------------------------------------ clock and network
CLOCKS = {"now", "utcnow", "today", "localdate", "localtime"}
RULES_WITHOUT_CLOCK = {"services", "readers", "letters", "sheets"}


def clocks_read(tree: ast.Module) -> list[int]:
    """Lines that call a clock: now(), today(), localdate() without an argument of theirs."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in CLOCKS
        and not (node.args and ast.unparse(node.func).rpartition(".")[2].startswith("local"))
    ]


def test_rules_are_given_the_time() -> None:
    rules = [
        path
        for path in python_files(*(floor for floor in FLOORS if floor != "cms"))
        if RULES_WITHOUT_CLOCK & {path.relative_to(ROOT).parts[1].removesuffix(".py")}
    ]

    assert [where(path, line) for path in rules for line in clocks_read(tree_of(path))] == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("at = timezone.now()", [1]),
        ("on = date.today()", [1]),
        ("on = timezone.localdate()", [1]),
        ("on = timezone.localdate(at)", []),
        ("at = at.replace(hour=9)", []),
    ],
)
def test_clock_in_a_rule_is_caught(text: str, lines: list[int]) -> None:
    assert clocks_read(read(text)) == lines
