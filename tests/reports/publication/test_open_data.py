"""What the open data hold, and what they must not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core.access import System
from app.core.audit import AppendOnlyError
from app.reports.body import digest
from app.reports.models import Report
from app.reports.publishing import delimited
from app.reports.publishing.closed import answer_rows, safe
from app.reports.publishing.freezing import freeze
from app.reports.publishing.opening import open_archive
from app.reports.publishing.packing import Version, files_of, packed
from app.reports.publishing.reading import copy_of
from app.reports.publishing.tables import dictionary
from app.submissions.models import Submission
from tests import factories
from tests.reports.corpus import Analysed
from tests.reports.publication.conftest import Copy, content
from tests.reports.publishing import publish

TABLES = sorted(dictionary()["tables"])


def rows_of(report: Report, table: str) -> list[dict[str, str]]:
    """Return a table of a version."""
    return Copy(open_archive(content(report, "zip"), "zip")).rows(table)


# --- words ---------------------------------------------------------------------------------------


def test_all_words_are_there_where_the_notice_says_so(report: Report) -> None:
    rows = rows_of(report, "passages")
    assert all(row["text"] for row in rows)
    assert all(sha256(r["text"].encode()).hexdigest() == r["sha256"] for r in rows)


def test_only_words_quoted_are_there_where_the_notice_does_not(
    publish_it: Callable[..., Report],
) -> None:
    report = publish_it(whole=False)
    quoted = {c["about"]["words"] for c in report.body["claims"] if c["kind"] == "quotation"}
    rows = rows_of(report, "passages")
    assert {row["text"] for row in rows} == quoted | {""}
    assert all(row["sha256"] for row in rows)


def test_words_of_doubtful_or_hidden_passages_are_nowhere(
    session: Session, corpus: Analysed, publish_it: Callable[..., Report]
) -> None:
    corpus.says("Appelez-moi au 06 12 34 56 78 pour la route.", corpus.themes[1])
    hidden = corpus.says("Ces gens sont des voleurs.", corpus.themes[1])
    session.get_one(Submission, hidden.submission_id).hidden_reason = "insult"
    report = publish_it()
    whole = b"".join(open_archive(content(report, "zip"), "zip").values()).decode()
    assert "06 12 34 56 78" not in whole
    assert "voleurs" not in whole
    silent = [row for row in rows_of(report, "passages") if not row["text"]]
    number = f"S-{hidden.submission_id:05d}"
    assert [row["sha256"] for row in silent if row["number"] == number] == [""]


# --- people --------------------------------------------------------------------------------------


def test_what_is_withheld_is_not_what_was_not_stated(
    session: Session, corpus: Analysed, publish_it: Callable[..., Report]
) -> None:
    for number in range(3):
        corpus.says(f"Sans adresse {number}.", corpus.themes[1], region_code=None)
        corpus.says(f"De loin {number}.", corpus.themes[1], region_code="11")
    rows = rows_of(publish_it(), "contributions")
    codes = Counter(row["region"] for row in rows)
    # Two people of region 12 and three of 11 could be recognised; seven did not say where they are.
    assert (codes["11"], codes["12"]) == (0, 0)
    assert codes["withheld"] == 5
    assert codes["not-stated"] == 7


def test_no_combination_that_rows_show_is_of_fewer_than_five(report: Report) -> None:
    shown = Counter((r["region"], r["actor_type"]) for r in rows_of(report, "contributions"))
    assert min(shown.values()) >= 5


def test_the_dataset_comes_back_from_its_files_as_it_went_in(
    session: Session, corpus: Analysed, report: Report, copy: Copy
) -> None:
    frozen = freeze(session, corpus.consultation, report.run_id, report.body)
    back = copy_of(copy.files).data
    assert back.residuals == dict(frozen.data.residuals)
    assert back.themes == frozen.data.themes
    assert sorted(map(repr, back.said)) == sorted(map(repr, frozen.data.said))
    assert {n: (p.region, p.actor_type) for n, p in back.people.items()} == {
        n: (p.region, p.actor_type) for n, p in frozen.data.people.items()
    }


# --- closed questions ----------------------------------------------------------------------------


def asked(session: Session) -> Any:
    """Return a consultation with one closed question of each kind that is counted."""
    consultation = factories.ConsultationFactory()
    options = [{"code": c, "label": {"fr": c.upper(), "ar": c, "en": c}} for c in "abc"]
    factories.add_section(
        consultation.questionnaire,
        "Closed",
        [
            {"key": "one", "kind": "single_choice", "options": options},
            {"key": "many", "kind": "multiple_choice", "options": options},
            {"key": "scale", "kind": "scale", "options": {"items": options, "low": {}, "high": {}}},
            {"key": "rank", "kind": "ranking", "options": options},
        ],
    )
    return consultation


def counts(rows: list[dict[str, str]], question: str) -> dict[tuple[str, str, str], int]:
    """Return the counts of a question by item, option and region."""
    return {
        (row["item"], row["option"], row["region"]): int(row["count"])
        for row in rows
        if row["question"] == question
    }


def test_closed_questions_are_counted_by_option_and_region(session: Session) -> None:
    consultation = asked(session)
    for region, option, n in (("08", "a", 6), ("08", "b", 5), ("06", "a", 7), ("06", "b", 8)):
        for _ in range(n):
            factories.submission(
                consultation,
                region_code=region,
                values={"one": option, "rank": [option, "c"], "scale": {"a": 5, "b": 0}},
            )
    rows = answer_rows(session, consultation)
    expected = {
        ("", "a", "all"): 13,
        ("", "b", "all"): 13,
        ("", "a", "08"): 6,
        ("", "b", "08"): 5,
        ("", "a", "06"): 7,
        ("", "b", "06"): 8,
    }
    assert counts(rows, "one") == expected
    assert counts(rows, "rank") == expected
    assert counts(rows, "scale")["a", "5", "all"] == 26
    assert {row["label_fr"] for row in rows if row["question"] == "one"} == {"A", "B"}


def test_small_counts_are_put_together_and_small_regions_left_out(session: Session) -> None:
    consultation = asked(session)
    for region, option, n in (("08", "a", 20), ("08", "b", 2), ("06", "a", 9), ("06", "c", 3)):
        for _ in range(n):
            factories.submission(consultation, region_code=region, values={"one": option})
    found = counts(answer_rows(session, consultation), "one")
    # Two said b, three said c: together they are five, and no region tells which.
    assert found == {("", "a", "all"): 29, ("", "withheld", "all"): 5}


def test_what_was_withdrawn_is_not_counted_and_own_words_never_stand_there(
    session: Session,
) -> None:
    consultation = asked(session)
    for _ in range(6):
        factories.submission(
            consultation, values={"one": {"code": "a", "other": "Mon nom est Amina"}}
        )
    gone = factories.submission(consultation, values={"one": "a"})
    gone.state = "withdrawn"
    session.flush()
    rows = answer_rows(session, consultation)
    assert counts(rows, "one")["", "a", "all"] == 6
    assert "Amina" not in str(rows)


CELLS = st.dictionaries(
    st.sampled_from(["01", "02", "03", "04", ""]),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 12), max_size=4),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(CELLS)
def test_no_subtraction_gives_a_small_count_back(cells: dict[str, dict[str, int]]) -> None:
    given_ = {region: Counter({o: n for o, n in row.items() if n}) for region, row in cells.items()}
    of = Counter({region: sum(row.values()) for region, row in given_.items()})
    told = list(safe(given_, of))
    by_region: dict[str, Counter[Any]] = {}
    for option, region, count in told:
        by_region.setdefault(region, Counter())[option] += count
        assert count == 0 or count >= 5
    whole = by_region.pop("all", Counter())
    for option, count in whole.items():
        left = count - sum(row[option] for row in by_region.values())
        assert left == 0 or left >= 5


# --- the files -----------------------------------------------------------------------------------


def test_every_column_is_described_in_three_languages(copy: Copy) -> None:
    described = delimited.read(
        "dictionary.csv", copy.files["dictionary.csv"], ("table", "column", "fr", "ar", "en")
    )
    assert all(row["fr"] and row["ar"] and row["en"] for row in described)
    columns = {(row["table"], row["column"]) for row in described}
    for table in TABLES:
        head = copy.files[f"{table}.csv"].decode("utf-8-sig").split("\r\n")[0].split(",")
        assert {(table, column) for column in head} <= columns
    package = json.loads(copy.files["datapackage.json"])
    for resource in package["resources"]:
        data = copy.files[resource["path"]]
        assert resource["hash"] == f"sha256:{sha256(data).hexdigest()}"
        assert resource["bytes"] == len(data)
        names = [one["name"] for one in resource["schema"]["fields"]]
        assert names == data.decode("utf-8-sig").split("\r\n")[0].split(",")


def test_the_catalogue_tells_each_file_with_its_checksum(copy: Copy) -> None:
    entry = json.loads(copy.files["dcat.jsonld"])
    assert entry["@type"] == "dcat:Dataset"
    assert {one["@language"] for one in entry["dct:title"]} == {"fr", "ar", "en"}
    assert entry["dct:spatial"]["@id"].endswith("/country/MAR")
    assert entry["dct:temporal"]["dcat:startDate"]["@value"].startswith("2021-12-18")
    for one in entry["dcat:distribution"]:
        stated = one["spdx:checksum"]["spdx:checksumValue"]["@value"]
        assert stated == sha256(copy.files[one["dct:title"]]).hexdigest()


def test_notes_and_licence_are_in_both_languages(copy: Copy) -> None:
    licence = copy.files["LICENCE.txt"].decode()
    assert licence.count("ODbL-1.0") == 2
    assert "وزارة التضامن" in licence
    stated = copy.claims()["sha256"]
    for lang, word in (("fr", "VÉRIFIER"), ("ar", "التحقق")):
        note = copy.files[f"README.{lang}.txt"].decode()
        assert word in note
        assert stated in note
        assert "$" not in note


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+212",
        "-5",
        "@x",
        "\tx",
        "'=x",
        "''-",
        "＝1",
        "a\r\nb",
        'say "x", y',
        "",
        "'",
        "بـ=ب",
    ],
)
def test_cells_are_no_formulas_and_come_back_letter_for_letter(text: str) -> None:
    data = delimited.write(["x", "y"], [{"x": text, "y": "1"}])
    cell = data.decode("utf-8-sig").partition("\r\n")[2].lstrip('"')
    assert not cell.startswith(("=", "+", "-", "@", "\t", "＝"))
    assert delimited.read("x.csv", data, ("x", "y")) == [{"x": text, "y": "1"}]


def test_the_same_version_gives_the_same_bytes(
    session: Session, corpus: Analysed, report: Report
) -> None:
    frozen = freeze(session, corpus.consultation, report.run_id, report.body)
    version = Version(report.version, report.label, report.published_at, report.sha256)
    again = packed(files_of(frozen, version), report.published_at)
    assert again == content(report, "zip")


def test_files_of_the_archive_bear_the_date_of_publication(report: Report, tmp_path: Any) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content(report, "zip"))
    with ZipFile(path) as archive:
        dates = {part.date_time[:3] for part in archive.infolist()}
    at = report.published_at
    assert dates == {(at.year, at.month, at.day)}


# --- nothing of a version changes ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"), [("label", "9.9"), ("body", {}), ("sha256", "0" * 64), ("version", 7)]
)
def test_nothing_of_a_published_version_can_be_changed(
    session: Session, report: Report, column: str, value: Any
) -> None:
    setattr(report, column, value)
    with pytest.raises(AppendOnlyError):
        session.flush()


@pytest.mark.parametrize("column", ["content", "sha256", "kind", "lang", "size"])
def test_nothing_of_its_files_can_be_changed(session: Session, report: Report, column: str) -> None:
    file = report.files[0]
    setattr(file, column, {"content": b"x", "size": 1}.get(column, "x"))
    with pytest.raises(AppendOnlyError):
        session.flush()


def test_neither_can_be_deleted(session: Session, report: Report) -> None:
    session.delete(report.files[0])
    with pytest.raises(AppendOnlyError):
        session.flush()


def test_bytes_match_what_was_written_down_of_them(report: Report) -> None:
    kinds = {(file.kind, file.lang) for file in report.files}
    assert {("zip", ""), ("claims", ""), ("pdf", "fr"), ("pdf", "ar")} <= kinds
    for file in report.files:
        assert sha256(file.content).hexdigest() == file.sha256
        assert len(file.content) == file.size
    assert digest(report.body) == report.sha256


def test_a_new_version_leaves_the_files_of_the_old_one_alone(
    session: Session, corpus: Analysed, report: Report, render: Any, now: Any
) -> None:
    before = {(file.kind, file.lang): file.content for file in report.files}
    corpus.says("Une voix de plus.", corpus.themes[0], region_code="08")
    second = publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    session.expire_all()
    assert second.version == 2
    assert {(file.kind, file.lang): file.content for file in report.files} == before
