"""Every message has its French, and it is the French of Québec."""

import ast
import re
from collections.abc import Iterable

import polib
import pytest

from tests.architecture.house import ROOT, where
from tests.architecture.messages import all_messages, in_python, in_template

CATALOGUE = ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"

# A word that must not be shown, and the one to write instead.
BANNED = {
    r"sessions?": "séance (a Session), programmation (a Term)",
    r"log-?in": "connexion",
    r"e-?mails?": "courriel",
    r"mails?": "courriel",
    r"certificats?": "attestation",
    r"feedback": "rétroaction",
}
# Expressions where such a word is the right one.
RIGHT_USES = re.compile(
    r"certificat de signature|session de (?:connexion|navigation)", re.IGNORECASE
)
NOT_WORDS = re.compile(r"%\(\w+\)[sd]|{\w+}|<[^>]*>|https?://\S+|\S+@\S+")
TYPOGRAPHY = {
    "space before ; ! ?": re.compile(r"[ \u00a0\u202f][;!?]"),
    "« without no-break space": re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"),
    "straight quotes": re.compile(r'"\w[^"]*"'),
    "hour without its spaces": re.compile(r"\b\d{1,2}\s?h\d{2}\b"),
}


def entry(text: str, french: str, **more: object) -> polib.POEntry:
    return polib.POEntry(msgid=text, msgstr=french, **more)


def catalogue() -> polib.POFile:
    assert CATALOGUE.exists(), "make messages"
    return polib.pofile(str(CATALOGUE))


# ------------------------------------------------------------------ complete
def unfinished(entries: Iterable[polib.POEntry]) -> list[str]:
    """Messages without their French, or with one that nobody has confirmed."""
    return [each.msgid for each in entries if not each.obsolete and not each.translated()]


def test_every_message_is_translated_and_none_is_fuzzy() -> None:
    assert unfinished(catalogue()) == []


def test_unfinished_message_is_caught() -> None:
    entries = [
        entry("Seat", "Place"),
        entry("Offer", ""),
        entry("List", "Liste", flags=["fuzzy"]),
        entry("%d seat", "", msgid_plural="%d seats", msgstr_plural={0: "%d place", 1: ""}),
        entry("Old", "", obsolete=True),
    ]

    assert unfinished(entries) == ["Offer", "List", "%d seat"]


# “3 p.m.” brings its own full stop: a sentence of the English ending with an hour would have two.
AN_HOUR_LAST = re.compile(r"%\((?:hour|hours|interval|second)\)s\.(?:\s|$)")


def ending_with_an_hour(entries: Iterable[polib.POEntry]) -> list[str]:
    texts = [(each, text) for each in entries for text in (each.msgid, each.msgid_plural)]
    return [text for each, text in texts if not each.obsolete and AN_HOUR_LAST.search(text or "")]


def test_no_sentence_in_english_ends_with_an_hour() -> None:
    assert ending_with_an_hour(catalogue()) == []


def test_an_hour_at_the_end_is_caught() -> None:
    entries = [
        entry("Until %(day)s, %(hour)s.", "Jusqu’au %(day)s, %(hour)s."),
        entry("At %(hour)s. Come.", "À %(hour)s. Venez."),
        entry("Until %(hour)s on %(day)s.", "Jusqu’au %(day)s, %(hour)s."),
        entry("Until %(hour)s", "Jusqu’à %(hour)s"),
    ]

    assert ending_with_an_hour(entries) == ["Until %(day)s, %(hour)s.", "At %(hour)s. Come."]


def test_every_message_of_the_code_is_in_the_catalogue() -> None:
    known = {(each.msgctxt or "", each.msgid) for each in catalogue() if not each.obsolete}

    missing = {
        message: where(path) for message, path in all_messages().items() if message not in known
    }

    assert missing == {}, "make messages, then translate"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('_("Seat")', [("", "Seat")]),
        ('gettext_lazy("Long " "seat")', [("", "Long seat")]),
        ('pgettext_lazy("consent", "Seat")', [("consent", "Seat")]),
        ('translation.ngettext("%d seat", "%d seats", n)', [("", "%d seat")]),
        ("_(name)", []),
    ],
)
def test_message_of_python_is_found(code: str, found: list[tuple[str, str]]) -> None:
    assert list(in_python(ast.parse(code))) == found


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("{% translate 'Seat' %}", [("", "Seat")]),
        ("{% translate \"L'été\" context 'season' %}", [("season", "L'été")]),
        ("{% include 'x' with title=_('Seat') %}", [("", "Seat")]),
        ("{{ name|default:_('Seat') }}", [("", "Seat")]),
        (
            "{% blocktranslate trimmed with n=x %}\n  Seat of\n  {{ n }}\n{% endblocktranslate %}",
            [("", "Seat of %(n)s")],
        ),
        (
            "{% blocktranslate trimmed count n=x %}a{% plural %}b{% endblocktranslate %}",
            [("", "a")],
        ),
        ("{# {% translate 'Seat' %} #}", []),
    ],
)
def test_message_of_a_template_is_found(template: str, found: list[tuple[str, str]]) -> None:
    assert list(in_template(template)) == found


# ------------------------------------------------------------------ placeholders
def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%[sd]|{\w+}", text))


def mismatched(entries: Iterable[polib.POEntry]) -> list[str]:
    """Messages whose French names another value than the English does (an error at noon)."""
    faults = []
    for each in entries:
        wanted = {*placeholders(each.msgid), *placeholders(each.msgid_plural or "")}
        for french in [each.msgstr, *each.msgstr_plural.values()]:
            given = set(placeholders(french))
            # A singular may leave the number out: « une place ».
            if french and (given - wanted or (not each.msgid_plural and wanted - given)):
                faults.append(each.msgid)
    return faults


def test_french_names_the_same_values() -> None:
    assert mismatched(catalogue()) == []


def test_mismatched_value_is_caught() -> None:
    entries = [entry("Until %(date)s", "Jusqu’au %(jour)s"), entry("To %(name)s", "À %(name)s")]

    assert mismatched(entries) == ["Until %(date)s"]


# ------------------------------------------------------------------ words and typography
def french_faults(text: str) -> list[str]:
    """Words we do not show and typography that is not Québec's."""
    shown = RIGHT_USES.sub("", NOT_WORDS.sub("x", text))
    faults = [
        f"{match[0]}: {instead}"
        for word, instead in BANNED.items()
        for match in re.finditer(rf"(?<![\w-]){word}(?![\w-])", shown, re.IGNORECASE)
    ]
    return faults + [name for name, pattern in TYPOGRAPHY.items() if pattern.search(shown)]


def test_french_is_the_french_of_quebec() -> None:
    faults = {
        french: french_faults(french)
        for each in catalogue()
        for french in [each.msgstr, *each.msgstr_plural.values()]
        if french_faults(french)
    }

    assert faults == {}


@pytest.mark.parametrize(
    ("french", "fault"),
    [
        ("La session est complète", "session: séance (a Session), programmation (a Term)"),
        ("Envoyer un e-mail", "e-mail: courriel"),
        ("Votre Email", "Email: courriel"),
        ("Page de login", "login: connexion"),
        ("Votre certificat", "certificat: attestation"),
        ("Déjà inscrite !", "space before ; ! ?"),
        ("La séance «Dépistage»", "« without no-break space"),
        ('La séance "Dépistage"', "straight quotes"),
        ("à 13h30", "hour without its spaces"),
    ],
)
def test_french_fault_is_caught(french: str, fault: str) -> None:
    assert french_faults(french) == [fault]


@pytest.mark.parametrize(
    "french",
    [
        "La séance «\u00a0Dépistage\u00a0» est complète; à 13\u00a0h\u00a030, venez!",
        "Votre courriel: ana@email.example",
        'Écrivez à <a href="%(email)s">l’équipe</a>.',
        "Le certificat de signature a expiré.",
        "La possession d’une attestation",
    ],
)
def test_right_french_passes(french: str) -> None:
    assert french_faults(french) == []
