"""Why a page is not drawn. Each says one translated sentence, fit to show to staff."""

from django.utils.translation import gettext as _


class Unprintable(Exception):  # noqa: N818 - a refusal said to people, not a fault
    """These facts cannot become a true page; nothing was made."""


class MissingGlyph(Unprintable):
    """No embedded font can write this character (`char`, as it stands in the text)."""

    def __init__(self, char: str) -> None:
        self.char = char
        super().__init__(
            _("The character “%(char)s” (%(code)s) cannot be printed on a certificate.")
            % {"char": char, "code": f"U+{ord(char):04X}"}
        )


class ForbiddenCharacter(Unprintable):
    """An invisible character (control, direction override, separator, private use, unassigned)."""

    def __init__(self, char: str) -> None:
        self.char = char
        super().__init__(
            _("The text holds an invisible character (%(code)s). Remove it and try again.")
            % {"code": f"U+{ord(char):04X}"}
        )


class IncompleteFacts(Unprintable):
    """A fact that the page cannot do without is empty or malformed (`field`)."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(
            _("The certificate cannot be drawn: “%(field)s” is missing or malformed.")
            % {"field": field}
        )


class TooLong(Unprintable):
    """Even at the smallest legible size the facts do not stand on one page."""

    def __init__(self) -> None:
        super().__init__(
            _("The certificate does not fit on one page. Shorten its statements and try again.")
        )


class UnusableImage(Unprintable):
    """The signature image of this person cannot be read, or is too large (`name`)."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(_("The signature image of %(name)s cannot be read.") % {"name": name})


class BrokenFont(Unprintable):
    """A font file of ours is absent or damaged (`file`)."""

    def __init__(self, file: str) -> None:
        self.file = file
        super().__init__(_("The font “%(file)s” cannot be read.") % {"file": file})
