"""Whoever changes anything of the open data is found out; the untouched copy proves the report."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.reports.models import Report, ReportFile
from app.reports.publishing.errors import NoOpenDataError
from app.reports.publishing.opening import LIMITS, open_archive
from tests.reports.publication.conftest import Copy, content, fingerprint


def test_an_untouched_copy_is_proved_and_says_how_many_claims_were(
    app: Flask, report: Report, tmp_path: Path
) -> None:
    path = tmp_path / "open-data.zip"
    path.write_bytes(content(report, "zip"))
    result = app.test_cli_runner().invoke(args=["reports", "verify", str(path)])

    claims = report.body["claims"]
    quotations = [claim for claim in claims if claim["kind"] == "quotation"]
    assert result.exit_code == 0, result.output
    assert f"{len(claims)} claims verified, {len(quotations)} of them quotations" in result.output
    assert report.sha256 in result.output


def test_a_folder_and_the_claims_beside_the_tables_are_copies_too(
    app: Flask, copy: Copy, tmp_path: Path
) -> None:
    for name, data in copy.files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "notes of mine.txt").write_text("not theirs", encoding="utf-8")
    runner = app.test_cli_runner()
    for path in (tmp_path, tmp_path / "claims.json"):
        assert runner.invoke(args=["reports", "verify", str(path)]).exit_code == 0


def test_no_table_of_the_database_is_asked(
    app: Flask, report: Report, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_more: Any) -> None:
        """Fail at the first question."""
        raise AssertionError("the database was asked")

    monkeypatch.setattr("sqlalchemy.orm.Session.execute", refuse)
    monkeypatch.setattr("sqlalchemy.orm.Session.scalars", refuse)
    assert copy.lines() == []


def test_a_mismatch_is_one_line_and_the_command_fails(
    app: Flask, copy: Copy, tmp_path: Path
) -> None:
    rows = copy.rows("passages")
    next(row for row in rows if row["state"] == "in_theme")["state"] = "off_topic"
    copy.put("passages", rows)
    path = tmp_path / "changed.zip"
    path.write_bytes(copy.zipped())
    result = app.test_cli_runner().invoke(args=["reports", "verify", str(path)])

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert any(line.startswith("summary.first: “") for line in lines)
    assert any(
        "passages.csv: its bytes are not those that SHA256SUMS tells." in line for line in lines
    )


def test_one_row_moved_to_another_theme_names_the_sentences_that_fall(copy: Copy) -> None:
    rows = copy.rows("passages")
    themes = [row["theme"] for row in copy.rows("themes")]
    next(row for row in rows if row["theme"] == themes[0])["theme"] = themes[1]
    copy.put("passages", rows)
    assert any(line.startswith("summary.first: “") for line in copy.lines())


def test_one_row_dropped_is_missed(copy: Copy) -> None:
    rows = copy.rows("passages")
    copy.put("passages", [row for row in rows if row["state"] != "off_topic"])
    assert any(line.startswith("coverage: passages “off_topic”: 1") for line in copy.lines())


def test_one_count_in_a_claim_is_not_believed(copy: Copy) -> None:
    stated = copy.claims()
    claim = next(c for c in stated["report"]["claims"] if c["id"] == "summary.first")
    claim["result"]["count"] += 1
    copy.put_claims(stated)
    [first, *_more] = copy.lines()
    assert first.startswith("summary.first: “")
    assert "count: 13 in the report, 12 here." in first


@pytest.mark.parametrize("also_hash", [False, True])
def test_one_character_of_the_words_is_missed(copy: Copy, also_hash: bool) -> None:
    stated = copy.claims()
    quoted = next(c for c in stated["report"]["claims"] if c["kind"] == "quotation")
    rows = copy.rows("passages")
    row = next(row for row in rows if row["text"] == quoted["about"]["words"])
    row["text"] = row["text"].replace("e", "é", 1)
    if also_hash:
        row["sha256"] = fingerprint(row["text"])
    copy.put("passages", rows)
    assert any(line.startswith(f"{quoted['id']}: “") for line in copy.lines())


def test_one_character_of_a_quotation_in_the_report_is_missed(copy: Copy) -> None:
    stated = copy.claims()
    quotation = stated["report"]["themes"][0]["quotations"][0]
    quotation["text"] = quotation["text"][:-1] + "!"
    copy.put_claims(stated)
    named = f"quote.{quotation['answer']}.{quotation['start']}"
    assert copy.lines() == [f"{named}: the report quotes other words than the passage’s."]


def test_a_sentence_that_says_more_than_its_claim_is_named(copy: Copy) -> None:
    stated = copy.claims()
    claim = next(c for c in stated["report"]["claims"] if c["id"] == "summary.first")
    claim["sentence"]["ar"] += " جدا"
    copy.put_claims(stated)
    assert [line for line in copy.lines() if line.startswith("summary.first: “")]


def test_a_report_that_was_changed_is_not_the_one_of_its_fingerprint(copy: Copy) -> None:
    stated = copy.claims()
    stated["report"]["themes"][0]["rank"] = 2
    copy.files["claims.json"] = json.dumps(stated).encode()
    assert "claims.json: the report is not the one that its fingerprint tells." in copy.lines()


def test_hidden_groups_must_add_up_too(copy: Copy) -> None:
    rows = copy.rows("contributions")
    next(row for row in rows if row["region"] == "08")["region"] = "06"
    copy.put("contributions", rows)
    assert copy.lines()


@pytest.mark.parametrize(
    "name", ["passages.csv", "contributions.csv", "claims.json", "told.json", "LICENCE.txt"]
)
def test_a_file_dropped_is_named(copy: Copy, name: str) -> None:
    del copy.files[name]
    assert f"{name}: it is missing." in copy.lines(hashed=False)


def test_claims_that_were_dropped_are_missed_where_a_section_names_them(copy: Copy) -> None:
    stated = copy.claims()
    claims = stated["report"]["claims"]
    stated["report"]["claims"] = [c for c in claims if c["id"] != "summary.first"]
    copy.put_claims(stated)
    assert "summary.first: section summary names it; it is missing." in copy.lines()


def test_words_said_to_be_withdrawn_are_still_counted(copy: Copy) -> None:
    """Calling every quotation withdrawn hides no count that is wrong."""
    stated = copy.claims()
    for claim in stated["report"]["claims"]:
        claim["withheld"] = "author"
    claim = next(c for c in stated["report"]["claims"] if c["id"] == "summary.first")
    claim["result"]["count"] += 1
    copy.put_claims(stated)
    assert any(line.startswith("summary.first: “") for line in copy.lines())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no column “number”"),
        (b"number,question\r\n", "no column “start”"),
        (b"\xff\xfe\x00", "it is not UTF-8"),
        (b'number,"question\r\n', "is no CSV"),
    ],
)
def test_a_broken_table_is_told_in_words(copy: Copy, content: bytes, why: str) -> None:
    copy.files["passages.csv"] = content
    assert any(line.startswith("passages.csv: ") and why in line for line in copy.lines())


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("start", "x", "no whole number"),
        ("end", "0", "no characters"),
        ("number", "S-99999", "not among the contributions"),
    ],
)
def test_a_broken_row_is_told_with_its_number(
    copy: Copy, column: str, value: str, why: str
) -> None:
    rows = copy.rows("passages")
    rows[2][column] = value
    copy.put("passages", rows)
    assert any(line.startswith("passages.csv: row 4") and why in line for line in copy.lines())


@pytest.mark.parametrize(
    "stated",
    ["[]", "{}", '{"report": {}}', '{"report": {"claims": 3}}', "[" * 100_000, '{"report": []}'],
)
def test_a_broken_report_is_told_in_words(copy: Copy, stated: str) -> None:
    copy.files["claims.json"] = stated.encode()
    assert any(line.startswith("claims.json: ") for line in copy.lines())


def test_an_archive_that_inflates_is_refused_before_it_is_unpacked(app: Flask) -> None:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for number in range(LIMITS.parts + 1):
            archive.writestr(f"a{number}.csv", b"")
    with pytest.raises(NoOpenDataError) as refused:
        open_archive(buffer.getvalue(), "bomb.zip")
    assert "far larger" in refused.value.text()


@pytest.mark.parametrize("name", ["../passages.csv", "/etc/passwd", "a/passages.csv", "x" * 90])
def test_a_path_in_an_archive_is_refused(app: Flask, name: str) -> None:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr(name, b"")
    with pytest.raises(NoOpenDataError):
        open_archive(buffer.getvalue(), "paths.zip")


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"no archive at all"])
def test_what_is_no_archive_is_refused_in_words(app: Flask, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "open-data.zip"
    path.write_bytes(data)
    result = app.test_cli_runner().invoke(args=["reports", "verify", str(path)])
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert "no whole ZIP archive" in result.output


def test_a_published_version_is_verified_from_its_own_files(app: Flask, report: Report) -> None:
    slug = report.consultation.slug
    runner = app.test_cli_runner()
    args = ["reports", "verify", "--published", slug]
    assert runner.invoke(args=[*args, "1"]).exit_code == 0
    assert runner.invoke(args=[*args, "2"]).exit_code == 1
    assert runner.invoke(args=["reports", "verify"]).exit_code == 2


def test_rows_changed_behind_the_application_are_found_out(
    app: Flask, session: Session, report: Report
) -> None:
    """An update of many rows passes by what refuses changes; the checksums tell."""
    session.execute(update(ReportFile).where(ReportFile.lang == "fr").values(content=b"other"))
    session.execute(update(Report).values(body=report.body | {"format": 99}))
    session.commit()
    args = ["reports", "verify", "--published", report.consultation.slug, "1"]
    result = app.test_cli_runner().invoke(args=args)
    assert result.exit_code == 1
    assert "pdf fr: its bytes are not those that were published." in result.output
    assert "body: it is not the one that its fingerprint tells." in result.output
