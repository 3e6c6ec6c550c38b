"""What a passage does: it describes, complains, proposes, offers or asks."""

from nlp.nature.judge import MARGIN, Judgement, Nature, judge, natures_of

__all__ = ["MARGIN", "Judgement", "Nature", "judge", "natures_of"]
