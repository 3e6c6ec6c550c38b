"""Made passages for timing: pieces of the demonstration's sentences, put together anew."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from nlp.errors import InputError

#: Where sentences come from when nothing else is given: the demonstration's, written for it.
SENTENCES = Path(__file__).parents[2] / "app" / "demonstration" / "data" / "corpus"
LANGUAGES = ("fr", "ar")

#: Characters at which a made passage ends.
_LONG_ENOUGH = 180
#: Words of a piece of a sentence.
_PIECE = 6
#: Fewest pieces of one subject that make passages without repetition.
_FEWEST_PIECES = 12
#: Segments that are planted for other purposes than themes.
_NO_SUBJECT = re.compile("off-topic|unreadable|campaign")


def _pieces(folder: Path, language: str) -> dict[str, list[str]]:
    """Return pieces of sentences by subject, each piece once."""
    pieces: dict[str, dict[str, None]] = {}
    for line in (folder / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
        for segments in json.loads(line)["answers"].values():
            for segment in segments:
                if not _NO_SUBJECT.match(segment["theme"]):
                    found = pieces.setdefault(segment["theme"], {})
                    found.update(dict.fromkeys(_cut(segment["text"])))
    return {
        subject: list(found) for subject, found in pieces.items() if len(found) >= _FEWEST_PIECES
    }


def _cut(text: str) -> Iterator[str]:
    """Yield pieces of the sentences of a text, of a few words each."""
    for sentence in re.split(r"(?<=[.!?؟])\s+", text):
        words = sentence.rstrip(".!?؟").split()
        for start, end in pairwise([*range(0, len(words), _PIECE), len(words)]):
            if end - start > 2:
                yield " ".join(words[start:end])


def made_texts(folder: Path, n: int) -> list[str]:
    """Return passages of about 200 characters, made of pieces of sentences on one subject.

    Parameters
    ----------
    folder : Path
        Holds ``fr.jsonl`` and ``ar.jsonl`` of the demonstration corpus.
    n : int
        How many, at least 1; French and Arabic in turn.

    Returns
    -------
    list of str
        All different, always the same ones; the first ones do not depend on ``n``.

    Raises
    ------
    InputError
        If a file is missing or holds too little.
    """
    try:
        pools = [list(_pieces(folder, language).values()) for language in LANGUAGES]
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read: {error.strerror}.") from error
    if not all(pools):
        raise InputError(f"{folder} holds too few sentences to make passages of.")
    rng = np.random.default_rng(0)
    texts: dict[str, None] = {}
    while len(texts) < n:
        pool = pools[len(texts) % len(pools)]
        texts[_passage(pool[rng.integers(len(pool))], rng)] = None
    return list(texts)


def _passage(pieces: Sequence[str], rng: np.random.Generator) -> str:
    """Join pieces drawn at random until they are long enough."""
    drawn: list[str] = []
    for at in rng.permutation(len(pieces)).tolist():
        drawn.append(pieces[at])
        if sum(map(len, drawn)) + len(drawn) > _LONG_ENOUGH:
            break
    return " ".join(drawn) + "."
