"""Sessions of the timetable: announced, opened, filled by the one gate, moved as it says."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from academy.services.demo.cast import Cast
from academy.services.demo.catalogue import Programme
from academy.services.demo.moments import about_to_begin, moment, working_day
from academy.services.demo.timetable import Delivery, Fate
from courses.choices import Audience, EnrolmentState
from courses.models import Break, Enrolment, Meeting, Session
from courses.services.declarations import ask_declaration, sign_declaration
from courses.services.enrolments import cancel_enrolment, enrol
from courses.services.exchanges import offer_to
from courses.services.offers import accept_offer, fill_session
from courses.services.sessions import (
    announce_session,
    open_enrolment,
    postpone_session,
    save_session,
)
from people.choices import Role
from people.models import User

PAUSE = timedelta(minutes=15)
LAST_ASKED = timedelta(hours=30)  # before a session; offers are still answered after it
A_MOMENT = timedelta(seconds=20)
ENROLMENT = timedelta(days=25)  # how long before a session enrolment opens…
OPEN_FOR = timedelta(days=14)  # …and at least so long before the demonstration is opened
WITHDRAWAL = timedelta(days=2)  # a seat given up later than this before the session is late
POSTPONED = timedelta(days=1)  # how long ago the postponed session was
SEATS_AT_MOST = 4  # of one person in the crowd, under the limit of the term
MOTIVE = (
    "L’équipe de formation est retenue par une visite d’inspection. "
    "La nouvelle date sera annoncée d’ici deux semaines."
)
NO_INTERESTS = "Je n’ai aucun intérêt à déclarer."


@dataclass(frozen=True)
class Given:
    """A session of the timetable that stands in the database."""

    delivery: Delivery
    session: Session
    starts_at: datetime
    ends_at: datetime


class House:
    """Builds the sessions one after the other and remembers how many seats each person took."""

    def __init__(
        self, *, cast: Cast, programme: Programme, die: random.Random, at: datetime
    ) -> None:
        self.cast, self.programme, self.die, self.at = cast, programme, die, at
        self.taken: Counter[int] = Counter()

    def give(self, delivery: Delivery) -> Given:
        """Announces the session and, but for one only announced, fills it and moves it on."""
        meetings = self._meetings(delivery)
        starts_at, ends_at = meetings[0].starts_at, meetings[-1].ends_at
        opened_at = min(starts_at - ENROLMENT, self.at - OPEN_FOR)
        trainers = [self.cast.trainers[each] for each in delivery.trainers]
        session = save_session(
            session=Session(
                course=self.programme.courses[delivery.course],
                term=self.programme.term,
                language=delivery.language,
                format=delivery.format,
                audience=delivery.audience,
                capacity=delivery.capacity,
                enrolment_opens_at=self._opens_at(delivery, starts_at),
                cancel_until=starts_at - WITHDRAWAL,
            ),
            meetings=meetings,
            breaks=self._breaks(delivery, starts_at),
            trainers=trainers,
            by=self.cast.coordinator,
            at=opened_at - timedelta(days=3),
        )
        self._ask_declarations(delivery, trainers, asked_at=opened_at - timedelta(days=2))
        if delivery.fate == Fate.ANNOUNCED:
            announce_session(session=session, by=self.cast.coordinator, at=opened_at)
        else:
            open_enrolment(session=session, by=self.cast.coordinator, at=opened_at)
            self._fill(delivery, session, opened_at, starts_at)
        if delivery.fate == Fate.POSTPONED:
            postpone_session(
                session=session,
                by=self.cast.coordinator,
                at=self.at - POSTPONED,
                motive=MOTIVE,
            )
        return Given(delivery, session, starts_at, ends_at)

    # -------------------------------------------------------------- dates
    def _meetings(self, delivery: Delivery) -> list[Meeting]:
        today = timezone.localdate(self.at)
        starts = [moment(working_day(today, day), delivery.clock) for day in delivery.days]
        return [
            Meeting(
                starts_at=start,
                ends_at=start + timedelta(minutes=delivery.minutes),
                place=delivery.place,
                join_url=f"https://reunion.example/w/{delivery.name}",
            )
            for start in starts or [about_to_begin(self.at)]
        ]

    def _breaks(self, delivery: Delivery, starts_at: datetime) -> list[Break]:
        if not delivery.pause:
            return []
        begins_at = moment(timezone.localdate(starts_at), delivery.pause)
        return [Break(starts_at=begins_at, ends_at=begins_at + PAUSE)]

    def _opens_at(self, delivery: Delivery, starts_at: datetime) -> datetime | None:
        """Said where enrolment is not open yet: two weeks before, in the morning."""
        if delivery.fate != Fate.ANNOUNCED:
            return None
        return moment(timezone.localdate(starts_at) - OPEN_FOR, "09:00")

    # -------------------------------------------------------------- interests
    def _ask_declarations(
        self, delivery: Delivery, trainers: list[User], *, asked_at: datetime
    ) -> None:
        """Every trainer declares; those of the session only announced have not signed yet."""
        for trainer in trainers:
            declaration = ask_declaration(
                trainer=trainer,
                course=self.programme.courses[delivery.course],
                term=self.programme.term,
                due_on=timezone.localdate(asked_at + ENROLMENT),
                at=asked_at,
            )
            if delivery.fate != Fate.ANNOUNCED:
                sign_declaration(
                    declaration=declaration,
                    has_interests=False,
                    statement=NO_INTERESTS,
                    signed_name=str(trainer),
                    by=trainer,
                    at=asked_at + timedelta(days=1),
                )

    # -------------------------------------------------------------- seats
    def _fill(
        self, delivery: Delivery, session: Session, opened_at: datetime, starts_at: datetime
    ) -> None:
        """People ask one after the other until the session or the demonstration begins; then some
        give their seat up and the list moves.
        """
        last = min(starts_at - LAST_ASKED, self.at - timedelta(minutes=10))
        if delivery.fate == Fate.POSTPONED:
            last = self.at - POSTPONED - timedelta(hours=1)
        people = self._askers(delivery)
        moments = sorted(opened_at + self.die.random() * (last - opened_at) for _each in people)
        seated = []
        for person, asked_at in zip(people, moments, strict=True):
            enrolment = enrol(person=person, session=session, by=person, at=asked_at)
            if enrolment.state == EnrolmentState.CONFIRMED and person != self.cast.learner:
                seated.append(enrolment)
        if delivery.withdrawn:
            self._withdraw(self.die.sample(seated, delivery.withdrawn), session, last)
        if delivery.is_proposed:
            agent = self.cast.accounts[Role.LIAISON]
            offer_to(person=self.cast.learner, session=session, by=agent, at=last)

    def _askers(self, delivery: Delivery) -> list[User]:
        """Who asks, in order; nobody takes more seats than the term allows."""
        able = [
            person
            for person in self.cast.crowd
            if self.taken[person.pk] < SEATS_AT_MOST
            and (delivery.audience != Audience.NETWORK or person.pk in self.cast.members)
        ]
        if delivery.learner is None:
            people = self.die.sample(able, delivery.asked)
        else:
            people = self.die.sample(able, delivery.asked - 1)
            people.insert(delivery.learner, self.cast.learner)
        self.taken += Counter(person.pk for person in people)
        return people

    def _withdraw(self, enrolments: list[Enrolment], session: Session, last: datetime) -> None:
        for number, enrolment in enumerate(enrolments, start=1):
            gone_at = last + timedelta(minutes=number)
            cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=gone_at)
            fill_session(session_id=session.pk, at=gone_at)
            for offered in session.enrolments.filter(state=EnrolmentState.OFFERED):
                accept_offer(enrolment=offered, by=offered.person, at=gone_at + A_MOMENT)
