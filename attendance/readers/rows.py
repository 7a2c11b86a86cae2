"""What a cell and a heading mean, shared by every reader."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

# Headings seen, by meaning; compared without case, accents, or form of apostrophe.
# English ones were read in real exports; French ones mostly in others' tables of aliases.
_HEADINGS = {
    "attended": "attended|a participe|present",
    "name": (
        "name|user name|full name|display name|participant|nom|nom complet|nom d'utilisateur"
        "|nom de l'utilisateur|nom d'affichage"
    ),
    "named_with_original": (
        "name (original name)|user name (original name)|nom (nom original)|nom (nom d'origine)"
        "|nom d'utilisateur (nom original)|nom d'utilisateur (nom d'origine)"
        "|nom de l'utilisateur (nom original)"
    ),
    "first_name": "first name|prenom",
    "last_name": "last name|nom de famille",
    "email": (
        "email|e-mail|user email|email address|e-mail address|courriel|adresse courriel"
        "|adresse e-mail|adresse email|adresse e-mail de l'utilisateur|e-mail de l'utilisateur"
        "|courriel de l'utilisateur"
    ),
    "registered": "registration time|heure d'inscription|date d'inscription",
    "approval": "approval status|statut d'approbation|etat d'approbation|etat de l'approbation",
    "joined": (
        "join time|heure d'arrivee|heure d'entree|heure de connexion|heure de participation"
    ),
    "left": "leave time|heure de depart|heure de sortie|heure de deconnexion",
    "minutes": (
        "time in session (minutes)|duration (minutes)|duree (minutes)"
        "|temps dans la session (minutes)|duree de la session (minutes)|temps en session (minutes)"
    ),
    "waiting": "in waiting room|waiting room|salle d'attente|dans la salle d'attente",
    "topic": "topic|sujet",
    "started": (
        "actual start time|start time|heure de debut reelle|heure reelle de debut|heure de debut"
    ),
    "ended": "end time|heure de fin",
    "total": "total duration (minutes)|duree totale (minutes)",
    "lasted": "actual duration (minutes)|duree reelle (minutes)",
    "viewers": "unique viewers|spectateurs uniques|visionneurs uniques",
}
_MEANING = {heading: key for key, headings in _HEADINGS.items() for heading in headings.split("|")}
_BLANKS = frozenset({"", "-", "--", "---", "—", "–", "NA", "N/A", "na", "n/a"})
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_TELEPHONE = re.compile(r"(?:\+?[\d*][\d\s().*-]{5,}[\d*])|(?:call-in user.*)", re.IGNORECASE)
_ORIGINAL = re.compile(r"(?s).*\(([^()]+)\)\s*$")


def heading_key(cell: str) -> str:
    """A heading without accidents: case, accents, blanks and forms of apostrophe."""
    plain = unicodedata.normalize("NFKD", cell.replace("’", "'").replace("ʼ", "'").casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split()).strip(": ")


@lru_cache(maxsize=1024)
def meaning_of(cell: str) -> str:
    """What a heading stands for; "" for one we do not know."""
    return _MEANING.get(heading_key(cell), "") if len(cell) <= 80 else ""


class Columns(NamedTuple):
    """Where each meaning stands in the rows of one table."""

    at: dict[str, int]

    def __contains__(self, meaning: object) -> bool:
        return meaning in self.at

    def cell(self, cells: Sequence[str], meaning: str) -> str:
        """The cell of that meaning; "" when absent or written as a blank (`--`, `NA`)."""
        index = self.at.get(meaning)
        if index is None or index >= len(cells):
            return ""
        return "" if cells[index] in _BLANKS else cells[index]


def columns_of(cells: Sequence[str]) -> Columns:
    """The meanings of a row of headings; the first of two equal ones wins (custom questions)."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if meaning := meaning_of(cell):
            found.setdefault(meaning, index)
    if "first_name" in found and "last_name" not in found and "name" in found:
        found["last_name"] = found.pop("name")  # « Prénom, Nom »
    return Columns(found)


def filled(cells: Sequence[str]) -> int:
    """How many cells of a row hold something; rows come padded with commas."""
    return len(cells) - cells.count("")


def address_of(cell: str) -> str:
    """The address, casefolded, or "" when the cell holds none."""
    return cell.casefold() if len(cell) <= 254 and _ADDRESS.fullmatch(cell) else ""


def is_telephone(name: str) -> bool:
    """Whether a meeting's name is a caller's number, whole or masked."""
    return bool(_TELEPHONE.fullmatch(name))


def original_of(name: str) -> str:
    """What stands in the brackets that end `Shown (Original)`; "" when nothing does."""
    found = _ORIGINAL.match(name)
    return found[1].strip() if found else ""


def minutes_of(cell: str) -> int | None:
    """Whole minutes as a report states them."""
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= 6 else None
