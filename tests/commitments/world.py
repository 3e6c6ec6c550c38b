"""A published consultation of thirty people, and what the tests of answers do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.commitments.answers.content import Content
from app.commitments.answers.operations import save
from app.commitments.models import Measure, MeasureState, ThemeAnswer
from app.core.access import System
from app.core.db import Texts
from app.core.jobs import Job, JobState
from app.core.jobs.operations import run
from app.core.mail import Letter
from app.reports.models import Report
from app.submissions.models import Contact, Submission
from app.themes.models import Passage, Placement, Theme
from tests.conftest import NOW
from tests.reports.corpus import Analysed
from tests.reports.publishing import publish

STAFF = System("test")


def words(**more: str) -> Content:
    """Return an answer that is whole in both languages."""
    state = more.pop("state", "taken_up")
    return Content(
        state=state,
        text=Texts(fr=more.get("fr", "Nous ouvrons vingt crèches."), ar="نفتح عشرين حضانة."),
        reason=Texts(fr="Le budget.", ar="الميزانية.") if state == "not_taken_up" else Texts(),
        passed_to=Texts(fr="La commune.", ar="الجماعة.") if state == "beyond_remit" else Texts(),
    )


@dataclass
class World:
    """The consultation with its report; childcare and roads are its themes."""

    session: Session
    corpus: Analysed
    report: Report

    @property
    def childcare(self) -> Theme:
        """The first theme."""
        return self.corpus.themes[0]

    @property
    def roads(self) -> Theme:
        """The second one; a third is merged into it."""
        return self.corpus.themes[1]

    def answer(
        self,
        content: Content | None = None,
        *,
        theme: Theme | None = None,
        seen: int = 0,
        is_public: bool = True,
        now: datetime = NOW,
    ) -> ThemeAnswer:
        """Save an answer, committed."""
        found = save(
            self.session,
            STAFF,
            self.corpus.consultation,
            theme or self.childcare,
            content or words(),
            seen=seen,
            publish=is_public,
            now=now,
        )
        self.session.commit()
        return found

    def speakers(self, theme: Theme, state: str = "in_theme") -> list[Submission]:
        """Return the contributions with a passage in exactly a theme."""
        return list(
            self.session.scalars(
                select(Submission)
                .join(Passage, Passage.submission_id == Submission.id)
                .join(Placement, Placement.passage_id == Passage.id)
                .where(Placement.theme_id == theme.id, Placement.state == state)
                .order_by(Submission.id)
            ).unique()
        )

    def contact(self, submission: Submission, email: str, lang: str = "fr", **more: Any) -> Contact:
        """Leave an address."""
        row = Contact(submission_id=submission.id, email=email, lang=lang, given_at=NOW, **more)
        self.session.add(row)
        self.session.commit()
        return row

    def measure(self, *themes: Theme, **columns: Any) -> Measure:
        """Add a measure that answers some themes."""
        row = Measure(
            **{
                "consultation_id": self.corpus.consultation.id,
                "key": f"m{len(themes)}-{columns.get('revision', 1)}-{len(columns)}",
                "kind": "measure",
                "title": Texts(fr="Vingt crèches", ar="عشرون حضانة"),
                "state": MeasureState.UNDER_WAY,
                "revision": 1,
                "created_at": NOW,
                "updated_at": NOW,
            }
            | columns
        )
        row.themes = list(themes)
        self.session.add(row)
        self.session.commit()
        return row

    def write_letters(self, app: Flask) -> list[Letter]:
        """Let the worker write what waits; return all letters to contributors."""
        waiting = self.session.scalars(
            select(Job.id).where(Job.kind == "commitments.letters", Job.state == JobState.QUEUED)
        ).all()
        self.session.commit()
        for job_id in waiting:
            run(app, job_id)
        self.session.expire_all()
        return self.letters()

    def letters(self) -> list[Letter]:
        """Return the letters to contributors, in order."""
        return list(self.session.scalars(select(Letter).order_by(Letter.id)))


def published(session: Session, corpus: Analysed) -> World:
    """Publish the report of a corpus."""
    report = publish(
        session, STAFF, corpus.consultation, now=NOW, render=lambda _b, _e, _l: b"%PDF-1.7\n"
    )
    session.commit()
    return World(session, corpus, report)


def merge(world: World, theme: Theme, into: Theme) -> None:
    """Let a theme count under another."""
    theme.state, theme.merged_into_id = "merged", into.id
    theme.key_fr = theme.key_ar = None
    world.session.commit()
