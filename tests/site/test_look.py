"""The style sheet, the faces, the marks: what can be checked without a browser."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from app.core.assets import asset
from assets import fonts

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "app" / "static" / "css"
SHEETS = ("tokens.css", "base.css", "components.css")
#: What staff pages load besides.
DESK = "desk.css"
#: Pages for browsers; the template of the PDF is read by its renderer alone, under no policy.
TEMPLATES = sorted(
    set(ROOT.glob("app/**/templates/**/*.html"))
    - set(ROOT.glob("app/**/pdf*.html"))
    - set(ROOT.glob("app/**/pdf/*.html"))
)


def rules() -> str:
    """The whole style sheet without its comments."""
    text = "".join((CSS / name).read_text(encoding="utf-8") for name in (*SHEETS, DESK))
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def colours(text: str) -> dict[str, str]:
    """The colours that a block of custom properties sets."""
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", text))


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    """Contrast of two colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_style_sheet_weighs_less_than_16_kilobytes_compressed():
    weight = sum(len(gzip.compress((CSS / name).read_bytes(), 6)) for name in SHEETS)
    assert weight < 16 * 1024
    assert len(gzip.compress((CSS / DESK).read_bytes(), 6)) < 6 * 1024


def test_the_style_sheet_knows_no_left_and_no_right():
    physical = re.findall(
        r"[\s;{](?:margin|padding|border)-(?:left|right|top|bottom)\b|[\s;{](?:left|right|top|bottom):"
        r"|text-align:\s*(?:left|right)|float:\s*(?:left|right)|[\s;{](?:min-|max-)?(?:width|height):",
        rules(),
    )
    assert physical == []


def test_every_colour_and_size_that_a_rule_asks_for_is_a_token():
    text = rules()
    asked = set(re.findall(r"var\(--([\w-]+)", text))
    given = set(re.findall(r"--([\w-]+):", text))
    assert asked - given == set()


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "paper", 4.5),
        ("ink-2", "paper", 4.5),
        ("ink-2", "paper-2", 4.5),
        ("ink-3", "paper-2", 4.5),
        ("green", "paper", 4.5),
        ("green", "paper-2", 4.5),
        ("on-green", "green", 4.5),
        ("paper", "ink", 4.5),
        ("on-saffron", "saffron", 4.5),
        ("brick", "paper", 4.5),
        ("brick", "h0", 4.5),
        ("ink", "green-soft", 4.5),
        ("ink-2", "green-soft", 4.5),
        ("edge", "paper", 3),
        ("focus", "paper", 3),
        *[("h-ink", f"h{k}", 4.5) for k in range(4)],
        *[("h-ink-2", f"h{k}", 4.5) for k in (4, 5, 6)],
    ],
)
def test_colours_used_together_stay_readable_by_day_and_by_night(ink, ground, least):
    day, night = (
        (CSS / "tokens.css")
        .read_text(encoding="utf-8")
        .split("@media (prefers-color-scheme: dark)")
    )
    light = colours(day)
    dark = light | colours(night)
    assert ratio(light[ink], light[ground]) >= least
    assert ratio(dark[ink], dark[ground]) >= least


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "app")))
def test_a_template_holds_nothing_inline_and_calls_nobody_else(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=\"", text)
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", text)


def test_the_style_sheet_calls_nobody_else():
    assert re.findall(r"url\(\"?(?:https?:)?//", rules()) == []


def test_a_static_file_gets_another_address_when_its_content_changes(
    app: Flask, tmp_path, monkeypatch
):
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    (tmp_path / "a.css").write_text("one", encoding="utf-8")
    with app.test_request_context():
        first = asset("a.css")
        (tmp_path / "a.css").write_text("another", encoding="utf-8")
        second = asset("a.css")
    assert re.fullmatch(r"/static/a\.css\?v=[0-9a-f]{10}", first)
    assert first != second


def test_a_file_that_was_not_built_has_an_address_all_the_same(app: Flask):
    with app.test_request_context():
        assert asset("fonts/none.woff2") == "/static/fonts/none.woff2"


def test_a_page_links_its_files_with_the_hash_of_their_content(client):
    page = client.get("/fr/method").get_data(as_text=True)
    for name in (r"css/site\.css", r"fonts/tachawor-serif\.woff2"):
        address = re.search(rf'href="(/static/{name}\?v=[0-9a-f]{{10}})"', page)
        assert address, name
        with client.get(address.group(1)) as response:
            assert "immutable" in response.headers["Cache-Control"]


def test_the_lock_file_names_no_registry():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in text
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}.values()
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_the_faces_are_not_cut_without_their_source(tmp_path, capsys):
    assert fonts.main(["--modules", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "npm ci" in capsys.readouterr().err


@pytest.mark.skipif(
    not fonts.MODULES.is_dir(), reason="the packages of package.json are not installed"
)
def test_the_faces_hold_what_the_product_writes_and_are_cut_once(tmp_path):
    from fontTools.ttLib import TTFont

    written = fonts.build(out=tmp_path)
    again = fonts.build(out=tmp_path)
    serif, signs, naskh = (TTFont(path).getBestCmap() for path in written)

    assert again == []
    assert sum(path.stat().st_size for path in written) < 64 * 1024
    assert all(ord(sign) in signs for sign in "«»–\u202f\u2011 0123456789:/()")
    assert all(ord(sign) in serif for sign in "éàùç’«»–\u202f\u2011 0123456789")
    assert all(ord(letter) in naskh for letter in "تشاورگڤپ،؟ّ")


def test_the_map_draws_the_twelve_regions_with_their_names():
    shapes = json.loads((ROOT / "app/territories/data/map.json").read_text(encoding="utf-8"))
    assert list(shapes["regions"]) == [f"{code:02d}" for code in range(1, 13)]
    for region in shapes["regions"].values():
        assert region["names"]["fr"]
        assert region["names"]["ar"]
        assert 0 < region["x"] < shapes["w"]
        assert 0 < region["y"] < shapes["h"]
        assert re.fullmatch(r"[Mlz0-9 .\-]+", region["d"])
