"""Numbers for passages: static vectors, concepts, words and the company they keep."""

from nlp.features.space import BilingualSpace, Views

__all__ = ["BilingualSpace", "Views"]
