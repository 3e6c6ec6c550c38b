"""The pages: a file, its columns, what it would do, doing it; each for the right people."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.consultations.models import Consultation
from app.core.access import Role
from app.core.db import db
from app.submissions.imports import tasks, uploads
from app.submissions.models import ImportBatch, Submission
from tests.conftest import NOW
from tests.pages import CheckedClient
from tests.submissions.import_files import write_bomb, write_csv, write_xlsx
from tests.submissions.way import rich_consultation

HEADER = ("N°", "Qualité", "Région", "Texte", "Option", "Note")
ROWS = [
    HEADER,
    (1, "citizen", "08", "Un centre ouvert", "a", "x"),
    (2, "ONG", "Souss-Massa", "مركز قريب", "b", ""),
]
IMPORTS = "/fr/staff/consultations/{}/imports"


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation with questions of every kind."""
    return rich_consultation()


class Clerk:
    """Someone who imports by the pages."""

    def __init__(self, client: CheckedClient, slug: str, folder: Path) -> None:
        self.client, self.folder = client, folder
        self.list = IMPORTS.format(slug)
        self.place = ""

    def send(self, path: Path, **values: str) -> TestResponse:
        """Upload a file."""
        # Encoded here, since the test client would leave a large body's temporary file open.
        boundary, body = encode_multipart(
            {"file": FileStorage(io.BytesIO(path.read_bytes()), path.name), **values}
        )
        response = self.client.post(
            self.list, data=body, content_type=f"multipart/form-data; boundary={boundary}"
        )
        self.place = response.headers.get("Location", "")
        return response

    def send_rows(self, rows: list[Any]) -> TestResponse:
        """Upload rows as CSV."""
        return self.send(write_csv(self.folder / "rows.csv", rows))

    def decide(self, decision: str, **values: Any) -> TestResponse:
        """Press a button."""
        return self.client.post(self.place, data={"decision": decision, "sheet": ""} | values)

    def columns(self, *fields: str, **values: Any) -> TestResponse:
        """Say where the columns go."""
        chosen = {f"column_{position}": field for position, field in enumerate(fields)}
        return self.decide("columns", **chosen | values)

    def check(self) -> str:
        """Open the dry run."""
        response = self.client.get(f"{self.place}?step=check")
        assert response.status_code == 200
        return response.text


@pytest.fixture
def clerk(
    client: CheckedClient, sign_in: Callable[..., int], consultation: Consultation, tmp_path: Path
) -> Clerk:
    """An analyst."""
    sign_in(client, Role.ANALYST)
    return Clerk(client, consultation.slug, tmp_path)


def kept_files(app: Flask) -> list[Path]:
    """Return the uploaded files that are still there."""
    return sorted((app.config["INSTANCE"] / "uploads").glob("*/rows"))


@pytest.fixture(autouse=True)
def _no_uploads(app: Flask) -> None:
    """Begin without uploaded files."""
    import shutil

    shutil.rmtree(app.config["INSTANCE"] / "uploads", ignore_errors=True)


def total(session: Session) -> int:
    """Count the submissions."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(Submission)) or 0


FIELDS = ("source_id", "actor_type", "region", "story", "one", "")


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_file_goes_all_the_way(
    clerk: Clerk, session: Session, app: Flask, tmp_path: Path, write: Callable[..., Path]
) -> None:
    assert clerk.send(write(tmp_path / "réponses <b>.x", ROWS)).status_code == 303
    page = clerk.client.get(clerk.place).text
    assert 'option selected value="actor_type"' in page or 'value="actor_type" selected' in page
    assert "Un centre ouvert" in page
    assert "<b>" not in re.sub(r"<b>Person \d+</b>", "", page)
    sheet = "Answers" if write is write_xlsx else ""
    answer = clerk.columns(*FIELDS, sheet=sheet)
    assert answer.location == f"{clerk.place}?step=check"
    clerk.check()
    assert total(session) == 0

    done = clerk.decide("confirm")

    assert total(session) == 2
    assert re.fullmatch(r"/fr/staff/imports/batches/\d+", done.location)
    report = clerk.client.get(done.location).text
    assert "Note" not in re.findall(r'<th scope="row"><span dir="auto">(.*?)</span>', report)
    assert kept_files(app) == []
    assert "réponses" in clerk.client.get(clerk.list).text
    stored = session.scalars(select(Submission).order_by(Submission.id)).all()
    assert [
        (row.actor_type, row.region_code, row.source_id, row.source_row.get("Note"))
        for row in stored
    ] == [
        ("citizen", "08", "1", "x"),
        ("association", "09", "2", None),
    ]


def test_pressing_import_again_shows_the_same_import(clerk: Clerk, session: Session) -> None:
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS)

    first, second = clerk.decide("confirm"), clerk.decide("confirm")

    assert (first.location, total(session)) == (second.location, 2)
    assert clerk.client.get(clerk.place).location == first.location


def test_two_clicks_at_once_import_once(clerk: Clerk, session: Session, app: Flask) -> None:
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS)
    cookie = clerk.client.get_cookie("session")
    assert cookie
    start = Barrier(2)

    def click(_number: int) -> str:
        """Press the button in a browser of its own, signed in alike."""
        browser = app.test_client()
        browser.set_cookie("session", cookie.value)
        start.wait()
        return browser.post(clerk.place, data={"decision": "confirm"}).location or ""

    with ThreadPoolExecutor(2) as pool:
        places = list(pool.map(click, range(2)))

    assert places[0] == places[1] != ""
    assert total(session) == 2


def test_who_waits_for_a_turn_holds_no_lock_of_the_database(
    clerk: Clerk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS)
    held: list[bool] = []
    flock = uploads.fcntl.flock

    def wait(file: Any, how: int) -> None:
        """Note whether the request is in a transaction when its turn has yet to come."""
        held.append(db.session().in_transaction())
        flock(file, how)

    monkeypatch.setattr(uploads.fcntl, "flock", wait)
    clerk.decide("confirm")

    assert held == [False]
    assert total(session) == 2


def test_the_same_file_by_the_page_again_adds_nothing(clerk: Clerk, session: Session) -> None:
    for _ in range(2):
        clerk.send_rows(ROWS)
        clerk.columns(*FIELDS)
        done = clerk.decide("confirm")

    assert total(session) == 2
    again = session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
    assert again
    assert (again.n_added, again.n_known) == (0, 2)
    assert done.location.endswith(f"/batches/{again.id}")


def test_refused_rows_are_shown_and_hold_everything_back(clerk: Clerk, session: Session) -> None:
    clerk.send_rows([*ROWS, (3, "martien", "Mars", "Un texte", "z", "")])
    clerk.columns(*FIELDS)

    page = clerk.check()
    assert page.count('<th scope="row"><bdi dir="ltr">4</bdi></th>') == 3
    assert "martien" in page
    refused = clerk.decide("confirm")

    assert (refused.status_code, total(session)) == (422, 0)
    report = clerk.client.get(f"{clerk.place}/refused.csv")
    assert report.mimetype == "text/csv"
    assert report.data.decode("utf-8-sig").count("\r\n") == 4


def test_the_other_rows_enter_when_the_box_is_ticked(clerk: Clerk, session: Session) -> None:
    clerk.send_rows([*ROWS, (3, "martien", "Mars", "Un texte", "z", "")])
    clerk.columns(*FIELDS)

    done = clerk.decide("confirm", accept_valid="y")

    assert total(session) == 2
    assert "martien" in clerk.client.get(done.location).text
    assert (
        clerk.client.get(f"{done.location}/refused.csv").data.decode("utf-8-sig").count("\r\n") == 4
    )


def test_words_can_be_given_a_meaning(clerk: Clerk, session: Session) -> None:
    clerk.send_rows([HEADER, (1, "martien", "08", "Un texte", "verte", "")])
    clerk.columns(*FIELDS)
    offered = re.findall(
        r'name="field" value="(.*?)"><input type="hidden" name="old" value="(.*?)"', clerk.check()
    )
    assert offered == [("actor_type", "martien"), ("one", "verte")]

    clerk.decide(
        "values", field=["actor_type", "one"], old=["martien", "verte"], new=["expert", ""]
    )
    assert "martien" not in clerk.check()
    clerk.decide("values", field=["one"], old=["verte"], new=["c"])
    clerk.decide("confirm")

    stored = session.scalars(select(Submission)).one()
    assert (stored.actor_type, stored.source_row["Qualité"]) == ("expert", "martien")


def test_a_meaning_that_does_not_exist_leads_back_to_the_columns(clerk: Clerk) -> None:
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS)
    clerk.decide("values", field=["actor_type", "nothing"], old=["ONG", "x"], new=["martian", "y"])

    page = clerk.check()

    assert "martian" in page
    assert 'name="column_0"' in page


def test_a_default_capacity_and_a_source_serve_the_whole_file(
    clerk: Clerk, session: Session
) -> None:
    clerk.send_rows(
        [HEADER, (1, "martien", "08", "Un texte", "", ""), (2, "", "08", "Un autre", "", "")]
    )
    clerk.columns(*FIELDS, default_actor="unknown", source=" ateliers ", identity=["N°", "Note"])
    clerk.check()
    clerk.decide("confirm")

    stored = session.scalars(select(Submission)).all()
    assert [(row.actor_type, row.source) for row in stored] == [("unknown", "ateliers")] * 2
    assert [row.source_id for row in stored] == ["1 | ", "2 | "]


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        (("source_id", "", "region", "story"), {}),
        (("", "actor_type", "", "", "", ""), {}),
        (("story", "actor_type", "region", "story"), {}),
        (("nothing",), {}),
        (FIELDS, {"source": "x" * 81}),
        (FIELDS, {"default_actor": "martian"}),
        (FIELDS, {"identity": ["?"]}),
    ],
)
def test_columns_that_do_not_hold_together_are_refused_with_everything_kept(
    clerk: Clerk, fields: tuple[str, ...], values: dict[str, Any]
) -> None:
    clerk.send_rows(ROWS)

    response = clerk.columns(*fields, **values)

    assert response.status_code == 422
    assert 'name="column_5"' in response.text


def test_another_sheet_begins_anew(clerk: Clerk, tmp_path: Path, session: Session) -> None:
    clerk.send(
        write_xlsx(tmp_path / "a.xlsx", ROWS, Other=[("who", "words"), ("citizen", "Un texte")])
    )

    assert clerk.columns(*FIELDS, sheet="Other").location == clerk.place
    assert "words" in clerk.client.get(clerk.place).text
    clerk.columns("actor_type", "story", sheet="Other")
    clerk.decide("confirm")

    assert total(session) == 1


def test_a_file_can_be_given_up(clerk: Clerk, app: Flask) -> None:
    clerk.send_rows(ROWS)

    assert clerk.decide("discard").location == clerk.list
    assert kept_files(app) == []
    assert clerk.client.get(clerk.place).status_code == 404


def test_a_button_that_does_not_exist_does_nothing(clerk: Clerk, app: Flask) -> None:
    clerk.send_rows(ROWS)

    assert clerk.decide("explode").status_code == 303
    assert len(kept_files(app)) == 1


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02" * 50, "Texte\nété\n".encode("cp1252"), b"a,a\n1,2\n"]
)
def test_files_that_cannot_be_read_are_refused_on_the_page(
    clerk: Clerk, app: Flask, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    response = clerk.send(path)

    assert response.status_code == 422
    assert 'id="file-error"' in response.text
    assert kept_files(app) == []


def test_an_encoding_can_be_stated(clerk: Clerk, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("Texte",), ("Un été à l'école",)], encoding="cp1252")

    assert clerk.send(path, encoding="cp1252").status_code == 303
    assert "Un été à l&#39;école" in clerk.client.get(clerk.place).text


def test_a_bomb_is_refused_on_the_page(clerk: Clerk, tmp_path: Path, app: Flask) -> None:
    assert clerk.send(write_bomb(tmp_path / "a.xlsx", size=210_000_000)).status_code == 422
    assert kept_files(app) == []


@pytest.mark.parametrize("size", [101, 102])
def test_a_file_over_a_hundred_megabytes_is_too_large(
    clerk: Clerk, tmp_path: Path, app: Flask, size: int
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"text\n" + b"some words of text\n" * (size * 1024 * 1024 // 19))

    response = clerk.send(path)

    assert response.status_code == 413
    assert kept_files(app) == []


def test_no_file_is_an_error_of_the_form(clerk: Clerk) -> None:
    assert clerk.client.post(clerk.list, data={}).status_code == 422


def test_too_many_rows_for_the_page_are_told(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MAX_ROWS", 1)
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS)

    assert 'role="alert"' in clerk.check()


def test_uploaded_files_expire(clerk: Clerk, app: Flask) -> None:
    clerk.send_rows(ROWS)
    old = clerk.place
    app.extensions["clock"] = lambda: NOW + timedelta(hours=24)

    assert clerk.client.get(old).status_code == 404
    clerk.send_rows(ROWS)

    assert len(kept_files(app)) == 1


def test_uploaded_files_are_for_their_owner_alone(
    clerk: Clerk, app: Flask, sign_in: Callable[..., int]
) -> None:
    clerk.send_rows(ROWS)
    sign_in(clerk.client, Role.ADMINISTRATOR)

    assert clerk.client.get(clerk.place).status_code == 404
    assert clerk.decide("discard").status_code == 404
    assert clerk.client.get(f"{clerk.place}/refused.csv").status_code == 404
    assert len(kept_files(app)) == 1
    about = next((app.config["INSTANCE"] / "uploads").glob("*/about.json"))
    assert json.loads(about.read_text())["file_name"] == "rows.csv"
    assert about.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("token", ["x", "a" * 32, "..%2F..%2Fetc", "a" * 31 + "."])
def test_made_up_tokens_lead_nowhere(clerk: Clerk, token: str) -> None:
    assert clerk.client.get(f"/fr/staff/imports/{token}").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_only_some_roles_import(
    client: CheckedClient,
    sign_in: Callable[..., int],
    consultation: Consultation,
    tmp_path: Path,
    role: Role,
) -> None:
    sign_in(client, role)
    clerk = Clerk(client, consultation.slug, tmp_path)
    may = role in {Role.ADMINISTRATOR, Role.ANALYST, Role.DATA_ENTRY}

    assert client.get(clerk.list).status_code == (200 if may else 403)
    assert clerk.send_rows(ROWS).status_code == (303 if may else 403)


def test_visitors_are_sent_to_sign_in(client: CheckedClient, consultation: Consultation) -> None:
    assert "/sign-in" in client.get(IMPORTS.format(consultation.slug)).location


def test_an_agent_of_one_region_imports_its_rows_and_sees_only_their_own_imports(
    clerk: Clerk, sign_in: Callable[..., int], session: Session
) -> None:
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS)
    others = clerk.decide("confirm").location
    sign_in(clerk.client, Role.DATA_ENTRY, region="08")

    assert clerk.client.get(others).status_code == 403
    assert "rows.csv" not in clerk.client.get(clerk.list).text
    clerk.send_rows(
        [HEADER, (3, "citizen", "08", "Un texte", "", ""), (4, "citizen", "09", "Un texte", "", "")]
    )
    clerk.columns(*FIELDS)
    own = clerk.decide("confirm", accept_valid="y").location

    assert clerk.client.get(own).status_code == 200
    assert total(session) == 3


def test_an_agent_of_another_consultation_is_kept_out(
    client: CheckedClient, sign_in: Callable[..., int], consultation: Consultation, session: Session
) -> None:
    other = rich_consultation()
    slug, others = consultation.slug, other.id
    session.rollback()
    sign_in(client, Role.DATA_ENTRY, consultation=others)

    assert client.get(IMPORTS.format(slug)).status_code == 403


def test_rights_that_are_withdrawn_close_the_upload(clerk: Clerk, session: Session) -> None:
    from app.accounts.models import Grant

    clerk.send_rows(ROWS)
    session.execute(Grant.__table__.delete())
    session.commit()

    assert clerk.client.get(clerk.place).status_code == 403


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_page_is_sound_in_every_language(clerk: Clerk, lang: str) -> None:
    clerk.send_rows([*ROWS, (3, "martien", "Mars", "Un texte", "z", "")])
    clerk.columns(*FIELDS)
    place = clerk.place.replace("/fr/", f"/{lang}/")
    pages = [clerk.list.replace("/fr/", f"/{lang}/"), place, f"{place}?step=check"]

    assert [clerk.client.get(page).status_code for page in pages] == [200] * 3
    done = clerk.decide("confirm", accept_valid="y").location.replace("/fr/", f"/{lang}/")
    assert clerk.client.get(done).status_code == 200


def test_an_import_that_does_not_exist_is_not_found(clerk: Clerk) -> None:
    assert clerk.client.get("/fr/staff/imports/batches/999").status_code == 404
