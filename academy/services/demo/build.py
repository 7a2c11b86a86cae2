"""`build_demo`: the whole demonstration in one transaction, told once, in order of time."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from academy.services.demo import texts
from academy.services.demo.accounts import ACCOUNTS, Account
from academy.services.demo.cast import Cast, build_cast
from academy.services.demo.catalogue import build_programme
from academy.services.demo.moments import moment, working_day
from academy.services.demo.opinions import imagine_answers, send
from academy.services.demo.presence import imagine_presence, leave_to_settle, settle
from academy.services.demo.proofs import issue, mend
from academy.services.demo.seats import Given, House
from academy.services.demo.timetable import TIMETABLE, Fate
from academy.services.demo.todo import do_what_was_due
from cms.services.site import ensure_site
from courses.models import Course
from courses.services.sessions import hold_finished_sessions
from people.choices import Language
from surveys.services.surveys import close_survey, open_survey

__all__ = ["ACCOUNTS", "Account", "build_demo", "is_built"]

SEED = "academie"  # of the die; what is drawn does not depend on the day
A_MINUTE = timedelta(minutes=1)
MENDED = timedelta(days=3)  # after attestations were issued, mistakes are found


def _silent(words: str) -> None:
    """For callers who need no news."""


def is_built() -> bool:
    """Whether the demonstration's courses are in the database, all of them or some."""
    return Course.objects.filter(code__in=texts.read_folder("courses")).exists()


def build_demo(*, at: datetime, say: Callable[[str], Any] = _silent) -> bool:
    """Builds the fictional term of the season of `at`, all of it or nothing.

    False, and nothing is touched, when it stands already. `say` is told what is being made. Every
    service is given a moment before `at`, or `at` itself.
    """
    if is_built():
        return False
    die = random.Random(SEED)  # noqa: S311 - a play of chance, not a secret
    with transaction.atomic(), translation.override(Language.FRENCH):
        ensure_site(at=at)
        say("Trois cents et quelques personnes fictives…")
        cast = build_cast(die=die, at=at)
        say("Dix formations en deux langues…")
        programme = build_programme(by=cast.coordinator, at=at)
        say("Séances, places, présences, sondages et attestations…")
        house = House(cast=cast, programme=programme, die=die, at=at)
        for delivery in TIMETABLE:
            given = house.give(delivery)
            if delivery.fate in {Fate.SETTLED, Fate.TO_SETTLE}:
                _take_place(given, cast, die, at)
        do_what_was_due(by=cast.coordinator, at=at)
    return True


def _take_place(given: Given, cast: Cast, die: random.Random, at: datetime) -> None:
    """The clock begins and ends the session, its form is opened, staff import its report; where the
    timetable says so, presence is settled and attestations leave.
    """
    for moved_at in (given.starts_at, given.ends_at):
        hold_finished_sessions(at=moved_at)
    given.session.refresh_from_db()
    survey = open_survey(session=given.session, at=given.ends_at + A_MINUTE)
    if survey is None:
        raise RuntimeError(f"no survey for {given.delivery.name}: its texts lack a language")
    presence = imagine_presence(given=given, cast=cast, die=die)
    answers = imagine_answers(
        given=given,
        survey=survey,
        presence=presence,
        cast=cast,
        die=die,
        until=min(at, survey.closes_at),
    )
    if given.delivery.fate == Fate.TO_SETTLE:
        leave_to_settle(given=given, presence=presence, cast=cast)
        send(answers)
        return
    settled_at = moment(working_day(timezone.localdate(given.ends_at), 1), "10:00")
    send([answer for answer in answers if answer.at < settled_at])
    settle(given=given, presence=presence, cast=cast, at=settled_at)
    issued = issue(given=given, by=cast.coordinator, at=settled_at + A_MINUTE)
    send([answer for answer in answers if answer.at >= settled_at])
    if given.delivery.is_drawn:
        mend(issued=issued, cast=cast, at=settled_at + MENDED)
    if survey.closes_at <= at:
        close_survey(survey=survey, at=survey.closes_at)
    issue(given=given, by=None, at=min(at, survey.closes_at))
