"""Tests of the map, of pairs of themes and of words in context."""
