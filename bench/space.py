"""Measures the bilingual space alone: ``python -m bench.space DATA_FOLDER [--seeds 5]``.

The folder holds ``parallel/sdg_fr_ar.csv``, ``parallel/tico19_fr_ar.csv`` (only its odd rows are
read here: the even ones shaped the space), ``labelled/republique_numerique_fr.csv`` and
``labelled/arbanking77_msa_ar.csv``. Clusters are as many as labels; each figure is the mean of the
seeds. The corpus's own words take no part: these are the figures of the vectors.
"""

import argparse
import csv
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import eigsh
from sklearn.cluster import KMeans
from sklearn.metrics import v_measure_score
from sklearn.preprocessing import normalize

from nlp.space import Space, store

Array = npt.NDArray[Any]

#: Neighbours joined in the graph.
NEIGHBOURS = 15
#: Characters read of a long proposal.
LONGEST = 1000


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def found_at(left: Array, right: Array, rank: int) -> float:
    """Return the share of rows whose own translation is among the nearest ``rank``.

    Some rows of the sets are the same text twice: equally near ones share a rank.
    """
    cosines = left @ right.T
    own = np.diag(cosines)[:, None]
    before = (cosines > own + 1e-6).sum(axis=1)
    has_vector = (np.abs(left).sum(axis=1) > 0) & (np.abs(right).sum(axis=1) > 0)
    return float(np.mean((before < rank) & has_vector))


def spectral(vectors: Array, n_clusters: int) -> Array:
    """Return the spectral coordinates of the graph of nearest neighbours."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    nearest = np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    weights = np.maximum(np.take_along_axis(cosines, nearest, axis=1), 1e-6)
    n = len(vectors)
    where = (np.repeat(np.arange(n), NEIGHBOURS), nearest.ravel())
    graph = sparse.csr_matrix((weights.ravel(), where), shape=(n, n))
    graph = (graph + graph.T) / 2
    inverse = sparse.diags(1 / np.sqrt(np.asarray(graph.sum(axis=1)).ravel()))
    start = np.ones(n) / np.sqrt(n)
    _, coordinates = eigsh(inverse @ graph @ inverse, k=n_clusters, which="LA", v0=start, tol=1e-5)
    return np.asarray(normalize(coordinates))


def clusters(vectors: Array, labels: Sequence[str], seeds: int) -> tuple[float, float, list[Array]]:
    """Return V of k-means and of the graph, means of the seeds, and the graph's clusters."""
    k = len(set(labels))
    coordinates = spectral(vectors, k)
    flat, graph = [], []
    for seed in range(seeds):
        flat.append(KMeans(k, n_init=2, random_state=seed).fit_predict(vectors))
        graph.append(KMeans(k, n_init=4, random_state=seed).fit_predict(coordinates))
    scores = [np.mean([v_measure_score(labels, found) for found in runs]) for runs in (flat, graph)]
    return float(scores[0]), float(scores[1]), graph


def embedded(space: Space, texts: list[str], language: str) -> Array:
    """Return the vectors of texts of one language."""
    return space.embed(texts, [language] * len(texts))[0]


def retrieval(space: Space, name: str, rows: list[dict[str, str]]) -> tuple[Array, Array]:
    """Print how often a translation is found; return both sides."""
    french = embedded(space, [row["fr"] for row in rows], "fr")
    arabic = embedded(space, [row["ar"] for row in rows], "ar")
    for way, left, right in (("fr > ar", french, arabic), ("ar > fr", arabic, french)):
        first, tenth = found_at(left, right, 1), found_at(left, right, 10)
        print(f"| {name}, {way} | P@1 {first:.3f} | P@10 {tenth:.3f} | |")
    return french, arabic


def labelled(space: Space, data: Path, seeds: int) -> None:
    """Print the clusters of the labelled sets."""
    rows = read(data / "labelled/republique_numerique_fr.csv")
    texts = [f"{row['title']} {row['body']}"[:LONGEST] for row in rows]
    vectors = embedded(space, texts, "fr")
    flat, graph, _ = clusters(vectors, [row["label"] for row in rows], seeds)
    print(f"| republique_numerique | V {flat:.3f} | V {graph:.3f} | |")
    rows = read(data / "labelled/arbanking77_msa_ar.csv")
    vectors = embedded(space, [row["text"] for row in rows], "ar")
    flat, graph, _ = clusters(vectors, [row["label"] for row in rows], seeds)
    print(f"| arbanking77 | V {flat:.3f} | V {graph:.3f} | |")


def goals(french: Array, arabic: Array, labels: list[str], seeds: int) -> None:
    """Print the clusters of the goals in one language and in both."""
    for name, side in (("sdg fr", french), ("sdg ar", arabic)):
        flat, graph, _ = clusters(side, labels, seeds)
        print(f"| {name} | V {flat:.3f} | V {graph:.3f} | |")
    flat, graph, found = clusters(np.vstack([french, arabic]), labels * 2, seeds)
    languages = ["fr"] * len(french) + ["ar"] * len(arabic)
    leak = np.mean([v_measure_score(languages, one) for one in found])
    print(f"| sdg fr + ar | V {flat:.3f} | V {graph:.3f} | leak {leak:.3f} |")


def demonstration(space: Space) -> None:
    """Print how many passages are nearest to the French mean of their own theme, by language."""
    folder = Path(__file__).parent.parent / "app" / "demonstration" / "data" / "corpus"
    passages = []
    for name in ("fr", "ar", "darija"):
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for parts in row["answers"].values():
                passages += [
                    (p["text"], row["language"], p["theme"]) for p in parts if p.get("theme")
                ]
    texts, languages, themes = (
        np.array(column, dtype=object) for column in zip(*passages, strict=True)
    )
    vectors, coverage = space.embed(list(texts), list(languages))
    is_french = languages == "fr"
    names = sorted(set(themes[is_french]))
    means = normalize(np.array([vectors[is_french & (themes == n)].mean(axis=0) for n in names]))
    for language in ("ar", "ar-MA", "ary-Latn"):
        chosen = languages == language
        nearest = np.array(names, dtype=object)[(vectors[chosen] @ means.T).argmax(axis=1)]
        share, known = np.mean(nearest == themes[chosen]), coverage[chosen].mean()
        print(f"| demonstration, {language} | own theme {share:.2f} | coverage {known:.2f} | |")


def speed(texts: list[str], languages: list[str], n: int) -> None:
    """Print how long loading takes, and embedding passages of the usual length."""
    path = Path(__file__).parent.parent / "nlp" / "data" / "space.bin"
    start = time.perf_counter()
    space = Space(*store.read(path))
    loaded = time.perf_counter() - start
    times = n // len(texts) + 1
    some, codes = (texts * times)[:n], (languages * times)[:n]
    start = time.perf_counter()
    space.embed(some, codes)
    spent = time.perf_counter() - start
    size = path.stat().st_size / 1e6
    print(f"| file {size:.1f} MB | loaded in {loaded:.2f} s | {n:,} passages in {spent:.2f} s | |")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.space", description=main.__doc__)
    parser.add_argument("data", type=Path, help="folder of the measuring sets")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--passages", type=int, default=10_000, help="how many for the speed")
    options = parser.parse_args()
    space = Space.load()
    print("| set | k-means or P@1 | graph or P@10 | |\n|---|---|---|---|")
    rows = read(options.data / "parallel/sdg_fr_ar.csv")
    french, arabic = retrieval(space, "sdg", rows)
    health = read(options.data / "parallel/tico19_fr_ar.csv")[1::2]
    retrieval(space, "tico19 odd rows", health)
    goals(french, arabic, [row["goal"] for row in rows], options.seeds)
    labelled(space, options.data, options.seeds)
    demonstration(space)
    pairs = list(zip(health[::2], health[1::2], strict=False))
    texts = [f"{a['fr']} {b['fr']}" for a, b in pairs] + [f"{a['ar']} {b['ar']}" for a, b in pairs]
    speed(texts, ["fr"] * len(pairs) + ["ar"] * len(pairs), options.passages)


if __name__ == "__main__":
    main()
