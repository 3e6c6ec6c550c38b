"""The process that reads one document: ``PATH KIND SECONDS``; answers with JSON."""

from __future__ import annotations

import json
import logging
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.core.files.reading import MOST_CHARACTERS, office, pdf, plain
from app.core.files.reading.pages import join_pages

_MEMORY = 1024 * 1024 * 1024
_READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    "pdf": pdf.pages,
    "docx": office.docx_pages,
    "odt": office.odt_pages,
    "txt": plain.pages,
}


def answer(path: Path, kind: str) -> dict[str, Any]:
    """Return the text and the starts of its pages, or why there is none."""
    pages: list[str] = []
    n_characters = 0
    try:
        for page in _READERS[kind](path):
            pages.append(page)
            n_characters += len(page)
            if n_characters > MOST_CHARACTERS:
                return {"refused": "long"}
    except pdf.LockedError:
        return {"refused": "locked"}
    except MemoryError:
        raise
    except Exception:  # the readers raise whatever a broken file leads them to
        logging.getLogger(__name__).exception("a document could not be read")
        return {"refused": "broken"}
    text, starts = join_pages(pages)
    return {"text": text, "page_starts": starts}


def main() -> None:
    """Read within limits of memory and time."""
    path, kind, seconds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    json.dump(answer(path, kind), sys.stdout)


main()
