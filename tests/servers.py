"""Private PostgreSQL and Redis for one run of the tests: own folder, own socket, no fixed port.

Both are children of the process that starts them and die with it, even when it is killed. Nothing
of the machine's own servers is read or touched. Used by bin/run_tests (one pair for the whole run)
and by tests/conftest.py (when pytest is called by hand and nobody has started them).
"""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

START_SECONDS = 30
PR_SET_PDEATHSIG = 1  # prctl(2): the signal a child gets when its parent dies


class ServerMissingError(Exception):
    """A program that the tests need is not installed; the text says what to install."""


def postgres_program(name: str) -> str:
    """A PostgreSQL program of the newest server installed.

    Debian keeps them off PATH; what it puts there is a wrapper that knows its own clusters only.
    """
    homes = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda home: float(home.parent.name),
    )
    on_path = shutil.which("initdb")
    if not homes and on_path:
        homes = [Path(on_path).resolve().parent]
    if not homes or not (homes[-1] / name).exists():
        raise ServerMissingError(f"PostgreSQL ({name}) is missing: apt-get install postgresql")
    return str(homes[-1] / name)


def free_port() -> int:
    """A port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """For `preexec_fn`: ask Linux to signal this child when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))


def stop_process(process: subprocess.Popen, number: int, seconds: float = 10) -> None:
    """Ask `process` to stop, and make it after `seconds`. Harmless when it has ended already."""
    if process.poll() is not None:
        return
    process.send_signal(number)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


class PrivatePostgres:
    """A PostgreSQL cluster on a unix socket in its own folder; `url` names its `postgres` database.

    PostgreSQL refuses to run as root, so root hands it to the user `postgres` (or `nobody`).
    `durable` makes each commit wait for the disk, as in production: for benchmarks.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._durable = durable
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path is short
        self.url = f"postgresql:///postgres?host={self.folder}&user=postgres"
        self._process: subprocess.Popen | None = None
        self._as_user: dict = {}
        if os.geteuid() == 0:
            owner = self._unprivileged()
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as_user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    @staticmethod
    def _unprivileged() -> pwd.struct_passwd:
        try:
            return pwd.getpwnam("postgres")
        except KeyError:
            return pwd.getpwnam("nobody")

    def __enter__(self) -> Self:
        try:
            self._create()
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _create(self) -> None:
        made = subprocess.run(
            [
                postgres_program("initdb"),
                "-D",
                str(self.folder / "data"),
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self._as_user,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")

    def _start(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "max_connections": 200,
            # The cluster lives for one run: a power cut may have it.
            "fsync": "on" if self._durable else "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [postgres_program("postgres"), "-D", str(self.folder / "data"), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is ours to pass on, in order
                preexec_fn=lambda: die_with_parent(signal.SIGINT),
                **self._as_user,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def _answers(self) -> bool:
        asked = subprocess.run(
            [postgres_program("pg_isready"), "-q", "-h", str(self.folder)],
            check=False,
        )
        return asked.returncode == 0

    def stop(self) -> None:
        """Stop the server (fast shutdown) and remove its folder."""
        if self._process is not None:
            stop_process(self._process, signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)


class PrivateRedis:
    """A Redis on the loopback behind a random password, keeping nothing; `url` names database 0."""

    def __init__(self) -> None:
        self.url = ""
        self._folder = Path(tempfile.mkdtemp(prefix="redis-", dir="/tmp"))
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> Self:
        program = shutil.which("redis-server")
        if program is None:
            raise ServerMissingError("Redis is missing: apt-get install redis-server")
        try:
            for _ in range(5):  # somebody may take the free port first
                if self._start(program):
                    return self
        except BaseException:
            self.stop()
            raise
        log = (self._folder / "log").read_text()
        self.stop()
        raise RuntimeError(f"Redis did not start:\n{log}")

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self, program: str) -> bool:
        port, password = free_port(), secrets.token_urlsafe(16)
        settings = self._folder / "redis.conf"  # not arguments: a password does not go in `ps`
        settings.write_text(
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndatabases 256\n"
            f'save ""\nappendonly no\ndir {self._folder}\n'
        )
        settings.chmod(0o600)
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [program, str(settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if "Ready to accept connections" in (self._folder / "log").read_text():
                self.url = f"redis://:{password}@127.0.0.1:{port}/0"
                return True
            time.sleep(0.05)
        stop_process(self._process, signal.SIGTERM)
        return False

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self._process is not None:
            stop_process(self._process, signal.SIGTERM)
        shutil.rmtree(self._folder, ignore_errors=True)
