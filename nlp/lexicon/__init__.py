"""Word lists of the package: thesaurus, Darija list, bilingual senses, stop words."""

from nlp.lexicon.concepts import Concept, Thesaurus
from nlp.lexicon.senses import Senses
from nlp.lexicon.store import Lexicon, load_lexicon

__all__ = ["Concept", "Lexicon", "Senses", "Thesaurus", "load_lexicon"]
