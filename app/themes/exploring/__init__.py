"""Exploring a run: the map of its passages, themes said together, words in context."""
