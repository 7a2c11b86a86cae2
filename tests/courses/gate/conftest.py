"""The gate alone: what follows a commit (serving the list, sending mail) is done by the tests."""

import pytest


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waking the worker is no part of a race: here it would do its work in the same process."""
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *_args, **_options: None)
