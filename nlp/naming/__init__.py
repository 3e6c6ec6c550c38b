"""Names and keywords of themes, in French and in Arabic."""

from nlp.naming.names import GivenNames, NamedTheme, name_themes
from nlp.naming.sample import Sample, first_of_each

__all__ = ["GivenNames", "NamedTheme", "Sample", "first_of_each", "name_themes"]
