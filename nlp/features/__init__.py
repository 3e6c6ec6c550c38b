"""Numbers for passages: static vectors, concepts, words and the company they keep."""

from nlp.features.block import Block, Views
from nlp.features.space import BilingualSpace

__all__ = ["BilingualSpace", "Block", "Views"]
