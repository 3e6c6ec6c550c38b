"""Command line: ``python -m nlp themes`` and ``python -m nlp embed``."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from nlp.analysis import STAGES, analyse
from nlp.embedding import embed_texts
from nlp.errors import NlpError
from nlp.model import Analysis, AnalysisOptions, Text
from nlp.tables import read_column, write_assignments

#: What each stage takes of the whole, for the bar.
_WEIGHTS = dict(zip(STAGES, (35, 10, 20, 25, 8, 2), strict=True))


class Bar:
    """A progress bar on standard error, told of stages and shares."""

    def __init__(self) -> None:
        """Draw the bar."""
        self.bar = tqdm(
            total=100, unit="%", bar_format="{desc:<11}{percentage:3.0f}%|{bar}| {elapsed}"
        )

    def __call__(self, stage: str, done: float) -> None:
        """Move the bar to where a stage is."""
        before = sum(_WEIGHTS[name] for name in STAGES[: STAGES.index(stage)])
        self.bar.set_description_str(stage, refresh=False)
        self.bar.n = round(before + done * _WEIGHTS[stage], 1)
        self.bar.update(0)

    def close(self) -> None:
        """Leave the bar as it is."""
        self.bar.refresh()
        self.bar.close()


def _n_themes(value: str) -> int | None:
    """Read the number of themes: a whole number, or "auto"."""
    if value == "auto":
        return None
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError('must be a number from 1 on, or "auto"')
    return number


def _parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    parser = argparse.ArgumentParser(prog="python -m nlp", description="Themes of texts, offline.")
    commands = parser.add_subparsers(dest="command", required=True)
    themes = commands.add_parser("themes", help="find the themes of a column of texts")
    themes.add_argument(
        "--themes", type=_n_themes, default=None, metavar="N|auto", help="default: auto"
    )
    themes.add_argument("--unit", choices=("passage", "row"), default="passage")
    themes.add_argument("--seed", type=int, default=0)
    themes.add_argument("--out", type=Path, required=True, metavar="DIR")
    themes.set_defaults(run=run_themes)
    embed = commands.add_parser("embed", help="write one vector per row")
    embed.add_argument("--out", type=Path, required=True, metavar="vectors.npy")
    embed.add_argument("--seed", type=int, default=0)
    embed.set_defaults(run=run_embed)
    for command in (themes, embed):
        command.add_argument("input", type=Path, metavar="INPUT.csv")
        command.add_argument("--text", required=True, metavar="COLUMN", help="column of the texts")
    return parser


def themes_document(analysis: Analysis, texts: Sequence[str]) -> dict[str, Any]:
    """Return what ``themes.json`` holds: the themes, with the words of their quotations."""
    document = {
        "engine": analysis.engine,
        "fingerprint": analysis.fingerprint,
        "n_passages": len(analysis.passages),
        "states": analysis.counts,
        "themes": [asdict(theme) for theme in analysis.themes],
    }
    for theme in document["themes"]:  # type: ignore[attr-defined]
        for quotation in theme["quotations"]:
            row = int(quotation.pop("key"))
            quotation["row"] = row
            quotation["text"] = texts[row][quotation["start"] : quotation["end"]]
    return document


def run_themes(options: argparse.Namespace) -> None:
    """Find themes and write ``assignments.csv`` and ``themes.json``."""
    chosen = AnalysisOptions(n_themes=options.themes, unit=options.unit, seed=options.seed)
    texts = read_column(options.input, options.text)
    options.out.mkdir(parents=True, exist_ok=True)
    bar = Bar()
    analysis = analyse(
        [Text(str(row), text) for row, text in enumerate(texts)], chosen, progress=bar
    )
    bar.close()
    write_assignments(options.out / "assignments.csv", analysis)
    document = json.dumps(themes_document(analysis, texts), ensure_ascii=False, indent=1)
    (options.out / "themes.json").write_text(document + "\n", encoding="utf-8", errors="replace")


def run_embed(options: argparse.Namespace) -> None:
    """Write one float32 row per input row, of length 1, or 0 for an empty text."""
    AnalysisOptions(seed=options.seed)
    texts = read_column(options.input, options.text)
    vectors = embed_texts(texts, random_state=options.seed)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("wb") as stream:
        np.save(stream, vectors, allow_pickle=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code: 0 done, 2 refused with a message on one line."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except NlpError as error:
        parser.exit(2, f"{parser.prog} {options.command}: {error}\n")
    except OSError as error:
        parser.exit(2, f"{parser.prog} {options.command}: {error.filename}: {error.strerror}\n")
    return 0
