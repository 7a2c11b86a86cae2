"""The style sheet is read in forty files and served in one."""

import re
from pathlib import Path

from django.core.management import call_command

import pytest

from academy.management.commands.collectstatic import in_one_piece


def test_import_is_replaced_by_its_text_in_its_layer():
    sheet = '@layer base;\n@import url("base.css") layer(base);\n'

    assert in_one_piece(sheet, {"base.css": "p {\n  margin: 0;\n}\n"}.__getitem__) == (
        "@layer base;\n@layer base {\np {\n  margin: 0;\n}\n}\n"
    )


def test_addresses_hold_from_where_the_sheet_stands():
    sheet = '@import url("components/form.css") layer(components);'
    form = 'select { background: url("../../img/chevron.svg") } a { fill: url("#mask") }'

    assert 'url("../img/chevron.svg")' in in_one_piece(sheet, lambda _: form)
    assert 'url("#mask")' in in_one_piece(sheet, lambda _: form)


@pytest.fixture
def served(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_collected_sheet_imports_nothing_and_names_hashed_files(served):
    (sheet,) = (served / "css").glob("site.*.css")
    text = sheet.read_text()

    assert "@import" not in text
    for address in re.findall(r'url\("([^"#]+)"\)', text):
        assert (sheet.parent / address).is_file(), address
        assert re.search(r"\.[0-9a-f]{12}\.", address)


def test_collected_sheet_holds_every_part(served):
    text = (served / "css" / "site.css").read_text()
    parts = [path for path in Path("static/css").rglob("*.css") if path.name != "site.css"]

    assert len(re.findall(r"^@layer [\w-]+ {$", text, re.M)) == len(parts)


def test_sheet_follows_a_part_that_changes(served, settings, tmp_path_factory):
    changed = tmp_path_factory.mktemp("static")
    (changed / "css").mkdir()
    (changed / "css" / "site.css").write_text('@import url("one.css") layer(base);')
    (changed / "css" / "one.css").write_text("p { margin: 0 }")
    settings.STATICFILES_DIRS = [changed]
    call_command("collectstatic", interactive=False, verbosity=0)
    (changed / "css" / "one.css").write_text("p { margin: 1px }")

    call_command("collectstatic", interactive=False, verbosity=0)

    assert "margin: 1px" in (served / "css" / "site.css").read_text()
