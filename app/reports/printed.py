"""A body made ready for print: sections in order, proofs numbered, sheets of one size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import flask_babel
from markupsafe import Markup

from app.core.i18n import language, ltr
from app.reports import room, sentences
from app.reports.body import outline
from app.reports.claims.narrative import TOKEN, Piece, expand
from app.reports.drawn import Drawn

_: Callable[..., str] = flask_babel.gettext

#: Letters that a quotation set large should not exceed.
LEAD_LETTERS = 150

#: Themes that a region's sheet lists.
SHEET_THEMES = 8

#: Letters that name the questions.
_LETTERS_OF = {"fr": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ar": "أبجدهوزحطيكلمنسعفصقرشت"}


@dataclass(frozen=True)
class Picture:
    """A chart as the template needs it.

    :ivar src: the name under which the printer finds its bytes.
    :ivar title: its sentence.
    :ivar alt: what it shows, for those who do not see it.
    """

    src: str
    title: Markup
    alt: str


@dataclass(frozen=True)
class Proof:
    """A claim with its number in this report, and the section that prints it."""

    number: int
    claim: dict[str, Any]
    section: str


@dataclass(frozen=True)
class Entry:
    """A line of the contents."""

    level: int
    anchor: str
    text: str


#: Places of the pages that open several sections.
CHAPTERS = ("chapter-theme", "chapter-region")


def anchor(section_id: str) -> str:
    """Return a section's identifier as that of an element."""
    return section_id.replace(".", "-")


class Printed(Drawn):
    """What the template of the file asks of a body.

    :ivar pictures: the charts by their identifiers.
    :ivar fewer: quotations that are printed less than was reckoned, by the place of their section.
    """

    def __init__(
        self,
        body: dict[str, Any],
        pictures: Mapping[str, Picture],
        fewer: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(body)
        self.pictures = pictures
        self.fewer = fewer or {}
        self._numbers = {proof.claim["id"]: proof.number for proof in self.proofs}

    # Sections

    @cached_property
    def parts(self) -> list[dict[str, Any]]:
        """The sections that are printed; reports of the first format had none of their own."""
        if self.body.get("sections"):
            return [one for one in self.sections if one["kind"] != "minority" or self._says(one)]
        found = outline.default(self.body | {"claims": []})
        return [one for one in found if one["kind"] not in {"summary", "minority", "region"}]

    @staticmethod
    def _says(section: dict[str, Any]) -> bool:
        """Tell whether a section holds anything."""
        return bool(section["claims"] or any(section["narrative"].values()))

    def opens(self, section: dict[str, Any]) -> bool:
        """Tell whether a section is the first of its kind, before which a chapter opens."""
        return next(one for one in self.parts if one["kind"] == section["kind"]) is section

    @cached_property
    def contents(self) -> list[Entry]:
        """The contents: chapters, and in them themes, regions and annexes."""
        found = []
        for section in self.parts:
            kind, mark = section["kind"], anchor(section["id"])
            if kind in {"theme", "region"} and self.opens(section):
                chapter = _("The themes") if kind == "theme" else _("Region by region")
                found.append(Entry(1, f"chapter-{kind}", chapter))
            level = 2 if kind in {"theme", "region"} else 1
            found.append(Entry(level, mark, self.heading(section)))
        return found

    @cached_property
    def chapters(self) -> list[dict[str, Any]]:
        """The contents as a tree: each chapter with what is below it."""
        found: list[dict[str, Any]] = []
        for entry in self.contents:
            if entry.level == 1:
                found.append({"anchor": entry.anchor, "text": entry.text, "below": []})
            else:
                found[-1]["below"].append(entry)
        return found

    def density(self, section: dict[str, Any]) -> str:
        """Return how close a summary must be set to stand on one page."""
        words = [*self.statements(section), *self.paragraphs(section)]
        letters = sum(len(w.striptags()) + 45 for w in words)
        return "airy" if letters < 1_300 else "close" if letters < 2_300 else "tight"

    def anchor(self, section: dict[str, Any]) -> str:
        """Return a section's identifier as that of an element."""
        return anchor(section["id"])

    def paragraphs(self, section: dict[str, Any]) -> list[Markup]:
        """Return a section's free words; what proves them stands as numbers behind them."""
        lang = language().code
        found = expand(section["narrative"].get(lang, ""), lang, self.body["claims"])
        return [Markup("").join(self._piece(piece) for piece in pieces) for pieces in found]

    def _piece(self, piece: Piece) -> Markup | str:
        """Return words, a value, or the number of a proof."""
        if piece.kind == "text":
            return piece.text
        return ltr(piece.text) if piece.kind == "value" else self.mark(piece.claim)

    # Proofs

    @cached_property
    def proofs(self) -> list[Proof]:
        """Every claim that is printed, numbered in the order in which it first stands."""
        found: dict[str, Proof] = {}
        for section in self.parts:
            told = TOKEN.findall(section["narrative"].get(language().code, ""))
            for identity in [*section["claims"], *section["quotations"], *(i for i, _v in told)]:
                if identity in self.claims and identity not in found:
                    claim = self.claims[identity]
                    found[identity] = Proof(len(found) + 1, claim, section["id"])
        return list(found.values())

    def mark(self, identity: str) -> Markup:
        """Return the small number that leads to a claim's proof, nothing for an unknown claim."""
        if identity not in self._numbers:
            return Markup()
        at = self._numbers[identity]
        return Markup('\u2060\u202f<a class="pn" href="#proof-{0}">{0}</a>').format(at)

    def quoted(self, quotation: dict[str, Any]) -> Markup:
        """Return the number of a quotation's proof."""
        return self.mark(f"quote.{quotation['answer']}.{quotation['start']}")

    def statements(
        self, section: dict[str, Any], *wanted: str, but: tuple[str, ...] = ()
    ) -> list[Markup]:
        """Return a section's claims as sentences, each with the number of its proof.

        :param wanted: what the last words of the identifiers begin with; all if there are none.
        :param but: what they may not begin with.
        """
        found = []
        for identity in section["claims"]:
            last = identity.removeprefix(f"{section['id']}.")
            is_wanted = not wanted or last.startswith(wanted)
            if identity in self.claims and is_wanted and not (but and last.startswith(but)):
                sentence = Markup(str(self.claim(self.claims[identity])).rstrip(". "))  # noqa: S704
                found.append(Markup("{}.{}").format(sentence, self.mark(identity)))
        return found

    @cached_property
    def sentence_proofs(self) -> list[Proof]:
        """Proofs of sentences."""
        return [proof for proof in self.proofs if proof.claim["kind"] != "quotation"]

    @cached_property
    def quotation_proofs(self) -> list[Proof]:
        """Proofs of quotations."""
        return [proof for proof in self.proofs if proof.claim["kind"] == "quotation"]

    @cached_property
    def questions(self) -> list[str]:
        """What was asked of the data, each question once."""
        return list(dict.fromkeys(filter(None, map(self._asked, self.sentence_proofs))))

    @staticmethod
    def _asked(proof: Proof) -> str:
        """Return what was asked for a claim, nothing if there are no words for it."""
        try:
            return str(sentences.question(proof.claim))
        except KeyError:
            return ""

    @staticmethod
    def letter(at: int) -> str:
        """Return the letter of a question, by its place."""
        letters = _LETTERS_OF.get(language().code, _LETTERS_OF["fr"])
        return letters[at] if at < len(letters) else str(at + 1)

    def question_letter(self, proof: Proof) -> str:
        """Return the letter of a proof's question, nothing if it has none."""
        asked = self._asked(proof)
        return self.letter(self.questions.index(asked)) if asked else ""

    def origin(self, claim: dict[str, Any]) -> Markup:
        """Return where a quotation's words are stored: submission, characters, hash."""
        _quote, _answer, start = claim["id"].split(".")
        sample = ((claim.get("evidence") or {}).get("sample") or [[]])[0]
        return self.source(
            {
                "number": claim["about"]["number"],
                "start": int(start),
                "end": sample[3] if sample else int(start) + len(claim["about"]["words"]),
                "sha256": claim["result"]["sha256"],
            }
        )

    def hash_of(self, claim: dict[str, Any]) -> str:
        """Return the beginning of the hash over a claim's evidence."""
        evidence = claim.get("evidence") or {}
        return str(claim["result"].get("sha256") or evidence.get("sha256") or "")[:12]

    # Quotations

    def facts(self, section: dict[str, Any]) -> list[Markup]:
        """Return what a theme's first page says of it besides its share."""
        return self.statements(section, but=("share", "language", "region.", "actor."))

    def keywords(self, section: dict[str, Any]) -> list[str]:
        """Return the words that make a theme, in the language of the moment."""
        words = self.theme(section["theme"])["keywords"]
        return list(words.get("ar" if language().code == "ar" else "fr", []))

    def spread(
        self, section: dict[str, Any]
    ) -> tuple[str, list[list[dict[str, Any]]], list[dict[str, Any]]]:
        """Return a theme's quotations as its first page has room for them, and the rest."""
        words = [*self.facts(section), *self.paragraphs(section)]
        letters = sum(len(word.striptags()) + 1 for word in words)
        letters += sum(len(word) + 3 for word in self.keywords(section)) + 30
        said = self.quotations_of(section)
        size, columns, late = room.in_columns(
            said, letters, is_arabic=language().code == "ar", below=self._below(section)
        )
        for _one in range(self.fewer.get(self.anchor(section), 0)):
            fuller = max(columns, key=len)
            late = [*fuller[-1:], *late]
            del fuller[-1:]
        return size, columns, late

    def _below(self, section: dict[str, Any]) -> float:
        """Return about how many millimetres follow a theme's quotations on the same page."""
        if self.has_regions:
            return 0
        theme = self.theme(section["theme"])
        contrasts = self.statements(section, "region.", "actor.")
        rows = sum(row["share"] is not None for row in theme["by_actor_type"])
        tables = [room.Table(rows, not contrasts, self.opens(section))]
        if stances := self.stances(theme):
            tables.append(room.Table(len(stances)))
        letters = [len(one.striptags()) for one in contrasts]
        return room.of_groups(letters, tables, is_arabic=language().code == "ar")

    @cached_property
    def more_said(self) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """The themes with quotations for which their page had no room."""
        found = [
            (self.theme(section["theme"]), self.spread(section)[2])
            for section in self.parts
            if section["kind"] == "theme"
        ]
        return [(theme, late) for theme, late in found if late]

    def quotations_of(self, section: dict[str, Any]) -> list[dict[str, Any]]:
        """Return a theme's quotations that its section prints; the one set large comes first.

        It is the first in the page's language that is not long.
        """
        wanted = set(section["quotations"])
        found = [
            q
            for q in self.quotations(self.theme(section["theme"]))
            if not wanted or f"quote.{q['answer']}.{q['start']}" in wanted
        ]
        own = {"ar": ("ar", "ar-MA"), "fr": ("fr",)}.get(language().code, ())
        may_lead = [q for q in found if q["text"] and (q["language"] in own or q is found[0])]
        lead = next(
            (q for q in may_lead if len(q["text"]) <= LEAD_LETTERS),
            min(may_lead, key=lambda q: len(q["text"]), default=None),
        )
        return found if lead is None else [lead, *(q for q in found if q is not lead)]

    @cached_property
    def minority(self) -> list[dict[str, Any]]:
        """What few say: positions, and themes that a group carries."""
        return list(self.body.get("minority", []))

    def position(self, claim_id: str) -> dict[str, Any] | None:
        """Return the minority position that a claim tells, with its quotations."""
        claim = self.claims[claim_id]
        groups = {str(value) for value in claim["about"].values()}
        for item in self.minority:
            code, theme = item.get("code"), item["theme"]
            if theme in claim["themes"] and (not code or code in groups):
                return item | {"quotations": item.get("quotations") or self._spoken_by(item)}
        return None

    def _spoken_by(self, item: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the quotations of a theme that come from the group that carries it."""
        dimension, code = item.get("dimension"), item.get("code")
        if not dimension or not code:
            return []
        return [q for q in self.theme(item["theme"])["quotations"] if q[dimension] == code][:2]

    # Regions

    def sheet(self, code: str) -> dict[str, Any]:
        """Return what a region's sheet prints."""
        own = {row["code"]: row for row in self.body.get("regions", [])}.get(code)
        took_part = next(r for r in self.body["participation"]["by_region"] if r["code"] == code)
        found = own or self._derived(code, took_part)
        themes = [row | {"of": self._of(code)} for row in found["themes"][:SHEET_THEMES]]
        return found | {"took_part": took_part, "themes": themes}

    def _of(self, code: str) -> int:
        """Return a region's denominator."""
        return next((g["of"] for g in self.body["groups"]["region"] if g["code"] == code), 0)

    def _derived(self, code: str, took_part: dict[str, Any]) -> dict[str, Any]:
        """Return a region's sheet from the figures of the themes."""
        rows = []
        for theme in self.body["themes"]:
            row = next((r for r in theme["by_region"] if r["code"] == code), None)
            if row and row["count"] is not None:
                rows.append(
                    {k: row[k] for k in ("count", "share", "differs")} | {"id": theme["id"]}
                )
        spoken = [q for t in self.body["themes"] for q in t["quotations"] if q["region"] == code]
        return {
            "code": code,
            "hidden": not rows,
            "submissions": took_part["count"],
            "contributors": self._of(code),
            "themes": sorted(rows, key=lambda row: -row["share"]),
            "actor_types": [],
            "languages": [],
            "quotations": spoken,
        }

    def fitting(self, sheet: dict[str, Any], statements: list[Markup]) -> list[dict[str, Any]]:
        """Return the quotations for which a sheet's second page has room."""
        spare = SHEET_THEMES - len(sheet["themes"])
        said = room.on_sheet(sheet["quotations"], spare, [len(s.striptags()) for s in statements])
        return said[: max(len(said) - self.fewer.get(f"region-{sheet['code']}", 0), 0)]
