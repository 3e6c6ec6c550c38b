"""The codebook in a real browser: read in both languages, given out, changed, brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.browser.conftest import DESK, PHONE, Site, signed_in
from tests.browser.test_every_page import C, faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize(("lang", "size"), [("fr", DESK), ("ar", PHONE)], ids=["fr", "ar"])
def test_a_codebook_goes_out_and_comes_back_changed(
    bare: Any, site: Site, lang: str, size: dict[str, int], tmp_path: Path
) -> None:
    page = bare(size)
    with signed_in(page, site, "admin@demo.example", lang):
        page.goto(f"{site.root}/{lang}/staff{C}/codebook")
        found = faults(page)
        page.reload()
        with page.expect_download() as download:
            page.click("a[href$='themes.xlsx']")
        path = tmp_path / "codebook.xlsx"
        download.value.save_as(path)
        words = f"Une définition, {lang}."
        book = load_workbook(path)
        sheet = book.worksheets[0]
        column = next(c.column for c in sheet[1] if "Définition en français" in str(c.value))
        sheet.cell(2, column).value = words
        book.save(path)

        page.goto(f"{site.root}/{lang}/staff{C}/codebook/import")
        found += faults(page)
        page.reload()
        page.set_input_files("input[type=file]", path)
        page.click("main form button.btn")
        page.wait_for_url("**/codebook-imports/**")
        found += faults(page)
        page.reload()
        assert words in page.inner_text("main")
        page.click("main form button.btn")
        page.wait_for_selector("#done")
        found += faults(page)
        page.goto(f"{site.root}/{lang}/staff{C}/codebook")
        assert words in page.inner_text("main")

        page.click("form[action$='project.qdpx'] button")
        page.wait_for_selector("form[action$='/file'] button", timeout=60_000)
        found += faults(page)
        page.reload()
        with page.expect_download() as project:
            page.click("form[action$='/file'] button")
        assert project.value.suggested_filename.endswith(f"-{lang}.qdpx")

    assert found == []
