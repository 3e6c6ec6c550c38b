"""The sentence of a claim, in French and in Arabic, from one template.

A template is a function of the claim and of the names in the language of the moment; its message is
in the catalogs, with the plural forms of each language. What comes out is kept with the claim as
plain text in which figures stand between U+2066 and U+2069, so that no paragraph reorders them.

The templates of each section are in a module of its name; importing them notes them down.
"""

from app.reports.claims.wording import (
    method,
    minority,
    participation,
    regions,
    setaside,
    summary,
    themes,
)
from app.reports.claims.wording.core import (
    END,
    ISOLATE,
    LANGUAGES,
    TEMPLATES,
    UNASKABLE,
    Claim,
    Names,
    all_written,
    bare,
    sentence,
    template,
    to_markup,
    to_plain,
    written,
)

__all__ = [
    "END",
    "ISOLATE",
    "LANGUAGES",
    "TEMPLATES",
    "UNASKABLE",
    "Claim",
    "Names",
    "all_written",
    "bare",
    "method",
    "minority",
    "participation",
    "regions",
    "sentence",
    "setaside",
    "summary",
    "template",
    "themes",
    "to_markup",
    "to_plain",
    "written",
]
