"""What an answer says, and what it must say before it is published."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.commitments.models import AnswerState, ThemeAnswer, ThemeAnswerVersion
from app.core.db import Texts

#: Languages in which the ministry answers.
LANGUAGES = ("fr", "ar")

#: The texts of an answer, in the order in which they are read.
PARTS = ("text", "reason", "passed_to")

#: The states in which a reason is shown, and the one in which it is said to whom it was passed.
WITH_REASON = frozenset({AnswerState.PARTLY, AnswerState.NOT_TAKEN_UP})
PASSED = AnswerState.BEYOND_REMIT


@dataclass(frozen=True)
class Content:
    """An answer's state and words.

    :ivar reason: why it is not taken up, or only partly.
    :ivar passed_to: to whom it was passed.
    """

    state: str
    text: Texts = field(default_factory=Texts)
    reason: Texts = field(default_factory=Texts)
    passed_to: Texts = field(default_factory=Texts)

    @classmethod
    def of(cls, row: ThemeAnswer | ThemeAnswerVersion) -> Content:
        """Return what an answer, or a version of it, says."""
        return cls(
            row.state, Texts(row.text or {}), Texts(row.reason or {}), Texts(row.passed_to or {})
        )

    @property
    def missing(self) -> list[tuple[str, str]]:
        """The ``(part, language)`` that are empty and must not be once it is published."""
        asked = ["text"]
        if self.state == AnswerState.NOT_TAKEN_UP:
            asked.append("reason")
        elif self.state == PASSED:
            asked.append("passed_to")
        return [
            (part, lang)
            for part in asked
            for lang in LANGUAGES
            if not getattr(self, part).get(lang, "").strip()
        ]

    @property
    def shown_reason(self) -> Texts:
        """The reason, where the state has one."""
        return self.reason if self.state in WITH_REASON and any(self.reason.values()) else Texts()

    @property
    def shown_passed_to(self) -> Texts:
        """To whom it was passed, where it was."""
        return self.passed_to if self.state == PASSED else Texts()
