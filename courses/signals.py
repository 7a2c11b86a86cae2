"""News of the heart. Sent inside the transaction with send(); receivers write rows only."""

from django.dispatch import Signal

# A course's French page was published and its facts frozen.
# Sent by services.catalogue.publish_course; carries version, at.
course_published = Signal()
# A session entered a new state.
# Sent by services.states; carries session, from_state, to_state, by, at.
session_moved = Signal()
# The last meeting of a session has ended. Sent by services.states; carries session, at.
session_held = Signal()
# Something people must know of a session still to come changed.
# Sent by services.sessions; carries session, changes (frozenset of choices.SessionChange), at.
session_changed = Signal()
# A person holds a confirmed seat. Sent by services.enrolments; carries enrolment, was_waiting, at.
seat_confirmed = Signal()
# A person joined the waiting list. Sent by services.enrolments; carries enrolment, at.
put_on_waiting_list = Signal()
# A person gave up a seat or a place on the list, or staff did. Carries enrolment, from_state, at.
enrolment_cancelled = Signal()
# The session began while the person still waited. Carries enrolment, at.
place_not_obtained = Signal()
# Wake-up: a seat of a session may be free. Sent by services.enrolments and services.sessions;
# heard on this floor only; carries session_id.
seat_freed = Signal()
