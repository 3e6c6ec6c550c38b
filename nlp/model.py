"""What goes into an analysis and what comes out of it."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from nlp.errors import OptionsError

#: The states a passage can be in; each passage is in exactly one.
STATES = ("in_theme", "copy", "to_arbitrate", "off_topic", "unreadable", "excluded")
Unit = Literal["passage", "row"]
#: Sources of vectors that come with the package, and the one that takes an installed model.
BACKENDS, INSTALLED_BACKEND = ("static", "lexical"), "sentence-transformers"


@dataclass(frozen=True)
class Text:
    """A text to analyse.

    Parameters
    ----------
    key : str
        Unique and stable name of the text, given back in the results.
    text : str
        The text as written; offsets in the results are code points of this string.
    group : str
        Group of the author, e.g. ``"08|association"``; quotations are spread over groups.
    """

    key: str
    text: str
    group: str = ""


@dataclass(frozen=True)
class AnalysisOptions:
    """How to analyse.

    Parameters
    ----------
    n_themes : int or None
        Number of themes, at least 1; None finds it by stability.
    unit : {"passage", "row"}
        Whether texts are split into passages of one idea or stay whole.
    seed : int
        Seed of everything that draws numbers; same input, options and seed, same result.
    arbitrate_share : float
        Greatest share of the placed passages that may be left "to arbitrate", in [0, 1].
    backend : str
        Where vectors of meaning come from: ``"static"``, the package's own space; ``"lexical"``,
        none; or ``"sentence-transformers:NAME"``, a model installed on this machine.

    Raises
    ------
    OptionsError
        If a value is outside its range.
    """

    n_themes: int | None = None
    unit: Unit = "passage"
    seed: int = 0
    arbitrate_share: float = 0.15
    backend: str = "static"

    def __post_init__(self) -> None:
        """Refuse values outside their range."""
        if self.n_themes is not None and self.n_themes < 1:
            raise OptionsError("The number of themes must be at least 1.")
        if self.unit not in ("passage", "row"):
            raise OptionsError('The unit must be "passage" or "row".')
        if not 0 <= self.arbitrate_share <= 1:
            raise OptionsError("The share left to arbitrate must lie between 0 and 1.")
        if not 0 <= self.seed < 2**31:
            raise OptionsError("The seed must lie between 0 and 2147483647.")
        kind, _, name = self.backend.partition(":")
        if self.backend not in BACKENDS and not (kind == INSTALLED_BACKEND and name):
            raise OptionsError(
                f"The backend must be one of {', '.join(BACKENDS)}, {INSTALLED_BACKEND}:NAME."
            )


@dataclass(frozen=True)
class PassageResult:
    """Where a passage stands and what became of it.

    ``theme`` is the index of a theme: the one it is in, for a copy the one of its original, for
    a passage to arbitrate the nearest one, proposed and not counted; None elsewhere.
    ``margin``, in [0, 1], says how much nearer that theme is than the next one.
    ``copy_of`` is the index, in :attr:`Analysis.passages`, of the passage this one copies, for
    copies and for copies of what people excluded.
    """

    key: str
    start: int
    end: int
    language: str
    state: str
    theme: int | None
    margin: float
    copy_of: int | None


@dataclass(frozen=True)
class QuotationResult:
    """A quotation: an exact piece of a text."""

    key: str
    start: int
    end: int
    language: str


@dataclass(frozen=True)
class ThemeResult:
    """A theme, its names and its evidence.

    ``n_passages`` counts the passages in it, copies left out; ``n_signatories`` adds the copies.
    ``languages`` counts the passages by language. ``stability``, in [0, 1], is the mean Jaccard
    overlap of the theme with its nearest cluster in perturbed runs; None where there were none.
    ``key`` outlasts the run, see :mod:`nlp.durable`. ``broad`` is the index of its broad theme.
    """

    index: int
    name_fr: str
    name_ar: str
    keywords_fr: list[str]
    keywords_ar: list[str]
    n_passages: int
    n_signatories: int
    languages: dict[str, int]
    quotations: list[QuotationResult]
    stability: float | None
    key: str
    broad: int | None


@dataclass(frozen=True)
class BroadThemeResult:
    """A group of themes under one axis of the thesaurus, or of those under none.

    ``slug`` names the axis, None where there is none; ``certainty``, in [0, 1], is the mean lead
    of the axis over the next one in its themes.
    """

    slug: str | None
    name_fr: str
    name_ar: str
    n_themes: int
    certainty: float


@dataclass(frozen=True)
class Analysis:
    """The result of an analysis.

    ``passages`` stand in the order of the texts given, then by offset; ``themes`` by number of
    passages, greatest first, then by French name; ``broad_themes`` in the order of the axes.
    """

    passages: list[PassageResult]
    themes: list[ThemeResult]
    fingerprint: str
    engine: str
    counts: dict[str, int] = field(default_factory=dict)
    broad_themes: list[BroadThemeResult] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values."""
        return asdict(self)

    def to_json(self) -> str:
        """Return the result as JSON; equal results give equal text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, indent=1)
