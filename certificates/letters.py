"""Pure words of the proof: numbers with a check character, canonical JSON, hashes, names compared.

The number is read back in any spelling people use: with or without dashes or spaces, lower case.
"""

import hashlib
import json
import re
import unicodedata
from decimal import ROUND_FLOOR, Decimal
from typing import Any

PREFIX = "QC"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
QUARTER = Decimal("0.25")
GRACE_HOURS = Decimal(5) / Decimal(
    60
)  # five minutes, so that a meeting ended early costs no quarter


def check_character(text: str) -> str:
    """Check character of ISO/IEC 7064 MOD 37,36 over digits and letters."""
    product = 36
    for character in text:
        total = (product + _ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]


def format_number(year: int, serial: int) -> str:
    """`QC-2026-000123-K`; the last character catches any one error and any swap of neighbours."""
    body = f"{PREFIX}{year:04d}{serial:06d}"
    return f"{PREFIX}-{year:04d}-{serial:06d}-{check_character(body)}"


def read_number(text: str) -> str | None:
    """The canonical number in what somebody typed, or None when it cannot be one."""
    bare = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())
    match = re.fullmatch(rf"({PREFIX}(\d{{4}})(\d{{6,}}))([0-9A-Z])", bare)
    if not match or check_character(match[1]) != match[4]:
        return None
    return f"{PREFIX}-{match[2]}-{match[3]}-{match[4]}"


def canonical_json(facts: dict[str, Any]) -> str:
    """One spelling for one set of facts (RFC 8785 for strings, whole numbers, booleans, null)."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(data: str | bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def floor_to(step: Decimal, hours: Decimal) -> Decimal:
    """The greatest multiple of `step` that is not above `hours`."""
    return (hours / step).to_integral_value(ROUND_FLOOR) * step


def hours_attended(*, seconds: int, maximum: Decimal) -> Decimal:
    """Hours printed for `seconds` of presence: quarters, five minutes of grace, never over
    `maximum`.
    """
    attended = floor_to(QUARTER, Decimal(seconds) / 3600 + GRACE_HOURS)
    return min(attended, maximum)


def same_name(typed: str, printed: str) -> bool:
    """Whether two spellings name one person: accents, case, order, hyphens and spaces aside."""

    def pieces(name: str) -> list[str]:
        plain = unicodedata.normalize("NFKD", name)
        plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
        return sorted(re.findall(r"\w+", plain))

    found = pieces(typed)
    return bool(found) and found == pieces(printed)


def masked_name(name: str) -> str:
    """Initials only: « M… T… »."""
    return " ".join(f"{part[0]}…" for part in name.split() if part)
