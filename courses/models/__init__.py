from courses.models.catalogue import Course, CourseVersion, Partner, Term, Theme
from courses.models.enrolments import Enrolment, EnrolmentEvent, JoinClick
from courses.models.learning import Declaration, Module, ModuleProgress, ModuleVersion
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
    "Course",
    "CourseVersion",
    "Declaration",
    "Enrolment",
    "EnrolmentEvent",
    "JoinClick",
    "Meeting",
    "Module",
    "ModuleProgress",
    "ModuleVersion",
    "Partner",
    "Session",
    "SessionEvent",
    "SessionTrainer",
    "SessionTrainerChange",
    "Term",
    "Theme",
]
