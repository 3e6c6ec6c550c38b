"""Marks of direction in printed pages in Arabic."""

from __future__ import annotations

import html

import pytest

from app.core.marking import LEFT_TO_RIGHT, RIGHT_TO_LEFT, with_marks


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("<p>سنة 2022 في</p>", "<p>سنة 2022> في</p>"),
        ("<p>يوم 24 يناير 2022 (العدد)</p>", "<p>يوم 24> يناير 2022> (العدد)</p>"),
        ("<p>(<bdi>93</bdi>) تقترح</p>", "<p>(<bdi>93</bdi>>) تقترح</p>"),
        ("<p>عن doliprane, الحليب</p>", "<p>عن doliprane>, الحليب</p>"),
        ("<p>إلى <bdi>18,7%</bdi>.</p>", "<p>إلى <bdi>18,7%</bdi>>.</p>"),
        ("<p>الإنعاش الوطني</p>", "<p>الإنعاش الوطني</p>"),
        ('<blockquote dir="ltr">Oui, la région.</blockquote>',
         '<blockquote dir="ltr">Oui,< la région.<</blockquote>'),
        ("<title>سنة 2022 في</title>", "<title>سنة 2022 في</title>"),
        ('<p title="سنة 2022 في">لا</p>', '<p title="سنة 2022 في">لا</p>'),
    ],
)  # fmt: skip
def test_a_mark_stands_where_latin_ends(page: str, marked: str) -> None:
    shown = with_marks(page).replace(RIGHT_TO_LEFT, ">").replace(LEFT_TO_RIGHT, "<")
    assert shown == marked


@pytest.mark.parametrize(
    "text", ["10&ensp;مجالس", "l&#39;Entraide، باش", "R&amp;D؛ ثم", "د&#39; ", "&quot;نعم&quot; "]
)
@pytest.mark.parametrize("quoted", [False, True])
def test_entities_stay_whole(text: str, quoted: bool) -> None:
    page = f'<blockquote dir="ltr">{text}</blockquote>' if quoted else f"<p>{text}</p>"
    kept = with_marks(page).replace(RIGHT_TO_LEFT, "").replace(LEFT_TO_RIGHT, "")
    assert html.unescape(kept) == html.unescape(page)
    assert kept == page
