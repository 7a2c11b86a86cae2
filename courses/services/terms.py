"""A whole term prepared from another one, in one act."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.models import Session, Term
from courses.selectors.copies import Question
from courses.selectors.terms import TermPlan, plan_term
from courses.services.catalogue import save_term
from courses.services.copies import keep_copy
from people.letters import date_words
from people.models import User
from people.services import Refusal

FARTHEST_WEEKS = 260


class TermRefusal(Refusal):
    """A term that cannot be made from another one; the text says why."""


class TitleMissing(TermRefusal):
    pass


class TermStands(TermRefusal):
    """The same title and the same first day: it was made already."""


class WeeksRefused(TermRefusal):
    pass


@dataclass(frozen=True)
class Duplicate:
    """What was made. `to_decide`: the draft and one thing that staff decide again in it."""

    term: Term
    sessions: list[Session]
    to_decide: list[tuple[Session, Question]]


def check_duplicate(*, term: Term, title_fr: str, starts_on: date, weeks: int) -> None:
    """Refuses what `duplicate_term` would refuse; writes nothing. For the preview."""
    if not title_fr.strip():
        raise TitleMissing(_("Give the new term a French title."))
    if not 1 <= weeks <= FARTHEST_WEEKS:
        raise WeeksRefused(
            _("The new term begins at least one week, and at most %(weeks)d weeks, after this one.")
            % {"weeks": FARTHEST_WEEKS}
        )
    if Term.objects.filter(title_fr=title_fr.strip(), starts_on=starts_on).exists():
        raise TermStands(
            _("A term “%(title)s” that starts on %(date)s stands already: nothing was copied.")
            % {"title": title_fr.strip(), "date": date_words(starts_on, get_language())}
        )


def duplicate_term(
    *,
    term: Term,
    title_fr: str,
    title_en: str,
    starts_on: date,
    weeks: int,
    by: User | None,
    at: datetime,
) -> Duplicate:
    """Makes a term after `term`: every session as a draft, its dates moved by whole weeks.

    Dates keep their hour on the local clock. Copied: rules, meetings, breaks, pools, checklist.
    Never copied: trainers, guests, people, join addresses, numbers of accreditation. All of it or
    nothing; locks the term copied, so that of two presses one is refused (TermStands).
    """
    with transaction.atomic():
        source = Term.objects.select_for_update(no_key=True).get(pk=term.pk)
        check_duplicate(term=source, title_fr=title_fr, starts_on=starts_on, weeks=weeks)
        plan: TermPlan = plan_term(
            source, title_fr=title_fr, title_en=title_en, starts_on=starts_on, weeks=weeks, at=at
        )
        kept = save_term(term=plan.term, by=by, at=at)
        sessions, to_decide = [], []
        for copy in plan.copies:
            copy.session.term = kept  # now that it has a number
            session = keep_copy(copy=copy, by=by, at=at)
            sessions.append(session)
            to_decide += [(session, question) for question in copy.questions]
    return Duplicate(kept, sessions, to_decide)
