"""Everything in a copy of the open data, proved again: by anybody, without a database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from app.reports.body.canonical import digest
from app.reports.claims.narrative import flags
from app.reports.claims.proving import prove
from app.reports.claims.wording import bare
from app.reports.publishing.delimited import read
from app.reports.publishing.errors import FileBrokenError
from app.reports.publishing.reading import CLAIMS, TOLD, Copy, Files, copy_of
from app.reports.publishing.tables import Place, columns_of, dictionary
from app.reports.withheld import quotations_in

SUMS, WITHHELD = "SHA256SUMS", "withheld.csv"
WITHHELD_COLUMNS = ("number", "question", "start", "end", "reason")
#: What reading a body that was tampered with may raise.
_BROKEN = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was published.

    :ivar where: a file, or the identifier of a claim.
    :ivar sentence: of the claim, empty for a file.
    """

    where: str
    what: str
    sentence: str = ""

    def line(self) -> str:
        """Return it as one line."""
        said = f" “{self.sentence}”" if self.sentence else ""
        return " ".join(f"{self.where}:{said} {self.what}".split())


@dataclass
class Examined:
    """What came of it.

    :ivar withheld: passages whose words were withdrawn after publication.
    """

    problems: list[Problem] = field(default_factory=list)
    n_claims: int = 0
    n_quotations: int = 0
    n_passages: int = 0
    withheld: int = 0
    label: str = ""
    sha256: str = ""


def examined(files: Files, *, lang: str = "fr") -> Examined:
    """Examine a copy.

    :param lang: in which language sentences are named.
    """
    found = Examined(problems=list(_sums(files)))
    try:
        copy = copy_of(files)
        found.problems += _twins(files)
        gone = _withheld(files)
    except FileBrokenError as error:
        found.problems.append(Problem(str(error.values["name"]), f"{error.values['why']}."))
        return found
    found.withheld = len(gone)
    found.n_passages = len(copy.data.said)
    found.label = str(copy.stated.get("label", ""))
    found.sha256 = str(copy.stated.get("sha256", ""))
    try:
        found.n_claims = len(copy.body["claims"])
        found.n_quotations = sum(c["kind"] == "quotation" for c in copy.body["claims"])
        found.problems += _proved(copy, lang, gone)
    except _BROKEN as error:
        what = f"it is no report: {type(error).__name__}: {error}"[:200]
        found.problems.append(Problem(CLAIMS, what))
    return found


def _sums(files: Files) -> Iterator[Problem]:
    """Compare every file with the list of hashes."""
    if SUMS not in files:
        yield Problem(SUMS, "it is missing.")
        return
    lines = files[SUMS].decode("utf-8", "replace").splitlines()
    stated: dict[str, str] = {line[66:]: line[:64] for line in lines}
    for name in sorted(stated.keys() - files.keys()):
        yield Problem(name, "it is missing.")
    for name in sorted((files.keys() & _read()) - stated.keys()):
        yield Problem(name, f"it does not stand in {SUMS}.")
    for name in sorted(stated.keys() & files.keys()):
        if sha256(files[name]).hexdigest() != stated[name]:
            yield Problem(name, f"its bytes are not those that {SUMS} tells.")


def _read() -> set[str]:
    """Return the files that are read: others that lie beside them prove nothing."""
    tables = {f"{name}.csv" for name in dictionary()["tables"]}
    return tables | {CLAIMS, TOLD, WITHHELD, "data.json"}


def _twins(files: Files) -> Iterator[Problem]:
    """Compare the tables in JSON with those in CSV."""
    if "data.json" not in files:
        return
    try:
        twin = json.loads(files["data.json"])
    except (ValueError, RecursionError):
        yield Problem("data.json", "it is no JSON.")
        return
    for name in dictionary()["tables"]:
        path = f"{name}.csv"
        rows = read(path, files[path], columns_of(name)) if path in files else None
        if rows is not None and (not isinstance(twin, dict) or twin.get(name) != rows):
            yield Problem("data.json", f"“{name}” is not what {path} says.")


def _withheld(files: Files) -> set[Place]:
    """Return where words were that were withdrawn after publication."""
    if WITHHELD not in files:
        return set()
    rows = read(WITHHELD, files[WITHHELD], WITHHELD_COLUMNS)
    try:
        return {_place(row) for row in rows}
    except ValueError:
        raise FileBrokenError(name=WITHHELD, why="an offset is no whole number") from None


def _proved(copy: Copy, lang: str, gone: set[Place]) -> Iterator[Problem]:
    """Prove the body: fingerprint, sum, words, claims, sections, narratives."""
    if not gone and digest(copy.body) != copy.stated.get("sha256"):
        yield Problem(CLAIMS, "the report is not the one that its fingerprint tells.")
    yield from _coverage(copy)
    yield from _words(copy)
    yield from _quotations(copy, lang, gone)
    said = [claim for claim in copy.body["claims"] if not _is_gone(claim, gone)]
    body = copy.body | {"claims": said}
    for wrong in prove(body, copy.data, lang=lang):
        what = f"{wrong.what}: {_short(wrong.written)} in the report, {_short(wrong.found)} here."
        yield Problem(wrong.claim, what, wrong.sentence)
    known = {claim["id"] for claim in copy.body["claims"]}
    for section in copy.body["sections"]:
        for identity in [*section["claims"], *section["quotations"]]:
            if identity not in known:
                yield Problem(str(identity), f"section {section['id']} names it; it is missing.")
    for flag in flags(copy.body):
        yield Problem(CLAIMS, f"no claim stands behind “{flag.found}”.", flag.sentence)


def _short(value: object) -> str:
    """Write a value."""
    text = bare(str(value))
    return text if len(text) <= 120 else f"{text[:119]}…"


def _coverage(copy: Copy) -> Iterator[Problem]:
    """Each passage is in one state, and the states make 100 percent."""
    coverage = copy.body["coverage"]
    counts = Counter(said.state for said in copy.data.said)
    stated = {row["state"]: row["count"] for row in coverage["states"]}
    for state in sorted(counts.keys() | stated.keys()):
        if counts[state] != stated.get(state, 0):
            said = f"{stated.get(state, 0)} in the report, {counts[state]} here."
            yield Problem("coverage", f"passages “{state}”: {said}")
    printed = sum(row["tenths"] for row in coverage["states"])
    if coverage["total"] != len(copy.data.said) or printed != 1000:
        yield Problem("coverage", "the states do not make all of the passages.")


def _words(copy: Copy) -> Iterator[Problem]:
    """Words that are published must have the hash that stands beside them."""
    for number, row in enumerate(copy.rows, 2):
        if row["text"] and sha256(row["text"].encode()).hexdigest() != row["sha256"]:
            yield Problem("passages.csv", f"row {number} ({row['number']}): not the words hashed.")


def _is_gone(claim: dict[str, Any], gone: set[Place]) -> bool:
    """Tell whether a claim is that of a quotation withdrawn after publication."""
    return claim["kind"] == "quotation" and _place(claim["about"]) in gone


def _place(stated: Mapping[str, Any]) -> Place:
    """Return where a quotation is."""
    return stated["number"], stated["question"], int(stated["start"]), int(stated["end"])


def _quotations(copy: Copy, lang: str, gone: set[Place]) -> Iterator[Problem]:
    """Quotations must stand, letter for letter, in the passages."""
    for claim in copy.body["claims"]:
        if claim["kind"] != "quotation" or _is_gone(claim, gone):
            continue
        if copy.words.get(_place(claim["about"])) != claim["about"]["words"]:
            sentence = bare(claim["sentence"].get(lang, ""))
            yield Problem(claim["id"], "the passage does not say these words.", sentence)
    for quotation in quotations_in(copy.body):
        place = _place(quotation)
        if place not in gone and copy.words.get(place) != quotation["text"]:
            named = f"quote.{quotation['answer']}.{quotation['start']}"
            yield Problem(named, "the report quotes other words than the passage’s.")
