"""The team's lists: what was due is done, but for what its to-do list of today shows."""

from datetime import datetime, timedelta

from academy.services.demo.moments import moment
from courses.selectors.checklists import due_items
from courses.services.checklists import tick_item
from people.models import User

LEFT = timedelta(days=2)  # what came due this lately is not done yet


def do_what_was_due(*, by: User, at: datetime) -> int:
    """Ticks, on its day, each item that came due more than two days before `at`; returns how many.

    One is forgotten, the latest of them, so that the dashboard shows what late looks like.
    """
    due = [
        one
        for one in due_items(at, by)
        if one.due_on is not None and one.due_on < (at - LEFT).date()
    ]
    for one in due[:-1]:
        if one.due_on is not None:
            tick_item(session=one.session, item=one.item.pk, by=by, at=moment(one.due_on, "10:00"))
    return len(due) - 1
