"""Score the themes found in the demonstration corpus against the planted ones.

Run ``python -m bench.nlp_demo`` from the top of the project. Each passage found is given the
planted theme that covers most of its characters; passages of planted off-topic, unreadable and
campaign segments are left out of the theme scores and shown in a table of their own.
"""

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.metrics import adjusted_rand_score, v_measure_score

from nlp import Analysis, AnalysisOptions, Text, analyse

CORPUS = Path(__file__).parent.parent / "app" / "demonstration" / "data" / "corpus"

#: Languages scored apart, with their codes.
LANGUAGES = {"French": {"fr"}, "Arabic": {"ar"}, "Darija": {"ar-MA", "ary-Latn"}}


class Planted(NamedTuple):
    """A planted segment of an answer."""

    start: int
    end: int
    theme: str


def read_corpus(folder: Path) -> tuple[list[Text], dict[str, list[Planted]]]:
    """Return the answers as texts, and the planted segments of each by key."""
    texts, planted = [], {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            submission = json.loads(line)
            group = f"{submission['region']}|{submission['actor_type']}"
            for question, segments in submission["answers"].items():
                key = f"{submission['id']}/{question}"
                spans, at = [], 0
                for segment in segments:
                    spans.append(Planted(at, at + len(segment["text"]), segment["theme"]))
                    at += len(segment["text"]) + 1
                texts.append(Text(key, " ".join(s["text"] for s in segments), group))
                planted[key] = spans
    return texts, planted


def planted_theme(spans: list[Planted], start: int, end: int) -> str:
    """Return the planted theme that covers most of a passage."""
    overlaps: Counter[str] = Counter()
    for span in spans:
        overlaps[span.theme] += max(0, min(end, span.end) - max(start, span.start))
    return overlaps.most_common(1)[0][0]


def b_cubed(labels: list[str], found: list[int]) -> float:
    """Return the B-cubed F1 (Bagga and Baldwin, 1998)."""
    both, gold, own = Counter(zip(labels, found, strict=True)), Counter(labels), Counter(found)
    n = len(labels)
    precision = sum(both[pair] ** 2 / own[pair[1]] for pair in both) / n
    recall = sum(both[pair] ** 2 / gold[pair[0]] for pair in both) / n
    return 2 * precision * recall / (precision + recall)


def score(analysis: Analysis, planted: dict[str, list[Planted]]) -> dict[str, float]:
    """Return the scores of the placed passages."""
    rows = []
    for passage in analysis.passages:
        theme = planted_theme(planted[passage.key], passage.start, passage.end)
        is_theme = theme not in {"off-topic", "unreadable"} and not theme.startswith("campaign")
        if is_theme and passage.theme is not None:
            rows.append((theme, passage.theme, passage.language, passage.state == "in_theme"))
    gold, found, languages, certain = zip(*rows, strict=True)
    sure = [i for i, is_sure in enumerate(certain) if is_sure]
    return {
        "passages": len(rows),
        "themes": len(set(found)),
        "V-measure": v_measure_score(gold, found),
        **{
            f"V {name}": v_measure_score(
                [row[0] for row in rows if row[2] in codes],
                [row[1] for row in rows if row[2] in codes],
            )
            for name, codes in LANGUAGES.items()
        },
        "B-cubed F1": b_cubed(list(gold), list(found)),
        "ARI": adjusted_rand_score(gold, found),
        "V of the placed": v_measure_score([gold[i] for i in sure], [found[i] for i in sure]),
        "leak (V with language)": v_measure_score(languages, found),
        "planted leak": v_measure_score(languages, gold),
    }


def print_states(analysis: Analysis, planted: dict[str, list[Planted]]) -> None:
    """Print how passages of themes, off-topic, unreadable and campaign segments were judged."""
    table: Counter[tuple[str, str]] = Counter()
    for passage in analysis.passages:
        theme = planted_theme(planted[passage.key], passage.start, passage.end)
        kind = theme if theme in {"off-topic", "unreadable"} else theme.split("-")[0]
        table[
            kind if kind in {"off-topic", "unreadable", "campaign"} else "theme", passage.state
        ] += 1
    print("\n| planted | state | passages |\n|---|---|---|")
    for (kind, state), count in sorted(table.items()):
        print(f"| {kind} | {state} | {count} |")


def main() -> None:
    """Analyse the corpus with the planted number of themes and with its own, and print tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    texts, planted = read_corpus(options.corpus)
    print("| themes asked | " + " | ".join(score_names()) + " | seconds |")
    print("|---" * (len(score_names()) + 2) + "|")
    analysis = None
    for n_themes in (16, None):
        rows, started = [], time.perf_counter()
        for seed in range(options.seeds):
            analysis = analyse(texts, AnalysisOptions(n_themes=n_themes, seed=seed))
            rows.append(list(score(analysis, planted).values()))
        seconds = (time.perf_counter() - started) / options.seeds
        means = " | ".join(
            f"{value:.3f}".rstrip("0").rstrip(".") for value in np.mean(rows, axis=0)
        )
        print(f"| {n_themes or 'auto'} | {means} | {seconds:.1f} |", flush=True)
    if analysis is not None:
        print_states(analysis, planted)
        for theme in analysis.themes:
            print(f"- {theme.n_passages} {theme.languages} {theme.name_fr} / {theme.name_ar}")


def score_names() -> list[str]:
    """Return the names of the scores, in order."""
    return [
        "passages",
        "themes",
        "V-measure",
        *(f"V {name}" for name in LANGUAGES),
        "B-cubed F1",
        "ARI",
        "V of the placed",
        "leak (V with language)",
        "planted leak",
    ]


if __name__ == "__main__":
    main()
