"""Numbers for passages: words, letter groups, and concepts and senses shared by the languages."""

from nlp.features.space import BilingualSpace, Space

__all__ = ["BilingualSpace", "Space"]
