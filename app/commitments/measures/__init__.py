"""Measures and conventions: who committed to what, how far it is, and what it answers."""
