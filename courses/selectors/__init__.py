"""Reads of the heart: QuerySets and small frozen answers, nothing written."""
