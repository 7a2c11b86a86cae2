"""Django's collectstatic, which also hands out the style sheet in one piece.

static/css/site.css is a table of contents that imports some forty small files: right for reading
and for tests, forty requests for a telephone. Here each import is replaced by what it names, in its
layer, before names are hashed. No bundler: what is served is what is written, in the same order.
"""

import posixpath
import re
from collections.abc import Callable
from typing import Any

from django.contrib.staticfiles.management.commands import collectstatic
from django.core.files.base import ContentFile
from django.core.files.storage import Storage

SHEET = "css/site.css"
IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\) layer\((?P<layer>[\w-]+)\);')
ADDRESS = re.compile(r'url\("(?P<name>[^":#]+)"\)')


def in_one_piece(sheet: str, read: Callable[[str], str]) -> str:
    """`sheet` with each layered import replaced by its text; `read` gives a file beside the sheet.

    Addresses inside a part are rewritten to hold from where the sheet stands.
    """

    def part(match: re.Match[str]) -> str:
        folder = posixpath.dirname(match["name"])
        text = ADDRESS.sub(
            lambda found: f'url("{posixpath.normpath(posixpath.join(folder, found["name"]))}")',
            read(match["name"]),
        )
        return f"@layer {match['layer']} {{\n{text.rstrip()}\n}}"

    return IMPORT.sub(part, sheet)


class _Collected:
    """The static storage while it is being filled: names are hashed from the sheet as collected.

    Django hashes from the sources, where the sheet still imports its parts.
    """

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._storage, name)
        if name != "post_process":
            return found
        return lambda paths, **options: found(self._with_collected_sheet(paths), **options)

    def _with_collected_sheet(self, paths: dict[str, Any]) -> dict[str, Any]:
        return paths | ({SHEET: (self._storage, SHEET)} if SHEET in paths else {})


class Command(collectstatic.Command):
    help = "Collect static files in a single location, the style sheet in one piece."

    def collect(self) -> dict[str, Any]:
        plain, self.storage = self.storage, _Collected(self.storage)
        try:
            return super().collect()
        finally:
            self.storage = plain

    def copy_file(self, path: str, prefixed_path: str, source_storage: Storage) -> None:
        """As Django's, but the sheet is written anew each time: its parts may have changed."""
        if prefixed_path != SHEET or self.dry_run or prefixed_path in self.copied_files:
            super().copy_file(path, prefixed_path, source_storage)
            return

        def read(name: str) -> str:
            with source_storage.open(posixpath.join(posixpath.dirname(path), name)) as file:
                return file.read().decode()

        with source_storage.open(path) as file:
            text = in_one_piece(file.read().decode(), read)
        if self.storage.exists(prefixed_path):
            self.storage.delete(prefixed_path)
        self.storage.save(prefixed_path, ContentFile(text.encode()))
        self.copied_files.append(prefixed_path)

    def link_file(self, path: str, prefixed_path: str, source_storage: Any) -> None:
        """A link to the sheet would serve the forty imports."""
        copy = self.copy_file if prefixed_path == SHEET else super().link_file
        copy(path, prefixed_path, source_storage)
