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
# A seat is held for a person until enrolment.offer_expires_at.
# Sent by services.offers, services.exchanges; carries enrolment, at.
seat_offered = Signal()
# A person said no to an offer. Carries enrolment, at.
offer_declined = Signal()
# An offer ended without an answer. Carries enrolment (expired), again (the new row on the list, or
# None when the person never waited), at.
offer_expired = Signal()
# Fewer than twelve hours before the session a seat is free: whoever waits may take it, the first
# to ask has it. Carries enrolment, release, at.
seat_called = Signal()
# A person asked for a seat that is given by approval or by a draw. Carries enrolment, at.
seat_requested = Signal()
# Staff refused a request. Carries enrolment, reason, at.
request_refused = Signal()
# A person gave a seat to a colleague, who is offered it. Carries enrolment (the giver's row,
# cancelled), to (the colleague's row, offered), at.
seat_passed_on = Signal()
# The unused seats of a pool will become general. Carries pool, at.
pool_release_near = Signal()
# A seat nobody could use. Sent by services.holds; carries strike, at.
strike_given = Signal()
# What people asked of a session long ago is theirs no more: a stand-in took their place there.
# Sent by services.retention; carries enrolments (their keys), at.
enrolments_detached = Signal()
# Wake-up: a seat of a session may be free. Sent by services.enrolments, services.sessions and
# services.guests; heard on this floor only; carries session_id.
seat_freed = Signal()
