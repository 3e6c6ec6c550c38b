"""What the analysis and the review refuse, in words for the reader."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class AnalysisUnderWayError(DomainError):
    """The consultation has an analysis that waits or runs; ``run_id`` is its number."""

    message = _l("An analysis of this consultation is already under way.")

    def __init__(self, run_id: int | None = None) -> None:
        self.run_id = run_id
        super().__init__()


class NothingToAnalyseError(DomainError):
    """No submission has a text."""

    message = _l("No submission has a text to analyse yet.")


class NoAnalysisError(DomainError):
    """The consultation has no finished analysis."""

    message = _l("This consultation has not been analysed yet.")


class NameMissingError(DomainError):
    """A theme was to lose one of its names."""

    message = _l("Give the name in French and in Arabic.")
    status = 422


class NameTooLongError(DomainError):
    """A name does not fit."""

    message = _l("A name has %(limit)s characters at most.")
    status = 422


class NameTakenError(DomainError):
    """Another current theme bears the name."""

    message = _l("Another theme already has the name “%(name)s”.")
    status = 422


class ThemeNotActiveError(DomainError):
    """The decision is for active themes only."""

    message = _l("“%(name)s” is merged or excluded: restore it first.")


class ThemeActiveError(DomainError):
    """There is nothing to restore."""

    message = _l("“%(name)s” is neither merged nor excluded.")


class MergeWithItselfError(DomainError):
    """A theme was to be merged into itself, directly or by a chain."""

    message = _l("A theme cannot be merged into itself.")
    status = 422


class MergeTargetError(DomainError):
    """The theme to merge into cannot take others."""

    message = _l("Choose an active theme of the same consultation to merge into.")
    status = 422


class ReasonMissingError(DomainError):
    """An exclusion was asked for without a reason."""

    message = _l("Give the reason: the report prints it.")
    status = 422


class CorpusChangedError(RuntimeError):
    """A text under analysis was changed or removed before its passages were written."""
