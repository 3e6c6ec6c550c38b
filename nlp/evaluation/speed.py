"""Time and memory of an analysis by number of passages, each in a process of its own.

``python -m nlp.evaluation.speed METHOD N FOLDER`` is that process: it makes the passages, warms up
on a few of them, analyses all, and writes one line of JSON.
"""

import argparse
import importlib
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from nlp.evaluation.passages import made_texts
from nlp.model import Text

#: Passages analysed first, so that neither loading nor compiling is timed.
_WARM_UP = 300
#: Most passages learnt from before others are assigned.
LEARNT = 10_000
#: The folder above the package, from which the processes are started.
_TOP = Path(__file__).parents[2]
#: Seconds after which BERTopic is stopped and measured on fewer passages.
PATIENCE = 300
#: How many those are.
FEWER = 2000
#: Most passages that BERTopic is measured on.
MOST_OF_PEER = 10_000

OURS, ASSIGN = "Tachawor", "Tachawor, assign to known themes"
BERTOPIC = "BERTopic, as it comes"

Progress = Callable[[str], None]
Work = Callable[[Sequence[str]], object]


class Cost(NamedTuple):
    """What an analysis cost: seconds of wall time, of all processors, peak memory in MB."""

    seconds: float
    processor: float
    peak: float


class SpeedRow(NamedTuple):
    """What a method cost on a number of passages; ``cost`` is None when ``note`` says why.

    ``ratio`` is its time divided by ours on the same passages.
    """

    method: str
    n_passages: int
    cost: Cost | None
    ratio: float | None = None
    note: str = ""


def speed_rows(
    sizes: Sequence[int],
    folder: Path,
    *,
    has_peer: bool = True,
    progress: Progress | None = None,
) -> list[SpeedRow]:
    """Measure ours on every size, and BERTopic on the sizes small enough for it.

    Ours is measured twice: when themes are found, and when as many other passages are assigned to
    the themes of at most :data:`LEARNT`.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of passages, each at least 1.
    folder : Path
        Sentences to make passages of; see :func:`nlp.evaluation.passages.made_texts`.
    has_peer : bool
        Whether BERTopic is measured too. If it takes more than :data:`PATIENCE` seconds, both are
        measured on :data:`FEWER` passages instead: nothing is extrapolated.
    progress : callable, optional
        Told what is measured next.

    Raises
    ------
    InputError
        If there are no sentences to make passages of.
    """
    made_texts(folder, 1)
    rows: list[SpeedRow] = []
    for n in sorted(set(sizes)):
        _tell(progress, OURS, n)
        ours = _measured("ours", n, folder)
        rows.append(SpeedRow(OURS, n, ours))
        _tell(progress, ASSIGN, n)
        rows.append(SpeedRow(ASSIGN, n, _measured("assign", n, folder)))
        if has_peer and n <= MOST_OF_PEER:
            rows += _peer_rows(n, folder, ours, progress)
    return rows


def _tell(progress: Progress | None, method: str, n: int) -> None:
    """Say what is measured next."""
    if progress is not None:
        progress(f"speed, {n:,} passages: {method}")


def _peer_rows(n: int, folder: Path, ours: Cost, progress: Progress | None) -> list[SpeedRow]:
    """Measure BERTopic on the passages that ours was measured on, or both on fewer."""
    from nlp.evaluation.methods import MiniLm

    if not MiniLm().is_installed:
        return [SpeedRow(BERTOPIC, n, None, note="not installed")]
    _tell(progress, BERTOPIC, n)
    try:
        peer = _measured("bertopic", n, folder, patience=PATIENCE)
    except subprocess.TimeoutExpired:
        stopped = SpeedRow(BERTOPIC, n, None, note=f"stopped after {PATIENCE} s")
        if n <= FEWER:
            return [stopped]
        _tell(progress, BERTOPIC, FEWER)
        ours, peer = (_measured(method, FEWER, folder) for method in ("ours", "bertopic"))
        fewer = SpeedRow(BERTOPIC, FEWER, peer, peer.seconds / ours.seconds)
        return [stopped, SpeedRow(OURS, FEWER, ours), fewer]
    except subprocess.CalledProcessError:
        return [SpeedRow(BERTOPIC, n, None, note="failed")]
    return [SpeedRow(BERTOPIC, n, peer, peer.seconds / ours.seconds)]


def _measured(method: str, n: int, folder: Path, *, patience: float | None = None) -> Cost:
    """Measure a method in a process of its own.

    Raises
    ------
    subprocess.TimeoutExpired
        If it takes more than ``patience`` seconds, warming up and loading included.
    subprocess.CalledProcessError
        If it fails.
    """
    command = [sys.executable, "-m", __name__, method, str(n), str(folder.resolve())]
    outcome = subprocess.run(  # noqa: S603  our own command
        command, cwd=_TOP, stdout=subprocess.PIPE, timeout=patience, check=True, encoding="utf-8"
    )
    return Cost(*json.loads(outcome.stdout.splitlines()[-1]))


def _texts(texts: Sequence[str]) -> list[Text]:
    """Return texts with keys."""
    return [Text(str(row), text) for row, text in enumerate(texts)]


def _ours(_: Sequence[str]) -> Work:
    """Return the search for themes of this package, their number found by itself."""
    from nlp.analysis import analyse
    from nlp.model import AnalysisOptions

    options = AnalysisOptions(unit="row")
    return lambda texts: analyse(_texts(texts), options)


def _assign(learnt: Sequence[str]) -> Work:
    """Return the placing of texts among the themes of other ones, by a model read from its file."""
    from nlp.frozen import ThemeModel
    from nlp.model import AnalysisOptions

    fitted = ThemeModel(AnalysisOptions(unit="row")).fit(_texts(learnt))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "themes.model"
        fitted.save(path)
        model = ThemeModel.load(path)
    return lambda texts: model.assign(_texts(texts))


def _bertopic(_: Sequence[str]) -> Work:
    """Return BERTopic as it comes, on vectors of the English model loaded once."""
    from nlp.evaluation.methods import MiniLm

    model = MiniLm().model()
    topics = importlib.import_module("bertopic").BERTopic
    return lambda texts: topics(embedding_model=model).fit_transform(list(texts))


#: What makes a method ready, given passages to learn from.
_METHODS: dict[str, Callable[[Sequence[str]], Work]] = {
    "ours": _ours,
    "assign": _assign,
    "bertopic": _bertopic,
}


def peak_memory() -> float:
    """Return the peak resident memory of this process, in MB.

    On Linux the kernel's own mark, for ``resource`` may give that of the process before it.
    """
    status = Path("/proc/self/status")
    mark = status.is_file() and re.search(
        r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8", errors="replace")
    )
    if mark:
        return int(mark[1]) / 1024
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one method in this process and write its cost."""
    parser = argparse.ArgumentParser(prog="python -m nlp.evaluation.speed", description=__doc__)
    parser.add_argument("method", choices=sorted(_METHODS))
    parser.add_argument("n", type=int)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    n_learnt = min(options.n, LEARNT) if options.method == "assign" else 0
    made = made_texts(options.folder, n_learnt + options.n)
    learnt, texts = made[:n_learnt], made[n_learnt:]
    work = _METHODS[options.method](learnt)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        work(texts[:_WARM_UP])
        started, started_processor = time.perf_counter(), time.process_time()
        work(texts)
        seconds = time.perf_counter() - started
        processor = time.process_time() - started_processor
    sys.stdout.write(json.dumps(Cost(seconds, processor, peak_memory())) + "\n")


if __name__ == "__main__":
    main()
