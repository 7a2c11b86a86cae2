"""The ten trainings: their facts, their pages in both languages, what accredits them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from academy.services.demo import texts
from academy.services.demo.moments import season_of
from certificates.choices import AccreditationCategory, AccreditationStatus
from certificates.models import Accreditation, AccreditingBody, Signatory
from certificates.services.accreditations import (
    save_accreditation,
    save_body,
    save_signatory,
)
from cms.services.pages import PageWords, write_course_page, write_module_page
from courses.models import Course, Partner, Term, Theme
from courses.services.catalogue import save_course, save_partner, save_term, save_theme
from people.choices import Language
from people.letters import number_words
from people.models import Profession, User

WRITTEN = timedelta(days=90)  # before the demonstration is opened
SEATS_PER_PERSON = 8  # wide enough to try a seat or two with the learner's account
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Programme:
    """The term and its courses, by the name of their file."""

    term: Term
    courses: dict[str, Course]


def build_programme(*, by: User, at: datetime) -> Programme:
    """Writes the term of the season of `at` and everything the catalogue shows of it."""
    written_at = at - WRITTEN
    frame = texts.read("frame.json")
    term = _write_term(by, written_at, opened_at=at)
    themes = {
        row["code"]: save_theme(theme=Theme(**row), by=by, at=written_at) for row in frame["themes"]
    }
    partners = {
        row["code"]: save_partner(partner=Partner(**row), by=by, at=written_at)
        for row in frame["partners"]
    }
    for position, row in enumerate(frame["signatories"], start=1):
        save_signatory(signatory=Signatory(**row, position=position), by=by, at=written_at)
    accreditors = _Accreditors(frame["bodies"], by, written_at)
    courses = {}
    for code, facts in texts.read_folder("courses").items():
        course = save_course(
            course=Course(
                code=code,
                title_fr=facts["title_fr"],
                title_en=facts["title_en"],
                kind=facts["kind"],
                hours=Decimal(facts["hours"]),
                ich_version=facts["ich_version"],
                theme=themes[facts["theme"]],
            ),
            partners=[partners[each] for each in facts.get("partners", [])],
            by=by,
            at=written_at,
        )
        accreditors.accredit(course, facts)
        _write_pages(course, facts, by, written_at)
        courses[code] = course
    return Programme(term, courses)


def _write_term(by: User, written_at: datetime, *, opened_at: datetime) -> Term:
    season = season_of(timezone.localdate(opened_at))
    term = Term(
        title_fr=season.title_fr,
        title_en=season.title_en,
        starts_on=season.starts_on,
        ends_on=season.ends_on,
        seats_per_person=SEATS_PER_PERSON,
    )
    return save_term(term=term, by=by, at=written_at)


def _write_pages(course: Course, facts: dict[str, Any], by: User, at: datetime) -> None:
    french, english = facts["fr"], facts["en"]
    page = write_course_page(
        course=course,
        french=_words(french),
        english=_words(english),
        objectives_fr=french["objectives"],
        objectives_en=english["objectives"],
        by=by,
        at=at,
    )
    for module in facts.get("modules", []):
        write_module_page(
            page=page,
            french=_words(module["fr"]),
            english=_words(module["en"]),
            minutes=module["minutes"],
            by=by,
            at=at,
        )


def _words(words: dict[str, Any]) -> PageWords:
    return PageWords(
        title=words["title"], slug=words["slug"], intro=words["intro"], body=words["body"]
    )


class _Accreditors:
    """The bodies that recognise trainings; every number says that it belongs to a demonstration."""

    def __init__(self, rows: list[dict[str, Any]], by: User, at: datetime) -> None:
        self.by, self.at = by, at
        self.rows = {row["code"]: row for row in rows}
        self.bodies = {
            row["code"]: save_body(
                body=AccreditingBody(
                    code=row["code"], name_fr=row["name_fr"], name_en=row["name_en"]
                ),
                by=by,
                at=at,
            )
            for row in rows
        }
        self.professions = {row.code: row for row in Profession.objects.all()}
        self.given = 0

    def accredit(self, course: Course, facts: dict[str, Any]) -> None:
        """Grants what the course's file names, and asks for what it says is asked."""
        for code in facts["accredited_by"]:
            self._save(course, facts, self.rows[code], AccreditationStatus.GRANTED)
        for code in facts.get("asked_of", []):
            self._save(course, facts, self.rows[code], AccreditationStatus.ASKED)

    def _save(
        self, course: Course, facts: dict[str, Any], row: dict[str, Any], status: str
    ) -> None:
        self.given += 1
        on = timezone.localdate(self.at)
        is_granted = status == AccreditationStatus.GRANTED
        save_accreditation(
            accreditation=Accreditation(
                course=course,
                body=self.bodies[row["code"]],
                section_fr=row["section_fr"],
                section_en=row["section_en"],
                status=status,
                number=f"{row['number']}-{self.given:03d}" if is_granted else "",
                hours=course.hours,
                category=AccreditationCategory(facts["category"]),
                valid_from=on,
                valid_until=on + YEAR,
                statement_fr=_filled(row["statement_fr"], course.hours, Language.FRENCH),
                statement_en=_filled(row["statement_en"], course.hours, Language.ENGLISH),
            ),
            professions=[self.professions[each] for each in row["professions"]],
            by=self.by,
            at=self.at,
        )


def _filled(statement: str, hours: Decimal, language: str) -> str:
    """The hours are one fact: both sentences take them from it."""
    return statement.format(hours=number_words(hours.normalize(), language))
