"""The demonstration writes through services alone."""

import ast

import pytest

from tests.architecture.house import ROOT, tree_of, where

# Methods of Django that write rows (or files): on a model, a manager, a query set, a relation.
# fmt: off
WRITES = frozenset((
    "add", "aadd", "create", "acreate", "bulk_create", "abulk_create", "bulk_update",
    "abulk_update", "clear", "delete", "adelete", "execute", "executemany", "get_or_create",
    "aget_or_create", "raw", "remove", "save", "asave", "save_base", "set", "aset", "update",
    "aupdate", "update_or_create", "aupdate_or_create",
))
# fmt: on
# Ways round the managers.
DOORS = frozenset({"connection", "connections", "cursor", "_base_manager", "_raw_delete"})


def direct_writes(tree: ast.Module) -> list[int]:
    """Lines that write without a service: a writing method called, or a way round them named."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in WRITES:
                lines.append(node.lineno)
        elif isinstance(node, ast.Name | ast.Attribute | ast.alias):
            name = getattr(node, "id", None) or getattr(node, "attr", None) or node.name
            if name in DOORS:
                lines.append(node.lineno)
    return lines


def test_demonstration_writes_no_table_itself() -> None:
    modules = sorted((ROOT / "academy" / "services" / "demo").glob("**/*.py"))

    assert len(modules) > 10
    assert [where(path, line) for path in modules for line in direct_writes(tree_of(path))] == []


@pytest.mark.parametrize(
    "text",
    [
        "Course.objects.create(code='x')",
        "course.save()",
        "Course.objects.bulk_create([])",
        "Course.objects.filter(pk=1).update(code='x')",
        "Course.objects.get_or_create(code='x')",
        "Course.objects.update_or_create(code='x')",
        "Course.objects.all().delete()",
        "course.partners.add(partner)",
        "course.partners.set([])",
        "report.file.save('x', content)",
        "Course._base_manager",
        "from django.db import connection",
        "connections['default'].cursor()",
    ],
)
def test_direct_write_is_caught(text: str) -> None:
    assert direct_writes(ast.parse(text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "save_course(course=Course(code='x'), partners=None, by=None, at=at)",
        "Course.objects.filter(code='x').exists()",
        "from django.db import transaction",
    ],
)
def test_service_and_read_are_allowed(text: str) -> None:
    assert direct_writes(ast.parse(text)) == []
