"""Bytes of an uploaded table to rows of text: pure, bounded, the same for every room."""
