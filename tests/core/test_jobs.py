"""Jobs: claimed by one worker, kept by a lease, resumed after a death, failed with a message."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.access import System
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.jobs import chores, operations
from app.core.jobs import control as control_module
from app.core.jobs.control import LEASE, Heart, JobControl
from app.core.jobs.models import Job, JobState
from app.core.jobs.operations import (
    MAX_ATTEMPTS,
    JobOpenError,
    claim,
    claimable,
    enqueue,
    follow,
    run,
)
from app.core.jobs.queue import announce, sweep

Work = Callable[[JobControl], None]


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """Say what jobs of the kind ``test.work`` do."""

    def does(work: Work) -> None:
        monkeypatch.setitem(operations._handlers, "test.work", work)

    does(lambda _control: None)
    return does


@pytest.fixture
def quick_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat twenty times a second."""
    monkeypatch.setattr(control_module, "HEARTBEAT_SECONDS", 0.05)


def waiting(session: Session, now: datetime, **values: Any) -> int:
    """Add a job and return its id, committed."""
    job = enqueue(session, "test.work", {"n": 1}, actor=System(), now=now, **values)
    session.commit()
    return job.id


def row(session: Session, job_id: int) -> Job:
    """Read the job anew."""
    session.rollback()
    return session.get_one(Job, job_id, populate_existing=True)


def set_clock(app: Flask, instant: datetime) -> None:
    """Set the application's clock."""
    app.extensions["clock"] = lambda: instant


def test_a_job_is_done_and_its_row_says_so(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    seen = []
    does(lambda control: seen.append((control.payload, control.checkpoint)))
    job_id = waiting(session, now)

    finished = run(app, job_id)

    job = row(session, job_id)
    assert finished
    assert seen == [({"n": 1}, {})]
    assert (job.state, job.progress, job.attempts, job.error) == ("done", 1.0, 1, "")
    assert (job.started_at, job.finished_at, job.lease_owner) == (now, now, None)


def test_a_done_job_is_never_done_again(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    times = []
    does(lambda _control: times.append(1))
    job_id = waiting(session, now)
    run(app, job_id)

    again = run(app, job_id)

    assert not again
    assert len(times) == 1


def test_an_unknown_kind_cannot_be_enqueued(session: Session, now: datetime) -> None:
    with pytest.raises(LookupError):
        enqueue(session, "nobody.does_this", {}, actor=System(), now=now)


def test_of_many_workers_at_once_exactly_one_runs_the_job(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    inside, runs, results = [], [], []
    gate = threading.Barrier(6)

    def work(_control: JobControl) -> None:
        inside.append(1)
        runs.append(len(inside))
        threading.Event().wait(0.2)
        inside.pop()

    does(work)
    job_id = waiting(session, now)
    session.remove()  # type: ignore[attr-defined]

    def worker() -> None:
        with app.app_context():
            gate.wait()
            results.append(run(app, job_id))

    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [False] * 5 + [True]
    assert runs == [1]
    assert row(session, job_id).attempts == 1


def test_a_held_job_is_not_claimable_until_its_lease_has_run_out(
    session: Session, now: datetime, does: Any
) -> None:
    job_id = waiting(session, now)
    assert claim(session, job_id, owner="first", now=now)
    session.commit()

    early = claim(session, job_id, owner="second", now=now + LEASE)
    listed_early = session.scalars(claimable(now + LEASE)).all()
    late = claim(session, job_id, owner="second", now=now + LEASE + timedelta(seconds=1))
    session.commit()

    assert (early, listed_early, late) == (False, [], True)
    assert (row(session, job_id).lease_owner, row(session, job_id).attempts) == ("second", 2)


def test_a_silent_workers_job_goes_on_from_its_checkpoint(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    job_id = waiting(session, now)
    claim(session, job_id, owner="dead", now=now)
    session.commit()
    JobControl(app, job_id, "dead").note(done=["a"])
    JobControl(app, job_id, "dead").note(more=2)
    seen = []
    does(lambda control: seen.append(control.checkpoint))
    set_clock(app, now + LEASE + timedelta(seconds=1))

    finished = run(app, job_id)

    assert finished
    assert seen == [{"done": ["a"], "more": 2}]


def test_a_failing_handler_marks_the_row_and_keeps_nothing_it_wrote(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    def work(_control: JobControl) -> None:
        db.session.add(AuditEntry(at=now, actor_label="x", action="test.half_done"))
        db.session.flush()
        raise ValueError("the disk is full")

    does(work)
    job_id = waiting(session, now)

    with pytest.raises(ValueError, match="disk is full"):
        run(app, job_id)

    job = row(session, job_id)
    assert (job.state, job.error) == ("failed", "ValueError: the disk is full")
    assert (job.finished_at, job.lease_owner, job.lease_expires_at) == (now, None, None)
    assert session.query(AuditEntry).count() == 0


def test_a_failed_job_is_not_tried_again(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    does(lambda _control: 1 / 0)
    job_id = waiting(session, now)
    with pytest.raises(ZeroDivisionError):
        run(app, job_id)
    set_clock(app, now + timedelta(days=1))

    assert not run(app, job_id)
    assert session.scalars(claimable(now + timedelta(days=1))).all() == []


def test_a_job_on_which_workers_keep_dying_is_given_up(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    times = []
    does(lambda _control: times.append(1))
    job_id = waiting(session, now)
    instant = now
    for attempt in range(MAX_ATTEMPTS):
        assert claim(session, job_id, owner=f"dead-{attempt}", now=instant)
        session.commit()
        instant += LEASE + timedelta(seconds=1)
    set_clock(app, instant)
    assert session.scalars(claimable(instant)).all() == [job_id]

    finished = run(app, job_id)

    job = row(session, job_id)
    assert not finished
    assert times == []
    assert job.state == JobState.FAILED
    assert job.error == f"WorkersLostError: {MAX_ATTEMPTS} workers died while doing it"
    assert session.scalars(claimable(instant + timedelta(days=1))).all() == []


def test_a_job_is_not_given_up_while_its_last_worker_lives(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    job_id = waiting(session, now)
    instant = now
    for attempt in range(MAX_ATTEMPTS):
        claim(session, job_id, owner=f"w-{attempt}", now=instant)
        session.commit()
        last, instant = instant, instant + LEASE + timedelta(seconds=1)
    set_clock(app, last)

    assert not run(app, job_id)
    assert row(session, job_id).state == JobState.RUNNING


def test_a_worker_that_lost_the_job_writes_nothing(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    def work(control: JobControl) -> None:
        with Session(db.engine) as other:
            assert claim(other, control.job_id, owner="another", now=now + 2 * LEASE)
            other.commit()
        control.secure(db.session)
        db.session.add(AuditEntry(at=now, actor_label="x", action="test.too_late"))
        db.session.commit()

    does(work)
    job_id = waiting(session, now)

    finished = run(app, job_id)

    assert not finished
    assert (row(session, job_id).state, row(session, job_id).lease_owner) == ("running", "another")
    assert session.query(AuditEntry).count() == 0


def test_a_failure_after_the_job_was_lost_does_not_fail_it(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    def work(control: JobControl) -> None:
        with Session(db.engine) as other:
            claim(other, control.job_id, owner="another", now=now + 2 * LEASE)
            other.commit()
        raise OSError("checkpoint files are gone")

    does(work)
    job_id = waiting(session, now)

    with pytest.raises(OSError, match="checkpoint"):
        run(app, job_id)

    assert (row(session, job_id).state, row(session, job_id).error) == ("running", "")


@pytest.mark.usefixtures("quick_heart")
def test_the_heart_notices_the_loss_and_the_next_report_stops_the_work(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    reached = []

    def work(control: JobControl) -> None:
        with Session(db.engine) as other:
            claim(other, control.job_id, owner="another", now=now + 2 * LEASE)
            other.commit()
        assert control.cancelled.wait(5)
        control.report("later", 0.9)
        reached.append("after")

    does(work)
    job_id = waiting(session, now)

    assert not run(app, job_id)
    assert reached == []
    assert row(session, job_id).lease_owner == "another"


@pytest.mark.usefixtures("quick_heart")
def test_the_heart_writes_progress_and_renews_the_lease(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    seen = []

    def work(control: JobControl) -> None:
        control.report("clusters", 0.5)
        set_clock(app, now + timedelta(minutes=5))
        for job in follow(control.job_id, every=0.02):
            if job.lease_expires_at and job.lease_expires_at > now + LEASE and job.progress:
                seen.append((job.stage, job.progress, job.heartbeat_at))
                break

    does(work)
    job_id = waiting(session, now)

    assert run(app, job_id)
    assert seen == [("clusters", 0.5, now + timedelta(minutes=5))]


@pytest.mark.usefixtures("quick_heart")
def test_a_missed_beat_does_not_stop_the_heart(
    app: Flask, session: Session, now: datetime, does: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = waiting(session, now)
    claim(session, job_id, owner="me", now=now)
    session.commit()
    control = JobControl(app, job_id, "me")
    beats = []
    beat = control.beat
    enough = threading.Event()

    def unsteady() -> None:
        beats.append(1)
        if len(beats) == 1:
            raise OSError("database is locked")
        beat()
        enough.set()

    monkeypatch.setattr(control, "beat", unsteady)
    heart = Heart(control)
    heart.start()

    assert enough.wait(5)
    heart.stop()
    assert not heart.is_alive()


@pytest.mark.usefixtures("quick_heart")
def test_nobody_takes_a_job_whose_results_are_being_written(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    """The lease runs out while the results are written: the row's lock must keep others away."""
    taken: list[bool] = []
    started = threading.Event()

    def rival(job_id: int) -> None:
        with app.app_context(), Session(db.engine) as other:
            started.set()
            taken.append(
                claim(other, job_id, owner="rival", now=now + LEASE + timedelta(seconds=1))
            )
            other.commit()

    def work(control: JobControl) -> None:
        set_clock(app, now + LEASE)
        control.secure(db.session)
        thread = threading.Thread(target=rival, args=(control.job_id,))
        thread.start()
        started.wait(5)
        threading.Event().wait(0.3)
        assert taken == []
        db.session.add(AuditEntry(at=now, actor_label="x", action="test.results"))
        db.session.commit()
        thread.join()

    does(work)
    job_id = waiting(session, now)

    assert run(app, job_id)
    assert taken == [False]
    assert session.query(AuditEntry).count() == 1


def test_stopping_from_the_keyboard_ends_the_job_with_a_reason(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    def work(_control: JobControl) -> None:
        raise KeyboardInterrupt

    does(work)
    job_id = waiting(session, now, exclusive="test:1")

    with pytest.raises(KeyboardInterrupt):
        run(app, job_id)

    assert row(session, job_id).error == "StoppedError: stopped from the keyboard"
    assert waiting(session, now, exclusive="test:1") != job_id


def test_two_open_jobs_cannot_bear_one_exclusive_name(
    session: Session, now: datetime, does: Any
) -> None:
    waiting(session, now, exclusive="test:1")
    waiting(session, now, exclusive="test:2")
    waiting(session, now)
    waiting(session, now)

    with pytest.raises(JobOpenError):
        enqueue(session, "test.work", {}, actor=System(), now=now, exclusive="test:1")

    assert session.query(Job).count() == 4


def test_an_exclusive_name_is_free_again_when_the_job_is_over(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    run(app, waiting(session, now, exclusive="test:1"))

    assert waiting(session, now, exclusive="test:1")


def test_of_parallel_enqueues_of_one_name_exactly_one_succeeds(
    app: Flask, session: Session, now: datetime, does: Any
) -> None:
    gate = threading.Barrier(4)
    results: list[str] = []
    session.remove()  # type: ignore[attr-defined]

    def click() -> None:
        with app.app_context():
            gate.wait()
            try:
                enqueue(db.session, "test.work", {}, actor=System(), now=now, exclusive="test:1")
                db.session.commit()
                results.append("queued")
            except JobOpenError:
                results.append("refused")

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["queued", "refused", "refused", "refused"]


@pytest.fixture
def queue(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The application's queue, empty before and after, with no chore to begin."""
    monkeypatch.setattr(chores, "_chores", {})
    huey = app.extensions["huey"]
    with app.app_context():
        sweep()
    huey.flush()
    yield huey
    huey.flush()
    huey.storage.close()


def test_an_announced_job_is_run_by_whoever_takes_the_message(
    app: Flask, session: Session, now: datetime, does: Any, queue: Any
) -> None:
    job_id = waiting(session, now)
    announce(job_id)
    session.remove()  # type: ignore[attr-defined]

    queue.execute(queue.dequeue())

    assert row(session, job_id).state == JobState.DONE


def test_a_failure_does_not_reach_the_queue(
    app: Flask, session: Session, now: datetime, does: Any, queue: Any
) -> None:
    does(lambda _control: 1 / 0)
    job_id = waiting(session, now)
    announce(job_id)
    session.remove()  # type: ignore[attr-defined]

    queue.execute(queue.dequeue())

    assert row(session, job_id).state == JobState.FAILED


def test_the_sweep_announces_a_job_whose_message_was_lost_and_only_once(
    app: Flask, session: Session, now: datetime, does: Any, queue: Any
) -> None:
    held = waiting(session, now)
    claim(session, held, owner="alive", now=now)
    session.commit()
    lost = waiting(session, now)

    sweep()
    sweep()
    sweep()

    assert queue.pending_count() == 1
    queue.execute(queue.dequeue())
    assert row(session, lost).state == JobState.DONE
    assert row(session, held).state == JobState.RUNNING


def test_a_queue_that_cannot_be_reached_does_not_fail_whoever_asks(
    app: Flask, session: Session, now: datetime, does: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(_job_id: int) -> None:
        raise OSError("no route to the queue")

    job_id = waiting(session, now)
    monkeypatch.setitem(app.extensions, "announce", unreachable)

    announce(job_id)

    assert row(session, job_id).state == JobState.QUEUED
