"""Programs that write files of answers: how each is recognised, and what its own columns mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class SourceKind(StrEnum):
    """The program that wrote a file."""

    KOBO = "kobo"
    ODK = "odk"
    LIMESURVEY = "limesurvey"
    SHEET = "sheet"


@dataclass(frozen=True)
class Grammar:
    """How a program names columns.

    :ivar own: the field of each of the program's own columns, by folded name; an empty one is
        known and goes nowhere. Where several could fill a field, the first stands first.
    :ivar marks: names that tell the program, each with how much it tells.
    :ivar between: what stands between a group, a question in it, and an option of the question.
    """

    own: dict[str, str] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    between: str = "/"


_KOBO = {
    "_uuid": "source_id",
    "_submission_time": "submitted_at",
    "_validation_status": "review",
    **dict.fromkeys(
        (
            *("start", "end", "today", "username", "deviceid", "phonenumber", "simserial"),
            *("_id", "_index", "_status", "_submitted_by", "_notes", "_tags", "__version__"),
            *("meta/instanceID", "meta/rootUuid", "_parent_index", "_attachments", "_version_"),
        ),
        "",
    ),
}
_ODK = {
    "KEY": "source_id",
    "SubmissionDate": "submitted_at",
    "ReviewState": "review",
    **dict.fromkeys(
        (
            *("start", "end", "today", "deviceid", "username", "phonenumber", "subscriberid"),
            *("meta-instanceID", "meta-instanceName", "instanceID", "SubmitterID", "DeviceID"),
            *("SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status", "Edits"),
            "FormVersion",
        ),
        "",
    ),
}
_LIMESURVEY = {
    "id": "source_id",
    "Response ID": "source_id",
    "ID de la réponse": "source_id",
    "submitdate": "submitted_at",
    "Date submitted": "submitted_at",
    "Date de soumission": "submitted_at",
    "startlanguage": "language",
    "Start language": "language",
    "Langue de départ": "language",
    **dict.fromkeys(
        (
            *("lastpage", "Last page", "Dernière page", "seed", "Seed", "Tête de série", "token"),
            *("startdate", "Date started", "Date de lancement", "refurl", "ipaddr", "IP address"),
            *("datestamp", "Date last action", "Date de la dernière action", "Code d'accès"),
        ),
        "",
    ),
}
GRAMMARS = {
    SourceKind.KOBO: Grammar(
        _KOBO,
        {"_uuid": 2, "_submission_time": 2, "_validation_status": 2, "_index": 1, "__version__": 1},
    ),
    SourceKind.ODK: Grammar(
        _ODK,
        {"KEY": 2, "SubmissionDate": 2, "meta-instanceID": 2, "SubmitterID": 1, "ReviewState": 1},
        between="-",
    ),
    SourceKind.LIMESURVEY: Grammar(
        _LIMESURVEY,
        {
            "submitdate": 2,
            "startlanguage": 2,
            "lastpage": 2,
            "seed": 1,
            "Date submitted": 2,
            "Start language": 2,
            "Last page": 2,
            "Date de soumission": 2,
            "Langue de départ": 2,
            "Dernière page": 2,
        },
        between="",
    ),
    SourceKind.SHEET: Grammar(),
}
#: Less than this tells nothing: a spreadsheet may well have a column "end".
_ENOUGH = 4
#: ``Q1[SQ001]``, and ``Q1[SQ001]. What is asked [What the option says]``.
_BRACKETS = re.compile(r"(?P<base>[^\[\]]+?)\s*\[(?P<part>[^\[\]]+)\]\s*")
_CODED = re.compile(r"(?P<code>[A-Za-z]\w*(?:\[\w+\])?)\s*[.:]\s+(?P<words>.+)", re.DOTALL)


def guess_kind(header: Sequence[str]) -> SourceKind:
    """Return the program whose own columns a header has."""
    columns = set(header)
    scores = {
        kind: sum(weight for mark, weight in grammar.marks.items() if mark in columns)
        for kind, grammar in GRAMMARS.items()
    }
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] >= _ENOUGH else SourceKind.SHEET


def own_field(column: str, kind: SourceKind) -> str | None:
    """Return the field of one of the program's own columns: empty if it has none, else None."""
    return GRAMMARS[kind].own.get(column)


def questions_named(column: str, kind: SourceKind) -> Iterator[str]:
    """Yield the names under which a question may stand in a column's name, the likeliest first."""
    yield column
    if found := _CODED.fullmatch(column):
        yield found["code"]
        yield found["words"]
    between = GRAMMARS[kind].between
    at = column.find(between) if between else -1
    while at >= 0:
        yield column[at + 1 :]
        at = column.find(between, at + 1)


@dataclass(frozen=True)
class Part:
    """A column that may stand for one part of a question: an option, an item of a scale.

    :ivar base: the rest of its name: the question's, with those of groups around it perhaps.
    """

    base: str
    name: str


def parts_named(column: str, kind: SourceKind) -> Iterator[Part]:
    """Yield the ways in which a column's name may say a question and a part of it."""
    if found := _CODED.fullmatch(column):
        yield from parts_named(found["code"], kind)
        yield from parts_named(found["words"], kind)
    elif found := _BRACKETS.fullmatch(column):
        yield Part(found["base"], found["part"])
    # A label may hold the very sign that stands between it and the question's: every cut is tried.
    for sign in dict.fromkeys(("/", GRAMMARS[kind].between or "/")):
        at = column.rfind(sign)
        while at > 0:
            if column[at + 1 :].strip():
                yield Part(column[:at], column[at + 1 :])
            at = column.rfind(sign, 0, at)


@dataclass(frozen=True)
class ColumnGroup:
    """Columns that seem to be parts of one question.

    :ivar parts: name of the part for each column.
    """

    base: str
    parts: dict[str, str]


def groups_of(header: Sequence[str], kind: SourceKind) -> list[ColumnGroup]:
    """Return the groups of columns, in the file's order.

    Brackets always say a part. A stroke says one where the column of the whole question stands
    too, and in files that are nobody's in particular where several columns begin alike; elsewhere
    it may only say in which group of the form a question is.
    """
    found: dict[str, dict[str, str]] = {}
    columns = set(header)
    for column in header:
        if own_field(column, kind) is not None:
            continue
        part = next(
            (
                part
                for part in parts_named(column, kind)
                if "[" in column or part.base in columns or kind == SourceKind.SHEET
            ),
            None,
        )
        if part is not None:
            found.setdefault(part.base, {})[column] = part.name
    return [ColumnGroup(base, parts) for base, parts in found.items() if len(parts) > 1]
