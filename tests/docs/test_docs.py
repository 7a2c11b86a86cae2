"""What the documents say is held against the code."""

import re
from pathlib import Path

from django.conf import settings
from django.core.checks import registry
from django.template.loader import get_template

import pytest

from notices.choices import NoticeKind

ROOT = Path(settings.BASE_DIR)
READ = re.compile(r"""env(?:\.\w+)?\(\s*"([A-Z0-9_]+)\"""")
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def _settings_read(source: str) -> set[str]:
    return set(READ.findall(source))


def _first_column(text: str) -> set[str]:
    return set(re.findall(r"^\| `([A-Z0-9_]+)` \|", text, re.MULTILINE))


def test_every_setting_is_documented_and_no_other():
    read = _settings_read((ROOT / "academy/settings/base.py").read_text())
    documented = _first_column((ROOT / "docs/operations.md").read_text())

    assert documented == read


def test_an_undocumented_setting_would_be_seen():
    assert _settings_read('X = env.int("NEW_ONE", default=1)') == {"NEW_ONE"}
    assert _first_column("| `NEW_ONE` | 1 | what |") == {"NEW_ONE"}


def test_every_job_of_the_beat_is_documented():
    text = (ROOT / "docs/operations.md").read_text()

    assert set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", text, re.MULTILINE)) == set(
        settings.CELERY_BEAT_SCHEDULE
    )


def test_every_check_of_ours_is_documented():
    source = (ROOT / "academy/checks.py").read_text()
    text = (ROOT / "docs/operations.md").read_text()
    ids = set(re.findall(r"academy\.([EW]\d{3})", source))

    assert ids
    assert {one for one in ids if one not in text} == set()
    assert any(check.__module__ == "academy.checks" for check in registry.registry.get_checks())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(path):
    targets = re.findall(r"\]\(([^)#]+)\)", path.read_text())

    missing = [
        target
        for target in targets
        if not target.startswith(("http", "mailto:")) and not (path.parent / target).exists()
    ]
    assert missing == []


def test_every_command_the_readme_names_exists():
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert named
    assert named <= targets


def test_the_readme_draws_every_floor_in_order():
    drawn = re.findall(r"^ (\d)  (\w+)/", (ROOT / "README.md").read_text(), re.MULTILINE)

    assert [name for _floor, name in drawn] == [
        app
        for app in settings.INSTALLED_APPS
        if (ROOT / app / "migrations").is_dir() or app == "academy"
    ]


@pytest.mark.parametrize("kind", NoticeKind.values)
def test_every_kind_of_message_has_its_words(kind):
    for ending in ("subject.txt", "txt", "html"):
        get_template(f"emails/{kind}.{ending}")


def test_decisions_are_numbered_without_a_gap():
    names = sorted(path.name for path in (ROOT / "docs/decisions").glob("*.md"))

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
