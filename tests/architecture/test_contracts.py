"""The contracts hold, and each of them catches the breach it is there for."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import FLOORS, ROOT

FLOORS_CONTRACT = "Floors"
LADDER = "Ladder"
FACE = "Ladder of the face: a Wagtail page is model, form and view at once"
RULES = "Rules know no framework but Django, and no screen"


def lint_imports(tree: Path) -> tuple[dict[str, str], str]:
    """Verdict of each contract (KEPT or BROKEN) on `tree`, and all that was said."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = re.findall(r"^(.+?) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE)
    assert verdicts, done.stdout + done.stderr
    return dict(verdicts), done.stdout


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    """The modules of every floor and the contracts, where they may be broken."""
    for floor in FLOORS:
        for path in (ROOT / floor).rglob("*.py"):
            target = tmp_path / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def add(tree: Path, module: str, line: str) -> None:
    """Append `line` to a module, which is made when it does not exist."""
    path = tree / (module.replace(".", "/"))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        handle.write(f"\n{line}\n")


def test_contracts_are_kept() -> None:
    verdicts, said = lint_imports(ROOT)

    assert verdicts == dict.fromkeys([FLOORS_CONTRACT, LADDER, FACE, RULES], "KEPT"), said


BREACHES = [
    # name of the breach, contract, module, line added to it, words of the verdict
    ("floor below knows floor above", FLOORS_CONTRACT, "people.choices",
     "from courses import choices", "people.choices -> courses.choices"),
    ("the same, hidden in a function", FLOORS_CONTRACT, "courses.choices",
     "def late():\n    from surveys import choices", "courses.choices -> surveys.choices"),
    ("somebody imports the roof", FLOORS_CONTRACT, "notices.choices",
     "import academy.celery", "notices.choices -> academy.celery"),
    ("lower rung knows higher rung", LADDER, "courses.choices",
     "from courses import models", "courses.choices -> courses.models"),
    ("selector calls a service", LADDER, "courses.selectors",
     "import courses.services", "courses.selectors -> courses.services"),
    ("service calls a task", LADDER, "courses.services",
     "import courses.tasks", "courses.services -> courses.tasks"),
    ("receiver calls a view beside it", LADDER, "courses.receivers",
     "import courses.views", "courses.receivers -> courses.views"),
    ("a drawer called utils", LADDER, "courses.utils", "", "courses.utils"),
    ("a drawer in the face", FACE, "cms.helpers", "", "cms.helpers"),
    ("block knows the page it stands on", FACE, "cms.blocks",
     "import cms.models", "cms.blocks -> cms.models"),
    ("page calls a service", FACE, "cms.models",
     "import cms.services", "cms.models -> cms.services"),
    ("model knows Wagtail", RULES, "courses.models",
     "import wagtail", "courses.models -> wagtail"),
    ("service knows Celery", RULES, "courses.services",
     "import celery", "courses.services -> celery"),
    ("selector draws", RULES, "certificates.selectors",
     "import reportlab", "certificates.selectors -> reportlab"),
    ("rule knows a screen", RULES, "certificates.services",
     "import courses.views", "certificates.services -> courses.views"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("contract", "module", "line", "words"),
    [breach[1:] for breach in BREACHES],
    ids=[breach[0] for breach in BREACHES],
)
def test_breach_is_caught(
    copied_tree: Path, contract: str, module: str, line: str, words: str
) -> None:
    imported = line.split()[-1] if line.startswith("import ") else ""
    if imported.partition(".")[0] in FLOORS:
        add(copied_tree, imported, "")  # the rung may not stand in this app yet

    add(copied_tree, module, line)

    verdicts, said = lint_imports(copied_tree)
    assert verdicts[contract] == "BROKEN", said
    assert words in said


def test_a_copy_without_breach_is_judged_like_the_tree(copied_tree: Path) -> None:
    assert lint_imports(copied_tree)[0] == lint_imports(ROOT)[0]
