"""What may be chosen on the command line of make: `make race PEOPLE=900 SEATS=30 LOCKS=off`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

AT_MOST = {"people": 5000, "seats": 5000, "processes": 64, "sessions": 200, "rounds": 1000}
SWITCHES = {"on": True, "1": True, "yes": True, "off": False, "0": False, "no": False}


class BadOption(Exception):  # noqa: N818 - shown to whoever typed it
    """An option that cannot be; the text says which and what may stand there."""


@dataclass(frozen=True)
class Options:
    """PEOPLE and SEATS are per session; each person asks for one session."""

    people: int
    seats: int
    processes: int = 8
    sessions: int = 1
    rounds: int = 1
    locks: bool = True
    churn: bool = False  # cancellations and promotion run between the requests

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, **defaults: int) -> "Options":
        """From PEOPLE=, SEATS=, PROCESSES=, SESSIONS=, ROUNDS=, LOCKS=off and CHURN=1."""
        given: dict = dict(defaults)
        for field in fields(cls):
            text = environment.get(field.name.upper(), "").strip()
            if text:
                read = _number if field.name in AT_MOST else _switch
                given[field.name] = read(field.name, text)
        return cls(**given)


def _number(name: str, text: str) -> int:
    most = AT_MOST[name]
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise BadOption(f"{name.upper()} must be a number from 1 to {most}, not {text!r}.")
    return int(text)


def _switch(name: str, text: str) -> bool:
    try:
        return SWITCHES[text.lower()]
    except KeyError:
        raise BadOption(f"{name.upper()} is on or off, not {text!r}.") from None
