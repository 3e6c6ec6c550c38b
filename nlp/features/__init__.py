"""Numbers for passages: static vectors, concepts, words and the company they keep."""

from nlp.features.space import BilingualSpace, Block, Views

__all__ = ["BilingualSpace", "Block", "Views"]
