"""Files made for tests: documents of every kind, and those that mean harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from docx import Document
from docx.enum.text import WD_BREAK
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from weasyprint import HTML

ARABIC = (
    "يوجد أقرب مركز اجتماعي على بعد 40 كيلومترا، ولا تمر الحافلة إلا مرة واحدة في الأسبوع.",
    "نطالب بوحدة متنقلة (سيارة) تزور الدواوير كل أسبوعين، لأن المسنين لا يستطيعون التنقل.",
    "تأسست جمعية Amal Al Haouz سنة 2015 بإقليم الحوز.",
)
FRENCH = (
    "Le centre le plus proche est à quarante kilomètres et l’autocar ne passe qu’une fois.",
    "Nous demandons une unité mobile pour les personnes âgées.",
)
_ODT = "urn:oasis:names:tc:opendocument:xmlns:"


def pdf(*pages: str, lang: str = "fr", font: str = "DejaVu Sans") -> bytes:
    """Return a PDF with a page for each text."""
    direction = "rtl" if lang == "ar" else "ltr"
    body = "".join(f'<p style="break-after:page">{page}</p>' for page in pages)
    style = f'<style>p {{ font: 15px/1.6 "{font}"; inline-size: 120mm }}</style>'
    html = f'<html lang="{lang}" dir="{direction}"><title>t</title>{style}<body>{body}</html>'
    made: bytes = HTML(string=html).write_pdf()
    return made


def locked_pdf(text: str) -> bytes:
    """Return a PDF behind a password."""
    writer = PdfWriter(PdfReader(io.BytesIO(pdf(text))))
    writer.encrypt("secret", algorithm="RC4-128")
    return _written(writer)


def scripted_pdf(text: str) -> bytes:
    """Return a PDF that would run a script when it is opened."""
    writer = PdfWriter(PdfReader(io.BytesIO(pdf(text))))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('hello');"),
        }
    )
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    """Return what a writer writes."""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(*pages: str, table: list[list[str]] | None = None) -> bytes:
    """Return a DOCX with a page for each text, and a table after them."""
    document = Document()
    for place, page in enumerate(pages):
        paragraph = document.add_paragraph(page)
        if place < len(pages) - 1:
            paragraph.add_run().add_break(WD_BREAK.PAGE)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for y, row in enumerate(table):
            for x, cell in enumerate(row):
                grid.cell(y, x).text = cell
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def odt(*pages: str) -> bytes:
    """Return an ODT with a page for each text."""
    paragraphs = "".join(
        f'<text:p text:style-name="{"P2" if place else "P1"}">{page}</text:p>'
        for place, page in enumerate(pages)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f'xmlns:office="{_ODT}office:1.0" xmlns:text="{_ODT}text:1.0" '
        f'xmlns:style="{_ODT}style:1.0" xmlns:fo="{_ODT}xsl-fo-compatible:1.0">'
        '<office:automatic-styles><style:style style:name="P2" style:family="paragraph">'
        '<style:paragraph-properties fo:break-before="page"/></style:style>'
        f"</office:automatic-styles><office:body><office:text>{paragraphs}</office:text>"
        "</office:body></office:document-content>"
    )
    return archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"<manifest/>",
        }
    )


def archive(parts: dict[str, bytes]) -> bytes:
    """Return a ZIP of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    """Return a DOCX of some kilobytes whose words unpack into 60 MB."""
    types = b'<Types><Override ContentType="x.wordprocessingml.document.main+xml"/></Types>'
    words = b"<w:document>" + b"a" * 60_000_000
    return archive({"[Content_Types].xml": types, "word/document.xml": words})


def macro_docx() -> bytes:
    """Return a document with macros under the name of one without."""
    types = b'<Types><Override ContentType="x.ms-word.document.macroEnabled.main+xml"/></Types>'
    return archive({"[Content_Types].xml": types, "word/document.xml": b"<x/>"})


def program() -> bytes:
    """Return the beginning of a Windows program that holds the header of a PDF."""
    return b"MZ\x90\x00\x03" + b"\0" * 60 + b"%PDF-1.7" + b"\0" * 500


def picture(kind: str = "PNG") -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, kind)
    return out.getvalue()


def huge_picture() -> bytes:
    """Return a PNG of some bytes that says it is 60,000 pixels square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        """Return one part of a PNG."""
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
