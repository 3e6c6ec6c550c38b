"""A review of any size, laid straight into a database: ``python -m bench.review_set``.

Makes, in the database that the environment names (as every command does), the demonstration's
accounts and consultation, some 9,000 submissions with 50,000 passages composed from the
demonstration's own corpus, a finished analysis with 45 themes, and some hundred decisions of two
analysts, taken by the real operations so that the ledger is right. Nothing is analysed: where
passages are is drawn by lot, always the same for the same numbers.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask_migrate import upgrade
from flask_security.utils import hash_password
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.models import User
from app.accounts.operations import Scope, create_person
from app.accounts.queries import with_email
from app.consultations.models import Consultation
from app.core import clock
from app.core.access import Role, System
from app.core.db import Texts, db
from app.core.jobs.models import Job, JobState
from app.core.text import fold
from app.demonstration.operations import (
    PASSWORD,
    load_fictional_consultation,
    load_people,
)
from app.organisations.models import ActorType
from app.submissions.models import Answer, Channel, Consent, Submission
from app.submissions.receipts import new_code
from app.territories.models import Commune, Province, Region
from app.territories.operations import load_territories
from app.themes.ledger.settling import compare
from app.themes.models import AnalysisRun, Passage, Placement, Theme
from app.themes.names import key_of
from app.themes.operations import ANALYSE
from bench.review_acts import decide_all
from bench.review_words import (
    FACETS,
    LANGUAGES,
    QUESTIONS,
    SHARES,
    TOPICS,
    Composer,
    Place,
    Said,
)
from config import Settings

SECOND = "analyste2@demo.example"
#: Passages of a submission, on average.
_PER_SUBMISSION = 5.6


@dataclass
class Loaded:
    """What was laid in the database.

    :ivar placements: the columns of the placements, in the order of the passages.
    """

    consultation: Consultation
    run: AnalysisRun
    themes: list[Theme]
    analysts: list[User]
    placements: list[dict[str, Any]] = field(default_factory=list)


def load_review(
    session: Session, *, n_passages: int = 50_000, n_decisions: int = 400, seed: int = 5
) -> Loaded:
    """Lay a review into a migrated database without submissions, flushed."""
    chance, now = random.Random(seed), clock.now()
    actor = System("bench")
    load_territories(session)
    known_to_all = hash_password(PASSWORD)
    load_people(session, actor, password_hash=known_to_all, now=now)
    if session.scalars(with_email(SECOND)).first() is None:
        create_person(
            session,
            actor,
            email=SECOND,
            name="Rachid Filali",
            password_hash=known_to_all,
            scopes=[Scope(Role.ANALYST)],
            now=now,
        )
    consultation = load_fictional_consultation(session, actor, now=now)
    session.flush()
    composer = Composer(chance, _places(session))
    said = _compose(composer, n_passages)
    run = _run(session, consultation, now)
    themes = _themes(session, consultation, run, now)
    analysts = [
        session.scalars(with_email(email)).one() for email in ("analyste@demo.example", SECOND)
    ]
    loaded = Loaded(consultation, run, themes, analysts)
    submissions = _write_submissions(session, consultation, composer, said, now)
    spots = _write_answers(session, consultation, said, submissions)
    _write_run(session, loaded, spots, chance)
    run.n_submissions, run.n_passages = len(submissions), len(spots)
    run.finished_at = now
    session.flush()
    decide_all(
        session,
        themes,
        analysts,
        loaded.placements,
        n_decisions=n_decisions,
        chance=chance,
        now=now,
    )
    session.flush()
    return loaded


def _places(session: Session) -> list[Place]:
    """Return every commune."""
    rows = session.execute(
        select(
            Province.region_code, Province.code, Commune.code, Commune.name_fr, Commune.name_ar
        ).join(Province, Province.code == Commune.province_code)
    )
    return [Place(*row) for row in rows]


def _compose(composer: Composer, n_passages: int) -> list[list[Said]]:
    """Return the passages of each submission, written one after the other."""
    chance = composer.chance
    submissions: list[list[Said]] = []
    rest = n_passages
    while rest:
        [language] = chance.choices(LANGUAGES, SHARES)
        size = min(rest, 1 + int(chance.expovariate(1 / (_PER_SUBMISSION - 0.5))))
        own = [composer.passage(language) for _number in range(size)]
        if chance.random() < 0.24:
            own[0] = composer.sent_again()
        submissions.append(own)
        rest -= size
    return submissions


def _run(session: Session, consultation: Consultation, now: datetime) -> AnalysisRun:
    """Add a run, whose job is over."""
    began = now - timedelta(minutes=20)
    job = Job(
        kind=ANALYSE,
        payload={"consultation_id": consultation.id},
        state=JobState.DONE,
        created_at=began,
        started_at=began,
        finished_at=now,
        progress=1.0,
    )
    session.add(job)
    session.flush()
    run = AnalysisRun(
        consultation_id=consultation.id,
        job_id=job.id,
        options={"n_themes": None, "unit": "passage", "seed": 0},
        engine="bench",
        fingerprint="0" * 64,
        started_at=began,
    )
    session.add(run)
    session.flush()
    return run


def _themes(
    session: Session, consultation: Consultation, run: AnalysisRun, now: datetime
) -> list[Theme]:
    """Add the themes as the run found them."""
    themes = []
    for topic in TOPICS.values():
        for facet in FACETS:
            name = Texts(fr=f"{topic[0]} : {facet[0]}", ar=f"{topic[1]}: {facet[1]}")
            themes.append(
                Theme(
                    consultation_id=consultation.id,
                    name=name,
                    found_name=name,
                    key_fr=key_of(name["fr"]),
                    key_ar=key_of(name["ar"]),
                    keywords={"fr": name["fr"].split()[:3], "ar": name["ar"].split()[:3]},
                    first_run_id=run.id,
                    last_run_id=run.id,
                    stability=0.5 + (len(themes) % 10) / 20,
                    created_at=now,
                )
            )
    session.add_all(themes)
    session.flush()
    return themes


def _insert(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows at once; return their numbers in order."""
    table = model.__table__
    added = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(session.scalars(added, rows))


def _write_submissions(
    session: Session,
    consultation: Consultation,
    composer: Composer,
    said: Sequence[Sequence[Said]],
    now: datetime,
) -> list[int]:
    """Write who says it; return the numbers."""
    chance, notice = composer.chance, consultation.notice
    by_region: dict[str, list[Place]] = {}
    for place in composer.places:
        by_region.setdefault(place.region, []).append(place)
    regions = session.execute(select(Region.code, Region.population).order_by(Region.code)).all()
    kinds = [kind for kind in ActorType if kind != ActorType.UNKNOWN]
    weights = [12.0, 5.0, 1.5, *(1.0 for _kind in kinds[3:])]
    rows = []
    for number, own in enumerate(said):
        [region] = chance.choices([r.code for r in regions], [r.population for r in regions])
        place = chance.choice(by_region[region])
        [kind] = chance.choices(kinds, weights)
        is_spread = chance.random() < 0.97
        rows.append(
            {
                "consultation_id": consultation.id,
                "questionnaire_id": consultation.questionnaire.id,
                "channel": Channel.WEB.value,
                "lang": "fr" if own[0].language in {"fr", "ary-Latn"} else "ar",
                "actor_type": kind.value,
                "organisation": chance.choice(composer.organisations)
                if kind.is_organisation
                else "",
                "region_code": region if is_spread else None,
                "province_code": place.province if is_spread else None,
                "commune_code": place.commune if is_spread else None,
                "receipt_code": new_code(),
                "idempotency_key": f"bench:{consultation.id}:{number}",
                "source": "bench",
                "source_id": str(number),
                "submitted_at": now - timedelta(minutes=chance.randint(60, 40_000)),
                "screened_version": 1,
            }
        )
    ids = _insert(session, Submission, rows)
    _insert(
        session,
        Consent,
        [
            {
                "submission_id": number,
                "notice_id": notice.id,
                "lang": row["lang"],
                "given_at": row["submitted_at"],
            }
            for number, row in zip(ids, rows, strict=True)
        ],
    )
    return ids


@dataclass
class Spot:
    """Where a passage stands."""

    said: Said
    submission_id: int
    answer: int
    start: int
    answer_id: int = 0


def _write_answers(
    session: Session,
    consultation: Consultation,
    said: Sequence[Sequence[Said]],
    submission_ids: Sequence[int],
) -> list[Spot]:
    """Join passages to answers and write these; return where each passage stands."""
    questions = {q.key: q.id for q in consultation.questionnaire.questions}
    rows: list[dict[str, Any]] = []
    spots: list[Spot] = []
    for submission_id, own in zip(submission_ids, said, strict=True):
        each = -(-len(own) // len(QUESTIONS)) if len(own) > 10 else 2
        for at, key in zip(range(0, len(own), each), QUESTIONS, strict=False):
            text = ""
            for one in own[at : at + each]:
                text += " " if text else ""
                spots.append(Spot(one, submission_id, len(rows), len(text)))
                text += one.words
            rows.append(
                {"submission_id": submission_id, "question_id": questions[key], "text": text}
            )
    ids = _insert(session, Answer, rows)
    for spot in spots:
        spot.answer_id = ids[spot.answer]
    return spots


def _write_run(
    session: Session, loaded: Loaded, spots: Sequence[Spot], chance: random.Random
) -> None:
    """Write passages and where the run found them."""
    passages = [
        {
            "submission_id": spot.submission_id,
            "answer_id": spot.answer_id,
            "start": spot.start,
            "end": spot.start + len(spot.said.words),
            "language": spot.said.language,
            "sha256": sha256(spot.said.words.encode()).hexdigest(),
            "nature": spot.said.nature,
            "stance": chance.choice(("for", "against", "mixed")) if chance.random() < 0.1 else None,
            "folded": fold(spot.said.words),
        }
        for spot in spots
    ]
    ids = _insert(session, Passage, passages)
    originals: dict[int, int] = {}
    n_ranked: dict[int, int] = {}
    centres = [(chance.uniform(0.1, 0.9), chance.uniform(0.1, 0.9)) for _theme in loaded.themes]
    rows = loaded.placements
    for index, (spot, passage_id) in enumerate(zip(spots, ids, strict=True)):
        said = spot.said
        row = {
            "run_id": loaded.run.id,
            "passage_id": passage_id,
            "theme_id": None if said.theme is None else loaded.themes[said.theme].id,
            "state": said.state,
            "margin": said.margin,
            "copy_of_id": None,
            "quotation_rank": None,
            "n_copies": 0,
            "worth": round(1 - said.margin * chance.uniform(0.7, 1.0), 6),
            **_on_map(said, centres, chance),
        }
        if said.campaign is not None and said.campaign in originals:
            first = rows[originals[said.campaign]]
            first["n_copies"] += 1
            row |= {"state": "copy", "copy_of_id": first["passage_id"], "margin": 1.0}
            row |= {"worth": None, "map_x": None, "map_y": None}
            row["theme_id"] = first["theme_id"] if first["state"] == "in_theme" else None
        else:
            if said.campaign is not None:
                originals[said.campaign] = index
            row["quotation_rank"] = _rank(said, n_ranked)
        row["found_state"], row["found_theme_id"] = row["state"], row["theme_id"]
        row["found_rank"] = row["quotation_rank"]
        rows.append(row)
    session.execute(insert(Placement.__table__), rows)


def _on_map(
    said: Said, centres: Sequence[tuple[float, float]], chance: random.Random
) -> dict[str, float | None]:
    """Return a place on the map, near the others of its theme."""
    if said.theme is None:
        return {"map_x": None, "map_y": None}
    return {
        name: min(max(chance.gauss(centre, 0.04), 0.0), 1.0)
        for name, centre in zip(("map_x", "map_y"), centres[said.theme], strict=True)
    }


def _rank(said: Said, n_ranked: dict[int, int]) -> int | None:
    """Make a clear passage one of its theme's eight quotations."""
    if said.state != "in_theme" or said.margin < 0.6 or n_ranked.get(said.theme or 0, 0) >= 8:
        return None
    n_ranked[said.theme or 0] = n_ranked.get(said.theme or 0, 0) + 1
    return n_ranked[said.theme or 0] - 1


def main() -> int:
    """Migrate the database of the environment, load, compare; 1 if the ledger is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--decisions", type=int, default=400)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    app = create_app(Settings.from_environment())
    with app.app_context():
        upgrade()
        began = time.perf_counter()
        loaded = load_review(
            db.session(),
            n_passages=options.passages,
            n_decisions=options.decisions,
            seed=options.seed,
        )
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            # As autovacuum does a minute after so many rows came.
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        seconds = time.perf_counter() - began
        print(
            f"{loaded.run.n_passages} passages of {loaded.run.n_submissions} submissions "
            f"in {seconds:.1f} s: /staff/consultations/{loaded.consultation.slug}/themes"
        )
        wrong = compare(db.session(), loaded.consultation.id)
        if wrong:
            print(f"{len(wrong.themes)} themes and {len(wrong.passages)} passages are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
