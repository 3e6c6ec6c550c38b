"""A version published with its open data, and copies of these to tamper with."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.access import System
from app.reports.models import Report
from app.reports.publishing.delimited import write
from app.reports.publishing.opening import open_archive
from app.reports.publishing.packing import as_json, summed
from app.reports.publishing.tables import columns_of
from app.reports.publishing.verifying import examined
from tests.reports.corpus import Analysed
from tests.reports.publishing import publish


@dataclass
class Copy:
    """Files of open data that a test changes; hashes follow unless it says otherwise."""

    files: dict[str, bytes] = field(default_factory=dict)

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return the rows of a table."""
        rows: list[dict[str, str]] = json.loads(self.files["data.json"])[table]
        return rows

    def put(self, table: str, rows: list[dict[str, str]]) -> None:
        """Write a table anew, as CSV and as JSON."""
        self.files[f"{table}.csv"] = write(columns_of(table), rows)
        tables = json.loads(self.files["data.json"])
        self.files["data.json"] = as_json(tables | {table: rows})

    def claims(self) -> dict[str, Any]:
        """Return what claims.json says."""
        stated: dict[str, Any] = json.loads(self.files["claims.json"])
        return stated

    def put_claims(self, stated: dict[str, Any]) -> None:
        """Write claims.json anew, with the fingerprint that its report has now."""
        from app.reports.body import digest

        self.files["claims.json"] = as_json(stated | {"sha256": digest(stated["report"])})

    def lines(self, *, hashed: bool = True) -> list[str]:
        """Return what the verification finds.

        :param hashed: whoever tampered has written the list of hashes anew too.
        """
        files = summed(self.files) if hashed else self.files
        return [found.line() for found in examined(files).problems]

    def zipped(self) -> bytes:
        """Return the files as an archive."""
        buffer = io.BytesIO()
        with ZipFile(buffer, "w") as archive:
            for name, content in self.files.items():
                archive.writestr(name, content)
        return buffer.getvalue()


def content(report: Report, kind: str) -> bytes:
    """Return a file of a version."""
    return next(file.content for file in report.files if file.kind == kind)


@pytest.fixture
def publish_it(session: Session, corpus: Analysed, render: Any, now: Any) -> Callable[..., Report]:
    """Publish the corpus; ``whole``: its notice lets all words be published."""

    def publish_it(*, whole: bool = True) -> Report:
        """Publish."""
        corpus.consultation.publishes_words = whole
        report = publish(session, System(), corpus.consultation, now=now, render=render)
        session.commit()
        return report

    return publish_it


@pytest.fixture
def report(publish_it: Callable[..., Report]) -> Report:
    """A version whose words are all published."""
    return publish_it()


@pytest.fixture
def copy(app: Flask, report: Report) -> Copy:
    """Its open data."""
    return Copy(open_archive(content(report, "zip"), "zip"))


def fingerprint(words: str) -> str:
    """Return the hash of words."""
    return sha256(words.encode()).hexdigest()
