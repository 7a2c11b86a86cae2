"""The demonstration's mailbox: the folder where Django's file backend leaves every message."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from notices.readers import Mail, read_headers, read_mail, split_mails

LATEST = 200  # messages shown at most
LARGEST = 8_000_000  # bytes; a larger file is not a message of ours
NAME = re.compile(r"(?P<file>\d{8}-\d{6}-\d{1,24})\.(?P<index>\d{1,4})")


@dataclass(frozen=True)
class Entry:
    """One line of the mailbox; `name` is its address."""

    name: str
    mail: Mail


def latest_mails() -> list[Entry]:
    """The newest messages, the newest first, headers only."""
    entries: list[Entry] = []
    for path in _files():
        mails = list(split_mails(path.read_bytes()))
        for index in reversed(range(len(mails))):
            entries.append(Entry(f"{path.stem}.{index}", read_headers(mails[index])))
            if len(entries) == LATEST:
                return entries
    return entries


def find_mail(name: str) -> Mail | None:
    """The whole message of that name. A name is digits alone: it cannot leave the folder."""
    match = NAME.fullmatch(name)
    if match is None:
        return None
    path = _folder() / f"{match['file']}.log"
    if not path.is_file() or path.stat().st_size > LARGEST:
        return None
    mails = list(split_mails(path.read_bytes()))
    index = int(match["index"])
    return read_mail(mails[index]) if index < len(mails) else None


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _files() -> list[Path]:
    """Newest first: by the time of writing, then by the name, which begins with the second."""
    found = [(path.stat(), path) for path in _folder().glob("*.log")]
    small = [(stat.st_mtime_ns, path.name, path) for stat, path in found if stat.st_size <= LARGEST]
    return [path for _time, _name, path in sorted(small, reverse=True)[:LATEST]]
