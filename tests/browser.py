"""Where Chromium is, and how it is started: headless, asking nothing of another machine."""

import os
import shutil
from pathlib import Path

from tests.servers import ServerMissingError

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Every name but the loopback's fails to resolve: a page that asks outside is found out.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
)


def find_chromium() -> str:
    """CHROMIUM when it is set, else the first browser of the family on PATH."""
    given = os.environ.get("CHROMIUM")
    if given and Path(given).exists():
        return given
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise ServerMissingError("Chromium is missing: apt-get install chromium (or set CHROMIUM)")
