"""Cut the two faces down to what the product writes: ``python -m assets.fonts``.

Newsreader (OFL, Production Type) gives *Tachawor Serif*: optical size 36, weight 400, the Latin
letters of French and English. Amiri (OFL, Khaled Hosny) gives *Tachawor Naskh*: the Arabic letters,
their marks, and the letters that Darija borrows. Both are renamed, as the licence asks of modified
fonts. The sources are the packages of ``package.json``; the same packages give the same bytes, and
nothing is done when the faces are up to date.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
OUT = ROOT / "app" / "static" / "fonts"

_LATIN = frozenset(range(0x20, 0x7F)) | frozenset(
    map(ord, "àâäæçéèêëîïôœöùûüÿÀÂÄÆÇÉÈÊËÎÏÔŒÖÙÛÜŸñíóá«»‹›“”‘’–—…·×−±≥≤≈€°º§†©→←↑↓¹²³⁴⁵⁶½")
) | frozenset({0xA0, 0x2011, 0x202F}
)
#: Figures, signs and the letters of the name: all that Arabic pages need as a rule.
_SIGNS = frozenset(range(0x20, 0x41)) | frozenset(b"Tachwor") | frozenset(
    map(ord, "«»‹›“”‘’–—…·×−±≥≤€°†←→↑↓")
) | frozenset({0xA0, 0x2011, 0x202F})
_ARABIC = (
    frozenset(range(0x621, 0x63B))
    | frozenset(range(0x640, 0x653))
    | frozenset(map(ord, "،؛؟٪ٰٱپچژڤڥڨکڭگی\u200c\u200d«»"))
)
_NARROW_SPACE, _HYPHEN, _FIXED_HYPHEN = 0x202F, 0x2D, 0x2011


@dataclass(frozen=True)
class Face:
    """A face to cut.

    :ivar source: file inside ``node_modules``.
    :ivar axes: where a variable font is frozen.
    :ivar narrow_space: width of U+202F, drawn if the source lacks it (a fallback's is too thin
        to separate thousands); 0 draws none.
    """

    file: str
    family: str
    source: str
    characters: frozenset[int]
    features: tuple[str, ...]
    axes: dict[str, float] = field(default_factory=dict)
    narrow_space: int = 0


_SERIF = Face(
    file="tachawor-serif.woff2",
    family="Tachawor Serif",
    source="@fontsource-variable/newsreader/files/newsreader-latin-standard-normal.woff2",
    characters=_LATIN,
    features=("kern", "liga", "lnum", "onum", "pnum", "tnum", "ccmp", "locl", "mark"),
    axes={"opsz": 36, "wght": 400},
    narrow_space=320,
)
FACES = (
    _SERIF,
    replace(
        _SERIF, file="tachawor-signs.woff2", family="Tachawor Signs", characters=_SIGNS
    ),
    Face(
        file="tachawor-naskh.woff2",
        family="Tachawor Naskh",
        source="@fontsource/amiri/files/amiri-arabic-400-normal.woff2",
        characters=_ARABIC,
        features=(
            "isol", "init", "medi", "fina", "rlig", "calt", "liga", "kern",
            "mark", "mkmk", "ccmp", "locl", "curs", "rclt",
        ),
    ),
)


class MissingSourceError(RuntimeError):
    """A package that holds a face is not installed."""


def cut(face: Face, source: Path) -> bytes:
    """Return the face as WOFF2, with the characters and features it needs and nothing else."""
    font = _subset(TTFont(source, recalcTimestamp=False), face)
    if face.axes:
        font = _frozen(font, face.axes)
    _add_spaces(font, face.narrow_space)
    _rename(font, face.family)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _subset(font: TTFont, face: Face) -> TTFont:
    """Keep the characters and the features of the face."""
    options = subset.Options()
    options.layout_features = list(face.features)
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=face.characters)
    cutter.subset(font)
    return font


def _frozen(font: TTFont, axes: dict[str, float]) -> TTFont:
    """Freeze a variable font; it is written and read again so that every table is in one state."""
    buffer = io.BytesIO()
    font.flavor = None
    font.save(buffer)
    buffer.seek(0)
    return instancer.instantiateVariableFont(TTFont(buffer, recalcTimestamp=False), axes)


def _add_spaces(font: TTFont, narrow_space: int) -> None:
    """Add the narrow space where it is absent, and the hyphen that does not break."""
    if narrow_space and _NARROW_SPACE not in font.getBestCmap():
        font.setGlyphOrder([*font.getGlyphOrder(), "uni202F"])
        font["glyf"]["uni202F"] = Glyph()
        font["hmtx"]["uni202F"] = (narrow_space, 0)
        for table in _unicode_maps(font):
            table.cmap[_NARROW_SPACE] = "uni202F"
    for table in _unicode_maps(font):
        if _HYPHEN in table.cmap:
            table.cmap.setdefault(_FIXED_HYPHEN, table.cmap[_HYPHEN])


def _unicode_maps(font: TTFont) -> list[Any]:
    """Return the character maps that a browser may read."""
    return [table for table in font["cmap"].tables if table.isUnicode()]


def _rename(font: TTFont, family: str) -> None:
    """Give the modified font its own name."""
    for record in font["name"].names:
        if record.nameID in {1, 4}:
            record.string = family
        elif record.nameID == 6:
            record.string = family.replace(" ", "")


def build(modules: Path = MODULES, out: Path = OUT, *, force: bool = False) -> list[Path]:
    """Write the faces that are missing or older than their source or than this module.

    :returns: the files written.
    :raises MissingSourceError: if a package is not installed.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for face in FACES:
        source, target = modules / face.source, out / face.file
        if not source.is_file():
            raise MissingSourceError(f"{source} is missing: run `npm ci` first.")
        if force or not _is_up_to_date(target, source):
            temporary = target.with_suffix(".part")
            temporary.write_bytes(cut(face, source))
            temporary.replace(target)
            written.append(target)
    return written


def _is_up_to_date(target: Path, source: Path) -> bool:
    """Tell whether a face was cut after its source and its rules last changed."""
    if not target.is_file():
        return False
    changed = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
    return target.stat().st_mtime >= changed


def main(arguments: Sequence[str] | None = None) -> int:
    """Cut the faces and say what was written."""
    parser = argparse.ArgumentParser("python -m assets.fonts", description="Cut the web faces.")
    parser.add_argument("--modules", type=Path, default=MODULES, help="the node_modules folder")
    parser.add_argument("--out", type=Path, default=OUT, help="where the .woff2 files go")
    parser.add_argument("--force", action="store_true", help="cut again what is up to date")
    options = parser.parse_args(arguments)
    try:
        written = build(options.modules, options.out, force=options.force)
    except MissingSourceError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for path in written:
        sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")
    if not written:
        sys.stdout.write("The faces are up to date.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
