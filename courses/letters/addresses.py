"""Email addresses as people paste them: one or several a line, with or without names. Pure."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254
# « Marie Tremblay <marie@exemple.ca> », as mail programs copy it; the name may hold commas.
NAMED = re.compile(r"[^<>@]*<\s*([^<>\s]+)\s*>")
BETWEEN = re.compile(r";|(?<=>)\s*,")


def addresses_in(line: str) -> list[str] | None:
    """The addresses of one line, casefolded; empty for a blank one. None when it holds anything
    else, so that nothing is lost.
    """
    addresses = []
    for piece in BETWEEN.split(line):
        named = NAMED.fullmatch(piece.strip())
        addresses += [named[1]] if named else re.split(r"[\s,]+", piece.strip())
    addresses = [address.casefold() for address in addresses if address]
    try:
        for address in addresses:
            validate_email(address)
    except ValidationError:
        return None
    return addresses if all(len(address) <= LONGEST for address in addresses) else None
