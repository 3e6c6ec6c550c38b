"""Staff pages: all sections of the draft in order; moved, hidden, shown, added."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.consultations.models import Consultation
from app.core import clock
from app.core.access import Role, requires
from app.core.db import db
from app.core.errors import DomainError
from app.reports.blueprint import READERS, bp
from app.reports.body.outline import default
from app.reports.claims.narrative import flags
from app.reports.drafting import operations as drafting
from app.reports.drafting import outlines
from app.reports.drafting.comments import open_by_section
from app.reports.drafting.outlines import Arranged
from app.reports.drafting.previewing import differences
from app.reports.drafting.views.common import (
    may_write,
    n_approved,
    open_draft,
    readable,
    seen,
    writable,
)
from app.reports.errors import BothTitlesError, DraftChangedError, WordsTooLongError
from app.reports.models import ReportDraft
from app.reports.presentation import View
from app.reports.section_names import section_kind, section_title

#: What the buttons of a section's row do.
VERBS = {
    "up": partial(outlines.step, by=-1),
    "down": partial(outlines.step, by=1),
    "hide": outlines.hide,
    "show": outlines.show,
    "remove": outlines.remove,
}


@dataclass(frozen=True)
class Row:
    """A section in the list.

    :ivar n_comments: those that wait.
    :ivar n_flags: what its words say without proof.
    :ivar differs: whether its two languages point at different claims.
    """

    place: Arranged
    title: str
    kind: str
    n_comments: int
    n_flags: int
    differs: bool

    @property
    def n_sentences(self) -> int:
        """Sentences that it prints."""
        return len([i for i in self.place.section["claims"] if i not in self.place.dropped])

    @property
    def n_quotations(self) -> int:
        """Quotations that it prints."""
        return len([i for i in self.place.section["quotations"] if i not in self.place.dropped])


def rows_of(draft: ReportDraft) -> list[Row]:
    """Return the sections of a draft, those hidden too."""
    view, waiting = View(draft.body), open_by_section(draft)
    flagged = Counter(flag.section for flag in flags(draft.body))
    return [
        Row(
            place=place,
            title=section_title(view, place.section),
            kind=section_kind(place.section),
            n_comments=waiting[place.id],
            n_flags=flagged[place.id],
            differs=bool(differences(place.narrative)),
        )
        for place in outlines.arranged(draft.outline, default(draft.body))
    ]


def editor_page(
    consultation: Consultation,
    draft: ReportDraft,
    *,
    problems: list[tuple[str, str]] | None = None,
    typed: Any = None,
    conflict: str = "",
) -> str:
    """Return the page of all sections; what was typed stays in its fields."""
    return render_template(
        "reports/drafting/editor.html",
        consultation=consultation,
        draft=draft,
        rows=rows_of(draft),
        whole=[row for row in draft.comments if not row.section],
        may_write=may_write(consultation),
        n_approved=n_approved(draft),
        problems=problems or [],
        typed=typed or {},
        conflict=conflict,
    )


@bp.get("/staff/consultations/<slug>/reports/draft")
@requires(*READERS)
def editor(slug: str) -> str:
    """Show all sections of the draft."""
    consultation = readable(slug)
    return editor_page(consultation, open_draft(consultation))


@bp.post("/staff/consultations/<slug>/reports/draft/order")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def arrange(slug: str) -> Any:
    """Move, hide, show or remove a section."""
    consultation, draft = writable(slug)
    identity = request.form.get("section", "")
    decide = VERBS.get(request.form.get("do", ""))
    if decide is None:
        to = request.form.get("to", 0, type=int) - 1
        decide = partial(outlines.move, to=to)
    decision = partial(_on, decide, identity)
    try:
        drafting.change(db.session(), current_user, draft, decision, seen=seen(), now=clock.now())
    except DraftChangedError as error:
        db.session.rollback()
        _consultation, draft = writable(slug)
        return editor_page(consultation, draft, conflict=error.text()), error.status
    db.session.commit()
    anchor = "sections" if request.form.get("do") == "remove" else f"s-{identity}"
    return redirect(url_for("reports.editor", slug=slug, _anchor=anchor), 303)


def _on(decide: Any, identity: str, outline: Any, sections: Any) -> Any:
    """Decide on one section."""
    return decide(outline, sections, identity)


@bp.post("/staff/consultations/<slug>/reports/draft/sections")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def add_section(slug: str) -> Any:
    """Add a section of one's own."""
    consultation, draft = writable(slug)
    title = {lang: request.form.get(f"title_{lang}", "") for lang in ("fr", "ar")}
    decision = partial(outlines.add, title=title)
    try:
        drafting.change(db.session(), current_user, draft, decision, seen=seen(), now=clock.now())
    except (DraftChangedError, BothTitlesError, WordsTooLongError) as error:
        return _refused(slug, consultation, error)
    db.session.commit()
    made = outlines.newest_own(draft.outline)
    return redirect(url_for("reports.section", slug=slug, section=made), 303)


def _refused(slug: str, consultation: Consultation, error: DomainError) -> tuple[str, int]:
    """Show the page again with what was typed, and what stands now."""
    text, typed = error.text(), request.form.to_dict()
    db.session.rollback()
    _consultation, draft = writable(slug)
    if isinstance(error, DraftChangedError):
        return editor_page(consultation, draft, typed=typed, conflict=text), error.status
    field = "title_ar" if typed.get("title_fr", "").strip() else "title_fr"
    page = editor_page(consultation, draft, typed=typed, problems=[(field, text)])
    return page, error.status


def back_to(slug: str, section: str, anchor: str) -> BaseResponse:
    """Lead back to the page of a section, or to that of all."""
    if section:
        address = url_for("reports.section", slug=slug, section=section, _anchor=anchor)
    else:
        address = url_for("reports.editor", slug=slug, _anchor=anchor)
    return redirect(address, 303)
