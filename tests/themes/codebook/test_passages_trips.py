"""Coded passages out to files, coded again, and back: those moves only, masked, offsets hold."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app.core.access import System
from app.submissions.masking import Spot, cover
from app.submissions.models import Redaction, Submission
from app.themes import deciding
from app.themes.codebook.exporting import Export
from app.themes.codebook.keys import exchange_key
from app.themes.exchange import read_passages, read_project
from app.themes.ledger.settling import compare
from app.themes.queries import Narrowing
from tests.themes.codebook.conftest import events, new_events, passage_in, where
from tests.themes.exchange.test_refi_codebook import PROJECT

FILES = ["passages.csv", "passages.xlsx", "project.qdpx"]


def edit_csv(path: Path, key: str, **cells: str) -> None:
    """Change cells of the row of a passage; ``theme_fr`` and the like name columns."""
    titles = {"theme_fr": "Thème en français", "theme_ar": "Thème en arabe", "state": "État"}
    rows = list(csv.DictReader(StringIO(path.read_text("utf-8-sig"))))
    for row in rows:
        if row["Clé"] == key:
            row.update({titles[name]: text for name, text in cells.items()})
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def edit_xlsx(path: Path, key: str, name: str) -> None:
    """Change the French name of the theme of a passage."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, columns["Clé"]).value == key:
            sheet.cell(row, columns["Thème en français"]).value = name
    book.save(path)


def edit_project(path: Path, change: Any) -> None:
    """Change the document of a project."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(parts["project.qde"])
    change(root)
    PROJECT.assertValid(root)
    parts["project.qde"] = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    with ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def selection(root: Any, key: str) -> Any:
    """Return a passage's selection."""
    return next(one for one in root.iter("{*}PlainTextSelection") if one.get("guid") == key)


def code_called(root: Any, name: str) -> str:
    """Return the GUID of a code."""
    return next(one.get("guid") for one in root.iter("{*}Code") if one.get("name") == name)


@pytest.mark.parametrize("lang", ["fr", "ar"])
@pytest.mark.parametrize("kind", FILES)
def test_passages_that_come_back_as_they_left_move_nowhere(
    session: Session, described: Any, exported: Any, imported: Any, kind: str, lang: str
) -> None:
    before = events(session)

    plan, outcome = imported(described, exported(described, kind, lang))

    assert (plan.kind, plan.n_changes, plan.n_problems, plan.n_missing) == ("passages", 0, 0, 0)
    assert plan.n_same == 11
    assert outcome.n_events == 0
    assert events(session) == before


@pytest.mark.parametrize("kind", FILES)
def test_passages_coded_again_become_exactly_these_moves(
    session: Session, described: Any, run: Any, exported: Any, imported: Any, kind: str
) -> None:
    path = exported(described, kind)
    moved = passage_in(session, run, "Routes et pistes")
    key = exchange_key(described.slug, "passage", moved)
    if kind == "passages.csv":
        edit_csv(path, key, theme_fr="Soins", theme_ar="العلاجات")
    elif kind == "passages.xlsx":
        edit_xlsx(path, key, "soins")
    else:

        def change(root: Any) -> None:
            coding = selection(root, key).find("{*}Coding/{*}CodeRef")
            coding.set("targetGUID", code_called(root, "Soins"))

        edit_project(path, change)
    before = events(session)

    plan, outcome = imported(described, path)

    assert [(m.passage_id, m.before, m.after) for m in plan.moves] == [
        (moved, "Routes et pistes", "Soins")
    ]
    [event] = new_events(session, before)
    assert (event.kind, event.reason, outcome.n_events) == ("move", "codebook import", 1)
    assert where(session, moved) == ("in_theme", "Soins")
    assert not compare(session, described.id)

    again, done = imported(described, path)

    assert (again.n_changes, done.n_events) == (0, 0)


def test_a_code_taken_off_sets_the_passage_aside_and_states_are_followed(
    session: Session, described: Any, run: Any, exported: Any, imported: Any
) -> None:
    project = exported(described, "project.qdpx")
    bare, off = passage_in(session, run, "Soins"), passage_in(session, run, "Routes et pistes")
    key = exchange_key(described.slug, "passage", bare)

    def change(root: Any) -> None:
        found = selection(root, key)
        found.remove(found.find("{*}Coding"))

    edit_project(project, change)
    before = events(session)
    imported(described, project)
    table = exported(described, "passages.csv")
    edit_csv(table, exchange_key(described.slug, "passage", off), state="hors sujet")
    imported(described, table)

    kinds = [(event.kind, event.payload.get("state")) for event in new_events(session, before)]
    assert kinds == [("set_aside", "to_arbitrate"), ("set_aside", "off_topic")]
    assert where(session, bare)[0] == "to_arbitrate"
    assert where(session, off)[0] == "off_topic"


def test_what_is_not_understood_is_listed_and_nothing_else_stops(
    session: Session, described: Any, run: Any, exported: Any, planned: Any
) -> None:
    path = exported(described, "passages.csv")
    first = exchange_key(described.slug, "passage", passage_in(session, run, "Soins"))
    second = exchange_key(described.slug, "passage", passage_in(session, run, "École"))
    edit_csv(path, first, theme_fr="Rien de tel")
    edit_csv(path, second, state="perdu")
    text = path.read_text("utf-8-sig")
    lines = text.splitlines(keepends=True)
    foreign = next(line for line in lines if first in line).replace(first, "0" * 8 + first[8:])
    path.write_text("".join([*lines, foreign]), "utf-8-sig")

    plan = planned(described, path)

    assert plan.n_changes == 0
    assert any("Rien de tel" in one.text for one in plan.problems)
    assert any("perdu" in one.text for one in plan.problems)
    assert all(one.row for one in plan.problems)


def test_selections_that_another_program_numbered_anew_are_found_by_their_place(
    session: Session, described: Any, run: Any, exported: Any, planned: Any
) -> None:
    path = exported(described, "project.qdpx")
    moved = passage_in(session, run, "Soins")
    key = exchange_key(described.slug, "passage", moved)

    def change(root: Any) -> None:
        found = selection(root, key)
        found.set("guid", "22222222-2222-4222-8222-222222222222")
        found.find("{*}Coding/{*}CodeRef").set("targetGUID", code_called(root, "École"))
        other = selection(root, exchange_key(described.slug, "passage", moved - 1))
        other.set("guid", "33333333-3333-4333-8333-333333333333")
        other.set("startPosition", str(int(other.get("startPosition")) + 1))

    edit_project(path, change)

    plan = planned(described, path)

    assert [move.passage_id for move in plan.moves] == [moved]
    assert plan.n_missing == 1


def test_what_somebody_decided_since_the_export_stays(
    session: Session, described: Any, run: Any, exported: Any, imported: Any, app: Any, now: Any
) -> None:
    from datetime import timedelta

    path = exported(described, "passages.csv")
    passage = passage_in(session, run, "Soins")
    deciding.set_aside(
        session,
        System("Hind"),
        described.id,
        [passage],
        state="off_topic",
        now=now + timedelta(hours=1),
    )
    session.commit()

    plan, outcome = imported(described, path)

    assert [move.who for move in plan.moves] == ["Hind"]
    assert outcome.n_events == 0
    assert where(session, passage)[0] == "off_topic"


def test_a_label_moves_offsets_and_what_touches_it_holds_it_whole() -> None:
    text = "Appelez Karim Alami au 0612345678 vite."
    covered = cover(text, [Spot(8, 19, "name"), Spot(23, 33, "phone")])

    start, end = covered.place(text.index("au"), text.index(" 06"))
    whole = covered.place(10, 12)

    assert covered.text[start:end] == "au"
    assert covered.text[slice(*whole)].startswith("[")
    assert covered.text[slice(*whole)].endswith("]")
    assert covered.place(0, len(text)) == (0, len(covered.text))
    assert covered.text[slice(*covered.place(34, 39))] == "vite."


def test_masked_words_leave_masked_with_offsets_that_hold(
    session: Session, described: Any, run: Any, exported: Any, now: Any
) -> None:
    said = session.query(Submission).order_by(Submission.id).first()
    [answer] = said.answers
    said.screened_version = said.version
    session.add(
        Redaction(answer_id=answer.id, start=6, end=14, kind="name", source="staff", created_at=now)
    )
    session.commit()

    project = read_project(exported(described, "project.qdpx")).value
    passages = read_passages(exported(described, "passages.csv")).value

    texts = {source.key: source.text for source in project.sources}
    assert "the road" not in texts[exchange_key(described.slug, "answer", answer.id)]
    for passage in (*project.passages, *passages):
        assert texts[passage.source][passage.start : passage.end] == passage.text
    assert any(passage.text.startswith("road: [") for passage in passages)


def test_what_was_withdrawn_or_hidden_never_leaves_and_regions_are_kept_to(
    session: Session, described: Any, run: Any
) -> None:
    first, second = session.query(Submission).order_by(Submission.id).limit(2)
    first.state, second.hidden_reason = "withdrawn", "insult"
    session.commit()

    def submissions(part: Narrowing) -> set[str]:
        out = BytesIO()
        Export(session, described, part, "fr").write("project.qdpx", out)
        project = read_project(BytesIO(out.getvalue())).value
        assert len({passage.source for passage in project.passages}) == len(project.sources)
        return {passage.submission for passage in project.passages}

    numbers = [f"S-{one.id:05d}" for one in session.query(Submission).order_by(Submission.id)]
    assert submissions(Narrowing()) == set(numbers[2:])
    assert submissions(Narrowing(regions=frozenset({"01"}))) == {numbers[4]}


def test_projects_are_valid_by_the_published_schema_and_name_only_organisations(
    session: Session, described: Any, run: Any, exported: Any
) -> None:
    one, two = session.query(Submission).order_by(Submission.id).limit(2)
    one.organisation, two.organisation = "Karim Alami", "Association Ibdae"
    session.commit()

    path = exported(described, "project.qdpx", "ar")
    with ZipFile(path) as archive:
        root = etree.fromstring(archive.read("project.qde"))
    PROJECT.assertValid(root)
    project = read_project(path).value

    assert {passage.organisation for passage in project.passages} == {"", "Association Ibdae"}
    assert set(project.users) == {"Tachawor · fake 1", "Salma Idrissi"}
