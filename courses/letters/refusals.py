"""A refusal, as said to somebody who asks for another. What a person owes or missed is said to that
person alone, when they ask themselves.
"""

from django.utils.translation import gettext as _

from courses.choices import RefusalCause


def refusal_about_another(cause: RefusalCause) -> str:
    """One sentence to the person who asked for a colleague."""
    match cause:
        case RefusalCause.CLOSED:
            return _("Enrolment in this session is not open for this person at this moment.")
        case RefusalCause.AUDIENCE:
            return _("This person is not among those for whom this session is kept.")
        case RefusalCause.LIMIT:
            return _("This person already holds as many seats as one may in this term.")
        case RefusalCause.OVERLAP:
            return _("This person holds another seat at that time.")
        case RefusalCause.PREREQUISITE:
            return _("This session asks for a training that this person has not completed.")
        case _:
            return _(
                "This person cannot be enrolled for the moment. They will be told why if they ask "
                "for a seat themselves."
            )
