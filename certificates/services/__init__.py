"""The verbs of the proof."""
