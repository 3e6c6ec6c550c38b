"""Texts in, themes out: themes of answers in French, Arabic and Darija, offline.

>>> from nlp import AnalysisOptions, Text, analyse
>>> analysis = analyse([Text("1", "Il manque une crèche.")], AnalysisOptions(seed=0))
>>> analysis.passages[0].start, analysis.passages[0].end
(0, 21)

The method is explained in ``docs/methods.md``.
"""

from nlp.analysis import ENGINE, STAGES, analyse
from nlp.checkpoints import Checkpoints, DirectoryCheckpoints
from nlp.errors import DuplicateKeyError, InputError, NlpError, OptionsError
from nlp.model import (
    STATES,
    Analysis,
    AnalysisOptions,
    PassageResult,
    QuotationResult,
    Text,
    ThemeResult,
)

__all__ = [
    "ENGINE",
    "STAGES",
    "STATES",
    "Analysis",
    "AnalysisOptions",
    "Checkpoints",
    "DirectoryCheckpoints",
    "DuplicateKeyError",
    "InputError",
    "NlpError",
    "OptionsError",
    "PassageResult",
    "QuotationResult",
    "Text",
    "ThemeResult",
    "analyse",
]
