"""What the register forgets: meeting reports five years after the session, and what was learned of
somebody's names and addresses when they leave. What presence was settled stays.

« After the session » as in courses.services.retention.
"""

from datetime import datetime, timedelta

from django.db import transaction

from attendance.models import Connection, LearnedAlias, ReportImport
from courses.choices import CONNECTIONS_KEPT_DAYS
from courses.models import Session
from people.models import User


def forget_reports(*, at: datetime) -> int:
    """Erases the file, the connections and the words of every report of a session that ended five
    years ago; its hash, its size and its dates stay. Returns how many. Idempotent.

    A transaction a report. The file goes first: a stop in between leaves a row that names a file
    which is gone, and the next run ends the work.
    """
    over = Session.objects.over_since(at - timedelta(days=CONNECTIONS_KEPT_DAYS))
    reports = list(ReportImport.objects.filter(session__in=over).exclude(file="").order_by("pk"))
    for report in reports:
        report.file.delete(save=False)
        with transaction.atomic():
            Connection.objects.filter(report=report).delete()
            ReportImport.objects.filter(pk=report.pk).update(file="", filename="", warnings=[])
    return len(reports)


def forget_person(*, user: User) -> int:
    """Erases the names and addresses that staff once confirmed as this person's. Returns how many.
    Safe inside a receiver: one DELETE.
    """
    return LearnedAlias.objects.filter(person=user).delete()[0]
