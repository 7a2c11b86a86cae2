"""A seat confirmed, waited for, given up: what each person is told. Rows only."""

from typing import Any

from django.dispatch import receiver

from courses.signals import (
    enrolment_cancelled,
    enrolments_detached,
    place_not_obtained,
    put_on_waiting_list,
    seat_confirmed,
    strike_given,
)
from notices.choices import NoticeKind
from notices.services.outbox import Draft, forget_enrolments, post_all


@receiver(seat_confirmed)
def when_seat_confirmed(*, enrolment, was_waiting, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.SEAT_CONFIRMED,
        f"enrolment:{enrolment.pk}:confirmed",
        enrolment.person,
        {"enrolment": enrolment.pk, "was_waiting": was_waiting},
    )
    post_all(drafts=[draft], at=at)


@receiver(put_on_waiting_list)
def when_put_on_waiting_list(*, enrolment, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.PUT_ON_WAITING_LIST,
        f"enrolment:{enrolment.pk}:waiting",
        enrolment.person,
        {"enrolment": enrolment.pk},
    )
    post_all(drafts=[draft], at=at)


@receiver(enrolment_cancelled)
def when_enrolment_cancelled(*, enrolment, from_state, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.ENROLMENT_CANCELLED,
        f"enrolment:{enrolment.pk}:cancelled",
        enrolment.person,
        {"enrolment": enrolment.pk, "from_state": str(from_state)},
    )
    post_all(drafts=[draft], at=at)


@receiver(place_not_obtained)
def when_place_not_obtained(*, enrolment, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.PLACE_NOT_OBTAINED,
        f"enrolment:{enrolment.pk}:lapsed",
        enrolment.person,
        {"enrolment": enrolment.pk},
    )
    post_all(drafts=[draft], at=at)


@receiver(strike_given)
def when_strike_given(*, strike, at, **_: Any) -> None:
    draft = Draft(
        NoticeKind.STRIKE_GIVEN, f"strike:{strike.pk}:given", strike.person, {"strike": strike.pk}
    )
    post_all(drafts=[draft], at=at)


@receiver(enrolments_detached)
def when_enrolments_detached(*, enrolments, **_: Any) -> None:
    forget_enrolments(enrolments=enrolments)
