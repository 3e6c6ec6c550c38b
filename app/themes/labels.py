"""Names, in the page's language, of the codes that the review shows."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.i18n import language
from app.core.jobs import Job, JobState
from app.organisations.models import ActorType
from app.themes.ledger.kinds import Kind
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

#: What each kind of decision is called (:mod:`app.themes.ledger.kinds`).
EVENTS: dict[str, Any] = {
    Kind.RENAME: _l("Renamed"),
    Kind.DESCRIBE: _l("Described"),
    Kind.ATTACH: _l("Attached"),
    Kind.MERGE: _l("Merged into another theme"),
    Kind.EXCLUDE: _l("Left out of the results"),
    Kind.RESTORE: _l("Restored"),
    Kind.VALIDATE: _l("Validated, or no longer"),
    Kind.CREATE: _l("Made by hand"),
    Kind.SPLIT: _l("Split"),
    Kind.MOVE: _l("Passages moved"),
    Kind.PIN: _l("Passages made examples"),
    Kind.UNPIN: _l("Passages no longer examples"),
    Kind.CONFIRM: _l("Passages confirmed"),
    Kind.SET_ASIDE: _l("Passages set aside"),
    Kind.RELEASE: _l("Passages given back to the analysis"),
    Kind.ACCEPT: _l("Proposed theme accepted"),
    Kind.REFUSE: _l("Proposal refused"),
    Kind.END: _l("Ended by an analysis"),
    Kind.CARRY: _l("Carried to passages cut differently"),
    Kind.UNDO: _l("Taken back"),
}

#: What may be written about a theme, and what it may be attached to.
DESCRIBED: dict[str, Any] = {
    "definition": _l("Definition"),
    "inclusion": _l("What belongs to it"),
    "exclusion": _l("What does not belong to it"),
}
ATTACHED: dict[str, Any] = {
    "axis_id": _l("Axis"),
    "population_id": _l("Target population"),
    "parent_id": _l("Parent theme"),
}

#: The kinds of proposals, as headings.
PROPOSALS: dict[str, Any] = {
    "new": _l("New themes"),
    "split": _l("Themes to split"),
    "merge": _l("Themes to merge"),
    "rename": _l("Themes to rename"),
}
#: The same, of one proposal.
PROPOSAL: dict[str, Any] = {
    "new": _l("New theme"),
    "split": _l("Split"),
    "merge": _l("Merge"),
    "rename": _l("New name"),
}
PROPOSAL_STATES: dict[str, Any] = {
    "open": _l("Waiting for a decision"),
    "accepted": _l("Proposal accepted"),
    "refused": _l("Proposal refused"),
    "lapsed": _l("No longer made"),
}

#: How a theme came through an analysis.
CAME_THROUGH: dict[str, Any] = {
    "kept": _l("Kept: people decided on it"),
    "matched": _l("Found again"),
    "held": _l("Held: not found again, but its passages belong together"),
    "new": _l("New theme"),
    "proposed": _l("New, proposed"),
    "made": _l("Made by hand"),
    "merged": _l("Merged by hand"),
    "excluded": _l("Excluded by hand"),
    "ended": _l("It ended"),
    "present": _l("In both"),
}

#: Why a passage is not where it was.
MOVED: dict[str, Any] = {
    "person": _l("a person decided"),
    "copy": _l("it follows the text that it copies"),
    "excluded": _l("its theme was excluded by hand"),
    "ended": _l("its theme ended"),
    "new": _l("new text"),
    "cut": _l("its text was cut differently"),
    "gone": _l("its text is gone or was cut differently"),
    "machine": _l("the analysis sees it elsewhere"),
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
