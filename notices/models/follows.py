from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Theme
from people.models import Community
from people.policies import Scope


class FollowQuerySet(models.QuerySet["Follow"]):
    def standing(self):
        """Those not taken back."""
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user, scope: Scope | None):
        match scope:
            case Scope.ALL:
                return self
            case Scope.SELF:
                return self.filter(person=user)
            case _:
                return self.none()


class Follow(models.Model):
    """A person asked to be told when enrolment opens: of a course, a theme or a community.

    The row is the consent to those messages: since when, until when, and how it was taken back.
    Following again is a new row.

    pii: the pair person and subject: erased when the account is closed
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows"
    )
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    community = models.ForeignKey(
        Community, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    since = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by_mail = models.BooleanField(default=False)  # by the link of a message, not signed in

    objects = FollowQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                name="follow_of_one_thing",
                condition=Q(course__isnull=False, theme__isnull=True, community__isnull=True)
                | Q(course__isnull=True, theme__isnull=False, community__isnull=True)
                | Q(course__isnull=True, theme__isnull=True, community__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    name=f"one_standing_follow_{name}",
                    fields=[name, "person"],
                    condition=Q(ended_at__isnull=True, **{f"{name}__isnull": False}),
                )
                for name in ("course", "theme", "community")
            ),
        ]
        verbose_name = _("follow")
        verbose_name_plural = _("follows")

    def __str__(self) -> str:
        return f"{self.person_id} · {self.subject}"

    @property
    def subject(self) -> Course | Theme | Community:
        """What is followed."""
        return self.course or self.theme or self.community  # type: ignore[return-value]
