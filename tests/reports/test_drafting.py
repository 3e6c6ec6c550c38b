"""Drafts: changed by one at a time, discussed, approved by two, published by a job."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.core.access import Role, System
from app.core.errors import ForbiddenError, NotFoundError
from app.core.jobs import Job, JobState
from app.core.jobs import run as run_job
from app.reports.body import digest, record
from app.reports.drafting import comments, outlines, publishing
from app.reports.drafting import operations as drafting
from app.reports.drafting.refusals import refusal_of
from app.reports.errors import (
    DraftChangedError,
    DraftExistsError,
    NoDraftError,
    NotApprovedError,
    NoWordsError,
    SectionFixedError,
    UnknownSectionError,
    WordsTooLongError,
)
from app.reports.models import Report, ReportApproval, ReportDraft
from app.submissions.models import Answer
from tests import factories
from tests.reports.publishing import approver

HIDE = partial(lambda name, outline, sections: outlines.hide(outline, sections, name), "minority")


@pytest.fixture
def draft(session, corpus, now):
    return drafting.start(session, System(), corpus.consultation, now=now)


def said(fr="", ar=""):
    """Return a decision: words in the summary."""
    return lambda outline, sections: outlines.write(
        outline, sections, "summary", words={"fr": fr, "ar": ar}
    )


def approved(session, draft, now):
    """Have two people approve."""
    people = [approver(), approver()]
    for person in people:
        drafting.approve(session, person, draft, sha256=draft.sha256, now=now)
    return people


def test_one_action_writes_a_complete_draft(draft, corpus):
    kinds = [section["kind"] for section in draft.body["sections"]]
    assert kinds[:2] == ["summary", "participation"]
    assert kinds.count("region") == 12
    assert kinds[-3:] == ["set_aside", "method", "annexes"]
    assert draft.sha256 == digest(draft.body)


def test_a_consultation_has_one_open_draft(session, draft, corpus, now):
    with pytest.raises(DraftExistsError):
        drafting.start(session, System(), corpus.consultation, now=now)


def test_of_two_editors_who_saw_the_same_the_second_is_told(session, draft, now):
    drafting.change(session, System(), draft, HIDE, seen=1, now=now)
    with pytest.raises(DraftChangedError):
        drafting.change(session, System(), draft, said("Deux."), seen=1, now=now)
    assert draft.revision == 2
    assert "narrative" not in draft.outline


def test_a_change_keeps_the_figures_and_a_renewal_takes_the_new_ones(session, draft, corpus, now):
    before = draft.body["participation"]["submissions"]
    corpus.says("Encore une crèche.", corpus.themes[0])

    drafting.change(session, System(), draft, HIDE, seen=1, now=now)
    assert draft.body["participation"]["submissions"] == before
    came = record.since(session, draft.consultation_id, draft.run_id, draft.cells)
    assert (came.came, came.gone) == (1, 0)

    drafting.renew(session, System(), draft, seen=2, now=now)
    assert draft.body["participation"]["submissions"] == before + 1
    assert "minority" not in [one["id"] for one in draft.body["sections"]]
    assert not record.since(session, draft.consultation_id, draft.run_id, draft.cells)


def test_a_refused_decision_changes_nothing(session, draft, now):
    session.commit()
    with pytest.raises(SectionFixedError):
        drafting.change(
            session,
            System(),
            draft,
            lambda outline, sections: outlines.hide(outline, sections, "method"),
            seen=1,
            now=now,
        )
    session.rollback()
    assert session.get(ReportDraft, draft.id).revision == 1


def test_approvals_lapse_with_any_change_and_come_back_with_the_same_state(session, draft, now):
    approved(session, draft, now)
    drafting.change(session, System(), draft, HIDE, seen=1, now=now)
    assert drafting.approvals(draft) == []

    show = partial(lambda name, o, s: outlines.show(o, s, name), "minority")
    drafting.change(session, System(), draft, show, seen=2, now=now)
    assert len(drafting.approvals(draft)) == 2


def test_one_person_twice_is_one_approval(session, draft, now):
    person = approver()
    for _click in range(2):
        drafting.approve(session, person, draft, sha256=draft.sha256, now=now)
    assert session.scalar(select(func.count()).select_from(ReportApproval)) == 1
    with pytest.raises(NotApprovedError) as refused:
        publishing.ask(session, person, draft, sha256=draft.sha256, now=now)
    assert refused.value.values["count"] == 1


def test_what_was_not_shown_cannot_be_approved(session, draft, now):
    shown = draft.sha256
    drafting.change(session, System(), draft, HIDE, seen=1, now=now)
    with pytest.raises(DraftChangedError):
        drafting.approve(session, approver(), draft, sha256=shown, now=now)


def test_an_approval_can_be_taken_back(session, draft, now):
    first, _second = approved(session, draft, now)
    drafting.withdraw_approval(session, first, draft, now=now)
    drafting.withdraw_approval(session, first, draft, now=now)
    assert [row.user_id for row in drafting.approvals(draft)] == [_second.id]


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.COORDINATOR, Role.MODERATOR])
def test_only_analysts_and_administrators_write_and_approve(session, draft, now, role):
    person = factories.UserFactory()
    factories.grant(person, role)
    with pytest.raises(ForbiddenError):
        drafting.change(session, person, draft, HIDE, seen=1, now=now)
    with pytest.raises(ForbiddenError):
        drafting.approve(session, person, draft, sha256=draft.sha256, now=now)
    with pytest.raises(ForbiddenError):
        comments.comment(session, person, draft, text="Non.", now=now)


def test_a_draft_given_up_is_kept_and_another_can_be_written(session, draft, corpus, now):
    comments.comment(session, approver(), draft, text="À refaire.", now=now)
    drafting.discard(session, System(), draft, seen=1, now=now)
    other = drafting.start(session, System(), corpus.consultation, now=now)
    assert other.id != draft.id
    assert [row.text for row in draft.comments] == ["À refaire."]
    with pytest.raises(NoDraftError):
        drafting.change(session, System(), draft, HIDE, seen=2, now=now)
    with pytest.raises(NoDraftError):
        comments.comment(session, System(), draft, text="Trop tard.", now=now)


def test_the_next_draft_takes_over_what_was_decided(session, corpus, draft, render, now):
    from app.reports.operations import publish

    drafting.change(session, System(), draft, HIDE, seen=1, now=now)
    approved(session, draft, now)
    publish(session, System(), draft, now=now, make={"pdf": render})
    again = drafting.start(session, System(), corpus.consultation, now=now)
    assert again.outline == {"hidden": ["minority"]}


# Comments


def test_comments_stand_on_the_whole_a_section_or_a_claim(session, draft, now):
    claim = next(one for one in draft.body["sections"] if one["id"] == "summary")["claims"][0]
    person = approver()
    for place in ({}, {"section": "summary"}, {"section": "summary", "claim": claim}):
        comments.comment(session, person, draft, text="À revoir.", now=now, **place)
    assert comments.open_by_section(draft) == {"": 1, "summary": 2}
    assert drafting.approvals(draft) == []
    assert draft.revision == 1


def test_a_second_click_is_the_same_comment_and_an_answer_is_another(session, draft, now):
    one, two = approver(), approver()
    first = comments.comment(session, one, draft, section="summary", text="Vrai ?", now=now)
    again = comments.comment(session, one, draft, section="summary", text="Vrai ?", now=now)
    answer = comments.comment(session, two, draft, section="summary", text="Vrai ?", now=now)
    assert again.id == first.id
    assert answer.id != first.id


def test_a_comment_is_settled_once(session, draft, now):
    one, two = approver(), approver()
    row = comments.comment(session, one, draft, text="Vrai ?", now=now)
    comments.settle(session, two, draft, row.id, now=now)
    comments.settle(session, one, draft, row.id, now=now + timedelta(hours=1))
    assert (row.settled_at, row.settled_by_label) == (now, two.name)
    assert comments.open_by_section(draft).total() == 0
    with pytest.raises(NotFoundError):
        comments.settle(session, one, draft, row.id + 1, now=now)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"text": " "}, NoWordsError),
        ({"text": "x" * (comments.LONGEST + 1)}, WordsTooLongError),
        ({"text": "x", "section": "theme.999"}, UnknownSectionError),
        ({"text": "x", "section": "summary", "claim": "quote.1.0"}, UnknownSectionError),
        ({"text": "x", "claim": "summary.first"}, UnknownSectionError),
    ],
    ids=["empty", "long", "section", "claim", "claim of no section"],
)
def test_a_comment_needs_words_and_a_place(session, draft, now, more, error):
    with pytest.raises(error):
        comments.comment(session, System(), draft, now=now, **more)


# Publication


@pytest.fixture
def quick(monkeypatch):
    """Files made at once."""
    from app.reports import operations

    monkeypatch.setattr(operations, "renderers", lambda: {"pdf": lambda *_: b"%PDF"})


@pytest.fixture
def asked(session, draft, now, quick):
    """A publication that two people approved and one asked for, committed."""
    person, _other = approved(session, draft, now)
    job = publishing.ask(session, person, draft, sha256=draft.sha256, now=now)
    session.commit()
    return job


def count(session):
    return session.scalar(select(func.count()).select_from(Report))


def test_asked_for_twice_it_is_one_job_and_one_version(app, session, draft, asked, now):
    again = publishing.ask(session, approver(), draft, sha256=draft.sha256, now=now)
    assert again.id == asked.id
    session.commit()

    assert run_job(app, asked.id)
    assert not run_job(app, asked.id)

    session.expire_all()
    assert count(session) == 1
    assert session.get(Job, asked.id).checkpoint["label"] == "1.0"
    assert session.get(ReportDraft, draft.id).report_id is not None


def test_a_worker_killed_before_it_wrote_is_followed_by_another(app, session, asked, now):
    asked.state, asked.lease_owner = JobState.RUNNING, "dead"
    asked.lease_expires_at, asked.attempts = now - timedelta(seconds=1), 1
    session.commit()

    assert run_job(app, asked.id)

    session.expire_all()
    assert count(session) == 1
    assert session.get(Job, asked.id).state == JobState.DONE


def test_a_worker_killed_after_it_wrote_leaves_one_version(app, session, asked, now):
    run_job(app, asked.id)
    session.expire_all()
    job = session.get(Job, asked.id)
    job.state, job.lease_owner, job.checkpoint = JobState.RUNNING, "dead", {}
    job.lease_expires_at = now - timedelta(seconds=1)
    session.commit()

    assert run_job(app, asked.id)

    session.expire_all()
    assert count(session) == 1
    assert "refused" not in session.get(Job, asked.id).checkpoint


def test_a_refusal_is_kept_with_the_job_and_names_the_words(app, session, draft, asked):
    quoted = draft.body["themes"][0]["quotations"][0]
    answer = session.get(Answer, quoted["answer"])
    answer.text = "X" + answer.text[1:]
    session.commit()

    run_job(app, asked.id)

    session.expire_all()
    job, draft = session.get(Job, asked.id), session.get(ReportDraft, draft.id)
    assert job.state == JobState.DONE
    assert job.checkpoint["refused"] == "QuotationMismatchError"
    assert quoted["number"] in refusal_of(job, draft)
    assert count(session) == 0


def test_a_narrative_without_proof_is_refused_by_name(app, session, draft, now, quick):
    words = said("La plupart le demandent.", "يطلبه معظمهم.")
    drafting.change(session, System(), draft, words, seen=1, now=now)
    person, _other = approved(session, draft, now)
    job = publishing.ask(session, person, draft, sha256=draft.sha256, now=now)
    session.commit()

    run_job(app, job.id)

    session.expire_all()
    refusal = refusal_of(session.get(Job, job.id), session.get(ReportDraft, draft.id))
    assert "La plupart" in refusal
    assert count(session) == 0


def test_a_claim_that_changed_is_named_in_the_readers_language(session, draft, now):
    from app.core.i18n import in_language
    from app.reports.claims.wording import bare

    claim = draft.body["claims"][0]
    job = Job(
        kind=publishing.PUBLISH,
        payload={"draft_id": draft.id, "sha256": draft.sha256},
        state=JobState.DONE,
        created_at=now,
        checkpoint={
            "refused": "ClaimMismatchError",
            "values": {
                "claim": claim["id"],
                "sentence": claim["sentence"]["fr"],
                "what": "count",
                "written": "1",
                "found": "2",
            },
        },
    )
    with in_language("ar"):
        assert bare(claim["sentence"]["ar"]) in refusal_of(job, draft)
    job.payload = {"draft_id": draft.id, "sha256": "0" * 64}
    assert refusal_of(job, draft) == ""


def test_a_draft_changed_while_the_job_waited_is_not_published(app, session, draft, asked, now):
    drafting.change(session, System(), draft, HIDE, seen=1, now=now)
    session.commit()

    run_job(app, asked.id)

    session.expire_all()
    assert session.get(Job, asked.id).checkpoint["refused"] == "DraftChangedError"
    assert count(session) == 0


def test_an_approval_taken_back_while_the_job_waited_stops_it(app, session, draft, asked, now):
    person = session.get(User, drafting.approvals(draft)[0].user_id)
    drafting.withdraw_approval(session, person, draft, now=now)
    session.commit()

    run_job(app, asked.id)

    session.expire_all()
    assert session.get(Job, asked.id).checkpoint["refused"] == "NotApprovedError"
    assert count(session) == 0
