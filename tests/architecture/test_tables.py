"""Relations between tables respect the floors; every table says which personal data it holds."""

import re
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.test.utils import isolate_apps

from wagtail.models import ReferenceIndex

import pytest

from tests.architecture.house import ROOT, height, our_models

# Apps whose tables are Wagtail's world: only the face may point there.
WAGTAIL_WORLD = re.compile(r"^(wagtail|taggit|modelcluster|modelsearch)")


# ------------------------------------------------------------------ relations
def relations(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Name and target app of every relation that starts at `model`; `*` for a generic one."""
    for field in model._meta.get_fields(include_hidden=True):
        if isinstance(field, GenericForeignKey):
            yield field.name, "*"
        elif field.is_relation and not field.auto_created and field.related_model is not None:
            target = field.related_model
            label = target if isinstance(target, str) else target._meta.label
            yield field.name, label.partition(".")[0]
    for parent in model._meta.parents:
        yield f"parent {parent.__name__}", parent._meta.app_label


def relations_up(tables: Iterable[type[models.Model]]) -> list[str]:
    """Relations that point to a floor above their own, or anywhere (generic ones)."""
    faults = []
    for model in tables:
        own = height(model._meta.app_label) or 0
        for name, target in relations(model):
            if (target == "*" and model._meta.app_label != "cms") or (height(target) or 0) > own:
                faults.append(f"{model._meta.label}.{name} -> {target}")
    return faults


def relations_to_wagtail(tables: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{model._meta.label}.{name} -> {target}"
        for model in tables
        for name, target in relations(model)
        if model._meta.app_label != "cms"
        and WAGTAIL_WORLD.match(apps.app_configs[target].name if target in apps.app_configs else "")
    ]


def test_no_relation_points_up() -> None:
    assert relations_up(our_models()) == []


def test_only_the_face_relates_to_wagtail() -> None:
    assert relations_to_wagtail(our_models()) == []


@isolate_apps("people")
def test_relation_up_is_caught_even_as_a_string() -> None:
    class Person(models.Model):  # noqa: DJ008
        seat = models.ForeignKey("courses.Session", on_delete=models.CASCADE)
        seats = models.ManyToManyField("courses.Enrolment")
        self_made = models.ForeignKey("people.Establishment", on_delete=models.CASCADE)

        class Meta:
            app_label = "people"

    assert relations_up([Person]) == [
        "people.Person.seat -> courses",
        "people.Person.seats -> courses",
    ]


@isolate_apps("people")
def test_generic_relation_is_caught() -> None:
    class Note(models.Model):  # noqa: DJ008
        about = GenericForeignKey()

        class Meta:
            app_label = "people"

    assert relations_up([Note]) == ["people.Note.about -> *"]


@isolate_apps("certificates")
def test_relation_to_wagtail_is_caught() -> None:
    class Signature(models.Model):  # noqa: DJ008
        image = models.ForeignKey("wagtailimages.Image", on_delete=models.CASCADE)

        class Meta:
            app_label = "certificates"

    assert relations_to_wagtail([Signature]) == ["certificates.Signature.image -> wagtailimages"]


# ------------------------------------------------------------------ personal data
def says_its_personal_data(model: type[models.Model]) -> bool:
    """Whether the docstring has a `pii:` line that says something."""
    return bool(re.search(r"^\s*pii:[ \t]*\S", model.__doc__ or "", re.MULTILINE))


def test_every_table_says_its_personal_data() -> None:
    assert [model._meta.label for model in our_models() if not says_its_personal_data(model)] == []


@pytest.mark.parametrize(
    ("docstring", "says"),
    [
        ("A seat.\n\n    pii: none\n    ", True),
        ("A seat.\n\n    pii:\n    ", False),
        ("A seat.", False),
        (None, False),
    ],
)
def test_silent_table_is_caught(docstring: str | None, says: bool) -> None:
    silent = type("Silent", (), {"__doc__": docstring})

    assert says_its_personal_data(silent) is says  # type: ignore[arg-type]


# Where each floor keeps the promises of its tables to erase something.
FORGETS = {
    "people": ("people/services/accounts.py",),
    "courses": ("courses/services/retention.py",),
    "attendance": ("attendance/services/retention.py",),
    "notices": ("notices/services/outbox.py", "notices/services/follows.py"),
}


def promises_to_erase(model: type[models.Model]) -> bool:
    return "erased" in (model.__doc__ or "").partition("pii:")[2]


def forgotten_by_nobody(tables: Iterable[type[models.Model]]) -> list[str]:
    """Tables that promise to erase something, and that no verb of their floor's names."""
    return [
        model._meta.label
        for model in tables
        if promises_to_erase(model)
        and not any(
            model.__name__.casefold() in (ROOT / path).read_text().casefold()
            for path in FORGETS.get(model._meta.app_label, ())
        )
    ]


def test_what_a_table_promises_to_erase_is_erased_by_a_verb() -> None:
    assert forgotten_by_nobody(m for m in our_models() if m._meta.app_label in FORGETS) == []


@isolate_apps("courses")
def test_promise_that_nobody_keeps_is_caught() -> None:
    class Nobodys(apps.get_model("courses.Strike")):  # type: ignore[misc]
        """A row.

        pii: all of it: erased some day
        """

        class Meta:
            proxy = True
            app_label = "courses"

    assert forgotten_by_nobody([Nobodys, apps.get_model("courses.Strike")]) == ["courses.Nobodys"]


# ------------------------------------------------------------------ Wagtail's reference index
def indexed_outside_the_face(tables: Iterable[type[models.Model]]) -> list[str]:
    """Tables of ours whose every save would write rows into Wagtail's reference index."""
    return sorted(
        model._meta.label
        for model in tables
        if height(model._meta.app_label) is not None and model._meta.app_label != "cms"
    )


def test_reference_index_follows_only_the_face() -> None:
    assert indexed_outside_the_face(ReferenceIndex.tracked_models) == []


def test_indexed_fact_is_caught() -> None:
    assert indexed_outside_the_face([apps.get_model("people.Community")]) == ["people.Community"]
