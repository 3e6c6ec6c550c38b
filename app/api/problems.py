"""Errors of the interface for programs: ``application/problem+json`` (RFC 9457), whatever fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from app.api.errors import ApiProblemError
from app.core.errors import DomainError

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"
#: Seconds after which a program that sent too much may try again.
_RETRY_AFTER = 60

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def problem(status: int, title: str, text: str, error: BaseException | None = None) -> Response:
    """Answer with what is wrong: the kind of problem, a sentence, and the places it concerns."""
    body: dict[str, Any] = {
        "type": _kind(error),
        "title": title,
        "status": status,
        "detail": text,
    }
    places = list(_places(error))
    if places:
        body["errors"] = places
    answer = Response(json.dumps(body, ensure_ascii=False), status, content_type=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Tachawor"'
    if status == 429:
        answer.headers["Retry-After"] = str(_RETRY_AFTER)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _kind(error: BaseException | None) -> str:
    """Return what names a kind of problem for programs; HTTP's own need no other name."""
    if not isinstance(error, DomainError):
        return "about:blank"
    name = _WORDS.sub("-", type(error).__name__.removesuffix("Error")).lower()
    return f"urn:tachawor:problem:{name}"


def _places(error: BaseException | None) -> Iterator[dict[str, str]]:
    """Yield each place of the request that is wrong, with a sentence."""
    if isinstance(error, ApiProblemError):
        yield from error.places
    elif isinstance(error, HTTPException):
        messages = getattr(error, "data", {}).get("messages", {})
        for location, found in messages.items() if isinstance(messages, Mapping) else ():
            for path, message in _flat(found, ""):
                if location == "json":
                    yield {"pointer": path, "detail": message}
                else:
                    yield {"parameter": path.strip("/"), "detail": message}


def _flat(found: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield each message with its JSON pointer."""
    if isinstance(found, Mapping):
        for key, inner in found.items():
            part = str(key).replace("~", "~0").replace("/", "~1")
            yield from _flat(inner, path if part == "_schema" else f"{path}/{part}")
    elif isinstance(found, (list, tuple)):
        for inner in found:
            yield from _flat(inner, path)
    else:
        yield path, str(found)


def init_app(app: Flask) -> None:
    """Answer so under the address of the interface, and nowhere else."""
    app.extensions["error_answers"].append((PREFIX, problem))
