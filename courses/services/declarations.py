"""A trainer's declaration of interests for a course and a term: asked once, signed once."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import ChecklistCode
from courses.models import Course, Declaration, Session, SessionTrainer, Term
from courses.services.checklists import tick_item
from people.models import User
from people.services import Refusal


class DeclarationRefusal(Refusal):
    """A declaration that cannot be asked or signed so; the text says why."""


class NotTheTrainer(DeclarationRefusal):
    pass


class AlreadySigned(DeclarationRefusal):
    pass


class DeclarationIncomplete(DeclarationRefusal):
    pass


def ask_declaration(
    *, trainer: User, course: Course, term: Term | None, due_on: date | None, at: datetime
) -> Declaration:
    """Asks for a declaration. Idempotent: the one already asked is returned as it is."""
    declaration, _created = Declaration.objects.get_or_create(
        trainer=trainer, course=course, term=term, defaults={"asked_at": at, "due_on": due_on}
    )
    return declaration


def sign_declaration(
    *,
    declaration: Declaration,
    has_interests: bool,
    statement: str,
    signed_name: str,
    by: User,
    at: datetime,
) -> Declaration:
    """Signs once, by the trainer alone. The same words again change nothing; others are refused.

    Ticks « declarations » on the checklist of each session whose trainers have now all signed.
    """
    words = {
        "has_interests": has_interests,
        "statement": statement.strip(),
        "signed_name": signed_name.strip(),
    }
    with transaction.atomic():
        row = Declaration.objects.select_for_update(no_key=True).get(pk=declaration.pk)
        if by.pk != row.trainer_id:
            raise NotTheTrainer(_("Only the trainer signs this declaration."))
        if row.signed_at is not None:
            if any(getattr(row, name) != value for name, value in words.items()):
                raise AlreadySigned(_("This declaration is already signed."))
            return row
        if not words["signed_name"]:
            raise DeclarationIncomplete(_("Type your name to sign."))
        if has_interests and not words["statement"]:
            raise DeclarationIncomplete(_("Describe the interests you declare."))
        for name, value in words.items():
            setattr(row, name, value)
        row.signed_at = at
        row.save(update_fields=[*words, "signed_at"])
        _tick_sessions(row, by=by, at=at)
    return row


def _tick_sessions(declaration: Declaration, *, by: User, at: datetime) -> None:
    signed = Declaration.objects.filter(
        course=declaration.course_id, term=declaration.term_id, signed_at__isnull=False
    )
    unsigned = SessionTrainer.objects.exclude(person__in=signed.values("trainer"))
    sessions = Session.objects.filter(
        course=declaration.course_id, term=declaration.term_id, trainers__person=declaration.trainer
    )
    for session in sessions.exclude(pk__in=unsigned.values("session")):
        tick_item(session=session, code=ChecklistCode.DECLARATIONS, by=by, at=at)
