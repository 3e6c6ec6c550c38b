"""One space for French, Arabic and Darija words and texts, made of dictionary facts."""

from nlp.space.space import Neighbour, Reference, Space
from nlp.space.store import SpaceFileError

__all__ = ["Neighbour", "Reference", "Space", "SpaceFileError"]
