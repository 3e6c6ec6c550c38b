"""A body made ready for pages and files: what templates ask of it, in the page's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from math import cos, pi, sin
from typing import Any

import flask_babel
from markupsafe import Markup

from app.core.i18n import language, ltr, number, percent, plain_number
from app.reports import labels, sentences
from app.reports.claims import wording
from app.reports.figures import levels

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext

#: Radii of the rings on the cover, a voice carrying.
RINGS = (99, 88, 77, 66, 55, 44, 33, 22)


def star_at(radius: float) -> str:
    """Return the path of the eight-point star around the origin."""
    inner = 0.7653 * radius
    points = [(r * cos(i * pi / 8), r * sin(i * pi / 8)) for i, r in enumerate([radius, inner] * 8)]
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "z"


class View:
    """What templates ask of a body.

    :ivar body: the report's body.
    """

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self._names = wording.Names(body)
        #: The claims by their identifiers; reports of the first format had none of this kind.
        self.claims = {c["id"]: c for c in body["claims"] if "id" in c}
        self._themes: dict[int, dict[str, Any]] = {theme["id"]: theme for theme in body["themes"]}
        self._regions = {r["code"]: r["names"] for r in body["participation"]["by_region"]}

    @property
    def has_regions(self) -> bool:
        """Tell whether anybody said in which region they are."""
        return any(row["count"] for row in self.body["participation"]["by_region"])

    # Names

    @property
    def title(self) -> str:
        """The consultation's title in the page's language."""
        return self.text(self.body["consultation"]["title"])

    def text(self, texts: dict[str, str]) -> str:
        """Return a text in the page's language, else in French."""
        return texts.get(language().code) or texts.get("fr") or texts.get("ar") or ""

    def other(self, texts: dict[str, str]) -> tuple[str, str]:
        """Return the name in the other of the two languages of reports, and that language."""
        code = "fr" if language().code == "ar" else "ar"
        return texts.get(code, ""), code

    def theme(self, identity: int) -> dict[str, Any]:
        """Return a theme by its identifier."""
        return self._themes[identity]

    def theme_name(self, identity: int) -> str:
        """Return a theme's name."""
        return self.text(self._themes[identity]["name"])

    def region(self, code: str) -> str:
        """Return a region's name; the empty code is that of those who did not say."""
        return self.text(self._regions[code]) if code in self._regions else _("Region not stated")

    def group(self, dimension: str, code: str) -> str:
        """Return the name of a region or of an actor type."""
        return self.region(code) if dimension == "region" else labels.actor_name(code)

    # Quotations

    def who(self, quotation: dict[str, Any]) -> Markup:
        """Return the line under a quotation: who, where, and the language if not the page's."""
        # Neither is said where somebody could be recognised by it.
        kind = quotation["actor_type"]
        who = Markup("<b>{}</b>").format(labels.actor_name(kind) if kind else _("Contributor"))
        if quotation.get("official"):
            who = sentences.fill(_("%(who)s (official position)"), who=who)
        if quotation["region"]:
            place = self.region(quotation["region"])
            who = sentences.fill(_("%(who)s, %(place)s"), who=who, place=place)
        said_in = labels.said_in(quotation["language"])
        return (
            sentences.fill(_("%(who)s. %(said_in)s"), who=who, said_in=said_in) if said_in else who
        )

    def caption(self, quotation: dict[str, Any], *, proof: bool = False) -> Markup:
        """Return the line under a quotation; as a proof it says where the words are stored."""
        who = self.who(quotation)
        return Markup("{}. {}").format(who, self.source(quotation)) if proof else who

    def quotations(self, theme: dict[str, Any]) -> list[dict[str, Any]]:
        """Return a theme's quotations; one in a language of the page's leads, if there is one."""
        own = {"ar": ("ar", "ar-MA"), "fr": ("fr",)}.get(language().code, ())
        found: list[dict[str, Any]] = theme["quotations"]
        lead = next((q for q in found if q["language"] in own), None)
        return found if lead is None else [lead, *(q for q in found if q is not lead)]

    def source(self, quotation: dict[str, Any]) -> Markup:
        """Return where a quotation's words are: submission, characters, hash."""
        return sentences.fill(
            _("%(number)s, characters %(start)s to %(end)s, hash %(hash)s"),
            number=Markup('<bdi dir="ltr">{}</bdi>').format(quotation["number"]),
            start=number(quotation["start"]),
            end=number(quotation["end"]),
            hash=Markup('<code dir="ltr">{}</code>').format(quotation["sha256"][:8]),
        )

    def marked(self, quotation: dict[str, Any]) -> str:
        """Return the words under the pen, nothing when no stretch stands out."""
        pen = quotation["pen"]
        return str(quotation["text"][pen[0] : pen[1]]) if pen else ""

    def pieces(self, quotation: dict[str, Any]) -> tuple[str, str, str]:
        """Return a quotation's words before, under and after the pen."""
        start, end = quotation["pen"] or (0, 0)
        text: str = quotation["text"]
        return text[:start], text[start:end], text[end:]

    # Sections

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The sections, in the order in which they stand."""
        found: list[dict[str, Any]] = self.body.get("sections", [])
        return found

    def said_in(self, section_id: str) -> list[dict[str, Any]]:
        """Return the claims that a section prints."""
        for section in self.sections:
            if section["id"] == section_id:
                return [self.claims[i] for i in section["claims"] if i in self.claims]
        return []

    # Sentences

    def claim(self, claim: dict[str, Any]) -> Markup:
        """Return a claim's sentence: the one that is kept, or made anew for a page in English."""
        kept = claim["sentence"].get(language().code)
        return wording.to_markup(kept) if kept else wording.sentence(claim, self._names)

    def question(self, claim: dict[str, Any]) -> str:
        """Return what was asked of the data."""
        return sentences.question(claim)

    def evidence(self, claim: dict[str, Any], most: int = 2) -> list[dict[str, Any]]:
        """Return quotations that prove a claim: of its themes, and of its group if it has one."""
        if claim["template"] == "spread":
            return []
        themes = [self._themes[i] for i in claim["themes"] if i in self._themes]
        found = [q for theme in themes for q in theme["quotations"]]
        for dimension in ("region", "actor_type"):
            if dimension in claim["about"]:
                found = [q for q in found if q[dimension] == claim["about"][dimension]]
        if claim["template"] == "tongues":
            return list({q["language"]: q for q in reversed(found)}.values())[::-1]
        return found[:most]

    @property
    def headline(self) -> str:
        """The first sentence of the results: the theme that comes first."""
        first = [c for c in self.claims.values() if c["template"] == "first"]
        if not first:
            return _("No theme has any voice yet")
        names = [self.theme_name(i) for i in first[0]["themes"]]
        if len(names) > 1:
            return _("First, equally: %(themes)s", themes=_(", ").join(names))
        return _("First: %(theme)s", theme=names[0])

    def lead(self) -> list[Markup]:
        """Return the sentences under the headline."""
        claims: dict[str, dict[str, Any]] = {}
        for claim in self.claims.values():
            claims.setdefault(claim["template"], claim)
        if "first" not in claims:
            return []
        first = claims["first"]["result"]
        message = _("Raised by %(how_many)s: %(count)s of %(of)s.")
        several = sentences.how_many(first["count"], first["of"])
        count, of = number(first["count"]), number(first["of"])
        lead = sentences.fill(message, how_many=several, count=count, of=of)
        return [lead, *(self.claim(claims[k]) for k in ("spread", "second") if k in claims)]

    def contrast(self, theme: dict[str, Any], dimension: str) -> str:
        """Return the title of a theme's chart by region or actor type."""
        rows = theme[f"by_{dimension}"]
        return sentences.contrast(rows, lambda code: self.group(dimension, code), dimension)

    def first_language(self, rows: list[dict[str, Any]]) -> Markup:
        """Return the title of a table of languages."""
        return sentences.first_language(rows)

    def voices(self, count: int) -> Markup:
        """Write a number of voices with its noun."""
        message = ngettext("%(count)s voice", "%(count)s voices", count, count="%(count)s")
        return sentences.fill(message, count=number(count))

    def signatories(self, count: int) -> Markup:
        """Write a number of signatories with its noun."""
        message = ngettext("%(count)s signatory", "%(count)s signatories", count, count="%(count)s")
        return sentences.fill(message, count=number(count))

    def passages(self, count: int) -> Markup:
        """Write a number of passages with its noun."""
        message = ngettext("%(count)s passage", "%(count)s passages", count, count="%(count)s")
        return sentences.fill(message, count=number(count))

    def contributors(self, count: int) -> Markup:
        """Write a number of contributors with its noun."""
        message = ngettext(
            "%(count)s contributor", "%(count)s contributors", count, count="%(count)s"
        )
        return sentences.fill(message, count=number(count))

    # Figures alone in a cell need no isolation: a cell holds nothing that could reorder them.

    def n(self, value: float, decimals: int = 0) -> str:
        """Write a number for a cell of its own."""
        return plain_number(value, decimals=decimals)

    def pct(self, share: float, decimals: int = 1) -> str:
        """Write a percentage for a cell of its own."""
        return str(percent(share, decimals).striptags())

    def interval(self, row: dict[str, Any]) -> Markup:
        """Write an interval: ``15–65 %``."""
        low, high = plain_number(row["low"] * 100), percent(row["high"], 0).striptags()
        return ltr(f"{low}–{high}")

    # Charts

    @cached_property
    def states(self) -> list[tuple[str, int, float]]:
        """The sum: each state's name, passages and printed share, in a fixed order."""
        rows = self.body["coverage"]["states"]
        return [(labels.state_name(r["state"]), r["count"], r["tenths"] / 1000) for r in rows]

    def described(self, theme: dict[str, Any], dimension: str) -> list[dict[str, Any]]:
        """Return the groups large enough to be described, the highest share first."""
        rows = [row for row in theme[f"by_{dimension}"] if row["count"] is not None]
        return sorted(rows, key=lambda r: (r["code"] in {"", "unknown"}, -r["share"]))

    def undescribed(self, theme: dict[str, Any], dimension: str) -> str:
        """Return the names of the groups that have contributors, but too few to be described."""
        rows = [row for row in theme[f"by_{dimension}"] if row["hidden"]]
        return _(", ").join(self.group(dimension, row["code"]) for row in rows)

    def scale(self, theme: dict[str, Any], dimension: str) -> list[float]:
        """Return the marks of a chart's axis, from 0 to beyond the longest interval."""
        highest = max([r["high"] or 0 for r in theme[f"by_{dimension}"]] + [theme["high"]])
        step = next(s for s in (0.05, 0.1, 0.2, 0.25) if s * 4 >= highest or s == 0.25)
        return [round(step * i, 2) for i in range(5)]

    @cached_property
    def region_levels(self) -> dict[str, int]:
        """Shades of the map: answers for 100,000 inhabitants."""
        rows = self.body["participation"]["by_region"]
        return levels({row["code"]: row["per_100k"] for row in rows})

    def busiest_region(self) -> Markup:
        """Return the title of the table of regions: who answered most for its population."""
        rows = self.body["participation"]["by_region"]
        most = max(row["per_100k"] for row in rows)
        leaders = [row for row in rows if row["per_100k"] == most]
        if not most or len(leaders) > 1:
            return Markup(_("Who answered, region by region"))  # noqa: S704
        return sentences.fill(
            _("Most answers for its population: %(region)s, %(rate)s per 100,000 inhabitants"),
            region=self.region(leaders[0]["code"]),
            rate=number(most, 1),
        )

    def busiest_week(self) -> str:
        """Return the title of the weeks' chart."""
        weeks = self.body["participation"]["by_week"]
        most = max((week["count"] for week in weeks), default=0)
        leaders = [week for week in weeks if week["count"] == most]
        if len(leaders) != 1:
            return _("When the answers came")
        return _("Most answers came in the week of %(day)s", day=self.day(leaders[0]["monday"]))

    def weeks(self) -> list[tuple[str, int, float | None]]:
        """Return the submissions of each week, as rows of a chart."""
        rows = self.body["participation"]["by_week"]
        return [(self.day(row["monday"]), row["count"], None) for row in rows]

    def actors(self) -> list[tuple[str, int, float | None]]:
        """Return the submissions of each actor type, as rows of a chart."""
        rows = self.body["participation"]["by_actor_type"]
        return [(labels.actor_name(row["code"]), row["count"], row["share"]) for row in rows]

    def languages(self) -> list[tuple[str, int, float | None]]:
        """Return the passages in each language, as rows of a chart."""
        rows = self.body["participation"]["by_language"]
        return [(labels.language_name(row["code"]), row["passages"], row["share"]) for row in rows]

    def channels(self) -> list[tuple[str, int, float | None]]:
        """Return the submissions of each channel, as rows of a chart."""
        rows = self.body["participation"]["by_channel"]
        return [(labels.channel_name(row["code"]), row["count"], row["share"]) for row in rows]

    def day(self, value: str) -> str:
        """Write a stored date or instant."""
        from app.core.i18n import day

        return day(datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value))

    def heat(self) -> tuple[list[dict[str, Any]], list[tuple[str, int, list[Any]]]]:
        """Return the themes and, for each region, its contributors and a cell for each theme.

        A cell is ``(share or None, level of shade, differs)``.
        """
        themes = self.body["themes"]
        shares = [g["share"] for t in themes for g in t["by_region"] if g["share"] is not None]
        most = max(shares, default=0)
        rows = []
        for i, group in enumerate(self.body["groups"]["region"]):
            if not group["of"]:
                continue
            cells = [theme["by_region"][i] for theme in themes]
            marks = [
                (c["share"], levels({"x": c["share"] or 0, "most": most})["x"], c["differs"])
                for c in cells
            ]
            rows.append((self.region(group["code"]), group["of"], marks))
        return themes, rows

    def unsurpassed(self) -> Markup:
        """Return the heat table's title: where nothing is raised more than the first theme."""
        themes = self.body["themes"]
        described = [
            i
            for i, g in enumerate(self.body["groups"]["region"])
            if g["code"] and not g["hidden"] and g["of"]
        ]
        top = sum(
            all(themes[0]["by_region"][i]["count"] >= t["by_region"][i]["count"] for t in themes)
            for i in described
        )
        return sentences.fill(
            _("Regions where nothing is raised more than “%(theme)s”: %(count)s of %(of)s"),
            theme=self.text(themes[0]["name"]),
            count=number(top),
            of=number(len(described)),
        )
