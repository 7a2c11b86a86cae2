"""The embedded broker: no worker ever sees half a message."""

import json
import threading
from pathlib import Path

import pytest
from kombu import Connection
from kombu.transport import filesystem

from academy.celery import WholeMessages

MESSAGES = 400


@pytest.fixture
def broker(tmp_path):
    for name in ("messages", "control", "processed"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
        "processed_folder": str(tmp_path / "processed"),
    }
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection, tmp_path / "messages"


def _halves_seen(channel, folder: Path) -> int:
    """How often somebody who looks all the time finds a message that is not whole JSON."""
    seen, done = [0], threading.Event()

    def look() -> None:
        while not done.is_set():
            for path in folder.glob("*.work.msg"):
                try:
                    json.loads(path.read_text())
                except json.JSONDecodeError:
                    seen[0] += 1
                except FileNotFoundError:
                    continue
                path.unlink(missing_ok=True)

    watcher = threading.Thread(target=look)
    watcher.start()
    for number in range(MESSAGES):
        channel._put("work", {"number": number, "body": "x" * 2000})
    done.set()
    watcher.join()
    return seen[0]


def test_a_message_appears_whole(broker):
    connection, folder = broker
    channel = connection.channel()

    assert isinstance(channel, WholeMessages)
    assert _halves_seen(channel, folder) == 0


def test_without_our_channel_halves_are_seen(broker, monkeypatch):
    connection, folder = broker
    monkeypatch.setattr(WholeMessages, "_put", filesystem.Channel._put)

    found = sum(_halves_seen(connection.channel(), folder) for _round in range(20))

    assert found > 0


def test_what_is_put_is_got_once(broker):
    connection, _folder = broker
    queue = connection.SimpleQueue("work")
    queue.put({"number": 1})

    assert queue.get(timeout=5).payload == {"number": 1}
    queue.close()
