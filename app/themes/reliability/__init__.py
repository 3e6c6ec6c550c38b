"""Measured reliability: a blind sample that two people code, and a third where they disagree."""
