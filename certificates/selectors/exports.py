import json
from typing import Any

from certificates.models import Certificate
from people.models import User


def export_person(user: User) -> dict[str, Any]:
    """A person's attestations with the facts they froze."""
    rows = Certificate.objects.filter(person=user).select_related("content")
    return {
        "certificates": [
            {
                "number": row.number,
                "issued_on": row.issued_on.isoformat(),
                "facts": json.loads(row.content.snapshot),
            }
            for row in rows
        ]
    }


def export_files(user: User) -> list[tuple[str, bytes]]:
    """(file name, bytes) of every stored PDF of a person."""
    files = []
    for row in Certificate.objects.filter(person=user).prefetch_related("files"):
        for stored in row.files.all():
            with stored.file.open("rb") as file:
                files.append((f"{row.number}-{stored.language}.pdf", file.read()))
    return files
