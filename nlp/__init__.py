"""Texts in, themes out: themes of answers in French, Arabic and Darija, offline.

>>> from nlp import AnalysisOptions, Text, analyse
>>> analysis = analyse([Text("1", "Il manque une crèche.")], AnalysisOptions(seed=0))
>>> analysis.passages[0].start, analysis.passages[0].end
(0, 21)

The method is explained in ``docs/methods.md``.
"""

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from nlp.analysis import ENGINE, STAGES, analyse

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


def __getattr__(name: str) -> Any:
    """Import the analysis, and the numerical libraries it needs, when first asked for."""
    if name not in {"ENGINE", "STAGES", "analyse"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from nlp import analysis

    return getattr(analysis, name)
