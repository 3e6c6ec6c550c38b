"""The file of the space: a header in JSON, compressed words, packed numbers.

Layout: the magic bytes, the header's length (4 bytes, little-endian), the header, then the blocks
in the order and with the sizes the header gives. Nothing in it is executable and nothing depends
on the day or the machine it is read on.
"""

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"TACHSPACE1\n"

Array = npt.NDArray[Any]


class SpaceFileError(Exception):
    """The file is not a space, or is damaged."""


def quantise(vectors: Array, *, bits: int) -> tuple[Array, Array]:
    """Return rows as small integers and the scale of each dimension.

    Parameters
    ----------
    vectors : array, shape (n, d)
    bits : int
        8 or 4 per number. With 4 the integers lie in [-7, 7].
    """
    greatest = 127 if bits == 8 else 7
    # Beyond this many deviations a number is cut: rare large values would coarsen all others.
    width = 4.0 if bits == 8 else 2.6
    scale = np.maximum(vectors.std(axis=0, dtype=np.float64) * width / greatest, 1e-12)
    whole = np.clip(np.rint(vectors / scale), -greatest, greatest).astype(np.int8)
    return whole, scale.astype(np.float32)


def pack(whole: Array, *, bits: int) -> bytes:
    """Return the bytes of small integers, two in a byte when they have 4 bits."""
    if bits == 8:
        return whole.astype(np.int8).tobytes()
    nibbles = (whole + 8).astype(np.uint8)
    return (nibbles[:, 0::2] << 4 | nibbles[:, 1::2]).astype(np.uint8).tobytes()


def unpack(data: bytes, shape: tuple[int, int], *, bits: int) -> Array:
    """Return small integers of the given shape from their bytes."""
    if bits == 8:
        return np.frombuffer(data, dtype=np.int8).reshape(shape)
    pairs = np.frombuffer(data, dtype=np.uint8).reshape(shape[0], shape[1] // 2)
    whole = np.empty(shape, dtype=np.int8)
    whole[:, 0::2] = (pairs >> 4).astype(np.int8) - 8
    whole[:, 1::2] = (pairs & 15).astype(np.int8) - 8
    return whole


def write(path: Path, header: Mapping[str, Any], blocks: Mapping[str, bytes]) -> None:
    """Write a space: same header and blocks, same bytes."""
    sizes = {name: len(data) for name, data in blocks.items()}
    body = b"".join(blocks.values())
    whole = {**header, "blocks": sizes, "crc32": zlib.crc32(body)}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=False, separators=(",", ":")).encode()
    path.write_bytes(MAGIC + len(text).to_bytes(4, "little") + text + body)


def read(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the header and the blocks of a space.

    :raises SpaceFileError: if the file is missing, of another kind or damaged.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SpaceFileError(f"The space {path.name} cannot be read.") from error
    if not data.startswith(MAGIC):
        raise SpaceFileError(f"{path.name} is not a space of words.")
    start = len(MAGIC) + 4
    end = start + int.from_bytes(data[len(MAGIC) : start], "little")
    try:
        header: dict[str, Any] = json.loads(data[start:end])
    except ValueError as error:
        raise SpaceFileError(f"{path.name} is damaged.") from error
    if zlib.crc32(data[end:]) != header.get("crc32"):
        raise SpaceFileError(f"{path.name} is damaged.")
    blocks = {}
    for name, size in header["blocks"].items():
        blocks[name] = data[end : end + size]
        end += size
    return header, blocks


def pack_words(words: list[str]) -> bytes:
    """Return compressed words, one to a line."""
    return zlib.compress("\n".join(words).encode(), 9)


def unpack_words(data: bytes) -> list[str]:
    """Return the words of a compressed block."""
    text = zlib.decompress(data).decode()
    return text.split("\n") if text else []
