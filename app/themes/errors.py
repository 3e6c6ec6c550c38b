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


class ThemeChangedError(DomainError):
    """Somebody decided on the theme since it was shown."""

    message = _l("%(who)s changed “%(name)s” since you opened it. See the change, then decide.")


class PassagesChangedError(DomainError):
    """Somebody decided on one of the passages since the list was shown."""

    message = _l("%(who)s decided on some of these passages since you opened the list.")


class TextTooLongError(DomainError):
    """A definition or a rule does not fit."""

    message = _l("A text has %(limit)s characters at most.")
    status = 422


class AttachmentError(DomainError):
    """A theme was to be attached to what is not there, or to itself."""

    message = _l("Choose an axis, a population and a parent theme of this consultation.")
    status = 422


class SplitError(DomainError):
    """The passages chosen cannot become a theme of their own."""

    message = _l("Choose passages of this theme, each for one part only.")
    status = 422


class NoPassageError(DomainError):
    """No passage was chosen, or one that the newest analysis does not know."""

    message = _l("Choose at least one passage of the newest analysis.")
    status = 422


class TooManyPassagesError(DomainError):
    """More passages than one decision may take."""

    message = _l("One decision takes %(limit)s passages at most.")
    status = 422


class NotInAThemeError(DomainError):
    """Only a passage of a theme can be an example of it."""

    message = _l("Only a passage that is in a theme can be an example of it.")
    status = 422


class MixedStatesError(DomainError):
    """The passages chosen are not in one state that can be confirmed."""

    message = _l("These passages cannot be confirmed together: they are in different states.")
    status = 422


class NoSuggestionError(DomainError):
    """There is nothing to confirm: no theme is suggested for the passage."""

    message = _l("No theme is suggested for one of these passages: choose one.")
    status = 422


class EventUndoneError(DomainError):
    """The decision was taken back already, or no person took it."""

    message = _l("This decision is no longer in force.")


class UndoBlockedError(DomainError):
    """A later decision builds upon the one to be taken back."""

    message = _l("A later decision builds on this one. Take that one back first.")


class ProposalClosedError(DomainError):
    """The proposal was accepted, refused, or no longer holds."""

    message = _l("This proposal is no longer open.")


class WishUnclearError(DomainError):
    """The form of the workbench did not say what to do."""

    message = _l("Say what to do with the passages: use one of the buttons.")
    status = 422


class ThemeUnchosenError(DomainError):
    """Passages were to be moved nowhere."""

    message = _l("Choose the theme to move them to.")
    status = 422


class CodersError(DomainError):
    """The people chosen cannot code a round."""

    message = _l("Choose different people who may review this consultation.")
    status = 422


class SampleTooSmallError(DomainError):
    """A blind sample of that size cannot be drawn."""

    message = _l("Draw from %(least)s to %(most)s passages; the analysis must have as many.")
    status = 422


class CodeError(DomainError):
    """What was said of a passage is neither a current theme nor one of the other answers."""

    message = _l("Choose a theme, or say why the passage belongs to none.")
    status = 422


class RoundClosedError(DomainError):
    """The round is closed: its measures are kept as they were."""

    message = _l("This round is closed: nobody codes in it any more.")


class RoundOpenError(DomainError):
    """Both coders have to be done first."""

    message = _l("Both coders have to finish first.")


class CorpusChangedError(RuntimeError):
    """A text under analysis was changed or removed before its passages were written."""
