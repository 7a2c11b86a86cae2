import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.catalogue import Course, Term
from people.choices import in_language


class Module(models.Model):
    """A module as a fact; its words are a page. `key` is that page's translation key.

    pii: none
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="modules")
    position = models.PositiveSmallIntegerField(default=1)
    current_version = models.ForeignKey(
        "courses.ModuleVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        ordering = ["course", "position", "id"]
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def __str__(self) -> str:
        return str(self.current_version or self.key)


class ModuleVersion(models.Model):
    """A module frozen at publication: titles, block ids and completion rules as data. Append-only.

    `rules` is a list of {"kind": "viewed" | "quiz" | "video" | "time", "block": uuid, …}; all must
    hold.

    pii: none
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="versions")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField()
    is_major = models.BooleanField(default=False)
    title_fr = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    rules = models.JSONField(default=list)
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["module", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="one_module_version"),
        ]
        verbose_name = _("module version")
        verbose_name_plural = _("module versions")

    def __str__(self) -> str:
        return f"{in_language(self, 'title')} v{self.number}"


class ModuleProgress(models.Model):
    """How far a person is in the module version they began: the facts, rule by rule.

    `facts` maps a rule's block id to what was done; services.progress alone writes it.

    pii: the pair person and progress: erased when the account is closed, but for a module that was
    completed, on which an attestation rests
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="module_progress"
    )
    version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="progress")
    facts = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "version"], name="one_progress"),
        ]
        verbose_name = _("progress")
        verbose_name_plural = _("progress")

    def __str__(self) -> str:
        return f"{self.person_id} · {self.version}"


class Declaration(models.Model):
    """A trainer's declaration of interests for a course and a term: one record for the publication
    gate, the accreditor's dossier and the attestation.

    pii: trainer, statement: kept five years with the accreditation
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declarations"
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="declarations")
    term = models.ForeignKey(
        Term, on_delete=models.PROTECT, null=True, blank=True, related_name="declarations"
    )
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    has_interests = models.BooleanField(null=True)
    statement = models.TextField(blank=True)
    signed_name = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trainer", "course", "term"],
                name="one_declaration_a_term",
            ),
            models.UniqueConstraint(
                fields=["trainer", "course"],
                name="one_declaration_without_term",
                condition=Q(term__isnull=True),
            ),
            models.CheckConstraint(
                name="signed_declaration_is_whole",
                condition=Q(signed_at__isnull=True)
                | Q(has_interests__isnull=False, signed_name__gt=""),
            ),
        ]
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")

    def __str__(self) -> str:
        return f"{self.trainer} · {self.course}"
