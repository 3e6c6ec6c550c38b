"""Command line: ``python -m nlp``, its commands and their arguments."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from nlp.analysis import STAGES
from nlp.contrasts import Contrast, contrasts
from nlp.durable import Decision, decision_from_dict
from nlp.embedding import embed_texts
from nlp.errors import InputError, NlpError
from nlp.evaluation import command as evaluation
from nlp.frozen import ThemeModel
from nlp.model import Analysis, AnalysisOptions, Text
from nlp.nature import natures_of
from nlp.personal import mask
from nlp.tables import (
    read_column,
    read_columns,
    write_assignments,
    write_contrasts,
    write_table,
)

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
    _describe_themes(themes)
    embed = commands.add_parser("embed", help="write one vector per row")
    embed.add_argument("--out", type=Path, required=True, metavar="vectors.npy")
    embed.add_argument("--seed", type=int, default=0)
    _add_backend(embed)
    embed.set_defaults(run=run_embed)
    assign = commands.add_parser("assign", help="place texts among the themes of a saved model")
    assign.add_argument("--model", type=Path, required=True, metavar="MODEL.npz")
    assign.add_argument("--out", type=Path, required=True, metavar="assignments.csv")
    assign.set_defaults(run=run_assign)
    mask = commands.add_parser("mask", help="mask personal data in a column of texts")
    mask.add_argument("--out", type=Path, required=True, metavar="masked.csv")
    mask.set_defaults(run=run_mask)
    annotate = commands.add_parser("annotate", help="write texts as annotated spaCy documents")
    annotate.add_argument("--out", type=Path, required=True, metavar="documents.spacy")
    annotate.set_defaults(run=run_annotate)
    for command in (themes, embed, assign, mask, annotate):
        command.add_argument("input", type=Path, metavar="INPUT.csv")
        command.add_argument("--text", required=True, metavar="COLUMN", help="column of the texts")
    evaluate = commands.add_parser("evaluate", help="score the method beside its peers")
    evaluation.add_arguments(evaluate)
    evaluate.set_defaults(run=evaluation.run)
    return parser


def _describe_themes(themes: argparse.ArgumentParser) -> None:
    """Describe the arguments of ``themes``."""
    themes.add_argument(
        "--themes", type=_n_themes, default=None, metavar="N|auto", help="default: auto"
    )
    themes.add_argument("--unit", choices=("passage", "row"), default="passage")
    themes.add_argument("--seed", type=int, default=0)
    _add_backend(themes)
    themes.add_argument(
        "--group",
        action="append",
        default=[],
        metavar="COLUMN",
        help="column whose groups are compared in contrasts.csv; may be repeated",
    )
    themes.add_argument("--nature", action="store_true", help="tell the nature of each passage")
    themes.add_argument("--model", type=Path, metavar="MODEL.npz", help="save the themes to a file")
    themes.add_argument(
        "--earlier", type=Path, metavar="MODEL.npz", help="themes of the run before, to be kept"
    )
    themes.add_argument(
        "--decisions", type=Path, metavar="LOG.json", help="what people decided, as a JSON list"
    )
    themes.add_argument("--out", type=Path, required=True, metavar="DIR")
    themes.set_defaults(run=run_themes)


def _add_backend(parser: argparse.ArgumentParser) -> None:
    """Describe where vectors may come from."""
    parser.add_argument(
        "--backend",
        default="static",
        metavar="static|lexical|sentence-transformers:NAME",
        help="where vectors of meaning come from; default: static",
    )


def themes_document(analysis: Analysis, texts: Sequence[str]) -> dict[str, Any]:
    """Return what ``themes.json`` holds: the themes, with the words of their quotations."""
    document: dict[str, Any] = {
        "engine": analysis.engine,
        "fingerprint": analysis.fingerprint,
        "n_passages": len(analysis.passages),
        "states": analysis.counts,
        "broad_themes": [asdict(theme) for theme in analysis.broad_themes],
        "themes": [asdict(theme) for theme in analysis.themes],
    }
    for theme in document["themes"]:
        for quotation in theme["quotations"]:
            row = int(quotation.pop("key"))
            quotation["row"] = row
            quotation["text"] = texts[row][quotation["start"] : quotation["end"]]
    return document


def _keyed(texts: Sequence[str]) -> list[Text]:
    """Return texts whose keys are their row numbers."""
    return [Text(str(row), text) for row, text in enumerate(texts)]


def _decisions(path: Path | None) -> list[Decision]:
    """Return the decisions of a file, none without one."""
    if path is None:
        return []
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path} is not JSON text in UTF-8.") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{path} holds no list of decisions.")
    return [decision_from_dict(row) for row in rows]


def run_themes(options: argparse.Namespace) -> None:
    """Find themes and write ``assignments.csv``, ``themes.json`` and what else was asked for."""
    chosen = AnalysisOptions(
        n_themes=options.themes, unit=options.unit, seed=options.seed, backend=options.backend
    )
    columns = read_columns(options.input, [options.text, *options.group])
    texts = columns[options.text]
    earlier = ThemeModel.load(options.earlier).earlier_ if options.earlier else None
    decisions = _decisions(options.decisions)
    options.out.mkdir(parents=True, exist_ok=True)
    bar = Bar()
    model = ThemeModel(chosen).fit(
        _keyed(texts), earlier=earlier, decisions=decisions, progress=bar
    )
    bar.close()
    analysis = model.analysis_
    natures = None
    if options.nature:
        pieces = [texts[int(p.key)][p.start : p.end] for p in analysis.passages]
        natures = natures_of(pieces, [p.language for p in analysis.passages])
    write_assignments(options.out / "assignments.csv", analysis.passages, natures)
    document = json.dumps(themes_document(analysis, texts), ensure_ascii=False, indent=1)
    (options.out / "themes.json").write_text(document + "\n", encoding="utf-8", errors="replace")
    if options.group:
        groups = {name: columns[name] for name in options.group}
        write_contrasts(options.out / "contrasts.csv", _contrasts(analysis, groups))
    if options.model:
        model.save(options.model)


def _contrasts(analysis: Analysis, groups: dict[str, list[str]]) -> list[Contrast]:
    """Compare groups of rows, and languages, by the themes they speak of."""
    counted = [p for p in analysis.passages if p.state != "copy"]
    dimensions: dict[str, list[str | None]] = {
        name: [values[int(p.key)].strip() or None for p in counted]
        for name, values in groups.items()
    }
    dimensions.setdefault("language", [p.language for p in counted])
    themes = [p.theme if p.state == "in_theme" else None for p in counted]
    return contrasts(themes, dimensions, authors=[p.key for p in counted])


def run_assign(options: argparse.Namespace) -> None:
    """Place texts among the themes of a saved model; the themes do not change."""
    model = ThemeModel.load(options.model)
    passages = model.assign(_keyed(read_column(options.input, options.text)))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_assignments(options.out, passages)


def run_mask(options: argparse.Namespace) -> None:
    """Write the texts with personal data masked, and how many stretches were."""
    masked = [mask(text) for text in read_column(options.input, options.text)]
    rows = [(row, one.text, len(one.spans)) for row, one in enumerate(masked)]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_table(options.out, ("row", "text", "n_masked"), rows)


def run_annotate(options: argparse.Namespace) -> None:
    """Write the texts as documents of spaCy, with all that is seen in them."""
    # Loading spaCy takes a second: other commands must not pay for it.
    from nlp.annotation import document_bin

    documents = document_bin(read_column(options.input, options.text))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    documents.to_disk(options.out)


def run_embed(options: argparse.Namespace) -> None:
    """Write one float32 row per input row, of length 1, or 0 for an empty text."""
    chosen = AnalysisOptions(unit="row", seed=options.seed, backend=options.backend)
    texts = read_column(options.input, options.text)
    vectors = embed_texts(texts, chosen)
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
