"""Every message the Academy sends, one line an event: when X, write Y. Rows only; the worker words
and sends them after the commit.
"""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from certificates.signals import certificate_ended, certificate_ready
from courses.signals import (
    enrolment_cancelled,
    place_not_obtained,
    put_on_waiting_list,
    seat_confirmed,
    session_changed,
    session_moved,
)
from notices.choices import NoticeKind
from notices.services.news import tell_session_changed, tell_session_moved
from notices.services.outbox import forget_person, post
from notices.signals import notice_posted
from notices.tasks import wake
from people.signals import account_closed
from surveys.signals import survey_opened


# ------------------------------------------------------------------ seats
@receiver(seat_confirmed)
def when_seat_confirmed(*, enrolment, was_waiting, at, **_: Any) -> None:
    post(
        kind=NoticeKind.SEAT_CONFIRMED,
        key=f"enrolment:{enrolment.pk}:confirmed",
        recipient=enrolment.person,
        context={"enrolment": enrolment.pk, "was_waiting": was_waiting},
        at=at,
    )


@receiver(put_on_waiting_list)
def when_put_on_waiting_list(*, enrolment, at, **_: Any) -> None:
    post(
        kind=NoticeKind.PUT_ON_WAITING_LIST,
        key=f"enrolment:{enrolment.pk}:waiting",
        recipient=enrolment.person,
        context={"enrolment": enrolment.pk},
        at=at,
    )


@receiver(enrolment_cancelled)
def when_enrolment_cancelled(*, enrolment, from_state, at, **_: Any) -> None:
    post(
        kind=NoticeKind.ENROLMENT_CANCELLED,
        key=f"enrolment:{enrolment.pk}:cancelled",
        recipient=enrolment.person,
        context={"enrolment": enrolment.pk, "from_state": str(from_state)},
        at=at,
    )


@receiver(place_not_obtained)
def when_place_not_obtained(*, enrolment, at, **_: Any) -> None:
    post(
        kind=NoticeKind.PLACE_NOT_OBTAINED,
        key=f"enrolment:{enrolment.pk}:lapsed",
        recipient=enrolment.person,
        context={"enrolment": enrolment.pk},
        at=at,
    )


# ------------------------------------------------------------------ sessions
@receiver(session_moved)
def when_session_moved(*, session, from_state, to_state, at, **_: Any) -> None:
    tell_session_moved(session=session, from_state=from_state, to_state=to_state, at=at)


@receiver(session_changed)
def when_session_changed(*, session, changes, at, **_: Any) -> None:
    tell_session_changed(session=session, changes=changes, at=at)


# ------------------------------------------------------------------ afterwards
@receiver(survey_opened)
def when_survey_opened(*, invitation, at, **_: Any) -> None:
    post(
        kind=NoticeKind.SURVEY_OPENED,
        key=f"invitation:{invitation.pk}:opened",
        recipient=invitation.person,
        context={"invitation": invitation.pk},
        at=at,
    )


@receiver(certificate_ready)
def when_certificate_ready(*, certificate, at, **_: Any) -> None:
    post(
        kind=NoticeKind.CERTIFICATE_READY,
        key=f"certificate:{certificate.pk}:ready",
        recipient=certificate.person,
        context={"certificate": certificate.pk},
        at=at,
    )


@receiver(certificate_ended)
def when_certificate_ended(*, certificate, kind, at, **_: Any) -> None:
    post(
        kind=NoticeKind.CERTIFICATE_ENDED,
        key=f"certificate:{certificate.pk}:ended:{kind}",
        recipient=certificate.person,
        context={"certificate": certificate.pk},
        at=at,
    )


@receiver(account_closed)
def when_account_closed(*, user, at, **_: Any) -> None:
    forget_person(user=user, at=at)
    post(
        kind=NoticeKind.ACCOUNT_CLOSED,
        key=f"person:{user.pk}:closed",
        recipient=user,
        context={},
        at=at,
        address=user.email,  # read before the account is emptied
    )


# ------------------------------------------------------------------ the worker
@receiver(notice_posted)
def when_notice_posted(**_: Any) -> None:
    transaction.on_commit(lambda: wake.delay(), robust=True)
