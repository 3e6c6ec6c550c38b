"""From the files of the open data to the dataset that claims are asked of; files may be anybody's.

Nothing here asks a database. What does not read as it must is told with its file and row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.reports.claims.dataset import Dataset, Person, Said
from app.reports.publishing.delimited import Row, read
from app.reports.publishing.errors import FileBrokenError
from app.reports.publishing.tables import Place, columns_of, uncoded

Files = Mapping[str, bytes]

CLAIMS, TOLD = "claims.json", "told.json"
#: The tables that claims are asked of.
ASKED = ("contributions", "passages", "themes", "residuals")


@dataclass(frozen=True)
class Copy:
    """A copy of the open data, read.

    :ivar stated: what ``claims.json`` says of the version: label, date, fingerprint of the body.
    :ivar rows: of the passages, as they stand in the file.
    :ivar words: by where they are; only of passages that have any.
    """

    body: dict[str, Any]
    stated: dict[str, Any]
    data: Dataset
    rows: list[Row]
    words: dict[Place, str]


def copy_of(files: Files) -> Copy:
    """Read a copy of the open data.

    :raises FileBrokenError: if a file is missing or is not what it should be.
    """
    stated = _object(files, CLAIMS)
    body = stated.pop("report", None)
    if not isinstance(body, dict):
        raise FileBrokenError(name=CLAIMS, why="there is no report in it")
    rows = {name: _table(files, name) for name in ASKED}
    said = [_said(row, number) for number, row in enumerate(rows["passages"], 2)]
    words = {
        (one.number, one.question, one.start, one.end): row["text"]
        for one, row in zip(said, rows["passages"], strict=True)
        if row["text"]
    }
    data = Dataset(
        people=_people(rows["contributions"]),
        said=said,
        themes=sorted(
            _whole("themes.csv", n, row, "theme") for n, row in enumerate(rows["themes"], 2)
        ),
        residuals={
            (
                row["measure"],
                _whole("residuals.csv", number, row, "theme"),
                row["dimension"],
                uncoded(row["code"]) or "",
            ): _whole("residuals.csv", number, row, "count")
            for number, row in enumerate(rows["residuals"], 2)
        },
        told=_object(files, TOLD),
    )
    for number, one in enumerate(said, 2):
        if one.number not in data.people:
            why = f"row {number}: {one.number} is not among the contributions"
            raise FileBrokenError(name="passages.csv", why=why)
    return Copy(body=body, stated=stated, data=data, rows=rows["passages"], words=words)


def _table(files: Files, name: str) -> list[Row]:
    """Read a table."""
    path = f"{name}.csv"
    return read(path, _content(files, path), columns_of(name))


def _content(files: Files, name: str) -> bytes:
    """Return a file's bytes."""
    if name not in files:
        raise FileBrokenError(name=name, why="it is missing")
    return files[name]


def _object(files: Files, name: str) -> dict[str, Any]:
    """Read an object in JSON."""
    try:
        found = json.loads(_content(files, name))
    except (ValueError, RecursionError):
        raise FileBrokenError(name=name, why="it is no JSON") from None
    if not isinstance(found, dict):
        raise FileBrokenError(name=name, why="it holds no object")
    return found


def _people(rows: list[Row]) -> dict[str, Person]:
    """Return those who took part, by number."""
    found: dict[str, Person] = {}
    for number, row in enumerate(rows, 2):
        if row["number"] in found:
            why = f"row {number}: {row['number']} stands twice"
            raise FileBrokenError(name="contributions.csv", why=why)
        region, actor_type = uncoded(row["region"]), uncoded(row["actor_type"])
        found[row["number"]] = Person(row["number"], region, actor_type, (region, actor_type))
    return found


def _said(row: Row, number: int) -> Said:
    """Return a passage."""
    start, end = (_whole("passages.csv", number, row, name) for name in ("start", "end"))
    if not 0 <= start < end:
        raise FileBrokenError(name="passages.csv", why=f"row {number}: it has no characters")
    return Said(
        number=row["number"],
        question=row["question"],
        start=start,
        end=end,
        sha256=row["sha256"],
        language=row["language"],
        state=row["state"],
        theme=_whole("passages.csv", number, row, "theme") if row["theme"] else None,
        nature=row["nature"] or None,
        stance=row["stance"] or None,
        copy_of=row["copy_of"],
    )


def _whole(name: str, number: int, row: Row, column: str) -> int:
    """Read a whole number."""
    try:
        return int(row[column])
    except ValueError:
        why = f"row {number}, column “{column}”: no whole number"
        raise FileBrokenError(name=name, why=why) from None
