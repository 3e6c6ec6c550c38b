"""Texts in, themes out: themes of answers in French, Arabic and Darija, offline.

>>> from nlp import AnalysisOptions, Text, analyse
>>> analysis = analyse([Text("1", "Il manque une crèche.")], AnalysisOptions(seed=0))
>>> analysis.passages[0].start, analysis.passages[0].end
(0, 21)

The method is explained in ``docs/methods.md``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nlp.checkpoints import Checkpoints, DirectoryCheckpoints
from nlp.errors import (
    BackendError,
    DuplicateKeyError,
    InputError,
    ModelFileError,
    NlpError,
    OptionsError,
)
from nlp.model import (
    STATES,
    Analysis,
    AnalysisOptions,
    BroadThemeResult,
    PassageResult,
    QuotationResult,
    Text,
    ThemeResult,
)

if TYPE_CHECKING:
    from nlp.analysis import ENGINE, STAGES, analyse
    from nlp.frozen import ThemeModel

__all__ = [
    "ENGINE",
    "STAGES",
    "STATES",
    "Analysis",
    "AnalysisOptions",
    "BackendError",
    "BroadThemeResult",
    "Checkpoints",
    "DirectoryCheckpoints",
    "DuplicateKeyError",
    "InputError",
    "ModelFileError",
    "NlpError",
    "OptionsError",
    "PassageResult",
    "QuotationResult",
    "Text",
    "ThemeModel",
    "ThemeResult",
    "analyse",
]


_LATER = {
    "ENGINE": "nlp.analysis",
    "STAGES": "nlp.analysis",
    "analyse": "nlp.analysis",
    "ThemeModel": "nlp.frozen",
}


def __getattr__(name: str) -> Any:
    """Import the analysis, and the numerical libraries it needs, when first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
