"""Score themes on labelled and parallel sets, with the number of clusters equal to that of labels.

Run ``python -m bench.nlp_sets FOLDER`` from the top of the project, where FOLDER holds
``labelled/republique_numerique_fr.csv``, ``labelled/arbanking77_msa_ar.csv`` and
``parallel/sdg_fr_ar.csv``. Texts stay whole; every text counts, those to arbitrate with the theme
proposed, those without a theme as one cluster more. Prints one table: means over seeds.
"""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import v_measure_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from nlp import AnalysisOptions, Text, analyse
from nlp.embedding import embed_texts


class Labelled(NamedTuple):
    """A set of texts with labels and languages."""

    name: str
    texts: list[str]
    labels: list[str]
    languages: list[str]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def labelled_sets(folder: Path) -> Iterator[Labelled]:
    """Yield the sets of the folder."""
    rows = rows_of(folder / "labelled" / "republique_numerique_fr.csv")
    texts = [f"{row['title']}. {row['body']}" for row in rows]
    yield Labelled("republique_numerique_fr", texts, [r["label"] for r in rows], ["fr"] * len(rows))
    rows = rows_of(folder / "parallel" / "sdg_fr_ar.csv")
    goals = [row["goal"] for row in rows]
    fr, ar = [row["fr"] for row in rows], [row["ar"] for row in rows]
    yield Labelled("sdg French", fr, goals, ["fr"] * len(rows))
    yield Labelled("sdg Arabic", ar, goals, ["ar"] * len(rows))
    yield Labelled("sdg both", fr + ar, goals * 2, ["fr"] * len(rows) + ["ar"] * len(rows))
    rows = rows_of(folder / "labelled" / "arbanking77_msa_ar.csv")
    yield Labelled(
        "arbanking77_msa_ar",
        [r["text"] for r in rows],
        [r["label"] for r in rows],
        ["ar"] * len(rows),
    )


def our_clusters(data: Labelled, seed: int) -> list[int]:
    """Return the themes found by the package."""
    texts = [Text(str(row), text) for row, text in enumerate(data.texts)]
    options = AnalysisOptions(n_themes=len(set(data.labels)), unit="row", seed=seed)
    found = {p.key: p.theme for p in analyse(texts, options).passages}
    themes = [found.get(text.key) for text in texts]
    return [-1 if theme is None else theme for theme in themes]


def baseline_clusters(data: Labelled, seed: int) -> list[int]:
    """Return the clusters of k-means on latent semantic analysis of plain words."""
    pipeline = make_pipeline(
        TfidfVectorizer(min_df=2, max_df=0.5, sublinear_tf=True),
        TruncatedSVD(100, random_state=seed),
        Normalizer(copy=False),
        KMeans(len(set(data.labels)), n_init=3, random_state=seed),
    )
    return list(pipeline.fit_predict(data.texts))


def print_retrieval(data: Labelled) -> None:
    """Print how often the nearest text of the other language is the translation."""
    vectors = embed_texts(data.texts)
    n = len(vectors) // 2
    cosines = vectors[:n] @ vectors[n:].T
    order = np.argsort(-cosines, axis=1, kind="stable")
    right = order == np.arange(n)[:, None]
    print(
        f"\nFrench to Arabic, {data.name}: P@1 {right[:, 0].mean():.2f}, "
        f"P@10 {right[:, :10].sum(axis=1).mean():.2f}"
    )


def main() -> None:
    """Print the table of V-measures and leaks."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    print(
        "| set | texts | clusters | LSA + k-means: V | leak | ours: V | leak |\n"
        "|---|---|---|---|---|---|---|"
    )
    mixed = None
    for data in labelled_sets(options.folder):
        cells = []
        for clusters in (baseline_clusters, our_clusters):
            runs = [clusters(data, seed) for seed in range(options.seeds)]
            cells.append(f"{np.mean([v_measure_score(data.labels, run) for run in runs]):.3f}")
            cells.append(f"{np.mean([v_measure_score(data.languages, run) for run in runs]):.3f}")
        print(
            f"| {data.name} | {len(data.texts)} | {len(set(data.labels))} | {' | '.join(cells)} |",
            flush=True,
        )
        mixed = data if len(set(data.languages)) > 1 else mixed
    if mixed is not None:
        print_retrieval(mixed)


if __name__ == "__main__":
    main()
