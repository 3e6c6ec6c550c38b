"""A small analysed consultation whose every count is known by construction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.db import Texts
from app.core.jobs.models import Job
from app.submissions.models import Submission
from app.themes.models import AnalysisRun, Passage, PassageState, Theme
from tests import factories

WHEN = datetime(2022, 1, 18, 9, tzinfo=UTC)
FRENCH, ARABIC = "Des crèches près du souk", "حضانات قرب السوق"


@dataclass
class Analysed:
    """A consultation with a finished run, to which passages are added one by one."""

    session: Session
    consultation: Consultation
    run: AnalysisRun
    themes: list[Theme] = field(default_factory=list)
    ranks: dict[int, int] = field(default_factory=dict)

    def theme(self, fr: str, ar: str, **columns: Any) -> Theme:
        """Add a theme."""
        row = Theme(
            consultation_id=self.consultation.id,
            name=Texts(fr=fr, ar=ar),
            keywords={"fr": ["crèche"], "ar": ["حضانة"]},
            first_run_id=self.run.id,
            last_run_id=self.run.id,
            created_at=WHEN,
            **columns,
        )
        self.session.add(row)
        self.session.flush()
        self.themes.append(row)
        return row

    def says(
        self,
        text: str,
        theme: Theme | None = None,
        *,
        state: str = PassageState.IN_THEME,
        language: str = "fr",
        quoted: bool = False,
        copy_of: Passage | None = None,
        **columns: Any,
    ) -> Passage:
        """Add a contributor who says one thing."""
        said = factories.submission(self.consultation, text, **columns)
        return self.place(
            said,
            0,
            len(text),
            theme,
            state=state,
            language=language,
            quoted=quoted,
            copy_of=copy_of,
        )

    def place(
        self,
        said: Submission,
        start: int,
        end: int,
        theme: Theme | None,
        *,
        state: str = PassageState.IN_THEME,
        language: str = "fr",
        quoted: bool = False,
        copy_of: Passage | None = None,
    ) -> Passage:
        """Place a stretch of a submission's text."""
        answer = next(answer for answer in said.answers if answer.text)
        words = (answer.text or "")[start:end]
        passage = Passage(
            submission_id=said.id,
            answer_id=answer.id,
            start=start,
            end=end,
            language=language,
            sha256=sha256(words.encode()).hexdigest(),
        )
        self.session.add(passage)
        self.session.flush()
        rank = None
        if quoted and theme is not None:
            rank = self.ranks[theme.id] = self.ranks.get(theme.id, -1) + 1
        self.session.add(
            factories.placement(
                run_id=self.run.id,
                passage_id=passage.id,
                state=state,
                margin=0.5,
                theme_id=theme.id if theme else None,
                quotation_rank=rank,
                copy_of_id=copy_of.id if copy_of else None,
            )
        )
        self.session.flush()
        return passage


def analysed(session: Session, **columns: Any) -> Analysed:
    """Return a consultation with a finished run and nothing in it."""
    consultation = factories.ConsultationFactory(**columns)
    job = Job(kind="themes.analyse", payload={}, created_at=WHEN, state="done", progress=1.0)
    session.add(job)
    session.flush()
    run = AnalysisRun(
        consultation_id=consultation.id,
        job_id=job.id,
        engine="tachawor-nlp 0.1",
        options={"seed": 7, "n_themes": None, "unit": "passage"},
        fingerprint="f" * 64,
        started_at=WHEN,
        finished_at=WHEN,
    )
    session.add(run)
    session.flush()
    return Analysed(session, consultation, run)


def filled(session: Session, **columns: Any) -> Analysed:
    """Return a consultation in which 30 people spoke, in every state of a passage.

    Childcare: 12 voices (10 of the 12 in region 08, 2 of the 12 in 06), 2 signatories. Roads: 10
    voices, 3 of them in a theme merged into it. One theme is excluded. Region 12 has 2 people.
    """
    corpus = analysed(session, **columns)
    childcare = corpus.theme(FRENCH, ARABIC)
    roads = corpus.theme("Des routes", "الطرق")
    merged = corpus.theme("Le transport", "النقل", state="merged", merged_into_id=roads.id)
    left_out = corpus.theme("Divers", "متفرقات", state="excluded", excluded_reason="Trop mêlé.")
    for i in range(10):
        language, text = (
            ("ar", f"نريد حضانة قرب السوق رقم {i} لأطفالنا")
            if i % 2
            else ("fr", f"Il faut une crèche près du souk du lundi, {i} enfants attendent.")
        )
        corpus.says(text, childcare, language=language, quoted=True, region_code="08")
    for i in range(2):
        corpus.says(
            f"Une crèche ferme trop tôt ici, {i}.",
            childcare,
            region_code="06",
            actor_type="association",
            quoted=True,
        )
    for i in range(6):
        corpus.says(f"La route est coupée {i} mois par an.", roads, region_code="06", quoted=True)
    for i in range(3):
        corpus.says(f"Le bus ne passe pas le {i} du mois.", merged, region_code="06")
    first = corpus.says("Nous demandons la même chose.", roads, region_code="08")
    corpus.themes[0].keywords = {"fr": ["crèche", "souk"], "ar": ["حضانة"]}
    for _ in range(2):
        corpus.says(
            "Nous demandons la même chose.",
            childcare,
            state=PassageState.COPY,
            copy_of=first,
            region_code="12",
        )
    corpus.says("Peut-être.", childcare, state=PassageState.TO_ARBITRATE, region_code="06")
    corpus.says("Bonjour.", state=PassageState.OFF_TOPIC, region_code="08")
    corpus.says("qsdfqsdf", state=PassageState.UNREADABLE, region_code=None)
    for _ in range(3):
        corpus.says("Tout va mal.", left_out, state=PassageState.EXCLUDED, region_code=None)
    return corpus
