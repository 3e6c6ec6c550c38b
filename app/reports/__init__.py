"""Synthesis reports: drafts, publication, results pages."""
