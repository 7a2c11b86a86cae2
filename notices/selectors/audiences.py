"""To whom a message to many goes: read anew for each batch that is written."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.choices import LIVE_SESSION_STATES, EnrolmentState, SessionState
from courses.models import Enrolment, Session
from notices.choices import MailingKind, NoticeState
from notices.models import Mailing, Notice
from notices.selectors.follows import follows_about
from notices.selectors.openings import sessions_opening_on, told_sessions
from people.choices import ConsentPurpose
from people.models import User
from people.selectors.consents import consenting_people

# People of a session who may be written to: those it concerns, and those who got no seat.
WRITABLE_STATES = frozenset(
    {
        EnrolmentState.CONFIRMED,
        EnrolmentState.OFFERED,
        EnrolmentState.WAITING,
        EnrolmentState.REQUESTED,
        EnrolmentState.LAPSED,
    }
)


def audience(mailing: Mailing) -> QuerySet[User]:
    """The open accounts it concerns now, each once, in the order in which they are written to.

    A term: whoever consented to announcements, but those whom another announcement of that term
    reaches. A session: people whose enrolment is in one of the states chosen. A session that
    opened: those who follow it. The openings of a day: both.
    """
    match mailing.kind:
        case MailingKind.TERM_ANNOUNCED:
            told = _told_otherwise(mailing).filter(recipient=OuterRef("pk"))
            people = consenting_people(ConsentPurpose.ANNOUNCEMENTS).exclude(Exists(told))
        case MailingKind.SESSION_MESSAGE:
            people = _open_accounts().filter(Exists(chosen(mailing).filter(person=OuterRef("pk"))))
        case MailingKind.ENROLMENT_OPENED:
            opened = told_sessions().filter(pk=mailing.session_id, state=SessionState.OPEN)
            people = _open_accounts().filter(_follows(opened))
        case _:
            people = _told_of_the_day(mailing)
    return people.order_by("pk")


def left_to_tell(mailing: Mailing) -> QuerySet[User]:
    """Those of its audience for whom no message of it was written yet."""
    written = mailing.notices.exclude(state=NoticeState.DROPPED).filter(recipient=OuterRef("pk"))
    return audience(mailing).exclude(Exists(written.order_by()))


def told_otherwise(mailing: Mailing) -> int:
    """How many people another announcement of the same term reached, or is reaching."""
    if mailing.kind != MailingKind.TERM_ANNOUNCED:
        return 0
    return _told_otherwise(mailing).values("recipient").distinct().count()


def _told_otherwise(mailing: Mailing) -> QuerySet[Notice]:
    others = Mailing.objects.filter(kind=mailing.kind, term=mailing.term_id).exclude(pk=mailing.pk)
    return Notice.objects.filter(
        mailing__in=others, state__in=[NoticeState.SENT, NoticeState.QUEUED, NoticeState.SENDING]
    ).order_by()


def chosen(mailing: Mailing) -> QuerySet[Enrolment]:
    """The enrolments of its session that staff chose to write to, if still in those states."""
    rows = Enrolment.objects.filter(session=mailing.session_id, state__in=mailing.states)
    return rows.filter(pk__in=mailing.enrolments) if mailing.enrolments else rows


def ready(at: datetime) -> Q:
    """Mailings whose hour has come: followers of a session hear of it once enrolment is open to
    everybody. One of a session that will not open any more is let through, to nobody.
    """
    opened = Q(session__state=SessionState.OPEN) & (
        Q(session__enrolment_opens_at__isnull=True) | Q(session__enrolment_opens_at__lte=at)
    )
    over = ~Q(session__state__in=LIVE_SESSION_STATES)
    return ~Q(kind=MailingKind.ENROLMENT_OPENED) | opened | over


def _open_accounts() -> QuerySet[User]:
    return User.objects.filter(closed_at__isnull=True, is_active=True, email__isnull=False)


def _follows(sessions: Iterable[Session]) -> Exists:
    """Whether a person follows what one of these sessions is about."""
    return Exists(follows_about(sessions).order_by().filter(person=OuterRef("pk")))


def _told_of_the_day(mailing: Mailing) -> QuerySet[User]:
    sessions = sessions_opening_on(mailing.day) if mailing.day else []
    if not sessions:
        return User.objects.none()
    consenting = consenting_people(ConsentPurpose.ANNOUNCEMENTS).order_by().values("pk")
    return _open_accounts().filter(Q(pk__in=consenting) | _follows(sessions))
