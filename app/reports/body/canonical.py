"""One spelling for a body, so that the same content always has the same hash."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any


def canonical(body: Any) -> str:
    """Return the canonical JSON: keys sorted, no space, letters as they are."""
    return json.dumps(
        body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest(body: Any) -> str:
    """Return the SHA-256 of the canonical JSON, hexadecimal."""
    return sha256(canonical(body).encode()).hexdigest()
