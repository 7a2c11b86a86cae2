"""What a benchmark stands on: its own PostgreSQL that really writes to the disk, people, sessions.

People are written as rows, by the thousand; sessions are made by the services, as staff make them.
"""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connections

from allauth.account.models import EmailAddress
from environ import Env

from courses.models import Session
from people.choices import REQUIRED_PURPOSES
from people.models import Consent, ConsentText, Profile, User
from tests.databases import copy_postgres
from tests.factories.courses import open_session, published_course, term
from tests.servers import PrivatePostgres

DAYS_AHEAD = 30  # sessions far enough away that a free seat is given at once
_numbers = itertools.count(1)


@contextmanager
def database(name: str) -> Iterator[str]:
    """A migrated database on a server of its own, and Django connected to it. Yields its URL."""
    try:
        with PrivatePostgres(durable=True) as server:
            url = copy_postgres(server.url, name)
            row, given = settings.DATABASES["default"], Env.db_url_config(url)
            # Where it is, beside how the product speaks to it.
            row.update(given | {"OPTIONS": row.get("OPTIONS", {}) | given.get("OPTIONS", {})})
            yield url
            connections.close_all()
    finally:
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def crowd_of(size: int, *, at: datetime) -> list[int]:
    """Keys of so many new people: proved address, printed name, consent. Five INSERTs."""
    rows = User.objects.bulk_create(
        User(
            email=f"hand{next(_numbers)}@hopital.example",
            password=make_password(None),
            date_joined=at,
        )
        for _ in range(size)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=row, email=row.email, primary=True, verified=True) for row in rows
    )
    Profile.objects.bulk_create(
        Profile(user=row, printed_name=f"Personne {row.pk}") for row in rows
    )
    for purpose in REQUIRED_PURPOSES:
        text = ConsentText.objects.filter(purpose=purpose).order_by("-version")[0]
        Consent.objects.bulk_create(
            Consent(user=row, text=text, is_given=True, decided_at=at) for row in rows
        )
    return [row.pk for row in rows]


class Programme:
    """Sessions of one course in one term, as many as are asked for."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        first, last = at.date() - timedelta(days=30), at.date() + timedelta(days=120)
        self.term = term(at=at, starts_on=first, ends_on=last)
        self.course = published_course(at=at)
        self._days = itertools.cycle(range(DAYS_AHEAD, DAYS_AHEAD + 60))

    def sessions(self, count: int, *, seats: int | None) -> list[Session]:
        """Open sessions with so many seats each, on different days."""
        return [
            open_session(
                course=self.course,
                term=self.term,
                capacity=seats,
                starts_at=self.at + timedelta(days=next(self._days)),
                at=self.at,
            )
            for _ in range(count)
        ]
