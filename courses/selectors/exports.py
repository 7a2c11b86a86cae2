"""The part of a person's export that this floor holds (Law 25: a copy of one's own data)."""

from datetime import date, datetime
from typing import Any

from courses.models import (
    CalendarFeed,
    Declaration,
    Enrolment,
    EnrolmentHold,
    Equivalence,
    ModuleProgress,
    SessionGuest,
    SessionTrainer,
    Strike,
)
from people.models import User


def export_person(user: User) -> dict[str, Any]:
    """Everything of courses about this person, as JSON-ready text, numbers and lists."""
    enrolments = (
        Enrolment.objects.filter(person=user)
        .select_related(
            "session__course",
            "ticket",
            "pool__establishment",
            "pool__community",
            "pool__profession",
        )
        .prefetch_related("events", "join_clicks", "session__meetings")
        .order_by("created_at", "pk")
    )
    progress = ModuleProgress.objects.filter(person=user).select_related("version")
    teaching = SessionTrainer.objects.filter(person=user).select_related("session__course")
    declarations = Declaration.objects.filter(trainer=user).select_related("course")
    return {
        "enrolments": [_enrolment(row) for row in enrolments],
        "modules": [
            {
                "module": row.version.title_fr,
                "version": row.version.number,
                "started_at": row.started_at.isoformat(),
                "completed_at": row.completed_at and row.completed_at.isoformat(),
                "facts": row.facts,
            }
            for row in progress.order_by("started_at")
        ],
        "teaching": [
            {
                "session": str(row.session.key),
                "course": row.session.course.title_fr,
                "role": row.role,
            }
            for row in teaching.order_by("pk")
        ],
        "declarations": [
            {
                "course": row.course.title_fr,
                "has_interests": row.has_interests,
                "statement": row.statement,
                "signed_name": row.signed_name,
                "signed_at": row.signed_at and row.signed_at.isoformat(),
            }
            for row in declarations.order_by("asked_at")
        ],
        **_rules_of(user),
        "calendar": _calendar(user),
    }


def _rules_of(user: User) -> dict[str, Any]:
    """What counts for or against a seat: strikes, holds, equivalences, invitations as a guest."""
    addresses = [row.email for row in user.emailaddress_set.filter(verified=True)]
    guest = SessionGuest.objects.filter(address__in=addresses).select_related("session__course")
    strikes = Strike.objects.filter(person=user).select_related("enrolment__session__course")
    holds = EnrolmentHold.objects.filter(person=user)
    equivalences = Equivalence.objects.filter(person=user).select_related("course")
    return {
        "strikes": [
            {
                "course": row.enrolment.session.course.title_fr,
                "enrolment": str(row.enrolment.key),
                "cause": row.cause,
                "points": row.points,
                "given_at": _iso(row.given_at),
                "expires_on": _iso(row.expires_on),
                "contest": row.contest,
                "contested_at": _iso(row.contested_at),
                "excused_at": _iso(row.excused_at),
                "excuse": row.excuse,
            }
            for row in strikes.order_by("given_at", "pk")
        ],
        "holds": [
            {"reason": row.reason, "since": _iso(row.since), "until": _iso(row.until)}
            for row in holds.order_by("since", "pk")
        ],
        "equivalences": [
            {
                "course": row.course.title_fr,
                "motive": row.motive,
                "granted_at": _iso(row.granted_at),
                "ended_at": _iso(row.ended_at),
            }
            for row in equivalences.order_by("granted_at", "pk")
        ],
        "invited_as_guest": [
            {
                "session": str(row.session.key),
                "course": row.session.course.title_fr,
                "address": row.address,
                "invited_at": _iso(row.invited_at),
            }
            for row in guest.order_by("invited_at", "pk")
        ],
    }


def _calendar(user: User) -> dict[str, Any] | None:
    """That an address of one's calendar exists; the address itself is kept nowhere."""
    row = CalendarFeed.objects.filter(person=user).first()
    if row is None:
        return None
    return {"created_at": _iso(row.created_at), "read_on": _iso(row.read_on)}


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _enrolment(row: Enrolment) -> dict[str, Any]:
    return {
        "key": str(row.key),
        "course": row.session.course.title_fr,
        "session": str(row.session.key),
        "meetings": [
            {"starts_at": each.starts_at.isoformat(), "ends_at": each.ends_at.isoformat()}
            for each in row.session.meetings.all()
        ],
        "state": row.state,
        "rank": row.rank,
        "origin": row.origin,
        "reserved_seat": str(row.pool) if row.pool else "",
        "is_extra": row.is_extra,
        "is_late": row.is_late,
        "asks_first": row.asks_first,
        "paused_at": _iso(row.paused_at),
        "offers_unanswered": row.silences,
        "offer_expires_at": _iso(row.offer_expires_at),
        "coming_at": _iso(row.coming_at),
        "question": row.question,
        "draw": _ticket(row),
        "history": [
            {
                "from": each.from_state,
                "to": each.to_state,
                "at": each.at.isoformat(),
                "reason": each.reason,
            }
            for each in row.events.all()
        ],
        "join_clicks": [each.at.isoformat() for each in row.join_clicks.all()],
    }


def _ticket(row: Enrolment) -> dict[str, Any] | None:
    ticket = getattr(row, "ticket", None)
    return ticket and {
        "number": ticket.number,
        "weight": ticket.weight,
        "position": ticket.position,
        "is_seated": ticket.is_seated,
    }
