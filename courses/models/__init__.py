from courses.models.catalogue import Course, CourseVersion, Partner, Term, Theme
from courses.models.checklists import ChecklistItem
from courses.models.demand import Refusal
from courses.models.draws import Draw, DrawTicket
from courses.models.enrolments import Enrolment, EnrolmentEvent, JoinClick
from courses.models.feeds import CalendarFeed
from courses.models.learning import Declaration, Module, ModuleProgress, ModuleVersion
from courses.models.limits import EnrolmentHold, Equivalence, Strike
from courses.models.pools import Pool, SessionGuest
from courses.models.sessions import (
    Break,
    Meeting,
    Session,
    SessionEvent,
    SessionTrainer,
    SessionTrainerChange,
)

__all__ = [
    "Break",
    "CalendarFeed",
    "ChecklistItem",
    "Course",
    "CourseVersion",
    "Declaration",
    "Draw",
    "DrawTicket",
    "Enrolment",
    "EnrolmentEvent",
    "EnrolmentHold",
    "Equivalence",
    "JoinClick",
    "Meeting",
    "Module",
    "ModuleProgress",
    "ModuleVersion",
    "Partner",
    "Pool",
    "Refusal",
    "Session",
    "SessionEvent",
    "SessionGuest",
    "SessionTrainer",
    "SessionTrainerChange",
    "Strike",
    "Term",
    "Theme",
]
