"""The rush: everybody opens the page of a session at the same instant and asks for a seat.

The product runs as in production: gunicorn and a worker on PostgreSQL and Redis, one trusted proxy
in front, limits of the sign-in in force (everybody comes from one hospital, by one address).
"""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone

from cms.services.site import ensure_site
from courses.choices import EnrolmentState
from courses.models import Enrolment, Session
from notices.choices import NoticeState
from notices.models import Notice
from people.models import User
from tests.bench import bare, stage
from tests.bench.contest import CONNECTIONS, Pace, act
from tests.bench.figures import Shift, Stretch
from tests.bench.options import Options
from tests.bench.verdict import judge
from tests.bench.visitor import Letterbox, Visitor
from tests.courses.crowd import Crowd
from tests.journeys.product import Product
from tests.servers import PrivateRedis

ONE_IN = 8  # people who sign in by a code on the way: 50 of 400
CONSTANTS = {"of_constant": "/bench/constant/", "of_open_constant": "/bench/open/"}
STARTS_WITHIN = 30.0  # seconds
MAIL_WITHIN = 120.0  # seconds after the rush in which every letter must have left
AS_IN_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    "TRUSTED_PROXY_COUNT": "1",
    "SWEEP_AT_MOST_SECONDS": "0",
    "LOG_LEVEL": "WARNING",
}


class Opening:
    """A running product, a session with seats, and people in front of its door."""

    def __init__(self, product: Product, mails: Letterbox, programme: stage.Programme) -> None:
        self.product, self.mails, self.programme = product, mails, programme

    def visitors(self, count: int) -> list[Visitor]:
        """New people; one in eight has no session cookie yet."""
        people = User.objects.filter(pk__in=stage.crowd_of(count, at=self.programme.at))
        return [
            Visitor(
                self.product.url,
                person.email or "",
                self.mails,
                cookie="" if place % ONE_IN == 0 else signed_in(person),
            )
            for place, person in enumerate(people)
        ]

    def enter(self, session: Session, visitors: Sequence[Visitor]) -> Shift:
        """All of them at once, from the page of the session to its answer. Waits in their order."""
        page = reverse("courses:session", args=[session.key])
        button = reverse("courses:enrol", args=[session.key])
        return all_at_once(visitors, lambda visitor: visitor.take_seat(page, button))

    def read_constant(self, path: str, asked: dict[Visitor, int]) -> tuple[float, Shift]:
        """The same people at once, each as many requests as they `asked` before.

        Processor seconds of the web server, and what each waited.
        """
        before = self.product.processor_seconds("web")
        shift = all_at_once(
            list(asked), lambda visitor: visitor.read_constant(path, asked[visitor])
        )
        return self.product.processor_seconds("web") - before, shift

    def wait_for_letters(self) -> float:
        """Seconds until the worker has sent what is due."""
        began = time.monotonic()
        pending = Notice.objects.due(timezone.now()) | Notice.objects.filter(
            state=NoticeState.SENDING
        )
        while pending.exists():
            if time.monotonic() > began + MAIL_WITHIN:
                raise RuntimeError(f"letters wait still:\n{self.product.log('worker')[-2000:]}")
            time.sleep(0.1)
        return time.monotonic() - began


def signed_in(person: User) -> str:
    """The key of a web session in which that person is signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def all_at_once(visitors: Sequence[Visitor], walk: Callable[[Visitor], Any]) -> Shift:
    """Each visitor in a thread of their own, started together."""
    waits, errors = [0.0] * len(visitors), []
    door = threading.Barrier(len(visitors) + 1)

    def live(place: int, visitor: Visitor) -> None:
        door.wait(STARTS_WITHIN)
        before = time.monotonic()
        try:
            walk(visitor)
        except Exception as error:  # noqa: BLE001 - told to the rush, which judges it
            errors.append(f"{type(error).__name__}: {error}")
        waits[place] = time.monotonic() - before

    threads = [threading.Thread(target=live, args=pair) for pair in enumerate(visitors)]
    for thread in threads:
        thread.start()
    door.wait(STARTS_WITHIN)
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return Shift(began, time.monotonic(), waits, errors)


def run(options: Options) -> dict[str, Any]:
    """The whole benchmark on servers of its own; its figures."""
    at = timezone.now()
    with ExitStack() as stack:
        url = stack.enter_context(stage.database("rush"))
        bare.lay_tables(1)
        pace = Pace()
        crowd = stack.enter_context(Crowd(CONNECTIONS, act))  # forked before any thread lives
        redis = stack.enter_context(PrivateRedis()).url.removesuffix("/0")
        mails = stack.enter_context(Letterbox())
        product = Product(
            data_dir=Path(stack.enter_context(TemporaryDirectory(prefix="rush-"))),
            database_url=url,
            broker_url=f"{redis}/0",
            cache_url=f"{redis}/1".replace("redis:", "rediscache:", 1),
            mails=mails,
            environment=AS_IN_PRODUCTION | {"SECRET_KEY": settings.SECRET_KEY},
        )
        stack.callback(product.stop)
        ensure_site(at=at)
        opening = Opening(product, mails, stage.Programme(at=at))
        product.start()
        pace.take_turn(crowd, sessions=1)
        figures = _measure(opening, options)
        pace.take_turn(crowd, sessions=1)
    for sentence in figures["wrongs"]:
        print(sentence, file=sys.stderr)
    return _told(options, figures, pace)


def _measure(opening: Opening, options: Options) -> dict[str, Any]:
    """Warm up, rush, let the letters leave, read the constant pages; what was seen."""
    product, programme = opening.product, opening.programme
    rehearsal, session = (programme.sessions(1, seats=seats)[0] for seats in (None, options.seats))
    wrongs = _rehearse(opening, rehearsal)
    visitors = opening.visitors(options.people)
    before = product.processor_seconds("web"), product.processor_seconds("worker")
    rush = opening.enter(session, visitors)
    server = product.processor_seconds("web") - before[0]
    opening.wait_for_letters()
    worker = product.processor_seconds("worker") - before[1]
    asked = {visitor: visitor.requests for visitor in visitors}
    ratios = {}
    for name, path in CONSTANTS.items():
        seconds, shift = opening.read_constant(path, asked)
        ratios[name] = round(server / seconds, 2)
        # What nobody can be quicker than here: the same requests, to a page that never changes.
        ratios[name.replace("of", "last", 1) + "_s"] = round(max(shift.waits), 2)
        wrongs += shift.errors
    verdict = judge(session, people=options.people)
    return {
        "rush": rush,
        "verdict": verdict,
        "last_refusal": _last_refusal(session, visitors, rush),
        "requests": [asked[each] for each in visitors if not each.signs_in],
        "requests_sign_in": [asked[each] for each in visitors if each.signs_in],
        "server": server,
        "worker": worker,
        "ratios": ratios,
        "wrongs": list(dict.fromkeys([*wrongs, *verdict.faults, *rush.errors])),
    }


def _rehearse(opening: Opening, session: Session) -> list[str]:
    """A few people go all the way, unmeasured: a process's first pages are slower."""
    early = opening.visitors(4 * ONE_IN)
    wrongs = opening.enter(session, early).errors
    for path in CONSTANTS.values():
        wrongs += opening.read_constant(path, dict.fromkeys(early, 2))[1].errors
    opening.wait_for_letters()
    return wrongs


def _last_refusal(session: Session, visitors: Sequence[Visitor], rush: Shift) -> float:
    """Seconds from the opening to the last answer « you wait »."""
    waiting = Enrolment.objects.filter(session=session, state=EnrolmentState.WAITING)
    addresses = set(waiting.values_list("person__email", flat=True))
    told = [
        wait
        for visitor, wait in zip(visitors, rush.waits, strict=True)
        if visitor.address in addresses
    ]
    return max(told, default=0.0)


def _told(options: Options, seen: dict[str, Any], pace: Pace) -> dict[str, Any]:
    """The figures by the names of the race, and those of HTTP."""
    people, verdict, rush = Stretch(), seen["verdict"], seen["rush"]
    people.add([rush])
    return {
        "people": options.people,
        "seats": options.seats,
        "confirmed": verdict.confirmed,
        "waiting": verdict.waiting,
        "oversold": verdict.oversold,
        "duplicates": verdict.duplicates,
        "errors": len(rush.errors),
        "per_second": round(people.rate, 1),
        "p50_ms": round(people.wait_ms(50), 1),
        "p95_ms": round(people.wait_ms(95), 1),
        "p99_ms": round(people.wait_ms(99), 1),
        "of_psycopg": round(people.rate / pace.rate_of("psycopg"), 4),
        "of_django": round(people.rate / pace.rate_of("django"), 4),
        "requests_per_person": round(mean(seen["requests"] or [0]), 2),
        "requests_sign_in": round(mean(seen["requests_sign_in"] or [0]), 2),
        "server_cpu_s": round(seen["server"], 2),
        **seen["ratios"],
        "last_refusal_s": round(seen["last_refusal"], 2),
        "worker_cpu_s": round(seen["worker"], 2),  # beside it: every letter worded and sent
        "faults": len(seen["wrongs"]),
    }
