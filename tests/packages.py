"""What tests and benchmarks call upon beside Python, and the Debian package that brings it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable

from tests.browser import find_chromium
from tests.servers import ServerMissingError, postgres_program


def _on_path(name: str) -> Callable[[], str]:
    def find() -> str:
        path = shutil.which(name)
        if path is None:
            raise ServerMissingError(name)
        return path

    return find


FINDERS: dict[str, list[Callable[[], str]]] = {
    "postgresql": [lambda: postgres_program("initdb")],
    "redis-server": [_on_path("redis-server")],
    "chromium": [find_chromium],
    "poppler-utils": [_on_path("pdftotext"), _on_path("pdfsig")],
}


def bring(packages: Iterable[str] = FINDERS) -> list[str]:
    """Install what is missing, where we may. Returns what is missing still."""
    missing = _missing(packages)
    if missing:
        _install(missing)
        missing = _missing(missing)
    return missing


def _missing(packages: Iterable[str]) -> list[str]:
    missing = []
    for package in packages:
        try:
            for find in FINDERS[package]:
                find()
        except ServerMissingError:
            missing.append(package)
    return missing


def _install(packages: list[str]) -> None:
    """Through apt, as root; elsewhere nothing happens."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    print(f"Installing {' '.join(packages)}.", flush=True)
    quiet = {
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "check": False,
    }
    subprocess.run([apt, "update"], **quiet)
    subprocess.run([apt, "install", "-y", "--no-install-recommends", *packages], **quiet)
