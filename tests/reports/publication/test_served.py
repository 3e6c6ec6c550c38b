"""Words withdrawn after publication leave the files that are served; what was published stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.reports.models import Report
from app.reports.publishing.opening import open_archive
from app.reports.publishing.served import archive_shown
from app.reports.publishing.verifying import examined
from app.submissions.afterwards.forgetting import erase_everything
from app.submissions.afterwards.operations import take_back, withdraw
from app.submissions.models import Redaction, Submission
from tests.pages import CheckedClient
from tests.reports.publication.conftest import Copy, content


def hide(session: Session, submission: Submission, *, now: Any) -> None:
    """Let moderation hide a contribution."""
    submission.hidden_reason = "insult"
    session.flush()


def mask(session: Session, submission: Submission, *, now: Any) -> None:
    """Let a moderator mask words of a contribution."""
    answer = next(answer for answer in submission.answers if answer.text)
    session.add(
        Redaction(
            answer_id=answer.id,
            start=3,
            end=9,
            kind="name",
            source="staff",
            created_at=now + timedelta(hours=1),
        )
    )
    session.flush()


WAYS = [withdraw, erase_everything, hide, mask]


def address(report: Report, path: str, lang: str = "en") -> str:
    """Return the address of something of a version."""
    return f"/{lang}/consultations/{report.consultation.slug}/reports/{report.version}/{path}"


def quoted(session: Session, report: Report) -> tuple[Submission, str, str]:
    """Return a contribution that is quoted, its words, and the identifier of the claim."""
    claim = next(c for c in report.body["claims"] if c["kind"] == "quotation")
    number = int(claim["about"]["number"].removeprefix("S-"))
    return session.get_one(Submission, number), claim["about"]["words"], claim["id"]


@pytest.mark.parametrize("way", WAYS)
def test_no_file_says_the_words_any_more_and_all_say_that_they_are_gone(
    client: CheckedClient, session: Session, report: Report, now: Any, way: Callable[..., None]
) -> None:
    submission, words, _claim = quoted(session, report)
    number, stored = submission.public_number, content(report, "zip")
    files = ("open-data.zip", "claims.json", "data/passages.csv", "data/data.json")
    before = client.get(address(report, "open-data.zip"))
    assert before.data == stored
    assert words in client.get(address(report, "data/passages.csv")).text

    way(session, submission, now=now)
    session.commit()
    after = {name: client.get(address(report, name)) for name in files}

    archive = open_archive(after["open-data.zip"].data, "served")
    everything = b"".join(archive.values()).decode() + "".join(
        answer.text for name, answer in after.items() if name != "open-data.zip"
    )
    assert words not in everything
    copy = Copy(archive)
    row = next(row for row in copy.rows("passages") if row["number"] == number)
    assert row["text"] == ""
    assert row["sha256"]
    told = client.get(address(report, "data/withheld.csv")).text
    assert number in told
    assert after["open-data.zip"].headers["ETag"] != before.headers["ETag"]
    session.expire_all()
    assert content(report, "zip") == stored


@pytest.mark.parametrize("way", WAYS)
def test_the_served_copy_still_proves_every_count(
    client: CheckedClient, session: Session, report: Report, now: Any, way: Callable[..., None]
) -> None:
    submission, _words, _claim = quoted(session, report)
    way(session, submission, now=now)
    session.commit()
    found = examined(open_archive(client.get(address(report, "open-data.zip")).data, "served"))
    assert [wrong.line() for wrong in found.problems] == []
    assert found.withheld == 1


def test_words_that_are_taken_back_are_served_again(
    session: Session, report: Report, now: Any, tmp_path: Path
) -> None:
    submission, _words, _claim = quoted(session, report)
    stored = content(report, "zip")
    withdraw(session, submission, now=now)
    served = archive_shown(session, report, tmp_path)
    assert served is not None
    assert served.content != stored
    assert [path.suffix for path in tmp_path.iterdir()] == [".zip"]
    assert archive_shown(session, report, tmp_path) == served
    take_back(session, submission, now=now)
    again = archive_shown(session, report, tmp_path)
    assert again is not None
    assert again.content == stored


def test_a_file_made_again_takes_the_place_of_the_one_before(
    session: Session, report: Report, now: Any, tmp_path: Path
) -> None:
    numbers = [c["about"]["number"] for c in report.body["claims"] if c["kind"] == "quotation"]
    for number in numbers[:2]:
        withdraw(session, session.get_one(Submission, int(number.removeprefix("S-"))), now=now)
        archive_shown(session, report, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "A quotation was withdrawn at the request of its author.")],
)
def test_the_evidence_page_shows_the_words_until_they_are_withdrawn(
    client: CheckedClient, session: Session, report: Report, now: Any, lang: str, sentence: str
) -> None:
    submission, words, claim = quoted(session, report)
    pages = [address(report, f"claims/{name}", lang) for name in (claim, "summary.first")]
    assert all(words in client.get(page).text for page in pages)
    withdraw(session, submission, now=now)
    session.commit()
    for page in pages:
        shown = client.get(page).text
        assert words not in shown
        assert sentence in shown


def test_a_later_analysis_changes_no_evidence(
    client: CheckedClient, session: Session, report: Report, corpus: Any
) -> None:
    page = address(report, "claims/summary.first")
    before = client.get(page).text
    corpus.says("Une voix venue plus tard.", corpus.themes[0], region_code="08")
    session.commit()
    assert client.get(page).text == before


def test_the_list_of_files_says_that_one_was_made_again(
    client: CheckedClient, session: Session, report: Report, now: Any
) -> None:
    page = f"/en/consultations/{report.consultation.slug}/reports"
    assert "Made again" not in client.get(page).text
    withdraw(session, quoted(session, report)[0], now=now)
    session.commit()
    assert client.get(page).text.count("Made again") == 4
