"""Stance of a passage towards what its theme is about: for, against, mixed, or unsaid."""

from nlp.stance.judge import Side, Stance, stance_of, stances_of

__all__ = ["Side", "Stance", "stance_of", "stances_of"]
