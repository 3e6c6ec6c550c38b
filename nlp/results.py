"""Numbered passages and themes turned into results in the caller's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlp import stages
from nlp.checkpoints import Payload
from nlp.model import STATES, PassageResult, QuotationResult, Text, ThemeResult
from nlp.text.language import LANGUAGES

#: States in which a passage says which one it copies; what people excluded goes with its copies.
_COPIES = ("copy", "excluded")


@dataclass(frozen=True)
class ThemeRecord:
    """What a theme is beside its passages.

    ``key`` outlasts the run; names are None where the machine has to give them; a kept theme
    exists without passages too.
    """

    key: str
    name_fr: str | None = None
    name_ar: str | None = None
    is_kept: bool = False


class Results:
    """Turns numbered passages and themes into results in the caller's order."""

    def __init__(
        self,
        texts: Sequence[Text],
        context: stages.Context,
        passages: Payload,
        copies: Payload,
        placed: Payload,
    ) -> None:
        """Work out the order of the passages in the result."""
        self.context = context
        self.columns: dict[str, list[Any]] = {
            name: values.tolist()
            for payload in (passages, copies, placed)
            for name, values in payload.items()
            if isinstance(values, np.ndarray)
        }
        place = {text.key: number for number, text in enumerate(texts)}
        self.order = sorted(
            range(len(self.columns["text"])),
            key=lambda n: (
                place[context.texts[self.columns["text"][n]].key],
                self.columns["start"][n],
            ),
        )

    def key(self, number: int) -> str:
        """Return the key of the text a passage is in."""
        text: int = self.columns["text"][number]
        return self.context.texts[text].key

    def language(self, number: int) -> str:
        """Return the language code of a passage."""
        return LANGUAGES[self.columns["language"][number]]

    def themes(
        self,
        records: Sequence[ThemeRecord],
        names: Payload,
        quotations: list[Any],
        stabilities: Any,
    ) -> list[tuple[int, ThemeResult]]:
        """Return (number, theme) pairs, greatest theme first.

        Themes without a passage are left out, unless a person keeps them.
        """
        named = names["names"]
        members: dict[int, list[int]] = {theme: [] for theme in range(len(named))}
        signatories = dict.fromkeys(members, 0)
        for number, (state, theme) in enumerate(
            zip(self.columns["state"], self.columns["theme"], strict=True)
        ):
            if STATES[state] == "in_theme":
                members[theme].append(number)
                signatories[theme] += 1
            elif STATES[state] == "copy" and self._is_of_theme(number):
                signatories[theme] += 1
        filled = [theme for theme in members if members[theme] or records[theme].is_kept]
        filled.sort(key=lambda theme: (-len(members[theme]), named[theme][0], theme))
        return [
            (
                theme,
                ThemeResult(
                    index=index,
                    name_fr=named[theme][0],
                    name_ar=named[theme][1],
                    keywords_fr=named[theme][2],
                    keywords_ar=named[theme][3],
                    n_passages=len(members[theme]),
                    n_signatories=signatories[theme],
                    languages=stages.count_languages(
                        [self.columns["language"][number] for number in members[theme]]
                    ),
                    quotations=[self._quotation(*row) for row in quotations[theme]],
                    stability=_rounded(float(stabilities[theme])),
                    key=records[theme].key,
                    broad=names["broad"][theme],
                ),
            )
            for index, theme in enumerate(filled)
        ]

    def _is_of_theme(self, number: int) -> bool:
        """Whether the original of a copy is in its theme, and not still to arbitrate."""
        original = self.columns["copy_of"][number]
        return STATES[self.columns["state"][original]] == "in_theme"

    def _quotation(self, number: int, start: int, end: int) -> QuotationResult:
        """Return a quotation of a passage."""
        return QuotationResult(self.key(number), start, end, self.language(number))

    def passages(self, themes: list[tuple[int, ThemeResult]]) -> list[PassageResult]:
        """Return the passages in the order of the texts given."""
        index_of = {theme: result.index for theme, result in themes}
        rank = {number: at for at, number in enumerate(self.order)}
        columns = self.columns
        results = []
        for number in self.order:
            original = columns["copy_of"][number]
            state = STATES[columns["state"][number]]
            results.append(
                PassageResult(
                    key=self.key(number),
                    start=columns["start"][number],
                    end=columns["end"][number],
                    language=self.language(number),
                    state=state,
                    theme=index_of.get(columns["theme"][number]),
                    margin=columns["margin"][number],
                    copy_of=rank[original] if original >= 0 and state in _COPIES else None,
                )
            )
        return results


def _rounded(value: float) -> float | None:
    """Return a measure with three decimals, None where nothing was measured."""
    return None if np.isnan(value) else round(value, 3)
