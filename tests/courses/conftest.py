"""What the tests of the heart share: the news that services send, in order."""

from typing import Any

import pytest

from courses import signals

NAMES = {
    signal: name for name, signal in vars(signals).items() if isinstance(signal, signals.Signal)
}


@pytest.fixture
def heard() -> Any:
    """(name of the signal, what it carried), in the order they were sent."""
    news: list[tuple[str, dict[str, Any]]] = []

    def listener(name: str) -> Any:
        def hear(sender: Any, signal: Any, **carried: Any) -> None:
            news.append((name, carried))

        return hear

    listeners = {signal: listener(name) for signal, name in NAMES.items()}
    for signal, hear in listeners.items():
        signal.connect(hear)
    yield news
    for signal, hear in listeners.items():
        signal.disconnect(hear)
