"""Copy the browser's libraries to where pages load them from: ``python -m assets.scripts``.

htmx (Zero-Clause BSD) is served as its authors built it. The copies are not kept in the repository:
``package-lock.json`` says which version they are of, with its hash.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
OUT = ROOT / "app" / "static" / "vendor"

#: File in ``node_modules``, and its name among the static files.
SCRIPTS = {"htmx.org/dist/htmx.min.js": "htmx.min.js"}


class MissingSourceError(Exception):
    """A package has not been fetched."""


def build(modules: Path = MODULES, out: Path = OUT) -> list[Path]:
    """Copy what is not there as it should be, and return what was written.

    :raises MissingSourceError: if a package is wanting.
    """
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for source, name in SCRIPTS.items():
        if not (modules / source).is_file():
            raise MissingSourceError(f"{source} is not there: run bin/browser-assets.")
        content, target = (modules / source).read_bytes(), out / name
        if not target.is_file() or target.read_bytes() != content:
            target.write_bytes(content)
            written.append(target)
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Copy the scripts and say what was written."""
    parser = argparse.ArgumentParser("python -m assets.scripts", description="Copy the scripts.")
    parser.add_argument("--modules", type=Path, default=MODULES, help="the node_modules folder")
    parser.add_argument("--out", type=Path, default=OUT, help="where the scripts go")
    options = parser.parse_args(arguments)
    try:
        written = build(options.modules, options.out)
    except MissingSourceError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("".join(f"{path.name}: {path.stat().st_size} bytes\n" for path in written))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
