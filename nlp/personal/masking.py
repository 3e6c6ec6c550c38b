"""Masking of personal data, with the way back: which stretch stands for which."""

import re
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from nlp.errors import OptionsError
from nlp.personal.finding import find_personal_data
from nlp.personal.kinds import KINDS, LABELS, Found, Kind

Style = Literal["label", "block"]
#: What a masked character becomes in the style ``block``.
BLOCK: Final = "█"
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_ARABIC = re.compile(r"[\u0620-\u064a]")


class Span(NamedTuple):
    """A masked stretch, in code points of the original and of the masked text."""

    kind: Kind
    start: int
    end: int
    masked_start: int
    masked_end: int


@dataclass(frozen=True)
class Masked:
    """A text with its personal data masked; every other character is unchanged."""

    text: str
    spans: tuple[Span, ...]

    def masked_range(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the original stands in the masked text.

        A stretch that begins or ends inside masked data is widened to the whole mask.
        """
        starts = [span.start for span in self.spans]
        bounds = [(s.start, s.end, s.masked_start, s.masked_end) for s in self.spans]
        return _moved(start, starts, bounds, last=False), _moved(end, starts, bounds, last=True)

    def original_range(self, start: int, end: int) -> tuple[int, int]:
        """Return which stretch of the original a stretch of the masked text stands for.

        A stretch that begins or ends inside a mask is widened to all that it masks.
        """
        starts = [span.masked_start for span in self.spans]
        bounds = [(s.masked_start, s.masked_end, s.start, s.end) for s in self.spans]
        return _moved(start, starts, bounds, last=False), _moved(end, starts, bounds, last=True)


def _moved(
    offset: int, starts: list[int], bounds: list[tuple[int, int, int, int]], *, last: bool
) -> int:
    """Return an offset on the other side; inside a mask, its beginning or its end."""
    # The end of a stretch belongs to the character before it.
    at = bisect_right(starts, offset - 1 if last else offset) - 1
    if at < 0:
        return offset
    _, end, other_start, other_end = bounds[at]
    is_inside = offset < end or (last and offset == end)
    if is_inside:
        return other_end if last else other_start
    return offset - end + other_end


def _is_arabic_text(text: str) -> bool:
    """Whether most letters of a text are Arabic."""
    return len(_ARABIC.findall(text)) > len(_LATIN.findall(text))


def _mask_of(found: Found, style: Style, *, is_arabic: bool) -> str:
    """Return what stands in the place of a piece of personal data."""
    if style == "block":
        return BLOCK * (found.end - found.start)
    return f"[{LABELS[found.kind][is_arabic]}]"


def mask(text: str, *, kinds: Collection[Kind] | None = None, style: Style = "label") -> Masked:
    """Mask the personal data of a text.

    Masking what is masked already changes nothing.

    Parameters
    ----------
    text : str
        The text, as written.
    kinds : collection of Kind, optional
        What to mask; everything by default.
    style : {"label", "block"}
        A label that says what was there, Arabic in a text mostly in Arabic letters and French
        otherwise; or one block for each character, which keeps all offsets.

    Returns
    -------
    Masked
        The text, and for each mask where it stands and what it masks.

    Raises
    ------
    OptionsError
        If a kind or the style is unknown.
    """
    wanted = KINDS if kinds is None else frozenset(kinds)
    if not wanted <= KINDS or style not in ("label", "block"):
        raise OptionsError(f"Unknown kind or style: {sorted(wanted - KINDS)} {style!r}.")
    is_arabic = _is_arabic_text(text)
    parts: list[str] = []
    spans: list[Span] = []
    at = written = 0
    for found in find_personal_data(text):
        if found.kind not in wanted:
            continue
        label = _mask_of(found, style, is_arabic=is_arabic)
        begin = written + found.start - at
        spans.append(Span(found.kind, found.start, found.end, begin, begin + len(label)))
        parts += [text[at : found.start], label]
        at, written = found.end, begin + len(label)
    return Masked("".join([*parts, text[at:]]), tuple(spans))
