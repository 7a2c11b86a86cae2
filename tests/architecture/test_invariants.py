"""The twenty invariants of seats: none is lost, each has a test of its name.

From test_i1_… to test_i20_…; most stand in tests/courses/gate.
"""

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import ROOT

NAME = re.compile(r"test_i(\d+)_\w")
NOT_ON_POSTGRES = {"skip", "skipif", "xfail", "sqlite"}


def proved(source: str) -> Iterator[int]:
    """The invariants of which that module has a test that runs on PostgreSQL."""
    tree = ast.parse(source)
    if any(isinstance(node, ast.Assign) and _is_left_out(node) for node in tree.body):
        return
    for node in tree.body:
        found = isinstance(node, ast.FunctionDef) and NAME.match(node.name)
        if found and not any(map(_names_a_way_out, node.decorator_list)):
            yield int(found[1])


def _is_left_out(node: ast.Assign) -> bool:
    is_mark = any(ast.unparse(target) == "pytestmark" for target in node.targets)
    return is_mark and _names_a_way_out(node.value)


def _names_a_way_out(node: ast.expr) -> bool:
    named = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    return bool(named & NOT_ON_POSTGRES)


def test_every_invariant_of_seats_has_a_test_of_its_name():
    files = (ROOT / "tests").rglob("test_*.py")
    found = {number for path in files for number in proved(path.read_text())}

    assert sorted(found) == list(range(1, 21))


def test_what_does_not_run_proves_nothing():
    """Negative control."""
    good = "def test_i7_offers(): ...\n"

    assert list(proved(good)) == [7]
    assert list(proved("def test_i7(): ...\ndef testing_i7_offers(): ...\n")) == []
    assert list(proved(f"@pytest.mark.skip\n{good}")) == []
    assert list(proved(f"@pytest.mark.xfail(reason='')\n{good}")) == []
    assert list(proved(f"@pytest.mark.sqlite\n{good}")) == []
    assert list(proved(f"pytestmark = [pytest.mark.sqlite]\n{good}")) == []
    assert list(proved(f"pytestmark = [pytest.mark.both_databases]\n{good}")) == [7]
