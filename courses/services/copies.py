"""Keeping a copied session: the one way in which a draft is made from another session."""

from datetime import datetime

from courses.choices import ChecklistCode
from courses.models import ChecklistItem, Session
from courses.selectors.copies import SessionCopy
from courses.services.sessions import save_session
from people.models import User


def keep_copy(*, copy: SessionCopy, by: User | None, at: datetime) -> Session:
    """Writes the draft with its meetings, breaks, pools and checklist; nothing of it is ticked.

    To be called inside the transaction of the one who copies.
    """
    session = save_session(
        session=copy.session,
        meetings=copy.meetings,
        breaks=copy.breaks,
        pools=copy.pools,
        trainers=None,
        by=by,
        at=at,
    )
    for item in copy.items:
        if item.code == ChecklistCode.OTHER:
            item.session = session
            item.save()
        else:
            ChecklistItem.objects.filter(session=session, code=item.code).update(
                offset_days=item.offset_days
            )
    return session
