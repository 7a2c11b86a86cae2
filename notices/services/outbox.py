"""The outbox: each fact is told once, nothing is told before it is true, nothing is lost.

A notice is a row written in the transaction of its fact (`post`, `post_all`): rolled back with it,
visible with it. The worker takes due rows (`take_due`), rereads the state and sends (`deliver`). No
lock and no transaction is held while the mail server answers.

Guarantee: at least once. A worker killed between the server's « kept » and our mark leaves the row
« being sent »; ten minutes later `put_back` queues it again and the person receives the same
Message-ID a second time, which most mailboxes show as one message. It is the only possible double.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from notices.choices import (
    ENDED_STATES,
    RETRY_MINUTES,
    STUCK_MINUTES,
    WORDS_KEPT_DAYS,
    NoticeKind,
    NoticeState,
    Priority,
)
from notices.letters import error_words, is_refused_for_good
from notices.models import Notice
from notices.selectors.facts import facts_of
from notices.services import NoticeRefusal
from notices.services.composition import compose, hand_over
from notices.signals import notice_posted
from people.models import User

logger = logging.getLogger(__name__)

BATCH = 5  # rows taken at once; each may cost the transport's whole timeout


class NotFailed(NoticeRefusal):
    """Only a message that could not be sent is sent again."""


@dataclass(frozen=True)
class Draft:
    """One notice to write: what `post` takes, for those who write several at once."""

    kind: NoticeKind
    key: str
    recipient: User
    context: dict[str, Any] = field(default_factory=dict)
    priority: Priority = Priority.NORMAL
    due_at: datetime | None = None
    address: str = ""  # only where the account no longer holds one (closing)
    language: str = ""  # only where it is not the recipient's own (a trial)
    mailing_id: int | None = None  # one person's message of a message to many


# ------------------------------------------------------------------ writing
def post(
    *,
    kind: NoticeKind,
    key: str,
    recipient: User,
    context: dict[str, Any],
    at: datetime,
    due_at: datetime | None = None,
    priority: Priority = Priority.NORMAL,
    address: str = "",
) -> None:
    """Writes the row of one message. Idempotent on `key`: a fact is told once.

    Nothing when there is nobody to write to (a closed account and no `address`). Sends
    notice_posted. Safe inside the transaction of the fact: one INSERT that ignores a key already
    there, no lock, no question.
    """
    post_all(drafts=[Draft(kind, key, recipient, context, priority, due_at, address)], at=at)


def post_all(*, drafts: Iterable[Draft], at: datetime) -> int:
    """Writes many rows in one INSERT and wakes the worker once. Idempotent on each key.

    Returns how many were asked for. `recipient` should come with its profile.
    """
    rows = [
        Notice(
            key=draft.key,
            kind=draft.kind,
            recipient=draft.recipient,
            address=draft.address,
            language=draft.language or draft.recipient.language,
            context=draft.context,
            mailing_id=draft.mailing_id,
            priority=draft.priority,
            queued_at=at,
            due_at=draft.due_at or at,
        )
        for draft in drafts
        if draft.address or draft.recipient.closed_at is None
    ]
    if rows:
        with transaction.atomic(savepoint=False):
            Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
            notice_posted.send(sender=Notice, key=rows[0].key)
    return len(rows)


# ------------------------------------------------------------------ sending
def take_due(*, at: datetime, limit: int = BATCH) -> list[Notice]:
    """Marks up to `limit` due rows « being sent » and returns them, the most urgent first.

    Two workers never take the same row: PostgreSQL skips locked rows, SQLite lets one writer in at
    a time. Counts the attempt now, so a row that kills its worker ends as failed too.
    """
    with transaction.atomic():
        notices = list(
            Notice.objects.due(at)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("recipient__profile")[:limit]
        )
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
            state=NoticeState.SENDING, taken_at=at, attempts=F("attempts") + 1
        )
    for notice in notices:
        notice.state, notice.taken_at = NoticeState.SENDING, at
        notice.attempts += 1
    return notices


def put_back(*, at: datetime) -> int:
    """Queues again what a dead worker left « being sent » for ten minutes. Returns how many.

    A row that was tried as often as the table allows becomes failed.
    """
    stuck = Notice.objects.filter(
        state=NoticeState.SENDING, taken_at__lte=at - timedelta(minutes=STUCK_MINUTES)
    )
    given_up = stuck.filter(attempts__gt=len(RETRY_MINUTES))
    given_up.update(state=NoticeState.FAILED, last_error="the worker stopped while sending")
    return stuck.update(state=NoticeState.QUEUED, due_at=at)


def deliver(*, notice: Notice, at: datetime) -> NoticeState:
    """Sends one taken notice, in its recipient's language, after rereading what it speaks of.

    Returns the new state: SENT; DROPPED when it is no longer true; QUEUED again after the minutes
    of RETRY_MINUTES when the transport failed; FAILED after the last of them, or at once when the
    server says that the mailbox does not exist. Holds no transaction while sending. Writes nothing
    over a row that another worker has taken meanwhile.
    """
    try:
        with translation.override(notice.language):
            facts = facts_of(notice, at=at)
            if facts is None:
                return _settle(notice, NoticeState.DROPPED, address="")
            letter = compose(notice=notice, facts=facts)
        hand_over(letter)
    except Exception as error:  # noqa: BLE001 - whatever a transport or a template raises ends here
        words = error_words(error)
        logger.warning("notice %s, attempt %s: %s", notice.pk, notice.attempts, words)
        return _try_later(notice, error, words, at=at)
    return _settle(
        notice,
        NoticeState.SENT,
        sent_at=at,
        message_id=letter.message_id,
        subject=letter.subject,
        text=letter.kept_text,
        address="",
        last_error="",
    )


def _try_later(notice: Notice, error: Exception, words: str, *, at: datetime) -> NoticeState:
    if is_refused_for_good(error) or notice.attempts > len(RETRY_MINUTES):
        return _settle(notice, NoticeState.FAILED, last_error=words)
    wait = timedelta(minutes=RETRY_MINUTES[notice.attempts - 1])
    return _settle(notice, NoticeState.QUEUED, last_error=words, due_at=at + wait)


def _settle(notice: Notice, state: NoticeState, **fields: Any) -> NoticeState:
    """Writes the end of this attempt, unless the row was put back and taken by somebody else."""
    Notice.objects.filter(pk=notice.pk, state=NoticeState.SENDING, taken_at=notice.taken_at).update(
        state=state, **fields
    )
    notice.state = state
    return state


# ------------------------------------------------------------------ staff
def send_again(*, notice: Notice, at: datetime) -> Notice:
    """Queues a failed notice anew, with all its attempts. Refuses any other state."""
    with transaction.atomic():
        row = Notice.objects.select_for_update().get(pk=notice.pk)
        if row.state != NoticeState.FAILED:
            raise NotFailed(_("Only a message that could not be sent can be sent again."))
        row.state, row.attempts, row.due_at = NoticeState.QUEUED, 0, at
        row.save(update_fields=["state", "attempts", "due_at"])
        notice_posted.send(sender=Notice, key=row.key)
    return row


# ------------------------------------------------------------------ forgetting
def forget_old_words(*, at: datetime) -> int:
    """Erases subject, text and captured address of what ended thirty days ago. Returns how many.

    What a closed account was told disappears whole.
    """
    old = Notice.objects.filter(
        state__in=ENDED_STATES, due_at__lte=at - timedelta(days=WORDS_KEPT_DAYS)
    )
    closed, _rows = old.filter(recipient__closed_at__isnull=False).delete()
    kept = old.exclude(subject="", text="", address="")
    return closed + kept.update(subject="", text="", address="")


def forget_person(*, user: User, at: datetime) -> int:
    """Deletes every notice of a person who leaves, except the one that tells them so."""
    return Notice.objects.filter(recipient=user).exclude(kind=NoticeKind.ACCOUNT_CLOSED).delete()[0]


def forget_enrolments(*, enrolments: Iterable[int]) -> int:
    """Deletes what people were told of those enrolments, which are theirs no more: the row of a
    message would still say whose they were.
    """
    about = (f"enrolment:{pk}:" for pk in enrolments)
    return sum(Notice.objects.filter(key__startswith=key).delete()[0] for key in about)
