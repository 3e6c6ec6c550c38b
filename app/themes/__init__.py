"""Themes: analysis runs, passages, placements, and what reviewers decide."""
