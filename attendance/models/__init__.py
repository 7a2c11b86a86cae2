from attendance.models.ledger import Attendance, Closing, Mark
from attendance.models.reports import Connection, LearnedAlias, ReportImport

__all__ = ["Attendance", "Closing", "Connection", "LearnedAlias", "Mark", "ReportImport"]
