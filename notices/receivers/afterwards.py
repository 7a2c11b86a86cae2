"""Surveys, attestations, and the last message to an account. Rows only."""

from typing import Any

from django.dispatch import receiver

from certificates.signals import certificate_ended, certificate_ready
from notices.choices import NoticeKind
from notices.services.outbox import forget_person, post
from people.signals import account_closed
from surveys.signals import survey_opened


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
