"""Reading of the data files that come with the package."""

import csv
import hashlib
from functools import cache
from importlib import resources

NAMES = (
    "thesaurus.tsv",
    "axes.tsv",
    "darija.tsv",
    "tamazight.tsv",
    "pivot_fr_ar.tsv",
    "words_fr.tsv",
    "stopwords_fr.txt",
    "stopwords_ar.txt",
    "stopwords_ary.txt",
)


def read_text(name: str) -> str:
    """Return the text of a data file; empty when the file is not part of the installation."""
    path = resources.files("nlp") / "data" / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a tab-separated data file, missing cells as empty text."""
    lines = read_text(name).splitlines()
    reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
    return [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]


def split_cell(cell: str) -> list[str]:
    """Return the variants of a cell, separated by a vertical bar."""
    return [part.strip() for part in cell.split("|") if part.strip()]


@cache
def fingerprint() -> str:
    """Return a hash of all data files: results change when they do."""
    digest = hashlib.sha256()
    for name in NAMES:
        digest.update(f"{name}\0{read_text(name)}\0".encode())
    return digest.hexdigest()[:16]
