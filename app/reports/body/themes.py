"""The themes of a report: numbers, who speaks of them, and where they are said more or less."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.reports.body.corpus import Corpus
from app.reports.body.participation import share
from app.reports.figures import differing, suppressed, wilson
from app.themes.models import Theme

#: What themes are broken down by, with a test of each group against the rest.
DIMENSIONS = ("region", "actor_type")


def groups(corpus: Corpus) -> dict[str, list[dict[str, Any]]]:
    """Return the contributors analysed in each group, and which groups are too small to describe.

    Regions without any contributor are listed; ``""`` stands for those who did not say.
    """
    found = {}
    for dimension in DIMENSIONS:
        sizes = dict(corpus.count(corpus.languages, dimension))
        if dimension == "region":
            sizes = {r.code: 0 for r in corpus.consultation.regions} | sizes
        hidden = suppressed(sizes)
        codes = sorted(
            sizes, key=lambda c: (c == "", c if dimension == "region" else (-sizes[c], c))
        )
        found[dimension] = [{"code": c, "of": sizes[c], "hidden": c in hidden} for c in codes]
    return found


def themes(corpus: Corpus, groups: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the active themes, ranked by voices; quotations come later."""
    rows = [_theme(corpus, theme, rank, groups) for rank, theme in enumerate(corpus.ranked(), 1)]
    for dimension in DIMENSIONS:
        _mark_differences(rows, f"by_{dimension}", len(corpus.languages))
    return rows


def _theme(
    corpus: Corpus, theme: Theme, rank: int, groups: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """Return one theme's numbers."""
    said, everyone = corpus.said[theme.id], len(corpus.languages)
    spoke = Counter(language for spoken in said.voices.values() for language in spoken)
    low, high = wilson(len(said.voices), everyone)
    return {
        "id": theme.id,
        "rank": rank,
        "name": {lang: theme.name.get(lang, "") for lang in ("fr", "ar")},
        "keywords": {lang: list(theme.keywords.get(lang, [])) for lang in ("fr", "ar")},
        "merged": sorted(corpus.members.get(theme.id, [])),
        "passages": said.n_passages,
        "voices": len(said.voices),
        "share": share(len(said.voices), everyone),
        "low": round(low, 6),
        "high": round(high, 6),
        "signatories": len(said.signatories),
        "by_language": [
            {"code": language, "passages": n, "voices": spoke[language]}
            for language, n in sorted(said.languages.items(), key=lambda item: (-item[1], item[0]))
        ],
        **{
            f"by_{dimension}": [
                _group(group, corpus.count(said.voices, dimension)) for group in groups[dimension]
            ]
            for dimension in DIMENSIONS
        },
    }


def _group(group: dict[str, Any], voices: dict[str, int]) -> dict[str, Any]:
    """Return a group's share of voices, or say that it is too small to be described."""
    of, count = group["of"], voices.get(group["code"], 0)
    if group["hidden"] or not of:
        nothing = dict.fromkeys(("count", "share", "low", "high", "differs"))
        return {"code": group["code"], "of": of, "hidden": group["hidden"], **nothing}
    low, high = wilson(count, of)
    return {
        "code": group["code"],
        "of": of,
        "hidden": False,
        "count": count,
        "share": share(count, of),
        "low": round(low, 6),
        "high": round(high, 6),
        "differs": None,
    }


def _mark_differences(rows: list[dict[str, Any]], breakdown: str, everyone: int) -> None:
    """Say where a theme is raised more or less than by the others, all its tests taken together.

    Those who did not state the dimension belong to the rest but are no group to compare.
    """
    tested = [
        (row, group)
        for row in rows
        for group in row[breakdown]
        if group["count"] is not None and group["code"] not in {"", "unknown"}
    ]
    tables = [
        (group["count"], group["of"], row["voices"] - group["count"], everyone - group["of"])
        for row, group in tested
    ]
    for (_row, group), table, differs in zip(tested, tables, differing(tables), strict=True):
        if differs:
            count, of, rest, rest_of = table
            group["differs"] = "more" if count * rest_of > rest * of else "less"


def excluded(corpus: Corpus, reasons: dict[int, str]) -> list[dict[str, Any]]:
    """Return the themes that reviewers left out, with the published reason."""
    return [
        {
            "id": theme.id,
            "name": {lang: theme.name.get(lang, "") for lang in ("fr", "ar")},
            "reason": reasons.get(theme.id) or theme.excluded_reason,
            "passages": corpus.said[theme.id].n_excluded if theme.id in corpus.said else 0,
        }
        for theme in corpus.themes.values()
        if theme.state == "excluded"
    ]
