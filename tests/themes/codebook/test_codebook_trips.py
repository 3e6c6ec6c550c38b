"""The codebook out to files and back: nothing changed is no decision, what changed is one each."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app.core.access import System
from app.themes import deciding
from app.themes.codebook.keys import exchange_key
from app.themes.exchange import read_codebook, read_codebook_sheet
from app.themes.ledger.settling import compare
from app.themes.models import Theme
from tests.factories import ConsultationFactory
from tests.themes.codebook.conftest import events, new_events
from tests.themes.exchange.test_refi_codebook import check_codebook

FILES = ["themes.xlsx", "themes.qdc"]


def edit_sheet(path: Path, changes: dict[tuple[str, str], str | None]) -> None:
    """Change cells: (French name of the row, beginning of the heading) to a text."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    headings = {str(cell.value): cell.column for cell in sheet[1]}
    for (name, heading), text in changes.items():
        column = next(at for title, at in headings.items() if title.startswith(heading))
        row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == name)
        sheet.cell(row, column).value = text
    book.save(path)


def edit_codes(path: Path, change: Any) -> None:
    """Change a codebook's XML."""
    root = etree.fromstring(path.read_bytes())
    change({code.get("name"): code for code in root.iter("{*}Code")})
    path.write_bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


@pytest.mark.parametrize("lang", ["fr", "ar"])
@pytest.mark.parametrize("kind", FILES)
def test_a_codebook_that_comes_back_as_it_left_changes_nothing(
    session: Session, described: Any, exported: Any, imported: Any, kind: str, lang: str
) -> None:
    before = events(session)

    plan, outcome = imported(described, exported(described, kind, lang))

    assert (plan.kind, plan.n_changes, plan.n_problems, plan.n_absent) == ("codebook", 0, 0, 0)
    assert plan.n_same == session.query(Theme).count()
    assert outcome.n_events == 0
    assert events(session) == before


def test_the_files_hold_what_the_review_says(
    session: Session, described: Any, exported: Any
) -> None:
    refi = exported(described, "themes.qdc", "ar")
    check_codebook(refi.read_bytes())
    sheet = read_codebook_sheet(exported(described, "themes.xlsx")).value
    codes = {code.name_fr: code for code in sheet.codes}

    road, school = codes["Routes et pistes"], codes["École"]

    assert road.definition_fr == "Aller et venir.\nPistes comprises."
    assert (road.definition_ar, road.exclusion_fr) == ("التنقل", "=SUM(1) : transport scolaire")
    assert (road.axis, road.population, road.is_validated) == ("Services", "Filles", False)
    assert (school.parent, school.is_validated) == (road.key, True)
    assert [one.text for one in school.examples] == ["school: no teacher."]
    number = next(t.id for t in session.query(Theme) if t.name["fr"] == "École")
    assert school.key == exchange_key(described.slug, "theme", number)
    assert read_codebook(refi).value.codes[0].axis == "الخدمات"


def test_changed_cells_become_exactly_these_decisions(
    session: Session, described: Any, exported: Any, imported: Any, theme_called: Any
) -> None:
    path = exported(described, "themes.xlsx")
    edit_sheet(
        path,
        {
            ("Routes et pistes", "Définition en français"): "Se déplacer.",
            ("Routes et pistes", "Nom en arabe"): "الطرق",
            ("École", "Thème parent"): None,
            ("École", "Validé"): "non",
            ("Soins", "Axe"): "services",
        },
    )
    before = events(session)

    plan, outcome = imported(described, path)

    assert {c.names["fr"] for c in plan.changes} == {"Routes et pistes", "École", "Soins"}
    written = new_events(session, before)
    assert outcome.n_events == len(written) == 5
    assert {event.reason for event in written} == {"codebook import"}
    assert sorted((event.theme.name["fr"], event.kind) for event in written) == [
        ("Routes et pistes", "describe"),
        ("Routes et pistes", "rename"),
        ("Soins", "attach"),
        ("École", "attach"),
        ("École", "validate"),
    ]
    road = theme_called("Routes et pistes")
    assert road.name["ar"] == "الطرق"
    assert road.definition == {"fr": "Se déplacer.", "ar": "التنقل"}
    assert theme_called("École").parent_id is None
    assert not compare(session, described.id)

    again, done = imported(described, path)

    assert (again.n_changes, done.n_events) == (0, 0)


def test_a_codebook_of_another_program_renames_and_adds_but_empties_nothing(
    session: Session, described: Any, exported: Any, imported: Any, theme_called: Any
) -> None:
    path = exported(described, "themes.qdc")

    def change(codes: dict[str, Any]) -> None:
        codes["Soins"].set("name", "Soins de base")
        road = codes["Routes et pistes"]
        road.remove(road.find("{*}Description"))
        code = etree.SubElement(road, road.tag, guid="11111111-1111-4111-8111-111111111111")
        code.set("name", "Ponts")
        code.set("isCodable", "true")
        described = etree.SubElement(code, "{urn:QDA-XML:codebook:1.0}Description")
        described.text = "— Tachawor —\nNom en arabe : القناطر\nDéfinition en français : Passer."

    edit_codes(path, change)
    before = events(session)

    plan, _outcome = imported(described, path)

    assert [event.kind for event in new_events(session, before)] == [
        *("create", "rename", "describe", "attach"),
    ]
    bridge = theme_called("Ponts")
    assert bridge.name["ar"] == "القناطر"
    assert bridge.parent_id == theme_called("Routes et pistes").id
    assert bridge.definition == {"fr": "Passer."}
    assert theme_called("Routes et pistes").definition["ar"] == "التنقل"
    assert theme_called("Soins de base").name["ar"] == "العلاجات"
    assert not plan.problems

    again, done = imported(described, path)

    assert (again.n_changes, again.n_problems, done.n_events) == (0, 0, 0)


def test_names_may_be_passed_on_from_one_theme_to_another(
    session: Session, described: Any, exported: Any, imported: Any, theme_called: Any
) -> None:
    path = exported(described, "themes.xlsx")
    care = theme_called("Soins").id
    edit_sheet(
        path,
        {
            ("Soins", "Nom en arabe"): "المدرسة",
            ("École", "Nom en arabe"): "التعليم",
            ("Soins", "Nom en français"): "École",
            ("Routes et pistes", "Nom en français"): "Routes",
        },
    )
    book = load_workbook(path)
    sheet = book.worksheets[0]
    rows = [r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 2).value == "التعليم"]
    sheet.cell(rows[0], 1).value = "Éducation"
    sheet.cell(rows[0], 3).value = "Routes"
    book.save(path)

    plan, outcome = imported(described, path)

    assert plan.n_problems == 0
    assert not outcome.problems
    assert session.get_one(Theme, care).name == {"fr": "École", "ar": "المدرسة"}
    assert theme_called("Éducation").name["ar"] == "التعليم"


def test_what_cannot_be_done_is_said_by_row_before_anything_is_written(
    session: Session, described: Any, exported: Any, planned: Any
) -> None:
    path = exported(described, "themes.xlsx")
    edit_sheet(
        path,
        {
            ("Soins", "Axe"): "Transports",
            ("École", "Nom en français"): "Soins",
        },
    )
    before = events(session)

    plan = planned(described, path)

    said = {(one.where, one.row): one.text for one in plan.problems}
    assert any("Transports" in text for text in said.values())
    assert any(where == "Soins" and row for where, row in said)
    assert len(said) >= 1
    assert plan.n_problems == 2
    assert events(session) == before


def test_rows_that_are_wrong_refuse_the_file_and_are_numbered(
    described: Any, exported: Any, planned: Any
) -> None:
    path = exported(described, "themes.xlsx")
    edit_sheet(path, {("Soins", "Nom en arabe"): None, ("École", "Validé"): "peut-être"})

    plan = planned(described, path)

    assert plan.kind == "refused"
    assert plan.n_problems == 2
    assert all(one.row and one.column for one in plan.problems)


def test_decisions_taken_after_the_file_was_written_stay_unless_wanted_otherwise(
    session: Session, described: Any, exported: Any, imported: Any, theme_called: Any, now: Any
) -> None:
    path = exported(described, "themes.xlsx")
    deciding.rename(
        session,
        System("Hind"),
        theme_called("Soins"),
        name_fr="Santé",
        name_ar="الصحة",
        now=now,
    )
    session.commit()

    plan, outcome = imported(described, path)

    assert [change.who for change in plan.changes] == ["Hind"]
    assert outcome.n_events == 0
    assert theme_called("Santé")

    _plan, outcome = imported(described, path, also_changed=True)

    assert outcome.n_events == 1
    assert theme_called("Soins")


def test_a_decision_taken_between_the_look_and_the_confirmation_is_a_conflict(
    session: Session, described: Any, exported: Any, planned: Any, theme_called: Any, now: Any
) -> None:
    from app.themes.codebook.applying import apply_plan
    from app.themes.models import AnalysisRun

    path = exported(described, "themes.xlsx")
    edit_sheet(path, {("Soins", "Nom en arabe"): "الصحة"})
    plan = planned(described, path)
    care = theme_called("Soins")
    deciding.describe(
        session, System("Hind"), care, texts={"definition": {"fr": "Se soigner."}}, now=now
    )
    session.commit()

    outcome = apply_plan(
        session, System("import"), described, session.query(AnalysisRun).one(), plan, now=now
    )

    assert outcome.n_events == 0
    assert "Hind" in outcome.problems[0].text


def test_a_codebook_of_another_consultation_only_adds(
    session: Session, described: Any, exported: Any, planned: Any, analysed: Any
) -> None:
    from tests.factories import submission

    other = ConsultationFactory()
    submission(other, "work: no job. care: no doctor.")
    session.commit()
    analysed(other)

    plan = planned(other, exported(described, "themes.qdc"))

    by_name = {change.names["fr"]: change.theme_id for change in plan.changes}
    assert by_name == {"Routes et pistes": None, "École": None}
    assert plan.n_same == 1  # «Soins» bears both names there too


def test_a_theme_merged_since_is_left_out(
    session: Session, described: Any, exported: Any, imported: Any, theme_called: Any, now: Any
) -> None:
    path = exported(described, "themes.qdc")
    deciding.merge(session, System(), theme_called("Soins"), theme_called("École"), now=now)
    session.commit()

    plan, outcome = imported(described, path)

    assert [one.where for one in plan.problems] == ["Soins"]
    assert outcome.n_events == 0


def test_a_theme_under_a_merged_one_stands_under_what_that_counts_for(
    session: Session, described: Any, exported: Any, theme_called: Any, now: Any
) -> None:
    care = theme_called("Soins")
    deciding.merge(session, System(), theme_called("Routes et pistes"), care, now=now)
    session.commit()

    [code] = read_codebook(BytesIO(exported(described, "themes.qdc").read_bytes())).value.codes[1:]

    assert code.parent == exchange_key(described.slug, "theme", care.id)
