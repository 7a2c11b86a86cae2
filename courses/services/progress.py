"""What a learner did in a module, fact by fact, and when the module became complete.

A rule of a ModuleVersion is `{"kind", "block", …}`: `viewed` asks {"is_done": true}; `quiz` asks
{"percent": n} ≥ its `percent`; `video` asks {"percent": n} ≥ its `percent` (90 by default); `time`
asks {"seconds": n} ≥ its `seconds`. cms judges an answer; here it is kept. Facts only grow: a worse
second try takes nothing away.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import ModuleProgress, ModuleVersion
from people.models import User
from people.services import Refusal

# Which number of a fact a rule reads, and how much it asks when it says nothing itself.
ASKED = {"quiz": ("percent", 80), "video": ("percent", 90), "time": ("seconds", 0)}


class ProgressRefusal(Refusal):
    """A fact that cannot be kept; the text says why."""


class UnknownBlock(ProgressRefusal):
    """The block is no rule of this version: an old page, or a forged one."""


def record_progress(
    *, person: User, version: ModuleVersion, block: str, fact: dict[str, Any], at: datetime
) -> ModuleProgress:
    """Keeps one fact and marks the module complete once every rule holds. Idempotent.

    Locks the progress row. `completed_at` is written once and never moves.
    """
    if block not in {str(rule["block"]) for rule in version.rules}:
        raise UnknownBlock(_("This part of the module has changed. Reload the page."))
    with transaction.atomic():
        ModuleProgress.objects.get_or_create(
            person=person, version=version, defaults={"started_at": at}
        )
        progress = ModuleProgress.objects.select_for_update(no_key=True).get(
            person=person, version=version
        )
        progress.facts[block] = merge_fact(progress.facts.get(block, {}), fact)
        if progress.completed_at is None and is_complete(version.rules, progress.facts):
            progress.completed_at = at
        progress.save(update_fields=["facts", "completed_at"])
    return progress


def merge_fact(known: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Both facts in one: the larger number, the truer boolean, the newer word."""
    merged = dict(known)
    for name, value in new.items():
        is_amount = isinstance(value, (int, float)) and isinstance(known.get(name), (int, float))
        merged[name] = max(known[name], value) if is_amount else value
    return merged


def is_complete(rules: list[dict[str, Any]], facts: dict[str, Any]) -> bool:
    """Does every rule hold? A version without rules is complete at its first fact."""
    return all(rule_holds(rule, facts.get(str(rule["block"]), {})) for rule in rules)


def rule_holds(rule: dict[str, Any], fact: dict[str, Any]) -> bool:
    if rule["kind"] == "viewed":
        return bool(fact.get("is_done"))
    name, default = ASKED[rule["kind"]]
    return fact.get(name, -1) >= rule.get(name, default)
