"""The command ``python -m nlp.build.space``: dictionary entries in, ``space.bin`` out."""

import argparse
import csv
import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from nlp.build.space.align import noise_map, word_pairs
from nlp.build.space.letters import learnt_groups
from nlp.build.space.rows import Rows, centred, sense_vectors, shown_forms, word_rows
from nlp.build.space.sources import Sense, all_senses, wordings
from nlp.build.space.weights import word_weights
from nlp.build.space.wordings import embedded
from nlp.lexicon.files import read_text
from nlp.space import Space, store
from nlp.space.expressions import expression_codes
from nlp.space.forms import tokens
from nlp.space.table import WordTable

Array = npt.NDArray[Any]

N_DIMENSIONS = 320
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


def _zero(n_dimensions: int) -> dict[str, Array]:
    """Return no centre at all, for each language."""
    return {language: np.zeros(n_dimensions) for language in ("fr", "ar")}


def blocks_of(
    rows: Rows, shares: Array, centres: dict[str, Array], shown: Sequence[str], *, bits: int = BITS
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return header and blocks of the file; the length of a row's vector is its word's weight."""
    lengths = np.linalg.norm(rows.vectors, axis=1)
    whole, scale = store.quantise(rows.vectors / np.maximum(lengths, 1e-9)[:, None], bits=bits)
    languages = Counter(language for language, _ in rows.keys)
    words = [word for _, word in rows.keys]
    blocks = {
        "words": store.pack_words(words),
        "shown": store.pack_words(["" if a == b else a for a, b in zip(shown, words, strict=True)]),
        "vectors": store.pack(whole, bits=bits),
        "scale": scale.tobytes(),
        "norms": lengths.astype(np.float16).tobytes(),
        "log_shares": np.log(shares).astype(np.float16).tobytes(),
        "centres": np.array(
            [centres[name] for name in sorted(centres)], dtype=np.float32
        ).tobytes(),
    }
    header = {
        "version": hashlib.sha256(b"".join(blocks.values())).hexdigest()[:12],
        "n_dimensions": rows.vectors.shape[1],
        "bits": bits,
        "languages": sorted(languages.items()),
        "centres": sorted(centres),
        "licence": "CC BY-SA 4.0; see space.LICENSE.md",
    }
    return header, blocks


def letter_blocks(rows: Rows, language: str) -> dict[str, bytes]:
    """Return the blocks of the letter groups of a table."""
    groups, vectors = learnt_groups(rows, language)
    whole, scale = store.quantise(vectors, bits=4)
    return {
        f"groups_{language}": store.pack_words(groups),
        f"group_vectors_{language}": store.pack(whole, bits=4),
        f"group_scale_{language}": scale.tobytes(),
    }


def expression_blocks(table: WordTable, common: frozenset[int]) -> dict[str, bytes]:
    """Return the blocks of the expressions; none begins or ends with an empty word."""
    blocks = {}
    for length, (codes, rows) in expression_codes(table, common).items():
        blocks[f"codes_{length}"] = codes.astype("<i8").tobytes()
        blocks[f"code_rows_{length}"] = rows.astype("<i4").tobytes()
    return blocks


def in_memory(rows: Rows, shares: Array) -> Space:
    """Return a space of rows that is not written."""
    words = [word for _, word in rows.keys]
    return Space(*blocks_of(rows, shares, _zero(rows.vectors.shape[1]), words, bits=8))


def usual_shares(rows: Rows, texts: dict[str, list[str]]) -> Array:
    """Return each word's usual share, from the training texts and the stop words."""
    shares = np.full(len(rows.keys), RARE)
    table = in_memory(Rows(rows.keys, rows.vectors[:, :2]), shares).table
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
    space = in_memory(rows, shares)
    centres = _zero(rows.vectors.shape[1])
    for language, sentences in texts.items():
        reference = space.reference(sentences, [language] * len(sentences))
        if language in reference.centres:
            centres[language] = reference.centres[language][0]
    return centres


def weighted_and_aligned(
    rows: Rows, senses: Sequence[Sense], vectors: Array, shares: Array, texts: dict[str, list[str]]
) -> Rows:
    """Give each row its weight as length, and divide the space by the noise of translation."""
    space = in_memory(rows, shares)

    def sentences(language: str) -> Array:
        """Vectors of the training sentences of a language."""
        return space.embed(texts[language], [language] * len(texts[language]))[0]

    pairs = word_pairs(senses, rows.keys)
    quiet = noise_map(rows.vectors, pairs, sentences if texts["fr"] else None)
    moved = rows.vectors @ quiet
    moved /= np.linalg.norm(moved, axis=1).mean()
    weights = word_weights(senses, vectors, rows.keys)
    return Rows(rows.keys, np.asarray(moved * weights[:, None], dtype=np.float32))


def made(
    senses: list[Sense], wording_vectors: Array, parallel: dict[str, list[str]]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return header and blocks of the space.

    Parameters
    ----------
    senses : sequence of Sense
    wording_vectors : array, shape (n_wordings, d)
        Centred, in the order of :func:`wordings`.
    parallel : dict
        Sentences by language, in the same order.
    """
    number = {text: i for i, text in enumerate(wordings(senses))}
    vectors = sense_vectors(senses, number, wording_vectors)
    rows = word_rows(senses, vectors, number, wording_vectors)
    shares = usual_shares(rows, parallel)
    rows = weighted_and_aligned(rows, senses, vectors, shares, parallel)
    rows = Rows(rows.keys, principal(rows.vectors, N_DIMENSIONS))
    centres = usual_centres(rows, shares, parallel)
    header, blocks = blocks_of(rows, shares, centres, shown_forms(senses, rows.keys))
    for language in ("fr", "ar"):
        blocks |= letter_blocks(rows, language)
    common = np.flatnonzero(shares >= COMMON)
    blocks |= expression_blocks(Space(header, blocks).table, frozenset(common.tolist()))
    header["version"] = hashlib.sha256(b"".join(blocks.values())).hexdigest()[:12]
    return header, blocks


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the sources, embed their wordings, write the space."""
    parser = argparse.ArgumentParser(prog="python -m nlp.build.space", description=main.__doc__)
    parser.add_argument("--lexicon", type=Path, required=True, help="folder of dictionary entries")
    parser.add_argument(
        "--parallel", type=Path, help="parallel sentences (CSV: fr, ar), even rows used"
    )
    parser.add_argument(
        "--embeddings", type=Path, help="file that keeps the wordings' vectors (.npz)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(__file__).parents[2] / "data" / "space.bin",
        help="file to write",
    )
    options = parser.parse_args(arguments)
    senses = all_senses(options.lexicon)
    wording_vectors = centred(embedded(wordings(senses), options.embeddings))
    # The order of sums, hence the last bits, depends on the number of threads.
    with threadpool_limits(limits=1):
        header, blocks = made(senses, wording_vectors, training_texts(options.parallel))
    store.write(options.out, header, blocks)


if __name__ == "__main__":
    main()
