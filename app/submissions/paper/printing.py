"""The form on paper: laid out for a pen, in one language, with the code of each copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import current_app, render_template
from weasyprint import HTML

from app.consultations.models import Consultation, Questionnaire
from app.core.i18n import LANGUAGES, in_language
from app.core.printing import LocalFetcher
from app.submissions import answers
from app.submissions.paper.conditions import InWords, paper_numbers
from app.submissions.paper.stamping import Copy, Place, stamp

#: Sizes in points: the mark of every page, and that of the slip.
_EVERY, _EVERY_LETTERS = 34.0, 8.0
_SLIP, _SLIP_LETTERS = 62.0, 13.0
#: The corner of every page that the style sheet leaves free, in pixels from the top left.
_MILLIMETRE = 96 / 25.4
_CORNER_LTR = (178 * _MILLIMETRE, 8 * _MILLIMETRE)
_CORNER_RTL = (15 * _MILLIMETRE, 8 * _MILLIMETRE)


def render_form(
    consultation: Consultation,
    questionnaire: Questionnaire,
    lang: str,
    *,
    return_to: str,
    regions: Any,
) -> str:
    """Return the page that the form is made from; the codes are put on it afterwards."""
    with in_language(lang):
        return render_template(
            "submissions/paper/form.html",
            consultation=consultation,
            questionnaire=questionnaire,
            notice=consultation.notice,
            numbers=paper_numbers(questionnaire),
            words=InWords(questionnaire),
            actor_types=answers.ACTOR_TYPES,
            items=answers.items_of,
            columns=answers.columns_of,
            longest=answers.longest,
            total_of=answers.total_of,
            answerable=answers.is_answerable,
            return_to=return_to,
            regions=regions,
            lang=lang,
            direction=LANGUAGES[lang].direction,
        )


def print_copies(
    html: str, lang: str, codes: Iterable[str], address_of: Callable[[str], str]
) -> bytes:
    """Return the file of all the copies.

    :param address_of: returns the address at which somebody finds what they said, by their code.
    """
    static = Path(current_app.static_folder or "")
    document = HTML(
        string=html, base_url=static.as_uri() + "/", url_fetcher=LocalFetcher(static)
    ).render()
    slip_page, slip = next(
        (number, page.anchors["slip-code"])
        for number, page in enumerate(document.pages)
        if "slip-code" in page.anchors
    )
    corner = _CORNER_RTL if LANGUAGES[lang].direction == "rtl" else _CORNER_LTR
    return stamp(
        document.write_pdf(),
        [Copy(code, address_of(code)) for code in codes],
        every=Place(*corner, _EVERY, _EVERY_LETTERS),
        slip=Place(slip[0], slip[1], _SLIP, _SLIP_LETTERS),
        slip_page=slip_page,
    )
