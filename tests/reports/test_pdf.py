"""The PDF files: their words, their language, and what they may open."""

import io
import itertools
import re
import subprocess

import pikepdf
import pytest
from flask import g
from flask_babel import get_locale
from pypdf import PdfReader

from app.core.i18n import in_language, plain_number
from app.core.printing import LocalFetcher
from app.reports import room
from app.reports.body import build
from app.reports.operations import Edition
from app.reports.printed import Printed
from app.reports.rendering import render_html, render_pdf
from app.reports.withheld import Gone, shown
from tests.reports.corpus import ARABIC, FRENCH


@pytest.fixture
def edition(now):
    return Edition(version=3, label="3.0", published_at=now, sha256="e" * 64)


@pytest.mark.parametrize(("lang", "name"), [("fr", FRENCH), ("ar", ARABIC)])
def test_the_file_is_tagged_titled_and_holds_the_themes_names(session, corpus, edition, lang, name):
    body = build(session, corpus.consultation).body

    reader = PdfReader(io.BytesIO(render_pdf(body, edition, lang)))

    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert name in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == lang
    assert body["consultation"]["title"][lang] in reader.metadata.title
    assert len(reader.outline) >= 6


def test_each_quotation_keeps_its_language_and_direction(session, corpus, edition):
    body = build(session, corpus.consultation).body
    page = render_html(body, edition, "fr")
    assert '<blockquote lang="ar" dir="rtl">' in page
    assert '<html lang="fr" dir="ltr">' in page
    assert '<html lang="ar" dir="rtl">' in render_html(body, edition, "ar")


def test_the_files_language_is_not_the_requests(app, session, corpus, edition):
    body = build(session, corpus.consultation).body
    with app.test_request_context("/fr/consultations"):
        app.preprocess_request()
        page = render_html(body, edition, "ar")
        assert '<html lang="ar"' in page
        assert "يناير" in page
        assert "janvier" not in page
        assert g.lang == "fr"
        assert get_locale().language == "fr"


def test_figures_follow_the_language_asked_for(app):
    with app.app_context():
        with in_language("ar"):
            assert plain_number(4812.5, decimals=1) == "4\u202f812,5"
        with in_language("fr"):
            assert plain_number(4812.5, decimals=1) == "4\u202f812,5"
        assert g.get("lang") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/x.css",
        "http://127.0.0.1/x.css",
        "file:///etc/passwd",
        "data:text/css,a",
        "file:///srv/static/../secret.css",
    ],
)
def test_nothing_outside_the_static_folder_is_opened(tmp_path, url):
    fetch = LocalFetcher(tmp_path)
    with pytest.raises(PermissionError):
        fetch.fetch(url)


def test_a_static_file_is_opened(tmp_path):
    (tmp_path / "a.css").write_text("p {}", encoding="utf-8")
    response = LocalFetcher(tmp_path).fetch((tmp_path / "a.css").as_uri())
    assert response.read() == b"p {}"


#: The files of one body: printing takes seconds, and nothing in them depends on the test.
_printed: dict[str, tuple[dict, bytes]] = {}


@pytest.fixture(params=["fr", "ar"])
def file(request, session, corpus, edition):
    """A report's body, and its file in one language."""
    if request.param not in _printed:
        body = build(session, corpus.consultation).body
        _printed[request.param] = body, render_pdf(body, edition, request.param)
    return request.param, *_printed[request.param]


@pytest.fixture
def arabic(session, corpus, edition):
    """A report's body, and its file in Arabic."""
    if "ar" not in _printed:
        body = build(session, corpus.consultation).body
        _printed["ar"] = body, render_pdf(body, edition, "ar")
    return _printed["ar"]


def starts(content):
    """Return the page, counted from 1, on which each named place is."""
    reader = PdfReader(io.BytesIO(content))
    return {
        name: reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
    }


def words_of(content, tmp_path, *options):
    """Return a file's text as readers take it, without the signs that isolate figures."""
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    command = ["pdftotext", "-enc", "UTF-8", *options, str(path), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return flat(text)


def flat(text):
    """Return a text with plain single spaces and without signs of direction."""
    return " ".join(re.sub("[\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]", "", text).split())


def elements(pdf, kind):
    """Return the elements of a kind that the structure of a file reaches."""
    found, todo = [], [pdf.Root.StructTreeRoot.K[0]]
    while todo:
        one = todo.pop()
        if one.get("/S") == kind:
            found.append(one)
        todo += [kid for kid in one.get("/K", []) if isinstance(kid, pikepdf.Dictionary)]
    return found


def test_the_summary_is_one_page(file):
    _lang, _body, content = file
    pages = starts(content)
    assert pages["participation"] - pages["summary"] == 1


def test_each_region_has_two_pages(file):
    _lang, body, content = file
    pages = starts(content)
    names = [f"region-{row['code']}" for row in body["participation"]["by_region"]]
    places = [pages[name] for name in names] + [pages["set-aside"]]
    assert len(names) == 12
    assert [after - before for before, after in itertools.pairwise(places)] == [2] * 12


@pytest.mark.parametrize(("regions", "sheets"), [(True, 2), (False, 1)])
def test_a_theme_keeps_to_its_pages_however_long_its_quotations(
    monkeypatch, session, corpus, edition, regions, sheets
):
    """Also where the letters were reckoned to take half the room that they take."""
    body = build(session, corpus.consultation).body
    for theme in body["themes"]:
        said = theme["quotations"][0]
        theme["quotations"] = [said | {"text": said["text"] * 9} for _one in range(9)]
    for row in [] if regions else body["participation"]["by_region"]:
        row["count"] = 0
    sections = [one for one in body["sections"] if one["kind"] in {"theme", "annexes"}]
    monkeypatch.setattr(room, "height", lambda *_any: 30)
    content = render_pdf(body | {"sections": sections}, edition, "fr")
    pages = starts(content)
    themes = sorted(page for name, page in pages.items() if name.startswith("theme-"))
    last = pages["annexes"]
    assert {after - before for before, after in itertools.pairwise([*themes, last])} == {sheets}


def test_no_page_is_empty(file):
    _lang, _body, content = file
    # Running heads are some 80 letters.
    for page in PdfReader(io.BytesIO(content)).pages:
        assert len(page.extract_text()) > 115


def test_the_contents_say_the_pages(file, tmp_path):
    lang, body, content = file
    pages = starts(content)
    with in_language(lang):
        contents = Printed(body, {}).contents
    text = words_of(content, tmp_path, "-f", "2", "-l", "2")
    figures = [int(figure) for figure in re.findall(r"(?<![\d/])\d+(?![\d/])", text)]
    for entry in contents:
        assert pages[entry.anchor] in figures, entry
    assert len(contents) > 12


def test_arabic_sentences_and_quotations_are_in_the_files_text(arabic, tmp_path):
    body, content = arabic
    text = words_of(content, tmp_path)
    sentences = {
        flat(c["sentence"]["ar"].split("«", 1)[1].rsplit("»", 1)[0])
        if c["kind"] == "quotation"
        else flat(c["sentence"]["ar"])
        for c in body["claims"]
    }
    missing = {sentence for sentence in sentences if sentence not in text}
    # A line may break where the label of a chart stands beside it.
    assert len(missing) <= len(sentences) / 10, missing


def test_the_page_number_is_on_the_outer_side_of_the_language(file, tmp_path):
    lang, _body, content = file
    corner = "0" if lang == "ar" else "400"
    box = ["-x", corner, "-y", "770", "-W", "190", "-H", "60"]
    assert "3/" in words_of(content, tmp_path, "-f", "3", "-l", "3", *box)


def test_headers_figures_and_languages_are_tagged(file):
    lang, _body, content = file
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.Lang == lang
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert {str(one.A.Scope) for one in elements(pdf, "/TH")} == {"/Row", "/Column"}
        figures = elements(pdf, "/Figure")
        assert figures
        assert all(str(one.Alt) for one in figures)
        spoken = {str(one.get("/Lang", "")) for one in elements(pdf, "/BlockQuote")}
        assert {"fr", "ar"} <= spoken


def test_running_heads_are_no_content(file):
    _lang, _body, content = file
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert b"/Pagination" in pdf.pages[4].Contents.read_bytes()
        assert b"/Pagination" not in pdf.pages[0].Contents.read_bytes().split(b"BT")[0]


def test_every_face_says_its_letters(file):
    _lang, _body, content = file
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = {name: font for page in pdf.pages for name, font in page.Resources.Font.items()}
        assert fonts
        assert all("/ToUnicode" in font for font in fonts.values())


def test_a_hidden_section_is_not_printed_and_the_order_is_kept(app, session, corpus, edition):
    body = build(session, corpus.consultation).body
    sections = [one for one in body["sections"] if one["id"] not in {"summary", "region.04"}]
    sections.insert(0, sections.pop())
    page = render_html(body | {"sections": sections}, edition, "fr")
    assert 'id="summary"' not in page
    assert 'id="region-04"' not in page
    assert page.index('id="annexes"') < page.index('id="participation"')


def test_what_proves_a_narrative_stands_behind_it_as_a_number(app, session, corpus, edition):
    body = build(session, corpus.consultation).body
    words = {"fr": "On en parle partout [[summary.first]].", "ar": ""}
    sections = [
        one | {"narrative": words} if one["id"] == "summary" else one for one in body["sections"]
    ]
    page = render_html(body | {"sections": sections}, edition, "fr")
    assert "[[" not in page
    assert re.search(r'On en parle partout .{1,8}<a class="pn" href="#proof-1">1</a>', page)


def test_each_number_of_a_proof_leads_to_it(app, session, corpus, edition):
    page = render_html(build(session, corpus.consultation).body, edition, "ar")
    asked = set(re.findall(r'href="#(proof-\d+)"', page))
    assert asked
    assert asked <= set(re.findall(r'id="(proof-\d+)"', page))


def test_words_withheld_are_printed_nowhere(app, session, corpus, edition):
    body = build(session, corpus.consultation).body
    rows = body["themes"] + body["minority"] + body["regions"]
    quotations = [q for row in rows for q in row["quotations"]]
    reasons = {int(q["number"].removeprefix("S-")): "author" for q in quotations}
    words = quotations[0]["text"][:20]
    assert words in render_html(body, edition, "fr")
    assert words not in render_html(shown(body, Gone(reasons)), edition, "fr")


def test_a_body_of_the_first_format_is_still_printed(app, session, corpus, edition):
    body = build(session, corpus.consultation).body
    older = {k: v for k, v in body.items() if k not in {"sections", "minority", "regions"}}
    page = render_html(older | {"claims": [], "format": 1}, edition, "fr")
    assert 'id="participation"' in page
    assert 'id="method"' in page


def test_only_the_pictures_handed_over_are_opened(tmp_path):
    fetch = LocalFetcher(tmp_path, {"a.b": b"png"})
    assert fetch.fetch("picture:a.b").read() == b"png"
    with pytest.raises(PermissionError):
        fetch.fetch("picture:../secret")
