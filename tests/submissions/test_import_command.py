"""The command: options, one clear line for every error, and an exit status that scripts can use."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.files import read
from app.consultations.models import Consultation
from app.consultations.operations import load_consultation
from app.core.access import System
from app.submissions.models import Answer, Submission
from tests.factories import ConsultationFactory
from tests.submissions.import_files import write_bomb, write_csv, write_xlsx

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data" / "input" / "real_consultation_fr_ar.csv"
HEADER = ("id", "who", "text")
OPTIONS = ("--map", "who=actor_type", "--map", "text=story")


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """An open consultation."""
    consultation: Consultation = ConsultationFactory(slug="what")
    session.commit()
    return consultation


@pytest.fixture
def command(app: Flask, consultation: Consultation) -> Any:
    """Run ``flask submissions import what`` and check that no traceback comes out."""

    def command(path: Path, *options: str, slug: str = "what") -> Result:
        """Run it."""
        result = app.test_cli_runner().invoke(
            args=["submissions", "import", slug, str(path), *options]
        )
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        assert "Traceback" not in result.output
        return result

    return command


def n_stored(session: Session) -> int:
    """Count the submissions."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(Submission)) or 0


def rows(path: Path) -> Path:
    """Write three rows, the second of which is refused."""
    return write_csv(path, [HEADER, (1, "citizen", "one"), (2, "martian", "two"), (3, "", "three")])


def test_a_good_file_is_imported_and_again_adds_nothing(
    command: Any, session: Session, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, (1, "citizen", "one"), (2, "expert", "two")])

    first, second = command(path, *OPTIONS, "--id", "id"), command(path, *OPTIONS, "--id", "id")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "2" in first.output.splitlines()[-1]
    assert n_stored(session) == 2


def test_refused_rows_are_listed_and_nothing_is_written(
    command: Any, session: Session, tmp_path: Path
) -> None:
    result = command(rows(tmp_path / "a.csv"), *OPTIONS)

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) == 4
    assert [("3" in lines[0], "who" in lines[0], "martian" in lines[0]), "4" in lines[1]] == [
        (True,) * 3,
        True,
    ]
    assert n_stored(session) == 0


def test_the_valid_rows_enter_when_asked(command: Any, session: Session, tmp_path: Path) -> None:
    result = command(rows(tmp_path / "a.csv"), *OPTIONS, "--accept-valid")

    assert (result.exit_code, n_stored(session)) == (0, 1)


def test_a_dry_run_writes_nothing(command: Any, session: Session, tmp_path: Path) -> None:
    options = (*OPTIONS, "--default", "actor_type=unknown", "--dry-run")

    assert command(rows(tmp_path / "a.csv"), *options).exit_code == 0
    assert command(rows(tmp_path / "a.csv"), *OPTIONS, "--dry-run").exit_code == 1
    assert n_stored(session) == 0


def test_the_report_is_a_file_that_spreadsheets_open_without_computing_it(
    command: Any, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, (1, "=1+1", "one"), (2, "مريخي، من هناك", "two")])

    result = command(path, *OPTIONS, "--report", str(tmp_path / "report.csv"))

    assert result.exit_code == 1
    data = (tmp_path / "report.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert [line[:3] for line in found[1:]] == [
        ["2", "who", "'=1+1"],
        ["3", "who", "مريخي، من هناك"],
    ]
    assert all(len(line) == 4 and line[3] for line in found)


def test_values_constants_and_other_columns_go_where_they_are_told(
    command: Any, session: Session, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [("who: a=b", "text"), ("x=y / z", "one")], delimiter=";")

    result = command(
        path,
        "--map",
        "who: a=b=actor_type",
        "--map",
        "text=story",
        "--value",
        "actor_type:x=y / z=expert",
        "--set",
        "source=a=b",
        "--delimiter",
        "semicolon",
    )

    assert result.exit_code == 0, result.output
    kept = session.scalars(select(Submission)).one()
    assert (kept.actor_type, kept.source) == ("expert", "a=b")


def test_a_sheet_is_chosen_by_its_name(command: Any, session: Session, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [("x",), ("y",)], Other=[HEADER, (1, "citizen", "one")])

    assert command(path, *OPTIONS, "--sheet", "Other").exit_code == 0
    assert n_stored(session) == 1


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--map", "text=stories"),
        ("--map", "nowhere=story"),
        ("--map", "text"),
        ("--map", "=story"),
        ("--map", "text=story"),
        (*OPTIONS, "--value", "actor_type=x"),
        (*OPTIONS, "--value", ":a=b"),
        (*OPTIONS, "--set", "actor_type=citizen"),
        (*OPTIONS, "--set", "region=Paris"),
        (*OPTIONS, "--set", "source=a", "--set", "source=b"),
        (*OPTIONS, "--map", "text=place"),
        (*OPTIONS, "--id", "nothing"),
        (*OPTIONS, "--encoding", "klingon"),
        (*OPTIONS, "--delimiter", "x"),
        (*OPTIONS, "--report", "/nowhere/at/all.csv"),
        (*OPTIONS, "--unheard-of"),
    ],
)
def test_options_that_are_not_right_are_one_line_and_status_two(
    command: Any, session: Session, tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, (1, "citizen", "one")])

    result = command(path, *options)

    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert n_stored(session) == 0


@pytest.mark.parametrize(
    "kind", ["empty", "binary", "windows", "bomb", "folder", "absent", "header"]
)
def test_files_that_are_not_right_are_one_line_and_status_two(
    command: Any, session: Session, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "a.csv"
    if kind == "bomb":
        write_bomb(path, size=210_000_000)
    elif kind == "folder":
        path.mkdir()
    elif kind != "absent":
        path.write_bytes(
            {
                "empty": b"",
                "binary": bytes(range(256)) * 9,
                "header": b"who,who\na,b\n",
                "windows": "who,text\ncitizen,Un été à l'école\n".encode("cp1252"),
            }[kind]
        )

    result = command(path, *OPTIONS)

    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert n_stored(session) == 0


def test_an_unknown_consultation_is_one_line(command: Any, tmp_path: Path) -> None:
    result = command(rows(tmp_path / "a.csv"), *OPTIONS, slug="nowhere")

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_without_mapping_one_is_suggested(command: Any, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("Qualité", "Texte", "x y"), ("citizen", "one", "z")])

    result = command(path)

    assert result.exit_code == 2
    assert "--map 'Qualité=actor_type' --map Texte=story" in result.stderr


@pytest.mark.skipif(not REAL.exists(), reason="the real input is not on this machine")
def test_every_row_of_the_real_input_enters_by_the_documented_command(
    app: Flask, session: Session, command: Any
) -> None:
    document = read(ROOT / "examples" / "free-text.json")
    load_consultation(session, System("tests"), document, now=datetime(2025, 1, 1, tzinfo=UTC))
    session.commit()
    options = [
        "--map",
        "title=title",
        "--map",
        "text=text",
        "--map",
        "actor_type=actor_type",
        "--map",
        "submitted_at=submitted_at",
        "--map",
        "source=source",
        "--id",
        "source",
        "--id",
        "source_id",
        "--id",
        "question",
        "--default",
        "actor_type=unknown",
        "--value",
        "actor_type:Citoyen / Citoyenne=citizen",
        "--value",
        "actor_type:Élu / élue et Institution=elected_official",
        "--value",
        "actor_type:Organisation à but non lucratif=association",
        "--value",
        "actor_type:Organisation à but lucratif=private_sector",
    ]

    first = command(REAL, *options, slug=document["slug"])
    again = command(REAL, *options, slug=document["slug"])

    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert n_stored(session) == 2480
    assert session.scalar(select(func.count()).where(Answer.text.is_not(None))) == 3567
    by_actor = select(Submission.actor_type, func.count()).group_by(Submission.actor_type)
    assert dict(session.execute(by_actor).all()) == {
        "citizen": 1040,
        "elected_official": 6,
        "association": 4,
        "private_sector": 1,
        "unknown": 1429,
    }
