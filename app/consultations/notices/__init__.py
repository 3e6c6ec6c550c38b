"""Versions of the privacy notice: a new one is added, none is ever changed."""
