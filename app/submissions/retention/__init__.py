"""Retention: what has been kept long enough goes, once a day."""
