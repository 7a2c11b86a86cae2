from django.db.models import Count

from certificates.models import Certificate
from people.choices import Language


def without_files(limit: int = 200) -> list[int]:
    """Ids of certificates that lack a file, the oldest first."""
    return list(
        Certificate.objects.annotate(n=Count("files"))
        .filter(n__lt=len(Language.values))
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )
