"""Consultations and their questionnaires, as data."""
