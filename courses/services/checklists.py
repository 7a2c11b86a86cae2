"""What staff must have done around a session: rows written, ticked and taken away here.

Higher floors tick an item by its code when the fact is theirs (presence settled, attestations
issued). No verb locks a row, so a receiver may call them: each is one conditional statement.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import CHECKLIST, ChecklistCode, SessionState
from courses.models import ChecklistItem, Session
from people.models import User
from people.services import Refusal

FARTHEST = 365  # days before or after a session that an item of staff may stand


class ChecklistRefusal(Refusal):
    """A list that cannot be changed so; the text says why."""


class NotOnTheList(ChecklistRefusal):
    pass


class LabelMissing(ChecklistRefusal):
    pass


class TooFar(ChecklistRefusal):
    pass


class KeptItem(ChecklistRefusal):
    """An item of the house: it is ticked, never taken away."""


def plan_checklist(*, session: Session, at: datetime) -> list[ChecklistItem]:
    """Gives the session the items of choices.CHECKLIST that it lacks; returns them all, in order.

    Idempotent: what stands keeps its days and its tick. Due dates follow the meetings, so nothing
    has to be written when a session moves. `at` is the moment of the plan; no item keeps it.
    """
    ChecklistItem.objects.bulk_create(
        (
            ChecklistItem(session=session, code=code, offset_days=days)
            for code, days in CHECKLIST.items()
        ),
        ignore_conflicts=True,
    )
    return list(ChecklistItem.objects.filter(session=session))


def tick_item(
    *,
    session: Session,
    by: User | None,
    at: datetime,
    code: str | None = None,
    item: int | None = None,
    done: bool = True,
) -> ChecklistItem | None:
    """Ticks an item, named by its code or by its number; `done` False takes the tick back.

    Idempotent: the first tick keeps its hour and its author. A session without that code (planned
    before checklists were) gives None; a number of another session raises NotOnTheList.
    """
    rows = ChecklistItem.objects.filter(session=session)
    rows = rows.filter(code=code) if item is None else rows.filter(pk=item)
    if done:
        rows.filter(done_at__isnull=True).update(done_at=at, done_by=by)
    else:
        rows.update(done_at=None, done_by=None)
    row = rows.select_related("done_by").first()
    if row is None and item is not None:
        raise NotOnTheList(_("This item is not on the list of this session."))
    return row


def add_item(
    *,
    session: Session,
    label_fr: str,
    label_en: str = "",
    offset_days: int,
    by: User | None,
    at: datetime,
) -> ChecklistItem:
    """Adds something of staff's own, so many days before (negative) or after the session.

    Idempotent: the same words on the same day are one item. Refuses a session that is cancelled.
    """
    label_fr, label_en = label_fr.strip(), label_en.strip()
    if not (label_fr or label_en):
        raise LabelMissing(_("Say what must be done."))
    if abs(offset_days) > FARTHEST:
        raise TooFar(_("At most %(days)d days before or after the session.") % {"days": FARTHEST})
    with transaction.atomic():
        row = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        if row.state == SessionState.CANCELLED:
            raise ChecklistRefusal(_("This session is cancelled: its list no longer changes."))
        item, _created = ChecklistItem.objects.get_or_create(
            session=row,
            code=ChecklistCode.OTHER,
            label_fr=label_fr or label_en,
            label_en=label_en,
            offset_days=offset_days,
        )
    return item


def remove_item(*, session: Session, item: int, by: User | None, at: datetime) -> None:
    """Takes away an item of staff's own. Idempotent; an item of the house raises KeptItem."""
    row = ChecklistItem.objects.filter(session=session, pk=item).first()
    if row is None:
        return
    if row.code != ChecklistCode.OTHER:
        raise KeptItem(_("This item stays on every list: tick it when it is done or needless."))
    row.delete()
