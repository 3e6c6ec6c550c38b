"""Names, in the page's language, of the codes that the review shows."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.i18n import language
from app.core.jobs import Job, JobState
from app.organisations.models import ActorType
from app.themes.models import PassageState

#: Languages that a passage can be in.
LANGUAGES: dict[str, Any] = {
    "fr": _l("French"),
    "ar": _l("Arabic"),
    "ar-MA": _l("Darija"),
    "ary-Latn": _l("Darija in Latin letters"),
    "zgh": _l("Amazigh"),
    "other": _l("Another language"),
    "und": _l("Language not recognised"),
}

#: The states of a passage, as rows of the sum.
STATES: dict[str, Any] = {
    PassageState.IN_THEME: _l("In a theme"),
    PassageState.COPY: _l("Copies of a campaign"),
    PassageState.TO_ARBITRATE: _l("To arbitrate"),
    PassageState.OFF_TOPIC: _l("Off topic"),
    PassageState.UNREADABLE: _l("Not readable"),
    PassageState.EXCLUDED: _l("Excluded, with a reason"),
}

_JOBS: dict[str, Any] = {
    JobState.QUEUED: _l("Waiting for a worker"),
    JobState.RUNNING: _l("Under way"),
    JobState.DONE: _l("Finished"),
    JobState.FAILED: _l("Failed"),
}

#: What went wrong, by the name of the error; the others are shown as they are.
_FAILURES: dict[str, Any] = {
    "WorkersLostError": _l("Five workers died while doing it. The machine may lack memory."),
    "StoppedError": _l("It was stopped from the keyboard."),
    "CorpusChangedError": _l("A text was changed or removed meanwhile. Start a new analysis."),
    "MemoryError": _l("The machine lacks memory for so many texts."),
}

EVENTS: dict[str, Any] = {
    "rename": _l("Renamed"),
    "merge": _l("Merged into another theme"),
    "exclude": _l("Left out of the results"),
    "restore": _l("Restored"),
}


def language_name(code: str) -> str:
    """Return a passage language's name."""
    return str(LANGUAGES.get(code, LANGUAGES["other"]))


def actor_name(code: str) -> str:
    """Return an actor type's name."""
    return ActorType(code).texts.best(language().code)[0]


def job_state_name(job: Job) -> str:
    """Return where a job is."""
    return str(_JOBS[job.state])


def failure_text(job: Job) -> str:
    """Return why a job failed, in words where they are known, as it was recorded otherwise."""
    kind = job.error.partition(":")[0]
    return str(_FAILURES[kind]) if kind in _FAILURES else job.error
