"""Personal data in a text: found by shape, check digits and cues; masked, with the way back.

>>> from nlp.personal import mask
>>> mask("Appelez-moi au 06 12 34 56 78.").text
'Appelez-moi au [téléphone].'
"""

from nlp.personal.finding import find_personal_data
from nlp.personal.kinds import KINDS, Found, Kind
from nlp.personal.masking import Masked, Span, mask

__all__ = ["KINDS", "Found", "Kind", "Masked", "Span", "find_personal_data", "mask"]
