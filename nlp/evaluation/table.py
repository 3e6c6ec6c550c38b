"""The scorecard, in Markdown."""

from collections.abc import Sequence

import numpy as np

from nlp.evaluation.runs import SetScores
from nlp.evaluation.speed import SpeedRow

#: Scores of each run, in the order of the columns.
SCORES = (
    "clusters",
    "V",
    "AMI",
    "ARI",
    "B-cubed F1",
    "leak",
    "names distinct",
    "keyword overlap",
)
#: What stands where a figure has no meaning.
NOTHING = "–"

_HEADER = (
    "set",
    "texts",
    "labels",
    "method",
    *SCORES,
    "stability (runs)",
    "P@1 fr > ar, ar > fr",
    "P@10 fr > ar, ar > fr",
)
_SPEED_HEADER = (
    "passages",
    "method",
    "seconds",
    "processor seconds",
    "ms a passage",
    "growth",
    "peak MB",
    "times ours",
)

_HOW_TO_READ = """\
Number of clusters asked = number of labels; figures are means of the seeds ± their standard
deviation; texts stay whole, each run sees them in another order. *Clusters*: how many were found;
texts that a method leaves without one count as a cluster of their own (ours: off topic or
unreadable; BERTopic with HDBSCAN: outliers). *Leak*: V-measure of clusters against languages, the
less the better; only for sets of several languages. *Stability*: mean adjusted Rand index between
runs. *Names distinct*: share of themes whose French and Arabic names no other theme has. *Keyword
overlap*: mean Jaccard index of the keywords of two clusters. *P@k*: how often a translation is
among the k nearest texts of the other language."""

_HOW_TO_READ_SPEED = """\
Made passages of about 200 characters, French and Arabic in turn; wall time after a warm-up, each
line in a process of its own, the number of themes found by the method itself. *Growth*: time a
passage, divided by that of the line of the same method with the fewest passages. *Peak*: of the
whole process, texts included. *Assign*: other passages are placed among the themes of at most
10,000, by a model read from its file. BERTopic includes the embedding of the texts."""


def scorecard(
    engine: str,
    machine: str,
    command: str,
    sets: Sequence[SetScores],
    speed: Sequence[SpeedRow],
) -> str:
    """Return the whole document, ending in a line end.

    Parameters
    ----------
    engine, machine, command : str
        What was measured, on what, and how to do it again.
    sets : sequence of SetScores
    speed : sequence of SpeedRow
        The part on speed is left out when empty.
    """
    parts = ["# Scorecard", f"`{command}`", f"{engine}; {machine}.", _HOW_TO_READ, sets_table(sets)]
    if speed:
        parts += ["## Speed", _HOW_TO_READ_SPEED, speed_table(speed)]
    return "\n\n".join(parts) + "\n"


def sets_table(rows: Sequence[SetScores]) -> str:
    """Return the table of the sets: one line for each set and method."""
    return _table(_HEADER, [_set_cells(row) for row in rows])


def speed_table(rows: Sequence[SpeedRow]) -> str:
    """Return the table of times and memory: one line for each number of passages and method."""
    fewest: dict[str, float] = {}
    for row in sorted(rows, key=lambda row: row.n_passages):
        if row.cost is not None:
            fewest.setdefault(row.method, row.cost.seconds / row.n_passages)
    return _table(_SPEED_HEADER, [_speed_cells(row, fewest) for row in rows])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    escaped = [[cell.replace("|", r"\|") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in escaped)


def _set_cells(row: SetScores) -> list[str]:
    """Return the cells of one set and method."""
    data = row.data
    n_texts = f"2 x {len(data.texts) // 2}" if data.is_parallel else str(len(data.texts))
    known = [data.name, n_texts, str(data.n_labels) if data.labels else NOTHING, row.method]
    if row.refusal:
        return known + [row.refusal] * (len(_HEADER) - len(known))
    figures = [_mean(row.scores.get(name, []), 1 if name == "clusters" else 3) for name in SCORES]
    stability = NOTHING if row.stability is None else f"{row.stability:.3f} ({row.n_runs})"
    return [*known, *figures, stability, *_retrieval_cells(row)]


def _mean(values: Sequence[float], digits: int) -> str:
    """Return the mean and, of several values, the standard deviation (of a sample)."""
    if not values:
        return NOTHING
    mean = f"{np.mean(values):.{digits}f}"
    return mean if len(values) == 1 else f"{mean} ± {np.std(values, ddof=1):.{digits}f}"


def _retrieval_cells(row: SetScores) -> list[str]:
    """Return P@1 and P@10, both directions in one cell."""
    if row.retrieval is None:
        return [NOTHING, NOTHING]
    there, back = row.retrieval
    return [f"{a:.3f}, {b:.3f}" for a, b in zip(there, back, strict=True)]


def _speed_cells(row: SpeedRow, fewest: dict[str, float]) -> list[str]:
    """Return the cells of one measurement."""
    known = [f"{row.n_passages:,}", row.method]
    if row.cost is None:
        return known + [row.note] * (len(_SPEED_HEADER) - len(known))
    each = row.cost.seconds / row.n_passages
    return [
        *known,
        f"{row.cost.seconds:.1f}",
        f"{row.cost.processor:.1f}",
        f"{1000 * each:.2f}",
        f"{each / fewest[row.method]:.2f}",
        f"{row.cost.peak:.0f}",
        NOTHING if row.ratio is None else f"{row.ratio:.1f}",
    ]
