"""Labelled and parallel sets in a folder.

``labelled/*.csv`` hold the columns ``label`` and ``text`` (or ``title`` and ``body``), and may hold
``language``; ``parallel/*.csv`` hold ``fr`` and ``ar``, and may hold ``goal`` or ``label``.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from nlp.errors import InputError
from nlp.tables import read_column

#: Parallel sets of which the even rows shaped the static space: their odd rows alone measure it.
HALF_SEEN = frozenset({"tico19_fr_ar"})


class EvaluationSet(NamedTuple):
    """Texts with what is known of them.

    ``labels`` and ``languages`` are empty when unknown. With ``is_parallel``, the second half of
    the texts translates the first, in the same order. ``stem`` is the name of the file.
    """

    name: str
    stem: str
    texts: list[str]
    labels: list[str]
    languages: list[str]
    is_parallel: bool = False

    @property
    def n_labels(self) -> int:
        """How many different labels there are."""
        return len(set(self.labels))


def read_sets(folder: Path, chosen: Sequence[str] = ()) -> list[EvaluationSet]:
    """Return the sets of a folder, those of ``labelled`` first, each by name of file.

    Parameters
    ----------
    folder : Path
        Holds ``labelled`` or ``parallel`` or both.
    chosen : sequence of str, optional
        Names of sets, or of files without ``.csv``; all sets when empty.

    Raises
    ------
    InputError
        If there is no set, a chosen one is missing, or a file is not a set.
    """
    paths = [
        (kind, path)
        for kind in ("labelled", "parallel")
        for path in sorted(folder.glob(f"{kind}/*.csv"))
    ]
    sets = [found for kind, path in paths for found in _READERS[kind](path)]
    if not sets:
        raise InputError(f"{folder} holds no labelled/*.csv and no parallel/*.csv.")
    known = {name for one in sets for name in (one.name, one.stem)}
    unknown = [name for name in chosen if name not in known]
    if unknown:
        shown = ", ".join(one.name for one in sets)
        raise InputError(f'{folder} holds no set "{unknown[0]}". Its sets are: {shown}.')
    return [one for one in sets if not chosen or {one.name, one.stem} & set(chosen)]


def labelled_sets(path: Path) -> list[EvaluationSet]:
    """Return the set of a labelled file; rows without text or label are left out.

    Raises
    ------
    InputError
        If a column is missing, or there are not two texts with two labels.
    """
    labels = read_column(path, "label")
    title, body = _find_column(path, "title"), _find_column(path, "body")
    if title is not None and body is not None and _find_column(path, "text") is None:
        texts = [f"{a}. {b}" for a, b in zip(title, body, strict=True)]
    else:
        texts = read_column(path, "text")
    languages = _find_column(path, "language") or [""] * len(texts)
    rows = _filled(zip(texts, labels, languages, strict=True))
    texts, labels, languages = ([row[place] for row in rows] for place in range(3))
    if len(set(labels)) < 2:
        raise InputError(f"{path} needs two labels or more.")
    return [EvaluationSet(path.stem, path.stem, texts, labels, languages)]


def parallel_sets(path: Path) -> list[EvaluationSet]:
    """Return the sets of a parallel file: both languages and, with labels, each one alone.

    Raises
    ------
    InputError
        If a column is missing, or no row has both texts.
    """
    french, arabic = read_column(path, "fr"), read_column(path, "ar")
    found = _find_column(path, "goal") or _find_column(path, "label")
    # A word in the place of labels keeps rows whole where there are none.
    rows = list(zip(french, arabic, found or ["-"] * len(french), strict=True))
    rows = _filled(rows[1::2] if path.stem in HALF_SEEN else rows)
    if not rows:
        raise InputError(f"{path} has no row with a text in fr and in ar.")
    fr, ar, labels = ([row[place] for row in rows] for place in range(3))
    base, n = path.stem.removesuffix("_fr_ar"), len(rows)
    labels = labels if found and len(set(labels)) > 1 else []
    both = EvaluationSet(
        f"{base}_fr_ar", path.stem, fr + ar, labels * 2, ["fr"] * n + ["ar"] * n, is_parallel=True
    )
    if not labels:
        return [both]
    return [
        EvaluationSet(f"{base}_fr", path.stem, fr, labels, ["fr"] * n),
        EvaluationSet(f"{base}_ar", path.stem, ar, labels, ["ar"] * n),
        both,
    ]


_READERS = {"labelled": labelled_sets, "parallel": parallel_sets}


def _find_column(path: Path, column: str) -> list[str] | None:
    """Return a column of a file that another column was read of, or None."""
    try:
        return read_column(path, column)
    except InputError:
        return None


def _filled(rows: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the rows whose first two cells hold something."""
    return [row for row in rows if row[0].strip() and row[1].strip()]
