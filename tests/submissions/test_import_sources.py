"""Files as KoboToolbox, ODK, LimeSurvey and spreadsheets write them: recognised, and read alike."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.tables import open_table
from app.submissions.imports import errors, uploads
from app.submissions.imports.bundle import find_bundle, unpack
from app.submissions.imports.fields import fields_of
from app.submissions.imports.guessing import assign, question_of, suggest
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.sources import SourceKind, groups_of, guess_kind
from app.submissions.imports.values import reader_for
from app.submissions.models import Submission
from tests.conftest import NOW
from tests.submissions.import_files import write_csv, write_xlsx
from tests.submissions.importing import import_file
from tests.submissions.way import rich_consultation

KOBO = (
    *("start", "end", "you/actor_type", "you/place", "around/story", "choices/many"),
    *("choices/many/a", "choices/many/b", "choices/many/c", "choices/ease/x", "choices/ease/y"),
    *("_id", "_uuid", "_submission_time", "_validation_status", "_index", "__version__"),
)
KOBO_ROWS = [
    (
        *("2022-01-10T09:00:00.000+01:00", "x", "citizen", "08", "Un centre", "a c"),
        *("1", "0", "1", "5", "2", "7", "uuid-1", "2022-01-10T09:12:00", "Approved", "1", "v1"),
    ),
    (
        *("2022-01-11T09:00:00.000+01:00", "x", "citizen", "09", "مركز قريب", "b"),
        *("0", "1", "0", "3", "", "8", "uuid-2", "2022-01-11T09:12:00", "Not Approved", "2", "v1"),
    ),
]
ODK = (
    *("SubmissionDate", "start", "you-actor_type", "you-place", "around-story", "choices-many"),
    *("choices-ease-x", "choices-ease-y", "meta-instanceID", "KEY", "SubmitterID", "ReviewState"),
)
ODK_ROW = (
    *("2022-01-12T10:00:00.000Z", "s", "association", "09", "Le transport", "a b"),
    *("4", "1", "uuid:k1", "uuid:k1", "12", ""),
)
LIME = (
    *("id", "submitdate", "lastpage", "startlanguage", "seed", "actortype", "place", "story"),
    *("many[a]", "many[b]", "many[c]", "ease[SQ001]", "ease[SQ002]", "one"),
)
LIME_ROWS = [
    (
        "1",
        "2022-01-13 10:00:00",
        "3",
        "ar",
        "9",
        "citizen",
        "08",
        "نص",
        "Y",
        "",
        "N",
        "5",
        "0",
        "b",
    ),
    ("2", "", "1", "fr", "9", "citizen", "08", "Begun, never sent", "", "", "", "", "", ""),
]


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation with questions of several kinds."""
    return rich_consultation()


def stored(session: Session) -> list[Submission]:
    """Return the submissions in order."""
    session.rollback()
    return list(session.scalars(select(Submission).order_by(Submission.id)))


def answers_of(row: Submission) -> dict[str, Any]:
    """Return what a submission answers, by the question's key."""
    return {a.question.key: a.value if a.text is None else a.text for a in row.answers}


def brought(
    session: Session, consultation: Consultation, path: Path, **changes: Any
) -> list[Submission]:
    """Import a file as its columns' names say, and return what entered."""
    header = open_table(path, limit=10**8).header
    kind = guess_kind(header)
    questions = consultation.questionnaire.questions
    mapping = ColumnMapping(
        columns=suggest(header, questions, kind) | changes.pop("columns", {}),
        constants={"source": kind.value},
        kind=kind,
        **changes,
    )
    import_file(session, consultation, path, mapping, accept_valid=True)
    return stored(session)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (KOBO, SourceKind.KOBO),
        (ODK, SourceKind.ODK),
        (LIME, SourceKind.LIMESURVEY),
        (("ID de la réponse", "Date de soumission", "Dernière page", "Langue de départ"),
         SourceKind.LIMESURVEY),
        (("id", "start", "end", "texte"), SourceKind.SHEET),
        (("KEY", "texte"), SourceKind.SHEET),
    ],
)  # fmt: skip
def test_a_program_is_recognised_by_its_columns(header: tuple[str, ...], kind: SourceKind) -> None:
    assert guess_kind(header) == kind


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_an_export_of_kobotoolbox_is_read(
    session: Session, consultation: Consultation, tmp_path: Path, write: Any
) -> None:
    rows = brought(session, consultation, write(tmp_path / "a", [KOBO, *KOBO_ROWS]))

    assert [(row.source, row.source_id) for row in rows] == [("kobo", "uuid-1")]
    assert answers_of(rows[0]) == {
        "place": {"region": "08", "province": None, "commune": None},
        "story": "Un centre",
        "many": ["a", "c"],
        "ease": {"x": 5, "y": 2},
    }
    assert rows[0].submitted_at.isoformat() == "2022-01-10T08:12:00+00:00"
    assert rows[0].source_row["__version__"] == "v1"


def test_several_choices_in_one_cell_are_read_by_name_and_by_label(
    session: Session, consultation: Consultation
) -> None:
    fields = fields_of(consultation.questionnaire.questions)
    read = reader_for(fields["many"], latest=NOW).read

    assert read("a c") == ["a", "c"]
    assert read("option a (fr) option b (fr)") == ["a", "b"]
    assert read("option a (ar)، b") == ["a", "b"]
    with pytest.raises(Exception, match="UnknownChoiceError"):
        read("a d")


def test_an_export_of_odk_is_read_from_its_archive(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    path = tmp_path / "form.csv.zip"
    archive(path, {"form.csv": [ODK, ODK_ROW], "form-children.csv": [("PARENT_KEY", "age")] * 9})

    bundle = find_bundle(path)
    assert bundle
    unpack(path, bundle, tmp_path / "rows")
    rows = brought(session, consultation, tmp_path / "rows")

    assert bundle.others == ("form-children.csv", "media/1.jpg")
    assert [(row.source, row.source_id, row.actor_type) for row in rows] == [
        ("odk", "uuid:k1", "association")
    ]
    assert answers_of(rows[0])["many"] == ["a", "b"]
    assert answers_of(rows[0])["ease"] == {"x": 4, "y": 1}


def archive(path: Path, tables: dict[str, list[Any]]) -> Path:
    """Write an archive of tables, with a picture."""
    with zipfile.ZipFile(path, "w") as target:
        for name, rows in tables.items():
            out = io.StringIO()
            csv.writer(out).writerows(rows)
            target.writestr(name, out.getvalue())
        target.writestr("media/1.jpg", b"\xff\xd8\xff")
    return path


def test_an_archive_that_is_too_large_unpacked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.submissions.imports import bundle

    monkeypatch.setattr(bundle, "_UNPACKED", 10)

    with pytest.raises(errors.InflatedWorkbookError):
        find_bundle(archive(tmp_path / "a.zip", {"form.csv": [ODK, ODK_ROW]}))


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_an_export_of_limesurvey_is_read(
    session: Session, consultation: Consultation, tmp_path: Path, write: Any
) -> None:
    group = next(group for group in groups_of(LIME, SourceKind.LIMESURVEY) if group.base == "ease")
    question = next(q for q in consultation.questionnaire.questions if q.key == "ease")
    path = write(tmp_path / "a", [LIME, *LIME_ROWS])

    rows = brought(session, consultation, path, columns=assign(group, question))

    assert [(row.source_id, row.lang) for row in rows] == [("1", "ar")]
    assert answers_of(rows[0]) == {
        "place": {"region": "08", "province": None, "commune": None},
        "story": "نص",
        "many": ["a"],
        "ease": {"x": 5, "y": 0},
        "one": "b",
    }


def test_columns_of_one_question_go_there_in_one_go(consultation: Consultation) -> None:
    header = ("Vos besoins [option a (fr)]", "Vos besoins [Option C (ar)]", "Vos besoins [Autre]")
    group = groups_of(header, SourceKind.SHEET)[0]
    question = next(q for q in consultation.questionnaire.questions if q.key == "many")

    assigned = assign(group, question)

    assert assigned == {header[0]: "many.a", header[1]: "many.c"}
    assert question_of(group, assigned) == "many"


def test_a_group_of_the_form_is_not_taken_for_a_question() -> None:
    assert [group.base for group in groups_of(KOBO, SourceKind.KOBO)] == ["choices/many"]


def test_the_limits_are_those_that_the_page_tells() -> None:
    assert (uploads.LIMIT, uploads.MAX_ROWS) == (100 * 1024 * 1024, 100_000)
