"""What exports and imports of the codebook refuse, in words for the reader."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class ExportGoneError(DomainError):
    """The file is no longer there."""

    message = _l("This file is no longer kept. Prepare it again.")
    status = 410


class ExportStaleError(DomainError):
    """Words of it may no longer leave."""

    message = _l(
        "Texts were withdrawn, corrected or masked since this file was prepared, so it was "
        "deleted. Prepare it again."
    )


class ImportOverError(DomainError):
    """The file was imported or deleted already."""

    message = _l("This file was already imported, or is no longer kept. Send it again.")


class ThemeNamelessError(DomainError):
    """A new theme has a name in one language only."""

    message = _l("A new theme needs a name in French and in Arabic.")


class ThemeAmbiguousError(DomainError):
    """Names point at different themes."""

    message = _l("Names of this row are those of other themes of the review.")


class ThemeGoneError(DomainError):
    """The theme was merged or excluded meanwhile."""

    message = _l("“%(name)s” is merged or excluded: restore it first.")


class AxisUnknownError(DomainError):
    """No axis has the name."""

    message = _l("The consultation has no axis “%(name)s”.")


class PopulationUnknownError(DomainError):
    """No population has the name."""

    message = _l("The consultation has no target population “%(name)s”.")


class CodeUnknownError(DomainError):
    """The passage bears a code that is no theme."""

    message = _l("“%(name)s” is no theme of the review. Import its codebook first.")


class ManyCodesError(DomainError):
    """The passage bears several codes."""

    message = _l("This passage bears several codes; here a passage is in one theme.")


class CopyMovedError(DomainError):
    """A copy was coded otherwise than its text."""

    message = _l("A copy follows the text it copies: change the code of that text.")


class StateUnknownError(DomainError):
    """The state is none."""

    message = _l("“%(value)s” is not a state of a passage.")


class DecidedMeanwhileError(DomainError):
    """Somebody decided on the passage since the file was looked at."""

    message = _l("Somebody else decided on this passage meanwhile.")
