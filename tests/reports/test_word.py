"""The report as a Word document: its styles, its directions, and the same claims in both."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from app.core.access import System
from app.reports.body import build
from app.reports.operations import Edition, publish
from app.reports.queries import find_file
from app.reports.withheld import file_shown
from app.reports.word import pictures, render_docx
from app.reports.word.faces import STAND_INS
from app.reports.word.runs import Piece, pieces
from app.reports.word.sections import sheet
from app.submissions.afterwards.operations import withdraw
from app.submissions.models import Submission
from tests.reports.corpus import Analysed
from tests.reports.publishing import approved

EDITION = Edition(2, "1.1", datetime(2022, 2, 20, 9, tzinfo=UTC), "e" * 64)
ARABIC = re.compile("[\u0600-\u06ff]")
#: A quotation in Darija, in Latin letters, and one in Arabic letters that begins with French.
LATIN, MIXED = "Bghina la crèche 9dam souk, 3afakoum.", "La crèche، بغيناها حدا السوق 2021-2026"
HOSTILE = "a\x00b\x0b\ud800c\ufffe\ud83d\r\nd\te" + "x" * 40_000 + " <w:t>&amp;]]>"


@pytest.fixture
def drawn() -> None:
    """Asked for where charts are to be drawn for real."""


@pytest.fixture(autouse=True)
def _one_drawing(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw every chart as one small picture: what is looked at here is what stands around it."""
    if "drawn" not in request.fixturenames:
        small = pictures.drawn(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', scale=1
        )
        monkeypatch.setattr(
            sheet, "pngs", lambda charts, scale: {chart.id: small for chart in charts}
        )


@pytest.fixture
def body(session: Any, corpus: Analysed) -> dict[str, Any]:
    """The body of a report, with a section of people's own and words of every kind."""
    corpus.says(LATIN, corpus.themes[0], language="ary-Latn", quoted=True, region_code="08")
    corpus.says(MIXED, corpus.themes[0], language="ar-MA", quoted=True, region_code="06")
    found = build(session, corpus.consultation).body
    words = {
        "fr": "Premier.\n\nSecond [[summary.first]], [[summary.first:count]] voix.",
        "ar": "أول.",
    }
    found["sections"][0]["narrative"] = words
    own = {"id": "own.1", "kind": "narrative", "title": {"fr": "À nous", "ar": "لنا"}}
    own |= {"claims": [], "quotations": [], "narrative": {"fr": "Nos mots.", "ar": "كلماتنا."}}
    found["sections"].insert(2, own)
    return found


def opened(body: dict[str, Any], lang: str) -> Any:
    """Return the document, opened again."""
    return Document(io.BytesIO(render_docx(body, EDITION, lang)))


@pytest.fixture
def french(body: dict[str, Any]) -> Any:
    """The report in French."""
    return opened(body, "fr")


@pytest.fixture
def arabic(body: dict[str, Any]) -> Any:
    """The report in Arabic."""
    return opened(body, "ar")


def every(document: Any) -> list[Paragraph]:
    """Return every paragraph of the body, those of the contents and of cells too."""
    root = document.element.body
    return [Paragraph(p, document._body) for p in root.iter(qn("w:p"))]


def paragraphs(document: Any) -> list[Any]:
    """Return every paragraph, those of cells, heads and feet too."""
    section = document.sections[0]
    roots = [document.element.body, section.header._element, section.footer._element]
    return [p for root in roots for p in root.iter(qn("w:p"))]


def words_of(element: Any) -> str:
    """Return the words of an element."""
    signs = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    return "".join(signs.get(e.tag) or e.text or "" for e in element.iter(qn("w:t"), *signs))


def codes_of(element: Any) -> str:
    """Return what the fields of an element say."""
    return "".join(e.text for e in element.iter(qn("w:instrText")))


def is_styled(run: Any, style: str) -> bool:
    """Return whether a run has a character style."""
    found = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
    return found is not None and found.get(qn("w:val")) == style


def is_on(element: Any, path: str) -> bool:
    """Return whether a property is there and not switched off."""
    found = element.find("/".join(qn(f"w:{tag}") for tag in path.split("/")))
    return found is not None and found.get(qn("w:val")) != "0"


def quotations(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every quotation."""
    parts = [row for part in ("themes", "minority", "regions") for row in body[part]]
    return [q for row in parts for q in row["quotations"]]


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_document_is_made_of_word_s_own_styles(body: dict[str, Any], lang: str) -> None:
    document = opened(body, lang)
    used = {p.style.name for p in every(document)}
    native = {"Title", "Subtitle", "Heading 1", "Heading 2", "Quote", "Intense Quote", "Caption"}
    native |= {"List Bullet", "Body Text", "toc 1", "toc 2"}
    assert native <= used
    # Every style that is named is there: Word would fall back on its own without a word.
    known = {style.style_id for style in document.styles}
    named = document.element.body.iter(qn("w:pStyle"), qn("w:rStyle"), qn("w:tblStyle"))
    assert {element.get(qn("w:val")) for element in named} <= known
    assert {style.name for style in document.styles if "," in style.name} == set()


@pytest.mark.parametrize(("lang", "tag"), [("fr", "fr-FR"), ("ar", "ar-MA")])
def test_the_file_says_what_it_is(body: dict[str, Any], lang: str, tag: str) -> None:
    document = opened(body, lang)
    facts, section = document.core_properties, document.sections[0]
    assert body["consultation"]["title"][lang] in facts.title
    assert (facts.language, facts.version) == (tag, "1.1")
    assert facts.author
    assert facts.created.replace(tzinfo=UTC) == EDITION.published_at
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    fields = [e.text.strip() for e in section.footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "1.1" in words_of(section.footer._element)
    assert body["consultation"]["title"][lang] in words_of(section.header._element)
    assert words_of(section.first_page_header._element) == ""


def test_everything_arabic_runs_to_the_left(arabic: Any) -> None:
    for paragraph in paragraphs(arabic):
        if ARABIC.search(words_of(paragraph)):
            style = paragraph.find(qn("w:pPr")).find(qn("w:pStyle")).get(qn("w:val"))
            assert is_on(paragraph, "pPr/bidi"), (style, words_of(paragraph))
    for run in (run for p in paragraphs(arabic) for run in p.iter(qn("w:r"))):
        assert bool(ARABIC.search(words_of(run))) <= is_on(run, "rPr/rtl")
        if is_on(run, "rPr/rtl"):
            assert run.find(qn("w:rPr")).find(qn("w:lang")).get(qn("w:bidi")) == "ar-MA"
    tables = list(arabic.element.body.iter(qn("w:tbl")))
    assert tables
    assert all(is_on(table, "tblPr/bidiVisual") for table in tables)
    assert is_on(arabic.sections[0]._sectPr, "bidi")
    assert is_on(arabic.styles["Normal"].element, "pPr/bidi")


def test_arabic_letters_have_a_face_and_a_size_of_their_own(arabic: Any) -> None:
    for style in arabic.styles:
        properties = style.element.find(qn("w:rPr"))
        if properties is not None and properties.find(qn("w:sz")) is not None:
            assert properties.find(qn("w:szCs")) is not None, style.name
    defaults = arabic.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:rFonts')}")
    assert defaults.get(qn("w:cs")) == "Sakkal Majalla"


def test_nothing_of_the_french_report_runs_to_the_left_but_arabic_words(french: Any) -> None:
    assert not is_on(french.sections[0]._sectPr, "bidi")
    assert not list(french.element.body.iter(qn("w:bidiVisual")))
    for run in (run for p in paragraphs(french) for run in p.iter(qn("w:r"))):
        text = words_of(run)
        assert is_on(run, "rPr/rtl") == bool(ARABIC.search(text)) or text.strip(" ,،.؟«»") == ""


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_quotations_stand_letter_for_letter_in_their_own_direction(
    body: dict[str, Any], lang: str
) -> None:
    found = [p for p in opened(body, lang).paragraphs if p.style.name in {"Quote", "Intense Quote"}]
    shown = {p.text.strip("«»\u202f"): p for p in found}
    expected = {q["text"]: q["language"] for q in quotations(body)}
    assert shown.keys() == expected.keys()
    assert {LATIN, MIXED} <= shown.keys()
    for text, language in expected.items():
        assert is_on(shown[text]._p, "pPr/bidi") == language.startswith("ar-") or language == "ar"
    tags = {lang.get(qn("w:val")) for lang in shown[LATIN]._p.iter(qn("w:lang"))}
    assert tags == {"ary-Latn"}


def test_words_of_another_script_stand_in_runs_of_their_own() -> None:
    assert [(p.text, p.rtl) for p in pieces(MIXED, "ar-MA")] == [
        ("La crèche", False),
        ("، بغيناها حدا السوق ", True),
        ("2021-2026", False),
    ]
    assert pieces("سنة \u2066470\u2069، 3", "ar")[1] == Piece("470", "ar", rtl=False)
    assert [p.rtl for p in pieces("Le mot سوق du lundi", "fr")] == [False, True, False]


def sentences(document: Any) -> list[str]:
    """Return the sentences that carry the number of a proof, as they stand."""
    found = []
    for p in document.element.body.iter(qn("w:p")):
        style = p.find(qn("w:pPr")).find(qn("w:pStyle")).get(qn("w:val"))
        if style == "ListBullet" and p.find(f".//{qn('w:hyperlink')}") is not None:
            runs = [words_of(run) for run in p.findall(qn("w:r"))]
            found.append("".join(runs).replace("\u200e", ""))
    return found


def test_both_languages_say_the_same_claims_in_the_order_of_the_body(
    body: dict[str, Any], french: Any, arabic: Any
) -> None:
    claims = {claim["id"]: claim for claim in body["claims"]}
    order = [claims[i] for section in body["sections"] for i in section["claims"]]
    assert len(order) > 5
    for lang, document in (("fr", french), ("ar", arabic)):
        kept = [re.sub("[\u2066\u2069]", "", claim["sentence"][lang]) for claim in order]
        assert sentences(document) == kept


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_link_leads_somewhere(body: dict[str, Any], lang: str) -> None:
    root = opened(body, lang).element.body
    marks = [mark.get(qn("w:name")) for mark in root.iter(qn("w:bookmarkStart"))]
    links = [link.get(qn("w:anchor")) for link in root.iter(qn("w:hyperlink"))]
    assert len(marks) == len(set(marks))
    assert set(links) <= set(marks)
    proofs = {link for link in links if link.startswith("proof_")}
    printed = {i for s in body["sections"] for i in (*s["claims"], *s["quotations"])}
    assert len(proofs) >= len(printed)
    numbers = [mark.get(qn("w:id")) for mark in root.iter(qn("w:bookmarkStart"))]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_contents_name_every_heading(body: dict[str, Any], lang: str) -> None:
    document = opened(body, lang)
    headings = [p.text for p in document.paragraphs if p.style.name in {"Heading 1", "Heading 2"}]
    named = [words_of(p._p) for p in every(document) if p.style.name in {"toc 1", "toc 2"}]
    assert named == headings
    codes = [e.text for e in document.element.body.iter(qn("w:instrText"))]
    assert any(code.strip().startswith("TOC ") for code in codes)
    kinds = [e.get(qn("w:fldCharType")) for e in document.element.body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("end") == kinds.count("separate")


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_word_opens_the_file_without_a_question(body: dict[str, Any], lang: str) -> None:
    document = opened(body, lang)
    fields = document.element.body.iter(qn("w:fldChar"))
    assert not [field for field in fields if field.get(qn("w:dirty"))]
    assert document.settings.element.find(qn("w:updateFields")) is None


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_how_to_have_page_numbers_is_said_until_they_are_there(
    body: dict[str, Any], lang: str
) -> None:
    block = opened(body, lang).element.body.find(qn("w:sdt"))
    assert block.find(f".//{qn('w:docPartGallery')}").get(qn("w:val")) == "Table of Contents"
    lines = block.find(qn("w:sdtContent")).findall(qn("w:p"))
    kinds = [[e.get(qn("w:fldCharType")) for e in p.iter(qn("w:fldChar"))] for p in lines]
    # What stands between the field's two ends goes when it is brought up to date.
    assert kinds == [[], ["begin", "separate"], *([[]] * (len(lines) - 3)), ["end"]]
    assert words_of(lines[1])
    assert list(lines[2].iter(qn("w:hyperlink")))


@pytest.mark.parametrize(("lang", "word"), [("fr", "Proposition"), ("ar", "اقتراح")])
def test_proposals_are_set_apart_by_a_framed_label(
    body: dict[str, Any], lang: str, word: str
) -> None:
    for quotation in quotations(body):
        quotation["nature"] = "proposal" if quotation["text"] in {LATIN, MIXED} else "situation"
    # Reports built before natures were kept have no such key.
    next(q for q in quotations(body) if q["nature"] == "situation").pop("nature")
    document = opened(body, lang)
    [frame] = document.styles[word].element.iter(qn("w:bdr"))
    assert frame.get(qn("w:val")) == "single"
    labelled = set()
    for said, speaker in itertools.pairwise(document.paragraphs):
        first = speaker._p.find(qn("w:r"))
        if first is not None and is_styled(first, "Proposal"):
            assert words_of(first).strip() == word
            assert is_on(first, "rPr/rtl") == (lang == "ar")
            labelled.add(said.text.strip("«»\u202f"))
    assert labelled == {LATIN, MIXED}


def test_a_proof_s_number_is_not_taken_for_part_of_a_figure(french: Any, arabic: Any) -> None:
    for document, mark in ((french, ""), (arabic, "\u200f")):
        links = document.element.body.iter(qn("w:hyperlink"))
        proofs = [link for link in links if is_styled(link.find(qn("w:r")), "ProofNumber")]
        assert proofs
        assert all(re.fullmatch(rf"{mark}\d+", words_of(link)) for link in proofs)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_table_names_the_figure_that_it_says_again(body: dict[str, Any], lang: str) -> None:
    root = opened(body, lang).element.body
    captions = [p for p in root.iter(qn("w:p")) if "SEQ Tachawor_" in codes_of(p)]
    named = {}
    for caption in captions:
        mark = caption.find(qn("w:bookmarkStart"))
        if "Tachawor_figure" in codes_of(caption):
            named[mark.get(qn("w:name"))] = re.findall(r"\d+", words_of(caption))[0]
    again = [re.search(r"REF (\S+) .*", codes_of(p)) for p in captions]
    told = [(found[1], p) for found, p in zip(again, captions, strict=True) if found]
    assert len(told) > 2
    for mark, caption in told:
        assert re.findall(r"\d+", words_of(caption))[1] == named[mark]


def test_weeks_without_a_contribution_are_not_listed(body: dict[str, Any]) -> None:
    counts = {3: 2, 10: 0, 17: 5}
    weeks = [{"monday": f"2022-01-{day:02}", "count": n} for day, n in counts.items()]
    body["participation"]["by_week"] = weeks
    listed = [
        row.cells[0].text
        for table in opened(body, "fr").tables
        for row in table.rows
        if table.cell(0, 0).text == "Semaine du"
    ]
    assert listed == ["Semaine du", "3 janvier 2022", "17 janvier 2022"]


def test_stand_ins_are_what_word_can_read() -> None:
    for name, _family in STAND_INS.values():
        assert len(name) <= 31
        assert not set(name) & set(",;")


def test_sections_stand_in_the_order_of_the_body_and_hidden_ones_nowhere(
    body: dict[str, Any],
) -> None:
    body["sections"] = [s for s in body["sections"] if s["kind"] not in {"minority", "region"}]
    body["sections"].reverse()
    headings = [p.text for p in opened(body, "fr").paragraphs if p.style.name == "Heading 1"]
    assert headings[0] == "Annexes"
    assert headings[-1] == "L’essentiel"
    assert "À nous" in headings
    assert not any("région" in heading for heading in headings)


def test_narratives_are_paragraphs_with_their_values_and_the_numbers_of_proofs(
    french: Any, arabic: Any
) -> None:
    text = [p.text for p in french.paragraphs if p.style.name == "Body Text"]
    assert {"Premier.", "Second1, 14 voix.", "Nos mots."} <= set(text)
    assert "كلماتنا." in [p.text for p in arabic.paragraphs]
    assert not any("[[" in p.text for p in [*french.paragraphs, *arabic.paragraphs])


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_tables_repeat_their_heads_and_no_row_is_parted(body: dict[str, Any], lang: str) -> None:
    tables = [
        t
        for t in opened(body, lang).element.body.iter(qn("w:tbl"))
        if t.find(qn("w:tblPr")).find(qn("w:tblStyle")).get(qn("w:val")) == "Tachawor"
    ]
    assert len(tables) > 5
    for table in tables:
        rows = table.findall(qn("w:tr"))
        assert is_on(rows[0], "trPr/tblHeader")
        assert all(is_on(row, "trPr/cantSplit") for row in rows)
        assert table.find(qn("w:tblPr")).find(qn("w:tblCaption")).get(qn("w:val"))
        widths = [int(c.get(qn("w:w"))) for c in table.find(qn("w:tblGrid"))]
        assert sum(widths) == int(table.find(qn("w:tblPr")).find(qn("w:tblW")).get(qn("w:w")))
        assert {len(row.findall(qn("w:tc"))) for row in rows} == {len(widths)}


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pictures_have_words_in_their_place_and_isolates_are_nowhere(
    body: dict[str, Any], lang: str, drawn: None
) -> None:
    content = render_docx(body, EDITION, lang)
    root = Document(io.BytesIO(content)).element.body
    described = [e.get("descr") for e in root.iter(qn("wp:docPr"))]
    assert len(described) > 3
    # The first one is the cover's ornament, which says nothing.
    assert described[0] == ""
    assert all(described[1:])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                assert not re.search("[\u2066-\u2069\u202a-\u202e]", archive.read(name).decode())


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_hostile_words_do_not_break_the_document(body: dict[str, Any], lang: str) -> None:
    quotation = body["themes"][0]["quotations"][0]
    quotation |= {"text": HOSTILE, "pen": [1, 9]}
    body["sections"][0]["narrative"][lang] = HOSTILE
    content = render_docx(body, EDITION, lang)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
    text = "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
    assert "\nd\te" + "x" * 40_000 + " <w:t>&amp;]]>" in text


# --- publication --------------------------------------------------------------------------------


def test_the_file_is_kept_offered_and_made_again_without_withdrawn_words(
    client: Any, session: Any, corpus: Analysed, now: Any, tmp_path: Any
) -> None:
    draft = approved(session, System(), corpus.consultation, now=now)
    report = publish(session, System(), draft, now=now, make={"docx": render_docx})
    session.commit()
    address = f"/fr/consultations/{corpus.consultation.slug}/reports/{report.version}"
    assert f'href="{address}/ar.docx"' in client.get(address).text
    answer = client.get(f"{address}/fr.docx")
    assert answer.mimetype.endswith("wordprocessingml.document")
    assert ".docx" in answer.headers["Content-Disposition"]
    first = report.body["themes"][0]["quotations"][0]
    assert first["text"] in text_of(answer.data)

    number = int(first["number"].removeprefix("S-"))
    withdraw(session, session.get_one(Submission, number), now=now)
    session.commit()
    again = text_of(client.get(f"{address}/fr.docx").data)
    assert first["text"] not in again
    assert first["sha256"][:8] not in again
    assert "retirée à la demande" in again
    file = find_file(session, report.id, "fr", "docx")
    shown = file_shown(session, report, file, tmp_path)
    assert shown != file.content
    assert file_shown(session, report, file, tmp_path) == shown
    assert [path.suffix for path in tmp_path.iterdir()] == [".docx"]


def text_of(content: bytes) -> str:
    """Return the words of a file, those of its tables too."""
    return "\n".join(words_of(p) for p in Document(io.BytesIO(content)).element.iter(qn("w:p")))
