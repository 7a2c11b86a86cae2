"""What people think of a session: plausible answers to the evaluation form, a few words among them.

Nine in ten are satisfied, as the network's own reports say of its webinars.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from academy.services.demo import texts
from academy.services.demo.cast import Cast
from academy.services.demo.presence import Presence
from academy.services.demo.seats import Given
from surveys.models import Invitation, Survey
from surveys.services.answers import submit_response

SATISFIED = 0.92
ANSWER_STAYED, ANSWER_PARTLY = 0.84, 0.5  # part of each that answers the form
SLOWEST = timedelta(days=9)
CANMEDS = ("expert", "communicator", "collaborator", "leader", "scholar", "professional")
# Free questions, and how many in a hundred write something there.
WRITTEN = {"comment": 22, "change": 20, "obstacles": 8, "needs": 10}


@dataclass(frozen=True)
class Answer:
    """One form as it will be sent, by the person of the invitation, at `at`."""

    at: datetime
    invitation: Invitation
    answers: dict[str, Any]


def imagine_answers(
    *,
    given: Given,
    survey: Survey,
    presence: Presence,
    cast: Cast,
    die: random.Random,
    until: datetime,
) -> list[Answer]:
    """Who answers, what and when, the earliest first; nobody who never came does."""
    decks = _Decks(die)
    chances = {person.pk: ANSWER_STAYED for person in presence.stayed}
    chances |= {person.pk: ANSWER_PARTLY for person in presence.partly}
    if given.delivery.learner is not None:
        chances[cast.learner.pk] = 1.0 if given.delivery.learner_answers else 0.0
    answers = []
    for invitation in survey.invitations.select_related("person").order_by("pk"):
        wants_to = die.random() < chances.get(invitation.person_id, 0.0)
        at = survey.opens_at + die.random() ** 3 * SLOWEST  # most within a day or two
        if wants_to and at < until:
            answers.append(Answer(at, invitation, decks.answers(survey)))
    return sorted(answers, key=lambda answer: answer.at)


def send(answers: list[Answer]) -> None:
    """Submits each form at its moment."""
    for answer in answers:
        submit_response(invitation=answer.invitation, answers=answer.answers, at=answer.at)


class _Decks:
    """Answers for one session: no two people write the same words."""

    def __init__(self, die: random.Random) -> None:
        self.die = die
        self.words = {
            key.removesuffix("_fr"): die.sample(lines, len(lines))
            for key, lines in texts.read("opinions.json").items()
        }

    def answers(self, survey: Survey) -> dict[str, Any]:
        """One whole form, of a satisfied or of a dissatisfied person."""
        die = self.die
        is_satisfied = die.random() < SATISFIED
        overall = die.choice((5, 5, 5, 4, 4)) if is_satisfied else die.choice((3, 3, 3, 2))
        return {
            "overall": overall,
            "objectives": {row["key"]: self._near(overall) for row in survey.objectives},
            "relevance": self._near(overall),
            "bias": "no",
            "ethics": "yes",
            "interactivity": "yes" if die.random() < 0.86 else "no",
            "canmeds": die.sample(CANMEDS, die.randint(1, 3)),
            "trainers": {row["key"]: self._near(overall) for row in survey.trainers},
            "organisation": self._near(overall),
            "nps": die.randint(8, 10) if is_satisfied else die.randint(4, 7),
            **{key: self._words(key, share) for key, share in WRITTEN.items()},
        }

    def _near(self, score: int) -> int:
        return max(1, min(5, score + self.die.choice((-1, 0, 0, 0, 1))))

    def _words(self, key: str, share: int) -> str:
        """The next words of the deck, for that many in a hundred; none when the deck is empty."""
        wants_to = self.die.randrange(100) < share
        return self.words[key].pop() if wants_to and self.words[key] else ""
