"""`make run`: the whole Academy on one machine, with nothing to install and nothing to configure.

Makes keys, migrates, collects files and builds the fictional term at the first start; serves, works
and keeps the beat until Ctrl-C. Never destroys anything: a second start takes up what is there.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from academy.services.demo.build import ACCOUNTS, build_demo
from certificates.pdf.signing import make_test_authority
from cms.services.site import ensure_site

STATIC_STAMP = ".collected"
WORKER_YIELDS = ("nice", "-n", "5")  # one machine for all: pages come before messages
WORKER_AS_ROOT = "ignore:You're running the worker"  # usual in a container, and harmless here


class Command(BaseCommand):
    help = "Serve the Academy with demonstration content until Ctrl-C."
    requires_system_checks: list[str] = []  # type: ignore[assignment]  # the key is made here

    def handle(self, *args: Any, **options: Any) -> None:
        port = _port()
        if not (settings.DEMO and settings.SECRET_KEY):
            _start_again_with_keys(port)
        signal.signal(signal.SIGTERM, _interrupt)  # whoever stops us stops our children too
        started = time.monotonic()
        self._prepare()
        children = self._start(port)
        try:
            self._wait_until_ready(port, children)
            self._greet(port, time.monotonic() - started)
            while all(child.poll() is None for child in children):
                time.sleep(0.5)
            raise CommandError("A process stopped by itself; its last lines stand above.")
        except KeyboardInterrupt:
            self.stdout.write("\nAu revoir.")
        finally:
            _stop(children)

    def _prepare(self) -> None:
        self.stdout.write("Base de données…")
        call_command("migrate", interactive=False, verbosity=0)
        ensure_site(at=timezone.now())
        if build_demo(at=timezone.now(), say=self.stdout.write):
            self.stdout.write("Contenu de démonstration construit.")
        root = Path(settings.STATIC_ROOT)
        newest = max(
            (
                path.stat().st_mtime
                for path in Path(settings.BASE_DIR, "static").rglob("*")
                if path.is_file()
            ),
            default=0.0,
        )
        stamp = root / STATIC_STAMP
        if not stamp.exists() or stamp.stat().st_mtime < newest:
            self.stdout.write("Fichiers statiques…")
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.touch()

    def _start(self, port: int) -> list[subprocess.Popen[bytes]]:
        commands = [
            [
                sys.executable,
                "-m",
                "gunicorn",
                "academy.wsgi",
                "--bind",
                f"127.0.0.1:{port}",
                "--workers",
                "1",
                "--threads",
                "8",
                "--log-level",
                "warning",
            ],
            [
                *WORKER_YIELDS,
                sys.executable,
                "-m",
                "celery",
                "--quiet",
                "-A",
                "academy",
                "worker",
                "-B",
                "-P",
                "threads",
                "-c",
                "2",
                "--loglevel",
                "WARNING",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
                "-s",
                str(settings.DATA_DIR / "beat"),
            ],
        ]
        return [
            subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=os.environ | {"PYTHONWARNINGS": WORKER_AS_ROOT},
                start_new_session=True,
            )
            for command in commands
        ]

    def _wait_until_ready(self, port: int, children: list[subprocess.Popen[bytes]]) -> None:
        for _attempt in range(240):
            if any(child.poll() is not None for child in children):
                raise CommandError("The site did not start; the reason stands above.")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.25)
        raise CommandError("The site did not start within a minute.")

    def _greet(self, port: int, seconds: float) -> None:
        address = f"http://localhost:{port}"
        lines = [
            "",
            f"L’Académie est à {address}/ ({seconds:.0f} s)",
            f"  Anglais      {address}/en/",
            f"  Courriels    {address}/courriels/",
            f"  Gestion      {address}/gestion/",
            "",
            "Comptes fictifs, ouverts en un clic en haut de chaque page :",
            *(f"  {account.label_fr:<34}{account.email}" for account in ACCOUNTS),
            "",
            "Ctrl-C arrête tout; rien n’est effacé.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def _port() -> int:
    try:
        port = int(os.environ.get("PORT", "8000"))
    except ValueError:
        raise CommandError("PORT must be a number, for example PORT=8010.") from None
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(
                f"Port {port} is taken. Choose another: make run PORT={port + 1}"
            ) from None
    return port


def _start_again_with_keys(port: int) -> None:
    """Settings are read once, so the keys are made first and the command begins again with them."""
    keys = settings.DATA_DIR / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = keys / "secret_key"
    if not secret.exists():
        _write(secret, secrets.token_urlsafe(50).encode())
    key, chain = keys / "signing-key.pem", keys / "signing-chain.pem"
    if not (key.exists() and chain.exists()):
        root, leaf, private = make_test_authority()
        _write(key, private)
        _write(chain, leaf + root)
    environment = os.environ | {
        "DEMO": "1",
        "SECRET_KEY": secret.read_text(),
        "DATA_DIR": str(settings.DATA_DIR),
        "PUBLIC_BASE_URL": os.environ.get("PUBLIC_BASE_URL", f"http://localhost:{port}"),
        "SIGNING_KEY_FILE": str(key),
        "SIGNING_CERTIFICATE_FILE": str(chain),
        "PORT": str(port),
        "SWEEP_AT_MOST_SECONDS": os.environ.get("SWEEP_AT_MOST_SECONDS", "15"),
    }
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, *sys.argv], environment)


def _write(path: Path, content: bytes) -> None:
    """A secret only its owner reads."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
