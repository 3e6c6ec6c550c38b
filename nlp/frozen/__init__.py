"""Themes found once and kept: new texts are placed among them, the themes do not change."""

from nlp.frozen.theme_model import ThemeModel

__all__ = ["ThemeModel"]
