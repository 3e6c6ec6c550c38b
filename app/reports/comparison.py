"""Two states of a report side by side, in words: why they differ, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import flask_babel
from markupsafe import Markup

from app.core.i18n import ltr, number
from app.reports.body.changes import Changes, difference
from app.reports.claims.wording import bare, to_markup
from app.reports.drafting.previewing import as_read
from app.reports.presentation import View
from app.reports.reasons import corrected, masked
from app.reports.section_names import section_title
from app.reports.sentences import fill
from app.reports.worddiff import compared

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


@dataclass(frozen=True)
class Stated:
    """A version of a report, or its draft.

    :ivar label: the version as it is printed, empty for the draft.
    :ivar cells: what tells which submissions were counted; empty where it is not known.
    """

    label: str
    body: dict[str, Any]
    cells: dict[str, Any] = field(default_factory=dict)


def _counted(*rows: tuple[int, str]) -> list[Markup]:
    """Fill a message for each count that is not zero."""
    return [fill(message, n=number(n)) for n, message in rows if n]


class Comparison:
    """What templates ask of two states of a report.

    :param shows_pointers: narratives as they were typed, for those who write them; else as read.
    """

    def __init__(self, old: Stated, new: Stated, *, shows_pointers: bool = True) -> None:
        self.old, self.new = old, new
        self._shows_pointers = shows_pointers
        self.changes: Changes = difference(old.body, new.body, (old.cells, new.cells))
        self._before, self._after = View(old.body), View(new.body)

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return self.changes.is_of_data or bool(self.changes.sections)

    def sentence(self) -> Markup:
        """Say in one sentence why one differs from the other; nothing if it does not."""
        reasons = self.reasons()
        if not reasons:
            return Markup("")
        if self.new.label:
            message = _("Version %(new)s differs from version %(old)s because %(reasons)s.")
        else:
            message = _("The draft differs from version %(old)s because %(reasons)s.")
        return fill(
            message,
            new=ltr(self.new.label),
            old=ltr(self.old.label),
            reasons=Markup(_(", ")).join(reasons),  # noqa: S704
        )

    def reasons(self) -> list[Markup]:
        """Return what happened between the two, the data first."""
        found = [*self._reasons_of_data(), *self._reasons_of_themes(), *self._reasons_of_words()]
        if not found and self.changes.is_of_data:
            # Decisions on passages, masks lifted, a round of coding: figures moved, nothing else.
            found.append(Markup(_("passages were placed or masked otherwise")))  # noqa: S704
        return found

    def _reasons_of_data(self) -> list[Markup]:
        """Say which submissions came and went, and whether the analysis is another."""
        changes, found = self.changes, []
        late, gone = changes.late, changes.gone
        if late is None or gone is None:
            more = changes.submissions[1] - changes.submissions[0]
            late, gone = max(more, 0), max(-more, 0)
        if late:
            message = ngettext(
                "%(n)s late submission entered", "%(n)s late submissions entered", late, n="%(n)s"
            )
            found.append(fill(message, n=number(late)))
        if gone:
            message = ngettext(
                "%(n)s submission was withdrawn",
                "%(n)s submissions were withdrawn",
                gone,
                n="%(n)s",
            )
            found.append(fill(message, n=number(gone)))
        if changes.is_of_data:
            found += [*corrected(changes.corrected), *masked(changes.masked)]
        if changes.is_analysed_again:
            found.append(Markup(_("the answers were analysed again")))  # noqa: S704
        return found

    def _reasons_of_themes(self) -> list[Markup]:
        """Say what became of themes."""
        changes = self.changes
        renamed, merged = len(changes.renamed), len(changes.merged)
        born, ended = len(changes.born), len(changes.ended)
        return _counted(
            (
                renamed,
                ngettext(
                    "%(n)s theme has another name",
                    "%(n)s themes have another name",
                    renamed,
                    n="%(n)s",
                ),
            ),
            (
                merged,
                ngettext(
                    "%(n)s theme was merged into another",
                    "%(n)s themes were merged into others",
                    merged,
                    n="%(n)s",
                ),
            ),
            (born, ngettext("%(n)s theme is new", "%(n)s themes are new", born, n="%(n)s")),
            (
                ended,
                ngettext(
                    "%(n)s theme is not there any more",
                    "%(n)s themes are not there any more",
                    ended,
                    n="%(n)s",
                ),
            ),
        )

    def _reasons_of_words(self) -> list[Markup]:
        """Say which sections people changed."""
        rewritten, moved = len(self.changes.rewritten), len(self.changes.moved)
        taken, left = len(self.taken_in), len(self.left_out)
        return _counted(
            (
                rewritten,
                ngettext(
                    "%(n)s section was rewritten",
                    "%(n)s sections were rewritten",
                    rewritten,
                    n="%(n)s",
                ),
            ),
            (
                moved,
                ngettext(
                    "%(n)s section stands elsewhere",
                    "%(n)s sections stand elsewhere",
                    moved,
                    n="%(n)s",
                ),
            ),
            (
                taken,
                ngettext(
                    "%(n)s section was taken in", "%(n)s sections were taken in", taken, n="%(n)s"
                ),
            ),
            (
                left,
                ngettext(
                    "%(n)s section was left out", "%(n)s sections were left out", left, n="%(n)s"
                ),
            ),
        )

    # Sections

    @cached_property
    def taken_in(self) -> list[str]:
        """Titles of sections that people took in or added; a new theme brings its own."""
        return [
            section_title(self._after, one)
            for one in self._sections(self.new, self.changes.shown)
            if one["kind"] != "theme" or one["theme"] in self._themes(self.old)
        ]

    @cached_property
    def left_out(self) -> list[str]:
        """Titles of sections that people left out; a theme that ended takes its own along."""
        return [
            section_title(self._before, one)
            for one in self._sections(self.old, self.changes.hidden)
            if one["kind"] != "theme" or one["theme"] in self._themes(self.new)
        ]

    @cached_property
    def moved(self) -> list[str]:
        """Titles of sections that stand elsewhere."""
        return [
            section_title(self._after, one) for one in self._sections(self.new, self.changes.moved)
        ]

    @cached_property
    def rewritten(self) -> list[tuple[str, list[tuple[str, Markup]]]]:
        """The narratives that read otherwise: title, and for each language the words marked."""
        before = {one["id"]: one for one in self.old.body.get("sections", [])}
        found = []
        for one in self._sections(self.new, [*self.changes.rewritten, *self.changes.shown]):
            was = before.get(one["id"], {"narrative": {}})["narrative"]
            pairs = [
                (
                    lang,
                    self._read(self._before, was.get(lang, ""), lang),
                    self._read(self._after, one["narrative"][lang], lang),
                )
                for lang in ("fr", "ar")
            ]
            texts = [(lang, compared(old, new)) for lang, old, new in pairs if old != new]
            if texts:
                found.append((section_title(self._after, one), texts))
        return found

    def _read(self, view: View, text: str, lang: str) -> str:
        """Return a narrative as it is shown: without pointers, values filled in."""
        return text if self._shows_pointers else as_read(text, lang, view.claims)

    @staticmethod
    def _sections(state: Stated, wanted: list[str]) -> list[dict[str, Any]]:
        """Return some sections of a state."""
        return [one for one in state.body.get("sections", []) if one["id"] in set(wanted)]

    @staticmethod
    def _themes(state: Stated) -> set[int]:
        """Return the identifiers of a state's themes."""
        return {theme["id"] for theme in state.body["themes"]}

    # Figures and sentences

    @property
    def figures(self) -> list[tuple[str, int, int]]:
        """The figures of the whole, before and after."""
        changes = self.changes
        return [
            (_("Contributions"), *changes.submissions),
            (_("With a text that was analysed"), *changes.analysed),
            (_("Passages"), *changes.passages),
            (_("Themes"), *changes.n_themes),
        ]

    @cached_property
    def claims(self) -> list[tuple[str, Markup | None, Markup | None, Markup | None]]:
        """Sentences that differ: identifier, before, after, and both as one where both are.

        Quotations are not among them: whether words may be shown is asked elsewhere.
        """
        found = []
        for identity, was, now in self.changes.claims:
            if identity.startswith("quote."):
                continue
            before, after = self._said(was), self._said(now)
            if bare(before) == bare(after):
                continue
            found.append(
                (
                    identity,
                    to_markup(before) if before else None,
                    to_markup(after) if after else None,
                    compared(before, after) if before and after else None,
                )
            )
        return found

    @property
    def n_quotations(self) -> tuple[int, int]:
        """How many quotations came and went."""
        rows = [row for row in self.changes.claims if row[0].startswith("quote.")]
        came = sum(was is None for _identity, was, _now in rows)
        return came, sum(now is None for _identity, _was, now in rows)

    @staticmethod
    def _said(sentence: dict[str, str] | None) -> str:
        """Return a kept sentence in the language of the page (French in English pages)."""
        from app.core.i18n import language

        code = "ar" if language().code == "ar" else "fr"
        return (sentence or {}).get(code, "")
