"""People named by their addresses, typed or in a list: who they are, before anything is done."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.letters.addresses import addresses_in
from courses.models import Enrolment, Session
from people.letters import number_words
from people.models import User
from people.readers.tables import Table

HEADINGS = ("courriel", "email", "e-mail")
LONGEST_HEADING = 40  # characters; longer is a sentence
MOST_PEOPLE = 2_000


@dataclass
class ImportPreview:
    """What a list would do. Every line of it is in one of these; `wrong` is as it was written."""

    ready: list[User] = field(default_factory=list)
    already: list[User] = field(default_factory=list)  # a live enrolment stands
    unknown: list[tuple[int, str]] = field(default_factory=list)  # (line, address)
    wrong: list[tuple[int, str]] = field(default_factory=list)  # no address, or more than addresses
    repeated: int = 0
    warnings: list[str] = field(default_factory=list)  # what was mended while reading the file


class AddressesMissing(Exception):  # noqa: N818 - an answer, not an error
    """Nobody is named, or more people than are read at once; str() is a translated sentence."""


def preview_import(table: Table, session: Session) -> ImportPreview:
    """Reads a column of addresses and finds the accounts: three queries, whatever the length.

    The column is the first headed « courriel » or « email », else the first whose heading holds
    such a word, else the first that holds an @. Raises AddressesMissing.
    """
    row, column = _address_column(table)
    cells_of = (
        (line, cells[column] if len(cells) > column else "")
        for place, (line, cells) in enumerate(_filled(table))
        if place >= row
    )
    preview = _preview(cells_of, session)
    preview.warnings = table.warnings
    return preview


def preview_typed(text: str, session: Session) -> ImportPreview:
    """The same of what was typed; a line may hold several addresses. Raises AddressesMissing."""
    lines = enumerate(text.splitlines(), start=1)
    return _preview(((line, words) for line, words in lines if words.strip()), session)


def _filled(table: Table) -> Iterable[tuple[int, list[str]]]:
    return ((line, cells) for line, cells in table.numbered() if cells)


def _address_column(table: Table) -> tuple[int, int]:
    """(rows to leave aside, column)."""
    head = table.head()
    cells = [
        (row, column, cell.casefold())
        for row, line in enumerate(head)
        for column, cell in enumerate(line)
    ]
    for row, column, cell in cells:
        if cell in HEADINGS:
            return row + 1, column
    for row, column, cell in cells:
        is_heading = "@" not in cell and len(cell) <= LONGEST_HEADING
        if is_heading and any(heading in cell for heading in HEADINGS):
            return row + 1, column
    for row, column, cell in cells:
        if "@" in cell:
            return row, column
    raise AddressesMissing(_("No column of email addresses was found in this file."))


def _preview(lines: Iterable[tuple[int, str]], session: Session) -> ImportPreview:
    preview = ImportPreview()
    found: dict[str, int] = {}
    for line, words in lines:
        addresses = addresses_in(words)
        if not addresses:
            preview.wrong.append((line, words[:80]))
        for address in addresses or ():
            preview.repeated += address in found
            found.setdefault(address, line)
        if len(found) > MOST_PEOPLE:
            raise AddressesMissing(
                _("This list has more than %(most)s people: import it in parts.")
                % {"most": number_words(MOST_PEOPLE, get_language())}
            )
    if not found and not preview.wrong:
        raise AddressesMissing(_("This list holds no email address."))
    _sort_out(preview, found, session)
    return preview


def _sort_out(preview: ImportPreview, found: dict[str, int], session: Session) -> None:
    accounts = User.objects.filter(is_active=True, closed_at__isnull=True)
    people: dict[str, User] = {}
    proved = accounts.filter(emailaddress__email__in=found, emailaddress__verified=True)
    for person in proved.select_related("profile").prefetch_related("emailaddress_set"):
        for row in person.emailaddress_set.all():
            if row.verified:
                people.setdefault(row.email.casefold(), person)
    for person in accounts.filter(email__in=found).select_related("profile"):
        people.setdefault((person.email or "").casefold(), person)
    live = set(
        Enrolment.objects.live()
        .filter(session=session, person__in=[person.pk for person in people.values()])
        .values_list("person_id", flat=True)
    )
    seen: set[int] = set()
    for address, line in found.items():
        owner = people.get(address)
        if owner is None:
            preview.unknown.append((line, address))
        elif owner.pk in seen:
            preview.repeated += 1
        else:
            seen.add(owner.pk)
            (preview.already if owner.pk in live else preview.ready).append(owner)
