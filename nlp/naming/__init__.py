"""Names and keywords of themes, in French and in Arabic."""

from nlp.naming.names import NamedTheme, name_themes

__all__ = ["NamedTheme", "name_themes"]
