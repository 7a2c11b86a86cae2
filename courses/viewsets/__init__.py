"""The heart in the Wagtail admin. An enrolment has no viewset: its changes are verbs."""
