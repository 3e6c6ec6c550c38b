"""A version that this platform published, verified from its own files: nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from app.reports.body.canonical import digest
from app.reports.models import Report
from app.reports.publishing.opening import open_archive
from app.reports.publishing.reading import CLAIMS
from app.reports.publishing.verifying import Examined, Problem, examined


def examined_as_stored(report: Report, *, lang: str = "fr") -> Examined:
    """Examine a version's files against their checksums, and its open data as anybody would."""
    problems = list(_files(report))
    content = {file.kind: file.content for file in report.files if not file.lang}
    if "zip" not in content:
        return Examined([*problems, Problem("zip", "the version was published without open data.")])
    files = open_archive(content["zip"], "zip")
    found = examined(files, lang=lang)
    if files.get(CLAIMS) != content.get("claims"):
        problems.append(Problem(CLAIMS, "it is not the one kept beside the archive."))
    if found.sha256 != report.sha256:
        problems.append(Problem(CLAIMS, "its fingerprint is not that of the version."))
    found.problems = [*problems, *found.problems]
    return found


def _files(report: Report) -> Iterator[Problem]:
    """Compare the body and the files with what was written down of them."""
    if digest(report.body) != report.sha256:
        yield Problem("body", "it is not the one that its fingerprint tells.")
    for file in report.files:
        name = f"{file.kind} {file.lang}".strip()
        if len(file.content) != file.size or sha256(file.content).hexdigest() != file.sha256:
            yield Problem(name, "its bytes are not those that were published.")
