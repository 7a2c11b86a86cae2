"""A draw as everybody may read it: no name, and no seed before the lots are drawn."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courses.models import Draw, DrawTicket, Session


@dataclass(frozen=True)
class PublicDraw:
    """seed and tickets (in the order drawn) are empty until `drawn_at`."""

    seed_hash: str
    published_at: datetime
    closes_at: datetime
    drawn_at: datetime | None
    seed: str
    tickets: tuple[DrawTicket, ...]

    @property
    def seated(self) -> int:
        return sum(ticket.is_seated for ticket in self.tickets)

    def as_data(self) -> dict[str, Any]:
        """For a program: everything that recomputing takes."""
        return {
            "seed_hash": self.seed_hash,
            "seed": self.seed,
            "drawn_at": self.drawn_at.isoformat() if self.drawn_at else None,
            "tickets": [
                {
                    "ticket": ticket.number,
                    "weight": ticket.weight,
                    "position": ticket.position,
                    "seated": ticket.is_seated,
                }
                for ticket in self.tickets
            ],
        }


def find_draw(session: Session) -> PublicDraw | None:
    """The draw of a session, as far as it is public. Two questions."""
    draw = Draw.objects.filter(session=session).first()
    if draw is None:
        return None
    is_drawn = draw.drawn_at is not None
    return PublicDraw(
        seed_hash=draw.seed_hash,
        published_at=draw.published_at,
        closes_at=draw.closes_at,
        drawn_at=draw.drawn_at,
        seed=draw.seed if is_drawn else "",
        tickets=tuple(draw.tickets.order_by("position", "number")) if is_drawn else (),
    )
