"""One gate: nothing but courses.services.gate writes the state, the rank or the pool of a seat."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.house import ROOT, python_files, tree_of, where

GATE = ROOT / "courses" / "services" / "gate.py"
KEPT = {"state", "rank", "pool", "pool_id"}  # columns that the gate alone writes
WRITERS = {"create", "bulk_create", "update_or_create", "get_or_create", "bulk_update", "update"}
WRITERS |= {f"a{name}" for name in WRITERS}
TABLE = "courses_enrolment"
# What looks like a breach and is none, by file: the source of the statement, and why.
ALLOWED = {
    # A row not yet stored, or about to be stepped, is given its rank: `step` writes it.
    "courses/services/enrolments.py": {
        "row.rank = seats.last_rank + 1",
        "row.rank = seats.last_rank + 1 if row.instead_of_id else None",
    },
    # The state of a session.
    "courses/services/states.py": {
        "row.state = to",
        "row.save(update_fields=['state', 'version', 'held_at'])",
    },
    # The state of a message to many, and of its messages.
    "notices/services/mailings.py": {
        "failed.update(state=NoticeState.QUEUED, attempts=0, due_at=at)",
        "was, row.state = (row.state, to)",
        "row.save(update_fields=['state', 'through', 'written_at', 'ended_at'])",
    },
}
# Where a row may begin, unsaved, to be handed to the gate.
BEGINNINGS = {
    f"courses/services/{name}.py"
    for name in ("enrolments", "exchanges", "offers", "roster", "second_sessions")
}


def knows_enrolments(tree: ast.Module) -> bool:
    """Whether the module names the model: by import, or through a module of models."""
    named = {each.name for each in ast.walk(tree) if isinstance(each, ast.alias)}
    dotted = {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    return "Enrolment" in named | dotted


def speaks_of_enrolments(node: ast.AST) -> bool:
    """Whether an expression is about enrolments by its own words."""
    return "enrolment" in ast.unparse(node).casefold()


def targets(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Assign():
            found = node.targets
        case ast.AugAssign() | ast.AnnAssign():
            found = [node.target]
        case _:
            found = []
    flat = []
    for each in found:
        flat += list(each.elts) if isinstance(each, ast.Tuple | ast.List) else [each]
    return flat


def writes_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, source) of each statement that writes, or could write, what the gate keeps."""
    knows = knows_enrolments(tree)
    for node in ast.walk(tree):
        for target in targets(node):
            is_kept = isinstance(target, ast.Attribute) and target.attr in KEPT
            if is_kept and (knows or speaks_of_enrolments(target)):
                yield node.lineno, ast.unparse(node)
            if ast.unparse(target) == "model" and ast.unparse(node.value) == "Enrolment":
                yield node.lineno, ast.unparse(node)  # a form or a viewset that saves rows
        if isinstance(node, ast.Call):
            yield from ((node.lineno, ast.unparse(node)) for _ in _writing(node, knows))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TABLE in node.value:
            yield node.lineno, ast.unparse(node)


def _writing(call: ast.Call, knows: bool) -> Iterator[None]:
    named = {each.arg for each in call.keywords if each.arg}
    if isinstance(call.func, ast.Name):
        if call.func.id == "setattr" and len(call.args) > 1:
            name = call.args[1]
            if knows and isinstance(name, ast.Constant) and name.value in KEPT:
                yield
        elif call.func.id == "Enrolment":
            yield
        return
    if not isinstance(call.func, ast.Attribute):
        return
    verb, rows = call.func.attr, call.func.value
    if verb in WRITERS and speaks_of_enrolments(rows):
        words = ast.unparse(rows)
        if verb.lstrip("a") != "update" and ("Enrolment.objects" in words or "enrolments" in words):
            yield
    if verb in {"update", "aupdate"} and named & KEPT and (knows or speaks_of_enrolments(rows)):
        yield
    if verb in {"save", "asave"} and knows:
        fields = next((each.value for each in call.keywords if each.arg == "update_fields"), None)
        if fields is None and speaks_of_enrolments(rows):
            yield
        if isinstance(fields, ast.List | ast.Tuple | ast.Set):
            values = {each.value for each in fields.elts if isinstance(each, ast.Constant)}
            if values & KEPT:
                yield


def breaches(name: str, tree: ast.Module) -> list[int]:
    """Lines of a module that go round the gate."""
    allowed = ALLOWED.get(name, set())
    return [
        line
        for line, source in writes_of(tree)
        if source not in allowed and not (source.startswith("Enrolment(") and name in BEGINNINGS)
    ]


def test_only_the_gate_writes_what_a_seat_is() -> None:
    assert [
        where(path, line)
        for path in python_files()
        if path != GATE
        for line in breaches(str(path.relative_to(ROOT)), tree_of(path))
    ] == []


def test_every_exception_still_stands() -> None:
    """An exception that nobody needs any more is taken away."""
    for name, sources in ALLOWED.items():
        found = {source for _line, source in writes_of(tree_of(ROOT / name))}
        assert sources <= found, name
    for name in BEGINNINGS:
        found = {source for _line, source in writes_of(tree_of(ROOT / name))}
        assert any(source.startswith("Enrolment(") for source in found), name


def test_the_gate_itself_would_be_caught() -> None:
    """The net holds: what the gate does is seen wherever else it stands."""
    assert len(breaches("courses/services/other.py", tree_of(GATE))) >= 4


IMPORT = "from courses.models import Enrolment\n"


@pytest.mark.parametrize(
    "text",
    [
        IMPORT + "row.state = 'confirmed'",
        IMPORT + "row.rank += 1",
        IMPORT + "row.pool, row.note = None, ''",
        IMPORT + "row.pool_id: int = 3",
        IMPORT + "setattr(row, 'rank', 1)",
        IMPORT + "Enrolment(session=session, person=person)",
        IMPORT + "Enrolment.objects.create(session=session)",
        IMPORT + "Enrolment.objects.filter(pk=1).update(state='confirmed')",
        IMPORT + "rows.filter(pk=1).update(rank=1)",
        IMPORT + "Enrolment.objects.bulk_create(rows)",
        IMPORT + "enrolment.save()",
        IMPORT + "row.save(update_fields=['state'])",
        IMPORT + "class Form(ModelForm):\n    class Meta:\n        model = Enrolment",
        "enrolment.state = 'confirmed'",
        "session.enrolments.create(person=person)",
        "session.enrolments.update(state='cancelled')",
        "cursor.execute('UPDATE courses_enrolment SET state = 1')",
        "import courses.models\ncourses.models.Enrolment.objects.create(session=session)",
    ],
)
def test_a_way_round_the_gate_is_caught(text: str) -> None:
    assert breaches("attendance/services/walk_ins.py", ast.parse(text)) != []


@pytest.mark.parametrize(
    "text",
    [
        IMPORT + "states = [row.state for row in Enrolment.objects.all()]",
        IMPORT + "row.coming_at = at\nrow.save(update_fields=['coming_at'])",
        IMPORT + "Enrolment.objects.filter(session=1).update(calendar_sequence=2)",
        IMPORT + "EnrolmentEvent.objects.filter(enrolment=row).count()",
        "notice.state = 'sent'\nnotice.save()",
        "hold, _made = EnrolmentHold.objects.get_or_create(person=person)",
    ],
)
def test_reading_and_other_columns_are_let_through(text: str) -> None:
    assert breaches("attendance/services/walk_ins.py", ast.parse(text)) == []
