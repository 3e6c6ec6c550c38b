"""Pages of the codebook: read, download, prepare, look at a file, confirm; who may do what."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.core.audit import AuditEntry
from app.core.files.models import StoredFile
from app.core.files.operations import open_file
from app.core.jobs import Job
from app.core.jobs import run as run_job
from app.submissions.models import Submission
from app.themes import deciding
from app.themes.codebook import views
from app.themes.exchange import read_codebook, read_passages, read_project
from tests.factories import ConsultationFactory
from tests.themes.codebook.conftest import events
from tests.themes.codebook.test_codebook_trips import edit_sheet


@pytest.fixture
def analyst(client: Any, sign_in: Any, described: Any) -> Any:
    """A browser in which an analyst is signed in."""
    sign_in(client, Role.ANALYST)
    return client


def address(consultation: Any, rest: str = "", lang: str = "en") -> str:
    return f"/{lang}/staff/consultations/{consultation.slug}/codebook{rest}"


def upload(browser: Any, consultation: Any, path: Path, lang: str = "fr") -> Any:
    return browser.post(
        address(consultation, "/import", lang),
        data={"file": (BytesIO(path.read_bytes()), path.name)},
        content_type="multipart/form-data",
    )


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_the_page_shows_every_theme_and_what_is_missing(
    analyst: Any, described: Any, lang: str
) -> None:
    page = analyst.get(address(described, lang=lang)).get_data(as_text=True)

    assert "Aller et venir.\nPistes comprises." in page
    assert "school: no teacher." in page
    assert page.count('class="wanting"') == 4


def test_a_consultation_without_analysis_says_so(analyst: Any, session: Session) -> None:
    other = ConsultationFactory()
    session.commit()

    assert "has not been analysed yet" in analyst.get(address(other)).get_data(as_text=True)
    assert analyst.get(address(other, "/themes.qdc")).status_code == 409


def test_examples_are_masked_and_those_of_hidden_submissions_are_not_shown(
    analyst: Any, session: Session, described: Any
) -> None:
    said = session.query(Submission).order_by(Submission.id).first()
    said.hidden_reason = "insult"
    session.commit()

    page = analyst.get(address(described)).get_data(as_text=True)

    assert "school: no teacher." not in page


def test_the_codebook_is_downloaded_in_the_language_of_the_page(
    analyst: Any, described: Any
) -> None:
    answer = analyst.get(address(described, "/themes.qdc", "ar"))

    assert f"codebook-{described.slug}-ar.qdc" in answer.headers["Content-Disposition"]
    book = read_codebook(BytesIO(answer.data)).value
    assert {code.axis for code in book.codes} == {None, "الخدمات"}


def test_an_observer_reads_the_codebook_and_no_passage_leaves_with_one(
    client: Any, sign_in: Any, described: Any
) -> None:
    sign_in(client, Role.OBSERVER)

    page = client.get(address(described)).get_data(as_text=True)

    assert client.get(address(described, "/themes.xlsx")).status_code == 200
    assert "passages.csv" not in page
    assert client.post(address(described, "/passages.csv")).status_code == 403
    assert client.get(address(described, "/import")).status_code == 403


def test_passages_stream_as_csv_and_it_is_written_down(
    analyst: Any, session: Session, described: Any, tmp_path: Path
) -> None:
    answer = analyst.post(address(described, "/passages.csv"))

    path = tmp_path / "passages.csv"
    path.write_bytes(answer.data)
    assert len(read_passages(path).value) == 11
    [entry] = session.query(AuditEntry).filter_by(action="themes.export")
    assert entry.detail == {"file": "passages.csv"}


def test_an_analyst_of_a_region_takes_the_passages_of_that_region_and_imports_nothing(
    client: Any, sign_in: Any, described: Any, exported: Any, tmp_path: Path
) -> None:
    sign_in(client, Role.ANALYST, region="08")

    path = tmp_path / "passages.csv"
    path.write_bytes(client.post(address(described, "/passages.csv")).data)

    assert {passage.submission for passage in read_passages(path).value} == {"S-00001", "S-00002"}
    assert "school: no teacher." in client.get(address(described)).get_data(as_text=True)
    assert client.get(address(described, "/import")).status_code == 403
    assert upload(client, described, exported(described, "themes.xlsx")).status_code == 403


@pytest.mark.parametrize("kind", ["passages.xlsx", "project.qdpx"])
def test_a_small_file_is_made_at_once_kept_and_sent(
    analyst: Any, session: Session, described: Any, kind: str
) -> None:
    answer = analyst.post(address(described, f"/{kind}"))
    page = analyst.get(answer.location).get_data(as_text=True)

    assert answer.status_code == 303
    assert "Download" in page
    with analyst.post(f"{answer.location}/file") as sent:
        assert sent.status_code == 200
        assert sent.headers["Cache-Control"] == "no-store"
        if kind == "project.qdpx":
            assert len(read_project(BytesIO(sent.data)).value.passages) == 11


def test_a_large_file_waits_for_a_worker_and_only_its_owner_has_it(
    app: Flask,
    analyst: Any,
    sign_in: Any,
    session: Session,
    described: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views.exports, "SMALL", 0)
    answer = analyst.post(address(described, "/project.qdpx"))
    waiting = analyst.get(answer.location)
    assert waiting.headers["Refresh"] == "5"
    assert analyst.get(f"{answer.location}/progress").json["is_over"] is False
    assert analyst.post(f"{answer.location}/file").status_code == 410

    assert run_job(app, session.query(Job.id).filter_by(kind="themes.codebook.export").scalar())

    assert "Download" in analyst.get(answer.location).get_data(as_text=True)
    sign_in(analyst, Role.ANALYST)
    assert analyst.get(answer.location).status_code == 404
    assert analyst.post(f"{answer.location}/file").status_code == 404


def test_a_file_is_deleted_when_words_of_it_may_no_longer_leave(
    analyst: Any, session: Session, described: Any
) -> None:
    answer = analyst.post(address(described, "/project.qdpx"))
    session.query(Submission).order_by(Submission.id).first().state = "withdrawn"
    session.commit()

    refused = analyst.post(f"{answer.location}/file")

    assert refused.status_code == 409
    session.expire_all()
    assert session.query(StoredFile).one().deleted_at is not None
    assert "Prepare it again" in analyst.get(answer.location).get_data(as_text=True)


def test_erasing_answers_deletes_prepared_files(
    analyst: Any, session: Session, described: Any
) -> None:
    from app.themes.codebook.forgetting import delete_files

    analyst.post(address(described, "/project.qdpx"))
    said = session.query(Submission).order_by(Submission.id).first()
    path = open_file(session.query(StoredFile).one())

    delete_files(session, [answer.id for answer in said.answers])
    session.commit()

    assert session.query(StoredFile).one().deleted_at is not None
    assert not path.exists()


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_file_is_looked_at_then_confirmed_once(
    analyst: Any,
    session: Session,
    described: Any,
    exported: Any,
    theme_called: Any,
    lang: str,
) -> None:
    path = exported(described, "themes.xlsx")
    edit_sheet(path, {("Soins", "Définition en français"): "Se soigner près de chez soi."})
    before = events(session)
    session.rollback()

    answer = upload(analyst, described, path, lang)
    plan = analyst.get(answer.location).get_data(as_text=True)

    assert answer.status_code == 303
    assert "Se soigner près de chez soi." in plan
    session.expire_all()
    assert events(session) == before
    session.rollback()
    done = analyst.post(answer.location)
    assert done.status_code == 303
    session.expire_all()
    assert events(session) == before + 1
    assert theme_called("Soins").definition["fr"] == "Se soigner près de chez soi."
    assert session.query(StoredFile).one().deleted_at is not None
    session.rollback()
    assert analyst.get(answer.location).status_code == 200
    assert analyst.post(answer.location).status_code == 409
    session.expire_all()
    assert events(session) == before + 1


def test_a_refused_file_says_which_rows_and_can_be_deleted(
    analyst: Any, session: Session, described: Any, exported: Any
) -> None:
    path = exported(described, "themes.xlsx")
    edit_sheet(path, {("Soins", "Nom en arabe"): None})

    answer = upload(analyst, described, path, "en")
    page = analyst.get(answer.location).get_data(as_text=True)

    assert "This file cannot be taken" in page
    assert "Nom en arabe" in page
    analyst.post(answer.location, data={"decision": "discard"})
    session.expire_all()
    assert session.query(StoredFile).one().deleted_at is not None


def test_what_is_no_codebook_is_refused_in_words(
    analyst: Any, described: Any, tmp_path: Path
) -> None:
    for name, data in {
        "a.qdc": b"<!DOCTYPE x [<!ENTITY a 'b'>]><CodeBook/>",
        "b.xlsx": b"PK\x03\x04 broken",
        "c.csv": b"a,b\n1,2\n",
        "d.bin": b"\x00\x01\x02",
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        answer = upload(analyst, described, path)
        assert "flash-bad" in analyst.get(answer.location).get_data(as_text=True), name
    assert upload(analyst, described, _empty(tmp_path)).status_code == 422


def _empty(folder: Path) -> Path:
    path = folder / "empty.csv"
    path.write_bytes(b"")
    return path


def test_passages_are_looked_at_and_moved_on_a_page(
    analyst: Any, session: Session, described: Any, run: Any, exported: Any
) -> None:
    from app.themes.codebook.keys import exchange_key
    from tests.themes.codebook.conftest import passage_in, where
    from tests.themes.codebook.test_passages_trips import edit_csv

    path = exported(described, "passages.csv")
    moved = passage_in(session, run, "Routes et pistes")
    edit_csv(path, exchange_key(described.slug, "passage", moved), theme_fr="Soins")
    session.rollback()

    answer = upload(analyst, described, path, "ar")
    page = analyst.get(answer.location).get_data(as_text=True)

    assert "S-00001" in page
    analyst.post(answer.location)
    session.expire_all()
    assert where(session, moved) == ("in_theme", "Soins")


def test_the_commands_write_say_and_take(
    app: Flask, session: Session, described: Any, tmp_path: Path, theme_called: Any, now: Any
) -> None:
    slug = described.slug
    path = tmp_path / "book.xlsx"
    deciding.describe(
        session, System(), theme_called("Soins"), texts={"definition": {"fr": "Avant."}}, now=now
    )
    session.commit()

    def themes(*words: object) -> Any:
        session.remove()  # type: ignore[attr-defined]
        result = app.test_cli_runner().invoke(args=["themes", "codebook", *map(str, words)])
        session.expire_all()
        return result

    dry = themes("export", slug, path, "--dry-run")
    assert "3 themes" in dry.output
    assert not path.exists()
    assert themes("export", slug, path).exit_code == 0
    project = themes("export", slug, tmp_path / "all.qdpx", "--kind", "project.qdpx")
    assert "11 passages" in project.output
    edit_sheet(path, {("Soins", "Définition en français"): "Après."})
    before = events(session)
    looked = themes("import", slug, path, "--dry-run")
    assert "1 to change, 2 the same, 0 left out" in looked.output
    assert events(session) == before
    done = themes("import", slug, path)
    assert "1 changed, 1 decisions" in done.output
    assert events(session) == before + 1
    assert theme_called("Soins").definition["fr"] == "Après."
    bad = tmp_path / "bad.qdc"
    bad.write_text("<x/>")
    refused = themes("import", slug, bad)
    assert refused.exit_code == 2
