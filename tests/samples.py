"""Real reports, read from the folder SAMPLES, which a clone does not carry.

A test marked `samples` (or using the fixture `samples`) is skipped, counted and named when they are
absent; under CI they must be there, and a skip is a failure. The hooks below are conftest's.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[1]


def samples_folder() -> Path:
    """Where the real reports are: SAMPLES, or `shared/data` beside the checkout."""
    return Path(os.environ.get("SAMPLES") or BASE_DIR.parent / "shared" / "data")


def is_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


@pytest.fixture(scope="session", name="samples")
def samples_fixture() -> Path:
    """The folder of real reports."""
    folder = samples_folder()
    if not folder.is_dir():
        pytest.skip(f"no real reports in {folder}; set SAMPLES to their folder")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "samples" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.samples)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a marked test when the files it names (or the folder) are absent."""
    for marker in item.iter_markers("samples"):
        for path in [samples_folder() / name for name in marker.args] or [samples_folder()]:
            if not path.exists():
                pytest.skip(f"no {path}; set SAMPLES to the folder of real reports")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[pytest.TestReport]:
    """Under CI, a skipped test of the samples has failed."""
    report = yield
    if report.skipped and is_ci() and item.get_closest_marker("samples"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missed = [
        report.nodeid
        for report in terminalreporter.stats.get("skipped", ())
        if "samples" in report.keywords
    ]
    if missed:
        terminalreporter.section(f"{len(missed)} tests of real reports did not run: no samples")
        for nodeid in missed:
            terminalreporter.line(nodeid)
