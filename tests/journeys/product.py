"""The product as it really runs: gunicorn, a worker with beat, its own database, files and mail.

Nothing is replaced inside: the settings are academy.settings.base, chosen by environment alone.
Only the database is a copy of the migrated template and the mail goes to a server of the test.
"""

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.databases import BASE_DIR, CACHE_DIR, locked, template_key
from tests.mailbox import Mailbox
from tests.servers import die_with_parent

BIN = Path(sys.executable).parent
START_SECONDS = 120  # machines are shared
STOP_SECONDS = 15
SWEEP_SECONDS = 2  # beat sweeps this often in a journey
NOT_INHERITED = ("TEST_", "PYTEST_", "DJANGO_", "CELERY_", "EMAIL_", "S3_", "CACHE_", "DATABASE_")


def static_folder() -> Path:
    """Every static file collected and hashed as in production; once for each state of static/."""
    digest = hashlib.sha256(template_key().encode())
    for path in sorted((BASE_DIR / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(BASE_DIR)).encode() + path.read_bytes())
    folder = CACHE_DIR / f"static-{digest.hexdigest()[:12]}"
    done = folder / ".done"
    with locked("static"):
        if not done.exists():
            environment = os.environ | {
                "DJANGO_SETTINGS_MODULE": "academy.settings.base",
                "SECRET_KEY": "static-" + "x" * 50,
                "DATA_DIR": str(CACHE_DIR / "collecting"),
                "STATIC_ROOT": str(folder),
            }
            collected = subprocess.run(
                [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
                cwd=BASE_DIR,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if collected.returncode:
                raise RuntimeError(f"collectstatic failed:\n{collected.stdout}{collected.stderr}")
            done.touch()
    return folder


class Product:
    """One running Academy. `url` is its address, `mails` what it has sent, `data_dir` its files."""

    def __init__(
        self,
        *,
        data_dir: Path,
        database_url: str,
        broker_url: str,
        cache_url: str,
        mails: Mailbox,
        workers: int = 2,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.data_dir, self.database_url, self.mails = data_dir, database_url, mails
        self._workers = workers
        self._processes: dict[str, subprocess.Popen] = {}
        self._inside: subprocess.Popen | None = None
        self._door = socket.create_server(("127.0.0.1", 0), backlog=512)
        # A name, not an address: passkeys and cookies are held to names.
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        data_dir.mkdir(parents=True, exist_ok=True)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(NOT_INHERITED)}
        self.environment = (
            inherited
            | {
                "DJANGO_SETTINGS_MODULE": "academy.settings.base",
                "SECRET_KEY": "journey-" + os.urandom(32).hex(),
                "DATA_DIR": str(data_dir),
                "STATIC_ROOT": str(static_folder()),
                "DATABASE_URL": database_url,
                "CELERY_BROKER_URL": broker_url,
                "CACHE_URL": cache_url,
                "EMAIL_URL": mails.url,
                "PUBLIC_BASE_URL": self.url,
                "SWEEP_AT_MOST_SECONDS": str(SWEEP_SECONDS),
                "PYTHONPATH": str(BASE_DIR),
                "PYTHONUNBUFFERED": "1",
            }
            | (environment or {})
        )

    # ------------------------------------------------------------------ life
    def start(self) -> None:
        """Start the web server and the worker, and wait until both answer."""
        self.start_worker()
        self._run("web", [
            str(BIN / "gunicorn"), "academy.wsgi", "--bind", f"fd://{self._door.fileno()}",
            "--worker-class", "gthread", "--workers", str(self._workers), "--threads", "4",
            "--worker-tmp-dir", str(self.data_dir),
        ], pass_fds=[self._door.fileno()])  # fmt: skip
        self._wait("web", self._answers)
        self._wait("worker", lambda: " ready." in self.log("worker"))

    def start_worker(self) -> None:
        """Start the worker with beat (again, after `stop_worker`), as one machine for all does."""
        self._run("worker", [
            "nice", "-n", "5", str(BIN / "celery"), "-A", "academy", "worker", "--beat",
            "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO",
            "--schedule", str(self.data_dir / "beat-schedule"),
        ])  # fmt: skip

    def stop_worker(self, number: int = signal.SIGTERM) -> None:
        """Stop the worker: politely, or with SIGKILL as a power cut would."""
        self._end(self._processes.pop("worker"), number)

    def stop(self) -> None:
        """Stop every process of this product. Harmless when they have ended already."""
        if self._inside is not None:
            assert self._inside.stdin is not None
            assert self._inside.stdout is not None
            self._inside.stdin.close()
            self._end(self._inside, signal.SIGTERM)
            self._inside.stdout.close()
            self._inside = None
        while self._processes:
            self._end(self._processes.popitem()[1], signal.SIGTERM)
        self._door.close()

    def _run(self, name: str, command: list[str], **options: Any) -> None:
        with (self.data_dir / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command, cwd=BASE_DIR, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, preexec_fn=die_with_parent,
                **options,
            )  # fmt: skip

    def _wait(self, name: str, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._processes[name].poll() is None:
            if is_ready():
                return
            time.sleep(0.1)
        raise AssertionError(f"the {name} did not start:\n{self.log(name)}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=START_SECONDS):
                return True
        except urllib.error.HTTPError as answer:
            answer.close()
            return True  # a page that is missing is an answer too
        except OSError:
            return False

    @staticmethod
    def _end(process: subprocess.Popen, number: int) -> None:
        """End the process and its children: each was started as the head of its own group."""
        if process.poll() is None:
            os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # whoever of its children is left
        process.wait(STOP_SECONDS)

    # ------------------------------------------------------------------ looking inside
    def log(self, name: str) -> str:
        """What the `web` or `worker` process has said so far."""
        path = self.data_dir / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def processor_seconds(self, name: str) -> float:
        """Processor time that the `web` or `worker` process and its children have used so far."""
        group, ticks = self._processes[name].pid, 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # it has just ended
                fields = path.read_text().rpartition(") ")[2].split()
                if int(fields[2]) == group:
                    ticks += int(fields[11]) + int(fields[12])  # in user and in kernel mode
        return ticks / os.sysconf("SC_CLK_TCK")

    def manage(self, *arguments: str) -> str:
        """Run a management command in this product's environment; its output. Fails loudly."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=BASE_DIR, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"manage.py {arguments}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def python(self, code: str, **values: Any) -> Any:
        """Run `code` inside the product with `values` as names; what it left in `answer` (JSON).

        One process serves every call of a journey: it costs Django's start once.
        """
        if self._inside is None:
            with (self.data_dir / "inside.log").open("ab") as log:
                self._inside = subprocess.Popen(
                    [sys.executable, str(BASE_DIR / "tests" / "journeys" / "inside.py")],
                    cwd=BASE_DIR, env=self.environment, stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
                    preexec_fn=die_with_parent,
                )  # fmt: skip
        assert self._inside.stdin is not None
        assert self._inside.stdout is not None
        asked = {"code": textwrap.dedent(code), "values": values}
        self._inside.stdin.write(json.dumps(asked, default=str) + "\n")
        self._inside.stdin.flush()
        line = self._inside.stdout.readline()
        assert line, f"the product ended:\n{self.log('inside')}"
        reply = json.loads(line)
        if "error" in reply:
            raise AssertionError(f"inside the product:\n{reply['error']}")
        return reply["answer"]
