"""The encoding of a text: UTF-8, or a clear word on what it is instead, never garbled letters."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from charset_normalizer import from_bytes

from app.core.tables import errors

#: Encodings that spreadsheets write, by Python's name, with the name people know.
KNOWN = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "cp1256": "Windows-1256",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "iso8859-1": "ISO-8859-1",
    "iso8859-15": "ISO-8859-15",
    "iso8859-6": "ISO-8859-6",
    "mac-roman": "Mac Roman",
    "mac-arabic": "Mac Arabic",
    "cp850": "CP850",
    "cp720": "CP720",
}
_SAME = {"utf-8-sig": "utf-8"}

_CHUNK = 1 << 18
#: How much text outside ASCII is looked at to judge an encoding.
_SAMPLE = 200_000
_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]")
_ACCENTED = re.compile("[À-ÖØ-öø-ɏ]")
_ARABIC = re.compile("[\u0621-\u064a\u066e-\u06d3]")
_BOTH = re.compile("[A-Za-zÀ-ɏ][\u0621-\u064a]|[\u0621-\u064a][A-Za-zÀ-ɏ]")
_STRANGE = re.compile("[\u0080-\u0084\u0086-\u009f\u2e80-\u9fff\uac00-\ud7a3\ue000-\uf8ff\ufffd]")
#: Letters of two bytes of UTF-8 read as Windows-1252: "Ã©", "Ø§".
_TWICE = re.compile("[ÂÃÅØÙÚÛ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


@dataclass(frozen=True)
class Examined:
    """What one pass over a text file tells.

    :ivar encoding: the one to read it with.
    :ivar head: the beginning of the text.
    """

    encoding: str
    sha256: str
    head: str


def normal_name(name: str) -> str:
    """Return Python's name of an encoding.

    :raises EncodingNameError: if it is none of :data:`KNOWN`.
    """
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        found = ""
    found = _SAME.get(found, found)
    if found not in KNOWN:
        raise errors.EncodingNameError(name=name, known=", ".join(KNOWN))
    return found


def examine(path: Path, stated: str | None) -> Examined:
    """Read a text file once, from end to end, and settle its encoding.

    :raises ImportRefusedError: if it is no text, or not in the encoding stated (UTF-8 without one).
    """
    encoding = normal_name(stated) if stated else "utf-8"
    try:
        found = _read_through(path, "utf-8-sig" if encoding == "utf-8" else encoding)
    except _UndecodableError as failure:
        _refuse(path, encoding, failure)
    if encoding == "utf-8":
        _refuse_damaged(found.foreign)
    else:
        _refuse_garbled(path, encoding, found.foreign)
    return Examined("utf-8-sig" if encoding == "utf-8" else encoding, found.digest, found.head)


class _UndecodableError(Exception):
    """The text stops making sense.

    :ivar position: of the first byte that cannot be read.
    """

    def __init__(self, position: int, line: int) -> None:
        self.position, self.line = position, line
        super().__init__(position)


@dataclass
class _Text:
    """What is kept of a text read through: its hash, its beginning, some of what is not ASCII."""

    digest: str = ""
    head: str = ""
    foreign: str = ""


def _read_through(path: Path, encoding: str) -> _Text:
    """Decode the whole file strictly."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    digest, read = sha256(), _Text()
    n_bytes = n_lines = 0
    with path.open("rb") as source:
        while True:
            chunk = source.read(_CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                # The error counts from the bytes that the decoder had kept back.
                seen = chunk[: max(0, error.start - waiting)].count(b"\n")
                position = n_bytes - waiting + error.start
                raise _UndecodableError(position, n_lines + seen + 1) from error
            if "\0" in text:
                before = text.partition("\0")[0]
                raise _UndecodableError(
                    n_bytes + len(before.encode()), n_lines + before.count("\n") + 1
                )
            if not chunk:
                read.digest = digest.hexdigest()
                return read
            digest.update(chunk)
            n_bytes, n_lines = n_bytes + len(chunk), n_lines + chunk.count(b"\n")
            _keep(read, text)


def _keep(read: _Text, text: str) -> None:
    """Keep what later judgements need."""
    if len(read.head) < _SAMPLE:
        read.head += text
    if not text.isascii() and len(read.foreign) < _SAMPLE:
        read.foreign += text


def _refuse(path: Path, encoding: str, failure: _UndecodableError) -> None:
    """Say what a file that cannot be decoded is instead."""
    with path.open("rb") as source:
        start = source.read(4)
        source.seek(max(0, failure.position - 2000))
        around = source.read(1 << 16)
    guess = _guess(start, around)
    if guess is None and b"\0" in around:
        raise errors.BinaryFileError(position=failure.position + 1)
    if encoding != "utf-8":
        raise errors.WrongEncodingError(name=KNOWN[encoding], line=failure.line)
    if guess is None:
        raise errors.UnknownEncodingError(line=failure.line)
    raise errors.EncodingError(line=failure.line, name=KNOWN[guess], code=guess)


def _guess(start: bytes, around: bytes) -> str | None:
    """Return the encoding that some bytes are probably in."""
    if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    if b"\0" in around:
        return _guess_utf16(around)
    best = from_bytes(around, cp_isolation=["cp1252", "cp1256", "mac_roman"]).best()
    likely = [normal_name(best.encoding)] if best else []
    arabic = around.decode("cp1256")
    # French reads the same in both: only Arabic letters speak for Windows-1256.
    first = "cp1256" if len(_ARABIC.findall(arabic)) > len(around) / 10 else "cp1252"
    for name in (first, *likely, "cp1252", "cp1256", "iso8859-6", "cp720"):
        if _is_plausible(around, name):
            return name
    return None


def _guess_utf16(around: bytes) -> str | None:
    """Tell UTF-16 without its mark from a binary file: every other byte of plain text is nought."""
    even, odd = around[::2].count(0), around[1::2].count(0)
    if max(even, odd) < len(around) / 8 or min(even, odd) > max(even, odd) / 50:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_plausible(data: bytes, encoding: str) -> bool:
    """Tell whether bytes make words in an encoding."""
    try:
        return not is_garbled(data.decode(encoding))
    except UnicodeDecodeError:
        return False


def is_garbled(text: str) -> bool:
    """Tell whether a text has the signs of a wrong encoding, by the letters that stand together.

    Real French has an accented letter out of twenty-five, and no word is half Latin, half Arabic.
    """
    latin, accented = len(_LATIN.findall(text)), len(_ACCENTED.findall(text))
    arabic = len(_ARABIC.findall(text))
    letters = latin + arabic
    if len(_STRANGE.findall(text)) > letters / 50:
        return True
    if len(_BOTH.findall(text)) > letters / 25:
        return True
    return latin > arabic and latin >= 20 and accented > latin * 0.3


def _refuse_garbled(path: Path, encoding: str, foreign: str) -> None:
    """Refuse an encoding stated against the file's content."""
    name = KNOWN[encoding]
    if not encoding.startswith("utf") and foreign:
        try:
            _read_through(path, "utf-8-sig")
        except _UndecodableError:
            pass
        else:
            raise errors.IsUtf8Error(name=name)
    if is_garbled(foreign):
        raise errors.GarbledTextError(name=name, sample=_excerpt(foreign))


def _refuse_damaged(foreign: str) -> None:
    """Refuse UTF-8 whose letters were taken for others before."""
    outside = sum(not sign.isascii() for sign in foreign)
    broken = _TWICE.findall(foreign)
    if len(broken) > 5 and len(broken) * 2 > outside * 0.5:
        raise errors.DamagedTextError(sample=_excerpt(foreign))


def _excerpt(text: str) -> str:
    """Return some words around the first sign outside ASCII."""
    first = next(position for position, sign in enumerate(text) if not sign.isascii())
    around = text[max(0, first - 10) : first + 30]
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f]", " ", around).split())
