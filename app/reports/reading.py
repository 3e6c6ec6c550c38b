"""A body made ready to be read as a page: sections in order, proofs numbered, charts at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import flask_babel
from markupsafe import Markup

from app.core.i18n import language, ltr, number, percent
from app.reports.body import outline
from app.reports.charts import Chart
from app.reports.claims.narrative import Piece, expand
from app.reports.sectioned import Sectioned

_: Callable[..., str] = flask_babel.gettext

#: A section of themes or regions is introduced by what they have together.
_TOGETHER = {"theme": "themes", "region": "regions"}


class Reading(Sectioned):
    """What the page of a report asks of a body.

    :ivar charts: the charts by their identifiers, as wide as the page.
    :ivar small: the same for half of it, or a phone.
    """

    def __init__(
        self, body: dict[str, Any], charts: Mapping[str, Chart], small: Mapping[str, Chart]
    ) -> None:
        super().__init__(body)
        self.charts = charts
        self.small = small

    # Sections

    @cached_property
    def parts(self) -> list[dict[str, Any]]:
        """The sections that are shown; reports of the first format had none of their own."""
        if self.body.get("sections"):
            return [one for one in self.sections if self._has_something(one)]
        found = outline.default(self.body | {"claims": list(self.claims.values())})
        return [one for one in found if self._has_something(one)]

    def _has_something(self, section: dict[str, Any]) -> bool:
        """Tell whether there is anything to say in a section."""
        if section["kind"] == "theme":
            return section["theme"] in self._themes
        if section["kind"] == "region":
            return section["region"] in self.sheets
        if section["kind"] in {"minority", "summary", "narrative"}:
            return bool(section["claims"] or self.paragraphs(section))
        return True

    def opens(self, section: dict[str, Any]) -> str:
        """Return the chapter that a section opens, as the first of its kind."""
        chapter = _TOGETHER.get(section["kind"], "")
        first = next(one for one in self.parts if one["kind"] == section["kind"])
        return chapter if first is section else ""

    @cached_property
    def contents(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """The contents: anchor and name of each chapter, with those of what is in it."""
        found: list[tuple[str, str, list[tuple[str, str]]]] = []
        chapters = {"theme": _("The themes"), "region": _("Region by region")}
        for section in self.parts:
            line = (section["id"], self.heading(section))
            if chapter := self.opens(section):
                found.append((chapter, chapters[section["kind"]], []))
            if section["kind"] in chapters:
                found[-1][2].append(line)
            else:
                found.append((*line, []))
        return found

    @cached_property
    def sheets(self) -> dict[str, dict[str, Any]]:
        """What is known of each region."""
        return {row["code"]: row for row in self.body.get("regions", [])}

    # Sentences

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each claim that is printed as a sentence."""
        found: dict[str, int] = {}
        for section in self.parts:
            before = [claim["id"] for claim in self.together(self.opens(section))]
            for identity in [*before, *section["claims"]]:
                if identity in self.claims:
                    found.setdefault(identity, len(found) + 1)
        return found

    def together(self, chapter: str) -> list[dict[str, Any]]:
        """Return the claims about all sections of a chapter: no section lists them."""
        claims = self.claims.items()
        return [claim for name, claim in claims if chapter and name.startswith(f"{chapter}.")]

    def told(self, section: dict[str, Any], but: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Return the claims that a section prints.

        :param but: what is left out, by the last words of the identifiers.
        """
        left_out = {f"{section['id']}.{word}" for word in but}
        return [
            self.claims[identity]
            for identity in section["claims"]
            if identity in self.claims and identity not in left_out
        ]

    def paragraphs(self, section: dict[str, Any]) -> list[Markup]:
        """Return a section's free words; what they say in figures leads to its proof."""
        lang = language().code
        found = expand(section["narrative"].get(lang, ""), lang, self.body["claims"])
        return [self._free(pieces) for pieces in found]

    def _free(self, pieces: list[Piece]) -> Markup:
        """Return a paragraph of free words, with the claims that stand behind it."""
        words = Markup("").join(self._piece(piece) for piece in pieces)
        named = " ".join(dict.fromkeys(p.claim for p in pieces if p.claim in self.claims))
        return Markup('<span data-claim="{}">{}</span>').format(named, words) if named else words

    def _piece(self, piece: Piece) -> Markup | str:
        """Return words, a value, or the way to a proof."""
        if piece.kind == "text":
            return piece.text
        if piece.kind == "value":
            return ltr(piece.text)
        if piece.claim not in self.numbers:
            return ""
        at = self.numbers[piece.claim]
        label = _("Proof %(number)s", number=at)
        return Markup(' <a class="pn" href="#proof-{}"><span class="mk">{}</span></a>').format(
            at, label
        )

    # Quotations

    @cached_property
    def _quoted(self) -> dict[str, dict[str, Any]]:
        """Every quotation by the identifier of its claim."""
        holders = [
            *self.body["themes"],
            *self.body.get("minority", []),
            *self.body.get("regions", []),
        ]
        return {
            f"quote.{quotation['answer']}.{quotation['start']}": quotation
            for holder in holders
            for quotation in holder.get("quotations", [])
        }

    def said(self, section: dict[str, Any]) -> list[dict[str, Any]]:
        """Return a section's quotations; one in a language of the page's leads, if there is one."""
        found = [self._quoted[i] for i in section["quotations"] if i in self._quoted]
        return self.quotations({"quotations": found})

    def position(self, identity: str) -> dict[str, Any] | None:
        """Return the minority position that a claim is about."""
        claim = self.claims[identity]
        for row in self.body.get("minority", []):
            if [row["theme"]] == claim["themes"] and row["kind"] in identity:
                return dict(row)
        return None

    # Participation

    @cached_property
    def weights(self) -> dict[str, float]:
        """What a contributor of each region counts for in weighted shares."""
        weighting = self.body["participation"].get("weighting") or {}
        return {row["code"]: row["weight"] for row in weighting.get("regions", [])}


def written(value: Any) -> Markup:
    """Write a value of a claim's result."""
    if isinstance(value, float):
        return percent(value) if 0 <= value <= 1 else number(value, 1)
    return number(value) if isinstance(value, int) else Markup("{}").format(value or "")
