"""Ways to take sessions into one's own calendar, where a template shows sessions already read."""

from collections.abc import Iterable
from typing import Any

from django import template

from courses.letters import AddLinks
from courses.letters import add_links as links_of
from courses.models import Session, Term

register = template.Library()


@register.simple_tag
def add_links(session: Session) -> list[AddLinks]:
    """{% add_links session as links %}: for each meeting its Google and Outlook addresses."""
    return links_of(session=session)


@register.simple_tag
def terms_of(cards: Iterable[Any]) -> list[Term]:
    """{% terms_of cards as terms %}: the terms of the sessions shown, each once, soonest first."""
    terms = {card.session.term_id: card.session.term for card in cards if card.session.term_id}
    return sorted(terms.values(), key=lambda term: (term.starts_on, term.pk))
