"""The common draft of an organisation: who edits, comments, approves and signs it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation
from app.core.access import Role
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import DomainError, ForbiddenError
from app.organisations.errors import MandateEndedError, MandateTooNarrowError, NotVerifiedError
from app.organisations.models import MandateRole, Organisation
from app.submissions.errors import (
    ConsentMissingError,
    ConsultationNotOpenError,
    NoticeChangedError,
)
from app.submissions.models import Draft, Position, PositionApproval, PositionEdit, Submission
from app.submissions.operations import begin_draft
from app.submissions.positions import errors, operations, queries, signing
from tests.factories import ConsultationFactory, OrganisationFactory, UserFactory, mandate
from tests.pages import CheckedClient
from tests.submissions.way import Visitor

PASSWORD = "a long enough password"


class Association:
    """A verified organisation with its people, in an open consultation."""

    def __init__(self, **columns: Any) -> None:
        self.organisation: Organisation = OrganisationFactory(**columns)
        self.consultation: Consultation = ConsultationFactory()
        self.signatory, self.delegate, self.second, self.member = (
            UserFactory(name=name, password=PASSWORD) for name in ("Amina", "Driss", "Hind", "Omar")
        )
        for person, role in (
            (self.signatory, MandateRole.SIGNATORY),
            (self.delegate, MandateRole.DELEGATE),
            (self.second, MandateRole.DELEGATE),
            (self.member, MandateRole.MEMBER),
        ):
            mandate(self.organisation, person, role)
        db.session.commit()

    def begin(self, now: datetime) -> Position:
        """Begin the common draft."""
        return operations.begin(
            db.session(), self.delegate, self.organisation, self.consultation, lang="fr", now=now
        )

    def write(
        self,
        position: Position,
        text: str,
        now: datetime,
        *,
        by: User | None = None,
        seen: int = 99,
    ) -> PositionEdit | None:
        """Write the answer to ``story``."""
        return operations.edit(
            db.session(),
            by or self.delegate,
            position,
            2,
            {"story": text},
            is_done=True,
            seen=seen,
            lang="fr",
            now=now,
        )

    def ready(self, now: datetime) -> Position:
        """Write a draft that can be signed."""
        position = self.begin(now)
        self.write(position, "Un centre par commune.", now)
        return position

    def sign(self, position: Position, now: datetime, **changes: Any) -> Submission:
        """Sign it as the signatory, unless told otherwise."""
        draft = position.draft
        values = {
            "revision": draft.revision if draft else 0,
            "function": "Présidente",
            "notice_id": self.consultation.notice.id,
            "has_agreed": True,
            "lang": "fr",
            "now": changes.pop("when", now),
        } | changes
        return signing.sign(db.session(), values.pop("by", self.signatory), position, **values)


def official(session: Session) -> list[Submission]:
    """Return the official positions that stand."""
    return list(
        session.scalars(
            select(Submission).where(Submission.is_official, Submission.state == "received")
        )
    )


def test_the_draft_begins_with_what_the_registry_knows(session: Session, now: datetime) -> None:
    people = Association(province_code="06.141")

    position = people.begin(now)

    assert position.draft is not None
    assert position.draft.values == {
        "actor_type": "association",
        "organisation": people.organisation.name["fr"],
        "place": {"region": "06", "province": "06.141"},
    }
    assert people.begin(now).id == position.id


def test_an_edit_says_who_changed_what(session: Session, now: datetime) -> None:
    people = Association()
    position = people.begin(now)

    people.write(position, "D’abord.", now)
    people.write(position, "Ensuite.", now, by=people.second)
    unchanged = people.write(position, "Ensuite.", now)

    edits = session.scalars(queries.edits_of(position)).all()
    assert unchanged is None
    assert [(edit.user.name, edit.changes) for edit in edits] == [
        ("Hind", {"story": ["D’abord.", "Ensuite."]}),
        ("Driss", {"story": [None, "D’abord."]}),
    ]


def test_a_member_reads_and_comments_but_does_not_edit(session: Session, now: datetime) -> None:
    people = Association()
    position = people.begin(now)

    with pytest.raises(MandateTooNarrowError):
        people.write(position, "Non.", now, by=people.member)
    with pytest.raises(MandateTooNarrowError):
        operations.propose(session, people.member, position, revision=0, now=now)
    remark = operations.comment(
        session, people.member, position, question="story", body="Et les jeunes ?", now=now
    )

    assert remark.question_key == "story"
    with pytest.raises(errors.CommentMissingError):
        operations.comment(session, people.member, position, question="", body=" ", now=now)


def test_an_ended_mandate_edits_nothing(session: Session, now: datetime) -> None:
    people = Association()
    position = people.begin(now)
    held = people.organisation.mandates[1]
    held.revoked_at = now
    session.flush()

    with pytest.raises(MandateEndedError):
        people.write(position, "Trop tard.", now)


def test_who_speaks_cannot_be_edited(session: Session, now: datetime) -> None:
    people = Association()
    position = people.begin(now)

    operations.edit(
        session,
        people.delegate,
        position,
        1,
        {"actor_type": "citizen", "organisation": "Autre"},
        is_done=True,
        seen=0,
        lang="fr",
        now=now,
    )

    assert position.draft is not None
    assert position.draft.values["actor_type"] == "association"


def test_two_delegates_on_one_answer_are_shown_both_texts(session: Session, now: datetime) -> None:
    people = Association()
    position = people.begin(now)
    people.write(position, "Base.", now)
    seen = position.draft.revision if position.draft else 0
    people.write(position, "Version de Driss.", now, seen=seen)

    with pytest.raises(errors.PositionConflictError) as conflict:
        people.write(position, "Version de Hind.", now, by=people.second, seen=seen)

    assert conflict.value.theirs == {"story": "Version de Driss."}
    assert position.draft is not None
    assert position.draft.values["story"] == "Version de Driss."


def test_two_delegates_on_different_answers_of_a_section_are_both_kept(
    session: Session, now: datetime
) -> None:
    people = Association()
    position = people.begin(now)
    first = {"place": {"region": "06"}, "story": ""}

    def keep(by: User, seen: int, **typed: Any) -> None:
        """Send a whole form, as a page does."""
        operations.edit(
            session, by, position, 1, first | typed,
            is_done=True, seen=seen, lang="fr", now=now,
        )  # fmt: skip

    keep(people.delegate, 0, place={"region": "07"})
    keep(people.second, 0, story="Mon texte.")

    assert position.draft is not None
    assert position.draft.values["place"] == {"region": "07"}
    assert position.draft.values["story"] == "Mon texte."


def test_a_later_edit_makes_approvals_stale_and_takes_the_proposal_back(
    session: Session, now: datetime
) -> None:
    people = Association()
    position = people.ready(now)
    assert position.draft is not None
    read = position.draft.revision
    with pytest.raises(errors.NotProposedError):
        operations.approve(session, people.second, position, revision=read, now=now)
    operations.propose(session, people.delegate, position, revision=read, now=now)
    operations.approve(session, people.second, position, revision=read, now=now)
    operations.approve(session, people.second, position, revision=read, now=now)

    people.write(position, "Changé.", now)

    assert position.state == "drafting"
    approval = session.scalars(select(PositionApproval)).one()
    assert approval.revision != position.draft.revision
    with pytest.raises(errors.RevisionChangedError):
        operations.approve(session, people.second, position, revision=read, now=now)


def test_an_incomplete_draft_is_not_proposed_nor_signed(session: Session, now: datetime) -> None:
    people = Association()
    position = people.begin(now)
    assert position.draft is not None
    position.draft.values = {**position.draft.values, "place": {}}
    session.flush()

    with pytest.raises(errors.PositionIncompleteError):
        operations.propose(session, people.delegate, position, revision=0, now=now)
    with pytest.raises(errors.PositionIncompleteError):
        people.sign(position, now)


def test_the_signature_makes_one_official_position(session: Session, now: datetime) -> None:
    people = Association(actor_type="cooperative")
    position = people.ready(now)

    sent = people.sign(position, now)
    again = people.sign(position, now)

    assert sent.id == again.id
    assert official(session) == [sent]
    assert (sent.actor_type, sent.organisation_id) == ("cooperative", people.organisation.id)
    assert sent.organisation == people.organisation.name["fr"]
    assert sent.idempotency_key == f"position:{position.id}"
    assert sent.region_code == "06"
    assert sent.consent is not None
    assert [answer.text for answer in sent.answers if answer.text] == ["Un centre par commune."]
    assert (position.state, position.signed_as) == ("signed", "Présidente")
    with pytest.raises(errors.PositionSignedError):
        people.write(position, "Après.", now)


@pytest.mark.parametrize("state", ["declared", "refused"])
def test_an_organisation_that_is_not_verified_does_not_sign(
    session: Session, now: datetime, state: str
) -> None:
    people = Association()
    position = people.ready(now)
    people.organisation.state = state
    people.organisation.decided_at = None if state == "declared" else now
    session.flush()

    with pytest.raises((NotVerifiedError, ForbiddenError)):
        people.sign(position, now)

    assert not official(session)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"has_agreed": False}, ConsentMissingError),
        ({"notice_id": 0}, NoticeChangedError),
        ({"function": " "}, errors.FunctionMissingError),
        ({"revision": 0}, errors.RevisionChangedError),
        ({"when": datetime(2030, 1, 1, tzinfo=UTC)}, ConsultationNotOpenError),
    ],
)
def test_a_signature_that_lacks_something_is_refused(
    session: Session, now: datetime, changes: dict[str, Any], error: type[Exception]
) -> None:
    people = Association()
    position = people.ready(now)

    with pytest.raises(error):
        people.sign(position, now, **changes)

    assert not official(session)


def test_a_delegate_does_not_sign_nor_does_a_signatory_whose_mandate_ended(
    session: Session, now: datetime
) -> None:
    people = Association()
    position = people.ready(now)

    with pytest.raises(MandateTooNarrowError):
        people.sign(position, now, by=people.delegate)
    people.organisation.mandates[0].ends_on = (now - timedelta(days=2)).date()
    session.flush()
    with pytest.raises(MandateEndedError):
        people.sign(position, now)


def test_a_reopened_position_is_withdrawn_kept_and_signed_anew(
    session: Session, now: datetime
) -> None:
    people = Association()
    position = people.ready(now)
    first = people.sign(position, now)

    with pytest.raises(MandateTooNarrowError):
        signing.reopen(session, people.delegate, position, now=now)
    signing.reopen(session, people.signatory, position, now=now)
    with pytest.raises(errors.NothingToReopenError):
        signing.reopen(session, people.signatory, position, now=now)
    people.write(position, "Deux centres par commune.", now)
    second = people.sign(position, now)

    assert official(session) == [second]
    assert (first.state, first.answers[-1].text) == ("withdrawn", "Un centre par commune.")
    with pytest.raises(ConsultationNotOpenError):
        signing.reopen(session, people.signatory, position, now=people.consultation.closes_at)


def test_the_common_draft_outlives_the_drafts_of_visitors(session: Session, now: datetime) -> None:
    people = Association()
    position = people.ready(now)

    begin_draft(session, ConsultationFactory(closes_at=now + timedelta(days=300)), lang="fr",
                now=now + timedelta(days=100))  # fmt: skip

    assert session.get(Draft, position.draft_id) is not None


def test_two_signatures_at_once_give_one_position(app: Flask, session: Session) -> None:
    now = app.extensions["clock"]()
    people = Association()
    position = people.ready(now)
    session.commit()
    identity, signatory = position.id, people.signatory.id
    revision, notice = position.draft.revision, people.consultation.notice.id
    session.rollback()
    start, made, failed = threading.Barrier(4), [], []

    def sign() -> None:
        """Sign in a thread with a session of its own."""
        with app.app_context():
            start.wait(timeout=10)
            try:
                row = signing.sign(
                    db.session(),
                    db.session.get(User, signatory),
                    db.session.get(Position, identity),
                    revision=revision,
                    function="Présidente",
                    notice_id=notice,
                    has_agreed=True,
                    lang="fr",
                    now=now,
                )
                made.append(row.id)
                db.session.commit()
            except DomainError as error:
                db.session.rollback()
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=sign) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert not failed
    assert len(made) == 4
    assert len(set(made)) == 1
    assert len(official(session)) == 1


# --- pages --------------------------------------------------------------------------------------


def enter(client: CheckedClient, user: User) -> None:
    """Sign a client in as somebody."""
    with client.session_transaction() as cookie:
        cookie["_user_id"] = user.fs_uniquifier
        cookie["_fresh"] = True


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_position_goes_from_its_first_word_to_the_signature_without_a_script(
    session: Session, client: CheckedClient, lang: str
) -> None:
    people = Association()
    base = f"/{lang}/space/{people.organisation.id}/{people.consultation.slug}"
    enter(client, people.delegate)
    assert client.get(f"/{lang}/space").status_code == 200
    assert client.get(base).status_code == 200
    client.post(f"{base}/begin")
    kept = client.post(
        f"{base}/sections/2", data={"q-story": "Un guichet par douar.", "seen": "0", "go": "next"}
    )
    assert kept.status_code == 303
    revision = str(session.scalars(select(Draft)).one().revision)
    client.post(f"{base}/propose", data={"revision": revision})

    enter(client, people.member)
    client.post(f"{base}/comments", data={"question": "story", "body": "Et les femmes ?"})
    assert "Et les femmes ?" in client.get(base).text
    assert client.get(f"{base}/sign").status_code == 403

    enter(client, people.second)
    client.post(f"{base}/approve", data={"revision": revision})

    enter(client, people.signatory)
    page = client.get(f"{base}/sign")
    assert "Un guichet par douar." in page.text
    data = {
        "revision": revision,
        "notice": str(people.consultation.notice.id),
        "function": "Présidente",
        "agree": "y",
    }
    assert client.post(f"{base}/sign", data=data | {"password": "wrong"}).status_code == 422
    assert not official(session)
    session.rollback()
    assert client.post(f"{base}/sign", data=data | {"password": PASSWORD}).status_code == 303

    sent = official(session)[0]
    enter(client, people.member)
    assert sent.receipt_code[:4] in client.get(base).text


def test_a_conflict_page_keeps_mine_in_the_field_and_shows_theirs(
    session: Session, client: CheckedClient, now: datetime
) -> None:
    people = Association()
    position = people.begin(now)
    people.write(position, "Le texte de Driss.", now)
    session.commit()
    base = f"/fr/space/{people.organisation.id}/{people.consultation.slug}/sections/2"
    enter(client, people.second)

    answer = client.post(base, data={"q-story": "Le texte de Hind.", "seen": "0"})

    assert answer.status_code == 409
    assert "Le texte de Driss." in answer.text
    assert "Le texte de Hind.</textarea>" in answer.text
    assert 'name="seen" value="1"' in answer.text
    assert client.post(base, data={"q-story": "Les deux.", "seen": "1"}).status_code == 303


def test_nobody_outside_enters_a_space(
    session: Session, client: CheckedClient, sign_in: Callable[..., Any], now: datetime
) -> None:
    people = Association()
    people.begin(now)
    base = f"/fr/space/{people.organisation.id}/{people.consultation.slug}"
    sign_in(client, Role.ADMINISTRATOR)

    answers = [client.get(base), client.get(f"{base}/sign"), client.get(f"{base}/sections/1")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_a_remark_is_closed_by_its_author_or_a_delegate(session: Session, now: datetime) -> None:
    people = Association()
    position = people.begin(now)
    other = UserFactory()
    mandate(people.organisation, other, MandateRole.MEMBER)
    remark = operations.comment(
        session, people.member, position, question="", body="À revoir.", now=now
    )

    with pytest.raises(MandateTooNarrowError):
        operations.resolve(session, other, position, remark.id, now=now)
    operations.resolve(session, people.member, position, remark.id, now=now)

    assert remark.resolved_by_id == people.member.id


def test_a_member_who_answers_personally_leaves_no_trace_of_who_they_are(
    session: Session, client: CheckedClient
) -> None:
    people = Association()
    enter(client, people.member)
    visitor = Visitor(client, people.consultation.slug)

    visitor.begin()
    visitor.fill(1, actor_type="association", organisation=people.organisation.name["fr"],
                 q_place_region="06")  # fmt: skip
    visitor.fill(2, q_story="En mon nom.")
    visitor.send()

    said = session.scalars(select(Submission)).one()
    assert (said.organisation_id, said.is_official) == (people.organisation.id, False)
    assert not session.scalars(select(AuditEntry)).all()
