"""The plain text of messages: lines that stay lines, subjects that cannot inject, addresses kept
out of logs. Pure: no database, no settings, no clock.
"""

import hashlib
import re
import traceback
from collections.abc import Collection, Mapping

SUBJECT_LENGTH = 200  # characters; longer subjects are cut at a word
ERROR_LENGTH = 300
MASK = "…"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u0085\u2028\u2029]")
_PLACEHOLDER = re.compile(r"{([^{}]*)}")
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """`text` on one line: a title or a name with line ends cannot begin a header of its own.

    No-break spaces survive (« réservée : » keeps its colon); other runs of space become one.
    """
    line = re.sub(r"[^\S\N{NO-BREAK SPACE}]+", " ", _CONTROL.sub(" ", text)).strip()
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0].rstrip() + MASK


def tidy(text: str) -> str:
    """The text part as it is read: no trailing spaces, one empty line between paragraphs."""
    lines = [line.strip(" \t") for line in text.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with each {name} replaced by its value; what has no value stays as it is typed.

    In one pass: a value that looks like a placeholder is not replaced in turn.
    """
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def unknown_placeholders(text: str, known: Collection[str]) -> list[str]:
    """Those of `text` that nothing replaces, as they are typed."""
    return [match[0] for match in _PLACEHOLDER.finditer(text) if match[1] not in known]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a typed text, separated by empty lines; lines inside one are kept."""
    return [each.strip() for each in re.split(r"\n\s*\n", tidy(text)) if each.strip()]


def message_id(key: str, host: str) -> str:
    """The Message-ID of a notice: the same at each try, so that a mail sent twice is known as one.

    Tells nothing of its key.
    """
    return f"<notice.{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def masked(text: str, secrets: tuple[str, ...]) -> str:
    """`text` without the capabilities it carries (a survey's token): what may be kept and read."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text


def error_words(error: BaseException) -> str:
    """What went wrong, for staff: the kind of error and the mail server's answer, no address.

    Other errors say only where they happened: the text of a template's error shows its whole
    context, names and links included.
    """
    codes = getattr(error, "recipients", None)
    if isinstance(codes, dict):  # SMTPRecipientsRefused: {address: (code, answer)}
        said = "; ".join(f"{code} {_decoded(answer)}" for code, answer in codes.values())
    elif hasattr(error, "smtp_code"):
        said = f"{error.smtp_code} {_decoded(error.smtp_error)}"  # type: ignore[attr-defined]
    elif isinstance(error, OSError):
        said = str(error)
    else:
        said = _place(error)
    said = _ADDRESS.sub(MASK, said)
    return one_line(f"{type(error).__name__}: {said}".rstrip(": "), ERROR_LENGTH)


def is_refused_for_good(error: BaseException) -> bool:
    """Did the server say that this mailbox does not exist (550 to 559)? Trying again is no use."""
    codes = getattr(error, "recipients", None)
    return (
        isinstance(codes, dict)
        and bool(codes)
        and all(550 <= code <= 559 for code, _answer in codes.values())
    )


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""


def _decoded(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
