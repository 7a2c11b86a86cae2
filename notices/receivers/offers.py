"""A seat offered, called, asked for, passed on: what each person is told. Rows only."""

from typing import Any

from django.dispatch import receiver

from courses.signals import (
    offer_declined,
    offer_expired,
    pool_release_near,
    request_refused,
    seat_called,
    seat_offered,
    seat_passed_on,
    seat_requested,
)
from notices.choices import NoticeKind, Priority
from notices.services.offers import tell_pool_release_near, tell_seat_offered
from notices.services.outbox import Draft, post_all


@receiver(seat_offered)
def when_seat_offered(*, enrolment, at, **_: Any) -> None:
    tell_seat_offered(enrolment=enrolment, at=at)


@receiver(offer_declined)
def when_offer_declined(*, enrolment, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.OFFER_DECLINED,
        f"enrolment:{enrolment.pk}:declined",
        enrolment.person,
        {"enrolment": enrolment.pk},
    )
    post_all(drafts=[draft], at=at)


@receiver(offer_expired)
def when_offer_expired(*, enrolment, again, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.OFFER_EXPIRED,
        f"enrolment:{enrolment.pk}:expired",
        enrolment.person,
        {"enrolment": enrolment.pk, "again": again.pk if again else None},
    )
    post_all(drafts=[draft], at=at)


@receiver(seat_called)
def when_seat_called(*, enrolment, release, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.SEAT_CALLED,
        f"enrolment:{enrolment.pk}:called:{release}",
        enrolment.person,
        {"enrolment": enrolment.pk},
        Priority.URGENT,
    )
    post_all(drafts=[draft], at=at)


@receiver(seat_requested)
def when_seat_requested(*, enrolment, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.SEAT_REQUESTED,
        f"enrolment:{enrolment.pk}:requested",
        enrolment.person,
        {"enrolment": enrolment.pk},
    )
    post_all(drafts=[draft], at=at)


@receiver(request_refused)
def when_request_refused(*, enrolment, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.REQUEST_REFUSED,
        f"enrolment:{enrolment.pk}:refused",
        enrolment.person,
        {"enrolment": enrolment.pk},
    )
    post_all(drafts=[draft], at=at)


@receiver(seat_passed_on)
def when_seat_passed_on(*, enrolment, to, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.SEAT_PASSED_ON,
        f"enrolment:{enrolment.pk}:passed-on",
        enrolment.person,
        {"enrolment": enrolment.pk, "to": to.pk},
    )
    post_all(drafts=[draft], at=at)


@receiver(pool_release_near)
def when_pool_release_near(*, pool, at, **_: Any) -> None:
    tell_pool_release_near(pool=pool, at=at)
