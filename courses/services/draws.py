"""The drawing of lots, so that anyone can recompute it.

A secret seed is made before the window of requests opens and its hash is published. Each request
gets a random number at once, which only its person sees. After the window, requests are sorted by
`draw_key`: a request of weight w has w chances (exponential keys: Efraimidis and Spirakis,
“Weighted random sampling with a reservoir”, 2006), and seated in that order through the gate. Seed,
numbers, weights and order are then public, without names.
"""

import hashlib
import math
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import HELD_ENROLMENT_STATES, EnrolmentState, OpeningMode, SessionState
from courses.models import Draw, DrawTicket, Enrolment, Session, Term
from courses.services.gate import lock_sessions
from courses.services.seat_rules import SeatRefusal

TOP_WEIGHT = 9  # of somebody who held no seat in the last two terms
TERMS_LOOKED_AT = 2


class DrawRefusal(SeatRefusal):
    """A draw that cannot be published or drawn now; the text says why."""


def seed_hash(seed: str) -> str:
    """SHA-256 of the seed, hexadecimal: what is published before the window opens."""
    return hashlib.sha256(seed.encode()).hexdigest()


def draw_key(seed: str, number: str, weight: int) -> float:
    """Where a ticket comes out: the smaller the earlier.

    −ln(u) / weight, with u in (0, 1] from the first 13 hexadecimal digits of
    SHA-256(« seed:number »): anyone recomputes it.
    """
    digits = hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()[:13]
    u = (int(digits, 16) + 1) / 16**13
    return -math.log(u) / weight


def publish_draw(*, session: Session, at: datetime) -> Draw:
    """Makes the seed of a session's draw and publishes its hash, before any request. Idempotent."""
    with transaction.atomic():
        row = lock_sessions([session.pk])[session.pk]
        standing = Draw.objects.filter(session=row).first()
        if standing is not None:
            return standing
        if row.opening_mode != OpeningMode.DRAW or row.requests_close_at is None:
            raise DrawRefusal(_("Choose the draw and the hour at which requests close first."))
        if Enrolment.objects.filter(session=row, state=EnrolmentState.REQUESTED).exists():
            raise DrawRefusal(_("Requests were made already: the draw had to be published before."))
        seed = secrets.token_hex(32)
        return Draw.objects.create(
            session=row,
            closes_at=row.requests_close_at,
            seed=seed,
            seed_hash=seed_hash(seed),
            published_at=at,
        )


def give_ticket(enrolment: Enrolment) -> DrawTicket:
    """A random number for one request, under the session's lock. The weight is counted at the
    draw, which publish_draw has published before.
    """
    draw = Draw.objects.get(session=enrolment.session)
    return DrawTicket.objects.create(
        draw=draw, enrolment=enrolment, number=secrets.token_hex(8), weight=TOP_WEIGHT
    )


def weight_of(enrolment: Enrolment, term: Term | None) -> int:
    """Chances of a request: 9 for nobody's seat in this term and the one before, one fewer for each
    seat held there, at least 1."""
    if term is None:
        return TOP_WEIGHT
    terms = Term.objects.filter(starts_on__lte=term.starts_on).order_by("-starts_on")
    held = Enrolment.objects.filter(
        person_id=enrolment.person_id,
        state__in=HELD_ENROLMENT_STATES,
        session__term__in=list(terms[:TERMS_LOOKED_AT]),
    ).exclude(session__state=SessionState.CANCELLED)
    return max(1, TOP_WEIGHT - held.count())
