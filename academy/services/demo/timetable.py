"""The sessions of the demonstration, the earliest first: what, when, for how many, and what becomes
of each. Days are working days counted from today; the gate decides who sits and who waits.
"""

from dataclasses import dataclass
from enum import Enum

from courses.choices import Audience, SessionFormat
from people.choices import Language


class Fate(Enum):
    """How far a session has come when the demonstration is opened."""

    SETTLED = "given, presence settled, evaluated, certified"
    TO_SETTLE = "given, its report read but not applied"
    OPEN = "enrolment open"
    ANNOUNCED = "announced, enrolment not open yet"
    POSTPONED = "postponed, its seats kept"


@dataclass(frozen=True)
class Delivery:
    """One session to be. `asked`: how many people ask for a seat; `learner`: in which place among
    them (from 0) the demonstration's learner does.
    """

    name: str
    course: str
    trainers: tuple[str, ...]
    days: tuple[int, ...]  # one meeting a day; empty: about to begin
    clock: str
    minutes: int
    fate: Fate
    asked: int
    capacity: int | None
    pause: str = ""  # when a break of fifteen minutes begins
    learner: int | None = None
    learner_stays: float = 1.0  # part of the session the learner attends
    learner_answers: bool = True  # the evaluation form, when it is asked
    is_drawn: bool = False  # the files of its attestations too; the worker draws the others
    withdrawn: int = 0  # people with a seat who give it up, so that the list moves
    is_proposed: bool = False  # the liaison agent asks for the learner, who has not answered yet
    language: str = Language.FRENCH
    format: str = SessionFormat.ONLINE
    place: str = ""
    audience: str = Audience.EVERYONE


DEMO_TRAINER = "demo"  # the trainer one may sign in as

TIMETABLE = [
    Delivery(
        name="inspections-past",
        course="inspections",
        trainers=("ouimet", "whitaker"),
        days=(-27,),
        clock="12:00",
        minutes=60,
        fate=Fate.SETTLED,
        asked=106,
        capacity=None,
    ),
    Delivery(
        name="consent-past",
        course="consentement",
        trainers=(DEMO_TRAINER,),
        days=(-20,),
        clock="09:00",
        minutes=135,
        pause="10:10",
        fate=Fate.SETTLED,
        asked=42,
        capacity=45,
        learner=5,
        is_drawn=True,
    ),
    Delivery(
        name="adverse-events-past",
        course="ctcae",
        trainers=("dube",),
        days=(-14,),
        clock="12:00",
        minutes=90,
        fate=Fate.SETTLED,
        asked=45,
        capacity=40,
        learner=11,
        learner_stays=0.5,
        withdrawn=1,
    ),
    Delivery(
        name="records-past",
        course="documents",
        trainers=("theriault",),
        days=(-2,),  # its form is still open, even after the holidays
        clock="13:30",
        minutes=90,
        fate=Fate.SETTLED,
        asked=36,
        capacity=40,
        learner=17,
        learner_answers=False,
    ),
    Delivery(
        name="quality-yesterday",
        course="capa",
        trainers=("ouimet", "theriault"),
        days=(-1,),
        clock="13:00",
        minutes=135,
        pause="14:15",
        fate=Fate.TO_SETTLE,
        asked=29,
        capacity=30,
    ),
    Delivery(
        name="pharmacy-now",
        course="pharmacie",
        trainers=("benhamou",),
        days=(),
        clock="",
        minutes=90,
        fate=Fate.OPEN,
        asked=24,
        capacity=30,
        learner=3,
    ),
    Delivery(
        name="gcp-full",
        course="bpc-e6r3",
        trainers=("theriault", "sirois"),
        days=(4,),
        clock="09:00",
        minutes=195,
        pause="10:30",
        fate=Fate.OPEN,
        asked=49,
        capacity=40,
        withdrawn=2,
        audience=Audience.NETWORK,
    ),
    Delivery(
        name="consent-coming",
        course="consentement",
        trainers=(DEMO_TRAINER,),
        days=(6,),
        clock="09:00",
        minutes=135,
        pause="10:10",
        fate=Fate.OPEN,
        asked=21,
        capacity=36,
        format=SessionFormat.HYBRID,
        place="Salle D01.417, Montréal",
    ),
    Delivery(
        name="sponsor-postponed",
        course="iit",
        trainers=("dube", "routhier"),
        days=(8, 9),
        clock="13:00",
        minutes=105,
        fate=Fate.POSTPONED,
        asked=13,
        capacity=25,
    ),
    Delivery(
        name="recist-full",
        course="recist",
        trainers=("sirois",),
        days=(10,),
        clock="12:00",
        minutes=90,
        fate=Fate.OPEN,
        asked=36,
        capacity=30,
        learner=32,
    ),
    Delivery(
        name="budgets-coming",
        course="budgets",
        trainers=("routhier",),
        days=(12,),
        clock="13:00",
        minutes=135,
        pause="13:45",
        fate=Fate.OPEN,
        asked=18,
        capacity=35,
        learner=9,
    ),
    Delivery(
        name="inspections-english",
        course="inspections",
        trainers=("whitaker",),
        days=(15,),
        clock="12:00",
        minutes=60,
        fate=Fate.OPEN,
        asked=58,
        capacity=None,
        is_proposed=True,
        language=Language.ENGLISH,
    ),
    Delivery(
        name="gcp-announced",
        course="bpc-e6r3",
        trainers=("theriault",),
        days=(24,),
        clock="09:00",
        minutes=195,
        pause="10:30",
        fate=Fate.ANNOUNCED,
        asked=0,
        capacity=40,
    ),
]
