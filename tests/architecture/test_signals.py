"""Every signal is heard by whom docs/signals.md says, and by nobody else."""

import re
from importlib import import_module
from typing import Any

from django.dispatch import Signal

from tests.architecture.house import FLOORS, ROOT

DOCUMENT = ROOT / "docs" / "signals.md"
ROW = re.compile(r"^\|\s*`(?P<signal>[a-z]+\.[a-z_]+)`\s*\|(?P<heard>[^|]*)\|\s*$", re.MULTILINE)


def ours() -> dict[str, Signal]:
    """Every signal that a floor declares, as `courses.seat_confirmed`."""
    found = {}
    for floor in reversed(FLOORS):
        if (ROOT / floor / "signals.py").exists():
            for name, value in vars(import_module(f"{floor}.signals")).items():
                if isinstance(value, Signal):
                    found[f"{floor}.{name}"] = value
    return found


def hearers(signal: Signal) -> list[str]:
    """The receivers connected now, as `notices.receivers.when_a_seat_is_confirmed`."""
    alive, also_async = signal._live_receivers(None)  # type: ignore[attr-defined]
    return sorted(f"{each.__module__}.{each.__qualname__}" for each in [*alive, *also_async])


def documented(text: str) -> dict[str, list[str]]:
    """Signal and receivers of each row of the table."""
    return {
        row["signal"]: sorted(re.findall(r"`([^`]+)`", row["heard"])) for row in ROW.finditer(text)
    }


def as_table(heard: dict[str, list[str]]) -> str:
    rows = [
        f"| `{signal}` | {', '.join(f'`{each}`' for each in names) or '—'} |"
        for signal, names in heard.items()
    ]
    return "\n".join(["| signal | heard by |", "|---|---|", *rows])


def test_every_signal_is_heard_by_whom_the_docs_say() -> None:
    heard = {name: hearers(signal) for name, signal in ours().items()}

    assert documented(DOCUMENT.read_text()) == heard, (
        f"docs/signals.md should say:\n{as_table(heard)}"
    )


def test_every_receiver_stands_in_receivers() -> None:
    strangers = [
        hearer
        for signal in ours().values()
        for hearer in hearers(signal)
        if not re.match(rf"({'|'.join(FLOORS)})\.receivers\.", hearer)
    ]

    assert strangers == []


def test_undocumented_receiver_is_caught() -> None:
    signal = Signal()

    def listener(**_: Any) -> None: ...

    signal.connect(listener)

    assert hearers(signal) == [f"{__name__}.test_undocumented_receiver_is_caught.<locals>.listener"]


def test_table_of_the_docs_is_read_as_it_is_written() -> None:
    heard = {
        "people.account_closed": ["notices.receivers.a", "surveys.receivers.b"],
        "people.x": [],
    }

    assert documented(as_table(heard)) == heard
