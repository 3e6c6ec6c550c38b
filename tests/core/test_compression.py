"""What is sent compressed, and that it is the same once unpacked."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask

from app.core.assets import SHEETS, asset, minified
from tests.pages import CheckedClient

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize("coding", ["br", "gzip"])
@pytest.mark.parametrize("path", ["/fr/method", "/static/js/draft.js", "/static/css/site.css"])
def test_compressed_answers_hold_what_plain_ones_do(
    client: CheckedClient, coding: str, path: str
) -> None:
    with client.get(path, unchecked=True) as plain:
        wanted = plain.get_data()
    with client.get(path, headers={"Accept-Encoding": coding}, unchecked=True) as packed:
        assert packed.headers["Content-Encoding"] == coding
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert int(packed.headers["Content-Length"]) == len(packed.get_data()) < len(wanted)
        assert (
            UNPACK[coding](packed.get_data()).split(b"csrf_token")[0]
            == (wanted.split(b"csrf_token")[0])
        )


def test_what_is_compressed_already_is_left_alone(client: CheckedClient, app: Flask) -> None:
    faces = sorted(Path(app.static_folder or "").glob("fonts/*.woff2"))
    if not faces:
        pytest.skip("the faces are not built")
    address = f"/static/fonts/{faces[0].name}"
    with client.get(address, headers={"Accept-Encoding": "br"}, unchecked=True) as answer:
        assert "Content-Encoding" not in answer.headers
        assert answer.get_data() == faces[0].read_bytes()


def test_short_answers_travel_as_they_are(client: CheckedClient) -> None:
    answer = client.get("/health", headers={"Accept-Encoding": "br"}, unchecked=True)
    assert "Content-Encoding" not in answer.headers


def test_the_joined_sheet_has_every_rule_of_its_parts_and_the_hash_of_its_content(
    client: CheckedClient, app: Flask
) -> None:
    with app.test_request_context():
        address = asset("css/site.css")
    with client.get(address, unchecked=True) as answer:
        sheet = answer.get_data(as_text=True)
        assert "immutable" in answer.headers["Cache-Control"]
    parts = "".join(
        (Path(app.static_folder or "") / name).read_text(encoding="utf-8") for name in SHEETS
    )
    assert sheet.count("{") == minified(parts).count("{")
    assert sheet.startswith("@layer tokens,reset,base,layout,parts,staff,print;")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a { color : red ; }\n/* no */\nb { x: 1 }", "a{color : red} b{x: 1 }"),
        ('a::after { content: " ;  /* kept */ " }', 'a::after{content: " ;  /* kept */ "}'),
        ("a > b , c + d { margin: calc(1px + 2px) }", "a>b,c + d{margin: calc(1px + 2px)}"),
    ],
)
def test_minifying_leaves_strings_and_sums_alone(written: str, kept: str) -> None:
    assert minified(written).replace(" }", "}") == kept.replace(" }", "}")
