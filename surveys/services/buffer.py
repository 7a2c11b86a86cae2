"""How an answer loses its hour.

An answer first joins one row per survey whose list is reshuffled at each write; rows of `Response`
appear only in shuffled batches. Before closing the buffer lets go at ten and keeps five back, so
that no two looks at the database pair an invitation that turned « done » with the answer that came
in.
"""

import secrets

from surveys.choices import FLUSH_AT, LEAVE_BEHIND
from surveys.models import Response, ResponseBuffer, Survey

_random = secrets.SystemRandom()


def put_in_buffer(survey: Survey, answers: dict[str, object]) -> None:
    """Adds one answer and lets a batch go when there are enough. Call inside a transaction.

    Locks the buffer row; two people answering at once wait for one another.
    """
    ResponseBuffer.objects.get_or_create(survey=survey)
    buffer = ResponseBuffer.objects.select_for_update().get(survey=survey)
    held = [*buffer.answers, answers]
    _random.shuffle(held)
    leaving: list[dict[str, object]] = []
    if len(held) >= FLUSH_AT:
        leaving, held = held[LEAVE_BEHIND:], held[:LEAVE_BEHIND]
    _let_go(survey, leaving)
    buffer.answers = held
    buffer.save(update_fields=["answers"])


def empty_buffer(survey: Survey) -> int:
    """Lets every answer go and forgets the buffer; gives how many left. For closing only."""
    buffer = ResponseBuffer.objects.select_for_update().filter(survey=survey).first()
    if buffer is None:
        return 0
    leaving = list(buffer.answers)
    _random.shuffle(leaving)
    _let_go(survey, leaving)
    buffer.delete()
    return len(leaving)


def _let_go(survey: Survey, answers: list[dict[str, object]]) -> None:
    Response.objects.bulk_create(Response(survey=survey, answers=row) for row in answers)
