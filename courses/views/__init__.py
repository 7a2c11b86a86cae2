"""The screens of a session: its page, the seat, the door, the calendar, the roster."""
