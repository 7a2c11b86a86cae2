"""The sentences printed on an attestation, in both languages.

They stand here and not in the message catalogues, because a page is a function of its facts: a new
translation of the site must not change what an old attestation says when it is drawn again.
French is written as in Québec: « » and the colon with a no-break space, none before ; ! ?
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from certificates.pdf.facts import Language

NBSP = "\u00a0"


@dataclass(frozen=True, kw_only=True)
class Words:
    """`{}` is where the fact goes."""

    locale: str
    network: str
    kind: dict[str, str]
    attests: str
    did: dict[str, str]
    hours: dict[str, str]
    when: str
    where: str
    way: str
    taught_by: str
    partners: str
    version: str
    objectives: str
    accreditation_hours: str
    accreditation_number: str
    out_of: str
    number: str
    issued: str
    check: str
    qr_alt: str
    signature_alt: str
    link_says: str
    note: str


FRENCH = Words(
    locale="fr-CA",
    network="Académie Q-CROC",
    kind={
        "participation": "Attestation de participation",
        "self_study": "Attestation d’autoapprentissage",
        "teaching": "Attestation d’enseignement",
    },
    attests="Nous attestons que",
    did={
        "participation": "a participé à la formation",
        "self_study": "a suivi en autoapprentissage la formation",
        "teaching": "a donné la formation",
    },
    hours={
        "participation": "Heures suivies",
        "self_study": "Heures reconnues",
        "teaching": "Heures enseignées",
    },
    when="Date",
    where="Lieu",
    way="Formule",
    taught_by="Formation donnée par",
    partners="En collaboration avec",
    version=f"Version{NBSP}{{}}",
    objectives="Objectifs",
    accreditation_hours=f"{{}}{NBSP}h",
    accreditation_number=f"nº{NBSP}{{}}",
    out_of=f"{{}}{NBSP}h sur un maximum de {{}}{NBSP}h",
    number=f"Nº{NBSP}{{}}",
    issued="Délivrée le {}",
    check=f"Vérifiez le statut en ligne{NBSP}:",
    qr_alt="Code QR qui mène à la page de vérification de cette attestation, {}",
    signature_alt="Signature de {}",
    link_says="Page de vérification de l’attestation {}",
    note="Une attestation peut être remplacée ou révoquée après sa délivrance. Seule la page de "
    "vérification dit son statut du jour.",
)

ENGLISH = Words(
    locale="en-CA",
    network="Académie Q-CROC",
    kind={
        "participation": "Attestation of participation",
        "self_study": "Attestation of self-study",
        "teaching": "Attestation of teaching",
    },
    attests="This is to certify that",
    did={
        "participation": "took part in the training",
        "self_study": "completed by self-study the training",
        "teaching": "taught the training",
    },
    hours={
        "participation": "Hours attended",
        "self_study": "Hours recognized",
        "teaching": "Hours taught",
    },
    when="Date",
    where="Place",
    way="Format",
    taught_by="Taught by",
    partners="In collaboration with",
    version=f"Version{NBSP}{{}}",
    objectives="Objectives",
    accreditation_hours=f"{{}}{NBSP}h",
    accreditation_number=f"no.{NBSP}{{}}",
    out_of=f"{{}}{NBSP}h of a maximum of {{}}{NBSP}h",
    number=f"No.{NBSP}{{}}",
    issued="Issued on {}",
    check="Check its status online:",
    qr_alt="QR code leading to the verification page of this attestation, {}",
    signature_alt="Signature of {}",
    link_says="Verification page of attestation {}",
    note="An attestation may be replaced or revoked after it is issued. Only the verification page "
    "tells its status today.",
)

WORDS: dict[Language, Words] = {"fr": FRENCH, "en": ENGLISH}

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}


def hours(value: str, language: Language) -> str:
    """A decimal string as it is read: `2,5` in French, `2.5` in English, no idle zeros."""
    number = f"{Decimal(value):f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return number.replace(".", ",") if language == "fr" else number


def day(value: str, language: Language) -> str:
    """`1er novembre 2026`, `November 1, 2026`; no break inside."""
    on = date.fromisoformat(value)
    return _day(on, language) + (NBSP if language == "fr" else f",{NBSP}") + str(on.year)


def days(first: str, last: str, language: Language) -> str:
    """One day, or a span that repeats neither month nor year without need."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if start == end:
        return day(first, language)
    same_year = start.year == end.year
    same_month = same_year and start.month == end.month
    if language == "fr":
        head = _number(start, "fr") if same_month else _day(start, "fr")
        head += "" if same_year else f"{NBSP}{start.year}"
        return f"{head} au {day(last, 'fr')}"
    if same_month:
        return f"{_day(start, 'en')}–{end.day},{NBSP}{end.year}"
    head = _day(start, "en") if same_year else day(first, "en")
    return f"{head} – {day(last, 'en')}"


def _number(on: date, language: Language) -> str:
    return "1er" if language == "fr" and on.day == 1 else str(on.day)


def _day(on: date, language: Language) -> str:
    month = _MONTHS[language].split()[on.month - 1]
    number = _number(on, language)
    return f"{number}{NBSP}{month}" if language == "fr" else f"{month}{NBSP}{number}"


def listed(items: list[str], language: Language) -> str:
    """`A, B et C`; in English `A, B and C`."""
    if len(items) < 2:
        return "".join(items)
    last = {"fr": "et", "en": "and"}[language]
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
