"""Databases for tests: migrated once, kept as a template, copied whenever one is needed.

A template is named by a hash of every migration file of ours and of every installed distribution:
it is rebuilt exactly when it would differ. It is kept under var/tests/ (SQLite: the file itself;
PostgreSQL: a dump that a fresh private server reads back in about a second). A copy takes no longer
than a flush and keeps what migrations wrote (Wagtail's root page, the locales), which a flush would
take away: that is why a transactional test ends with a fresh copy.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers import postgres_program

BASE_DIR = Path(__file__).resolve().parents[1]
CACHE_DIR = BASE_DIR / "var" / "tests"
KEPT = 4  # templates of each kind kept for those who switch branches


@cache
def template_key() -> str:
    """Twelve hex digits that change when a migration or an installed version does."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(BASE_DIR.glob("*/migrations/**/*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(str(path.relative_to(BASE_DIR)).encode() + b"\0" + path.read_bytes())
    for line in sorted(f"{each.name}=={each.version}" for each in distributions()):
        digest.update(line.encode())
    return digest.hexdigest()[:12]


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold `name` against the other processes of this checkout."""
    CACHE_DIR.mkdir(parents=True, exist_ok=True)
    with (CACHE_DIR / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    """Run every migration on the empty database at `url`, in a process of its own."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "academy.settings.base",
        "DATABASE_URL": url,
        "SECRET_KEY": "template-" + "x" * 50,
        "DATA_DIR": str(CACHE_DIR / "migrating"),
        "CELERY_BROKER_URL": "memory://",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0", "--skip-checks"],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"migrations failed:\n{done.stdout}{done.stderr}")


def _forget_old(pattern: str) -> None:
    kept = sorted(CACHE_DIR.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[KEPT:]:
        path.unlink(missing_ok=True)


# ------------------------------------------------------------------ SQLite
@cache
def sqlite_template() -> Path:
    """The migrated SQLite file of today's code; made when it does not exist."""
    path = CACHE_DIR / f"template-{template_key()}.sqlite3"
    with locked("sqlite"):
        if not path.exists():
            draft = path.with_suffix(".draft")
            _remove_sqlite(draft)
            _migrate(f"sqlite:///{draft}")
            _settle(draft)
            draft.rename(path)
            _forget_old("template-*.sqlite3")
    return path


def _settle(path: Path) -> None:
    """Fold the write-ahead log into the file, so that the file alone is the database."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _remove_sqlite(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def copy_sqlite(path: Path) -> str:
    """A fresh copy of the template at `path` (whatever stood there is gone). Returns its URL."""
    _remove_sqlite(path)
    shutil.copyfile(sqlite_template(), path)
    return f"sqlite:///{path}"


# ------------------------------------------------------------------ PostgreSQL
def database_url(server_url: str, name: str) -> str:
    """The URL of the database `name` on the server whose maintenance database is `server_url`."""
    head, mark, query = server_url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{mark}{query}"


@cache
def postgres_template(server_url: str) -> str:
    """The name of the migrated template on this server; restored from its dump, or made."""
    name = f"template_{template_key()}"
    with locked("postgres"), psycopg.connect(server_url, autocommit=True) as server:
        known = server.execute("SELECT datallowconn FROM pg_database WHERE datname = %s", [name])
        state = known.fetchone()
        if state == (False,):  # finished: nobody may connect to it any more
            return name
        _drop(server, name)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        major = server.info.server_version // 10000
        dump = CACHE_DIR / f"template-{template_key()}-pg{major}.sql"
        url = database_url(server_url, name)
        if dump.exists():
            _run("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={dump}", url)
        else:
            _migrate(url)
            draft = dump.with_suffix(".draft")
            _run("pg_dump", "--no-owner", f"--file={draft}", url)
            draft.rename(dump)
            _forget_old("template-*.sql")
        server.execute(
            sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name))
        )
    return name


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [postgres_program(program), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed:\n{done.stderr}")


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def copy_postgres(server_url: str, name: str) -> str:
    """A fresh copy of the template, called `name` (replaced if it exists). Returns its URL."""
    template = postgres_template(server_url)
    with psycopg.connect(server_url, autocommit=True) as server:
        _drop(server, name)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return database_url(server_url, name)


def drop_postgres(server_url: str, name: str) -> None:
    """Drop `name` and whoever is still connected to it."""
    with psycopg.connect(server_url, autocommit=True) as server:
        _drop(server, name)
