"""The codebook and the coded passages of a review, in formats that other programs read.

Pure formats: values in, bytes out, and back. No database, no pages.
"""

from __future__ import annotations

from app.themes.exchange.codebook_file import read_codebook, write_codebook
from app.themes.exchange.codebook_sheet import read_codebook_sheet, write_codebook_sheet
from app.themes.exchange.passages_table import passages_csv, read_passages, write_passages_xlsx
from app.themes.exchange.project_in import read_project
from app.themes.exchange.project_out import write_project
from app.themes.exchange.remarks import Remark, RemarkKind, Remarks
from app.themes.exchange.values import (
    Code,
    Codebook,
    CodedPassage,
    CodedProject,
    Example,
    Reading,
    Source,
)

__all__ = [
    "Code",
    "Codebook",
    "CodedPassage",
    "CodedProject",
    "Example",
    "Reading",
    "Remark",
    "RemarkKind",
    "Remarks",
    "Source",
    "passages_csv",
    "read_codebook",
    "read_codebook_sheet",
    "read_passages",
    "read_project",
    "write_codebook",
    "write_codebook_sheet",
    "write_passages_xlsx",
    "write_project",
]
