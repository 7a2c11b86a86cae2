"""Messages to many: written by staff, looked at, started, stopped, resumed. Nobody receives one
twice.

Each person's message is a Notice whose key names the mailing and the person, so that a second row
cannot exist. Stopping deletes the rows that still wait; what a worker holds in its hands at that
second rereads the mailing before it leaves (selectors.announcements) and is dropped. Resuming
writes anew to whoever has not been told. Writing to the people is services.posting, by the worker.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Enrolment, Meeting, Session, Term
from notices.choices import (
    EDITABLE_STATES,
    MAILING_PLACEHOLDERS,
    MAILING_TRANSITIONS,
    MailingKind,
    MailingState,
    NoticeKind,
    NoticeState,
)
from notices.letters import one_line, unknown_placeholders
from notices.models import Mailing, MailingEvent, Notice
from notices.selectors.audiences import WRITABLE_STATES, audience
from notices.services import NoticeRefusal
from notices.services.outbox import post
from notices.signals import mailing_started, notice_posted
from people.models import User


class MailingRefused(NoticeRefusal):
    """A message to many that cannot be; the text says why."""


class WordsRefused(MailingRefused):
    """Its words are missing, or say what no message may say. `field`: which of them."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Words:
    """What staff typed. French stands in where English is empty."""

    subject_fr: str
    body_fr: str
    subject_en: str = ""
    body_en: str = ""


# ------------------------------------------------------------------ writing
@transaction.atomic
def draft_announcement(*, term: Term, words: Words, by: User, at: datetime) -> Mailing:
    """The announcement of a term, to be looked at. It is for whoever consented to them."""
    mailing = Mailing(kind=MailingKind.TERM_ANNOUNCED, term=term, created_by=by, created_at=at)
    return _keep(mailing, words, by=by, at=at)


@transaction.atomic
def draft_message(
    *,
    session: Session,
    states: Collection[str],
    words: Words,
    by: User,
    at: datetime,
    enrolments: Iterable[Enrolment] = (),
) -> Mailing:
    """A message to people of a session, to be looked at: those whose enrolment is in `states`, or
    among them the `enrolments` picked.
    """
    mailing = Mailing(
        kind=MailingKind.SESSION_MESSAGE, session=session, created_by=by, created_at=at
    )
    _choose(mailing, states, enrolments)
    return _keep(mailing, words, by=by, at=at)


@transaction.atomic
def edit_mailing(
    *,
    mailing: Mailing,
    words: Words,
    by: User,
    at: datetime,
    states: Collection[str] | None = None,
) -> Mailing:
    """Corrects the words, and before the first start to whom they go. Refuses while it is being
    sent: people would read different things without anybody having wanted it.
    """
    row = _locked(mailing)
    if row.state not in EDITABLE_STATES:
        raise MailingRefused(_("Stop the sending first: a message cannot change on its way."))
    if states is not None and row.state == MailingState.DRAFT:
        _choose(row, states, Enrolment.objects.filter(pk__in=row.enrolments))
    return _keep(row, words, by=by, at=at)


@transaction.atomic
def discard_mailing(*, mailing: Mailing, by: User, at: datetime) -> None:
    """Throws away a draft that nobody received. Refuses any other."""
    row = _locked(mailing)
    if row.state != MailingState.DRAFT:
        raise MailingRefused(_("It has been sent to some people: it is kept."))
    row.delete()


def _choose(mailing: Mailing, states: Collection[str], enrolments: Iterable[Enrolment]) -> None:
    if not states:
        raise WordsRefused(_("Choose at least one group of people."), field="states")
    if not WRITABLE_STATES.issuperset(states):
        raise WordsRefused(_("These people cannot be written to."), field="states")
    mailing.states = sorted(str(state) for state in states)
    mailing.enrolments = sorted(row.pk for row in enrolments)


def _keep(mailing: Mailing, words: Words, *, by: User, at: datetime) -> Mailing:
    """Writes the words once they are complete, with a line of history."""
    mailing.subject_fr = one_line(words.subject_fr, 150)
    mailing.subject_en = one_line(words.subject_en, 150)
    mailing.body_fr, mailing.body_en = words.body_fr.strip(), words.body_en.strip()
    _check_words(mailing)
    was = "" if mailing.pk is None else mailing.state
    mailing.save()
    MailingEvent.objects.create(
        mailing=mailing, from_state=was, to_state=mailing.state, by=by, at=at
    )
    return mailing


def _check_words(mailing: Mailing) -> None:
    for field in ("subject_fr", "body_fr"):
        if not getattr(mailing, field):
            raise WordsRefused(_("Write the subject and the text in French."), field=field)
    if bool(mailing.subject_en) != bool(mailing.body_en):
        field = "body_en" if mailing.subject_en else "subject_en"
        raise WordsRefused(
            _("In English write both the subject and the text, or neither."), field=field
        )
    known = MAILING_PLACEHOLDERS[mailing.kind]
    joins = set(
        Meeting.objects.filter(session=mailing.session)
        .exclude(join_url="")
        .values_list("join_url", flat=True)
        if mailing.session_id
        else ()
    )
    for field in ("subject_fr", "body_fr", "subject_en", "body_en"):
        text = getattr(mailing, field)
        unknown = unknown_placeholders(text, known)
        if unknown:
            raise WordsRefused(
                _("Nothing replaces %(word)s. You may write: %(known)s.")
                % {"word": unknown[0], "known": ", ".join(f"{{{each}}}" for each in known)},
                field=field,
            )
        if any(join in text for join in joins):
            raise WordsRefused(
                _(
                    "The join address never leaves by mail: it may change until the end. Write "
                    "{lien} instead; the page of the session leads to the right address."
                ),
                field=field,
            )


# ------------------------------------------------------------------ looking at it
@transaction.atomic
def try_mailing(*, mailing: Mailing, to: User, at: datetime) -> None:
    """Sends it to the person who asks alone, marked as a test; whatever its state. Counted nowhere.

    Asked twice in the same second, once.
    """
    post(
        kind=NoticeKind(mailing.kind),
        key=f"mailing:{mailing.pk}:test:{to.pk}:{at:%Y%m%dT%H%M%S}",
        recipient=to,
        context={"mailing": mailing.pk, "test": True},
        at=at,
    )


# ------------------------------------------------------------------ sending
@transaction.atomic
def start_mailing(*, mailing: Mailing, by: User, at: datetime) -> Mailing:
    """Hands it to the worker. Pressed twice, it starts once. Refuses when it would reach nobody.

    Locks the mailing. Sends mailing_started.
    """
    row = _locked_alone(mailing)
    if row.state != MailingState.DRAFT:
        if row.state == MailingState.STOPPED:
            raise MailingRefused(_("It was stopped: resume it to go on."))
        return row
    if not audience(row).exists():
        raise MailingRefused(_("Nobody would receive it: it was not sent."))
    return _send(row, by=by, at=at)


@transaction.atomic
def stop_mailing(*, mailing: Mailing, by: User, at: datetime) -> Mailing:
    """Nothing more leaves: the messages that wait are taken away, to be written anew on resuming.

    Locks the mailing, so that no batch is being written meanwhile. Idempotent.
    """
    row = _locked(mailing)
    if row.state == MailingState.STOPPED:
        return row
    _check_step(row, MailingState.STOPPED)
    row.notices.filter(state=NoticeState.QUEUED).delete()
    _step(row, MailingState.STOPPED, by=by, at=at)
    return row


@transaction.atomic
def resume_mailing(*, mailing: Mailing, by: User, at: datetime) -> Mailing:
    """Goes on with whoever has not been told, and still is concerned. Idempotent while sending."""
    row = _locked_alone(mailing)
    if row.state == MailingState.SENDING:
        return row
    if row.state != MailingState.STOPPED:
        raise MailingRefused(_("Only a sending that was stopped can go on."))
    # From the first person on: whoever was told keeps a row, and a key is written once.
    row.notices.filter(state=NoticeState.DROPPED).delete()
    row.through, row.written_at = 0, None
    return _send(row, by=by, at=at)


@transaction.atomic
def send_failed_again(*, mailing: Mailing, by: User, at: datetime) -> int:
    """Queues anew what could not be sent, with all its attempts. Returns how many."""
    row = _locked(mailing)
    failed = row.notices.filter(state=NoticeState.FAILED)
    if row.state not in {MailingState.SENDING, MailingState.SENT} or not failed.exists():
        raise MailingRefused(_("There is no failed message to send again."))
    count = failed.update(state=NoticeState.QUEUED, attempts=0, due_at=at)
    if row.state == MailingState.SENT:
        row.ended_at = None
        _step(row, MailingState.SENDING, by=by, at=at)
    notice_posted.send(sender=Notice, key=f"mailing:{row.pk}")
    return count


def _send(row: Mailing, *, by: User, at: datetime) -> Mailing:
    _check_step(row, MailingState.SENDING)
    row.ended_at = None
    _step(row, MailingState.SENDING, by=by, at=at)
    mailing_started.send(sender=Mailing, mailing=row)
    return row


def _locked(mailing: Mailing) -> Mailing:
    return Mailing.objects.select_for_update(no_key=True, of=("self",)).get(pk=mailing.pk)


def _locked_alone(mailing: Mailing) -> Mailing:
    """Locks the mailing, and every announcement of the same term with it: refuses while another
    one is on its way, for whom it reaches is not known yet.
    """
    if mailing.kind != MailingKind.TERM_ANNOUNCED:
        return _locked(mailing)
    same = Mailing.objects.filter(kind=mailing.kind, term=mailing.term_id).order_by("pk")
    rows = {row.pk: row for row in same.select_for_update(no_key=True, of=("self",))}
    own = rows.pop(mailing.pk)
    if any(row.state == MailingState.SENDING for row in rows.values()):
        raise MailingRefused(
            _("Another announcement of this term is being sent: wait for its end, or stop it.")
        )
    return own


def _check_step(row: Mailing, to: MailingState) -> None:
    if to not in MAILING_TRANSITIONS[row.state]:
        raise MailingRefused(_("This message is in another state now. Look at the page again."))


def _step(row: Mailing, to: MailingState, *, by: User | None, at: datetime) -> None:
    """Writes the state with its line of history."""
    was, row.state = row.state, to
    row.save(update_fields=["state", "through", "written_at", "ended_at"])
    MailingEvent.objects.create(mailing=row, from_state=was, to_state=to, by=by, at=at)
