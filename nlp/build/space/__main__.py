"""The command ``python -m nlp.build.space``: dictionary entries in, ``space.bin`` out."""

import argparse
import csv
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.build.space.rows import Rows, word_rows
from nlp.build.space.sources import all_senses, wordings
from nlp.build.space.wordings import embedded
from nlp.lexicon.files import read_text
from nlp.space import Space, store
from nlp.space.forms import tokens

Array = npt.NDArray[Any]

N_DIMENSIONS = 256
BITS = 4
#: Share given to a word never seen in the texts, and at least to a stop word.
RARE, COMMON = 1e-5, 2e-3
_STOP_LISTS = {"fr": "stopwords_fr.txt", "ar": "stopwords_ar.txt", "ary": "stopwords_ary.txt"}


def principal(vectors: Array, n_dimensions: int) -> Array:
    """Return vectors in their principal directions (no centring: zero stays zero)."""
    square = vectors.astype(np.float64).T @ vectors.astype(np.float64)
    _, directions = np.linalg.eigh(square)
    directions = directions[:, ::-1][:, :n_dimensions]
    peaks = np.argmax(np.abs(directions), axis=0)
    directions = directions * np.sign(directions[peaks, np.arange(directions.shape[1])])
    return np.asarray(vectors @ directions.astype(np.float32))


def training_texts(path: Path | None) -> dict[str, list[str]]:
    """Return the even rows of the parallel sentences: the odd ones measure."""
    if path is None:
        return {"fr": [], "ar": []}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))[::2]
    return {language: [row[language] for row in rows] for language in ("fr", "ar")}


def _blocks(rows: Rows, shares: Array, centres: dict[str, Array]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return header and blocks of the file."""
    lengths = np.linalg.norm(rows.vectors, axis=1)
    unit_rows = rows.vectors / np.maximum(lengths, 1e-9)[:, None]
    whole, scale = store.quantise(unit_rows, bits=BITS)
    languages = Counter(language for language, _ in rows.keys)
    blocks = {
        "words": store.pack_words([word for _, word in rows.keys]),
        "vectors": store.pack(whole, bits=BITS),
        "scale": scale.tobytes(),
        "norms": lengths.astype(np.float16).tobytes(),
        "log_shares": np.log(shares).astype(np.float16).tobytes(),
        "centres": np.array([centres[name] for name in sorted(centres)], dtype=np.float32).tobytes(),
    }
    header = {
        "version": hashlib.sha256(b"".join(blocks.values())).hexdigest()[:12],
        "n_dimensions": rows.vectors.shape[1],
        "bits": BITS,
        "languages": sorted(languages.items()),
        "centres": sorted(centres),
        "licence": "CC BY-SA 4.0; see SPACE_LICENSE.md",
    }
    return header, blocks


def usual_shares(rows: Rows, texts: dict[str, list[str]]) -> Array:
    """Return each word's usual share, from the training texts and the stop words."""
    zero = {language: np.zeros(rows.vectors.shape[1]) for language in ("fr", "ar")}
    table = Space(*_blocks(rows, np.full(len(rows.keys), RARE), zero)).table
    shares = np.full(len(rows.keys), RARE)
    for language, sentences in texts.items():
        counts = Counter(token for sentence in sentences for token in tokens(sentence))
        for token, count in sorted(counts.items()):
            for row in table.find(token, language):
                shares[row] += count / counts.total()
    for language, name in _STOP_LISTS.items():
        for token in sorted({t for word in read_text(name).split() for t in tokens(word)}):
            code = "ar-MA" if language == "ary" else language
            for row in table.find(token, code):
                shares[row] = max(shares[row], COMMON)
    return shares


def usual_centres(rows: Rows, shares: Array, texts: dict[str, list[str]]) -> dict[str, Array]:
    """Return the mean vector of the training texts of each language."""
    zero = {language: np.zeros(rows.vectors.shape[1]) for language in ("fr", "ar")}
    space = Space(*_blocks(rows, shares, zero))
    centres = {}
    for language, sentences in texts.items():
        reference = space.reference(sentences, [language] * len(sentences))
        centres[language] = reference.centres.get(language, (zero[language], 0))[0]
    return centres


def main() -> None:
    """Read the sources, embed their wordings, write the space."""
    parser = argparse.ArgumentParser(prog="python -m nlp.build.space", description=main.__doc__)
    parser.add_argument("--lexicon", type=Path, required=True, help="folder of dictionary entries")
    parser.add_argument("--parallel", type=Path, help="parallel sentences (CSV: fr, ar), even rows used")
    parser.add_argument("--embeddings", type=Path, help="file that keeps the wordings' vectors (.npz)")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parents[2] / "data" / "space.bin", help="file to write"
    )
    options = parser.parse_args()
    senses = all_senses(options.lexicon)
    texts = wordings(senses)
    vectors = embedded(texts, options.embeddings)
    rows = word_rows(senses, {text: i for i, text in enumerate(texts)}, vectors)
    rows = Rows(rows.keys, principal(rows.vectors, N_DIMENSIONS))
    parallel = training_texts(options.parallel)
    shares = usual_shares(rows, parallel)
    store.write(options.out, *_blocks(rows, shares, usual_centres(rows, shares, parallel)))


if __name__ == "__main__":
    main()
