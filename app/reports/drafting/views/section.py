"""Staff pages: one section of the draft; its words in both languages, its sentences, a preview."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from app.consultations.models import Consultation
from app.core import clock
from app.core.access import Role, requires
from app.core.db import db
from app.core.errors import DomainError
from app.reports.blueprint import READERS, bp
from app.reports.body.outline import default
from app.reports.drafting import operations as drafting
from app.reports.drafting import outlines
from app.reports.drafting.outlines import Arranged
from app.reports.drafting.previewing import differences, flags_of, paragraphs, values
from app.reports.drafting.views.common import (
    may_write,
    n_approved,
    open_draft,
    readable,
    seen,
    writable,
)
from app.reports.drafting.views.editor import back_to
from app.reports.errors import BothTitlesError, DraftChangedError, WordsTooLongError
from app.reports.models import ReportComment, ReportDraft
from app.reports.presentation import View
from app.reports.section_names import section_kind, section_title

LANGUAGES = ("fr", "ar")


@dataclass(frozen=True)
class Shown:
    """A sentence or a quotation of a section.

    :ivar values: what of it a narrative may take: names, and how they are written.
    """

    id: str
    sentence: Markup
    values: list[tuple[str, Any]]
    is_dropped: bool
    quotation: dict[str, Any] | None
    comments: list[ReportComment]


@dataclass(frozen=True)
class Typed:
    """What somebody typed and could not be saved, or only asked to look at.

    :ivar words: by language.
    :ivar source: the section whose sentences are offered.
    """

    words: dict[str, str]
    title: dict[str, str]
    source: str = ""


def section_page(
    consultation: Consultation,
    draft: ReportDraft,
    identity: str,
    *,
    typed: Typed | None = None,
    problems: list[tuple[str, str]] | None = None,
    conflict: str = "",
    remark: dict[str, str] | None = None,
) -> str:
    """Return the page of a section.

    :param remark: a comment that was refused: ``claim`` and ``text``.
    """
    sections = default(draft.body)
    place = outlines.find(draft.outline, sections, identity)
    view = View(draft.body)
    words = typed.words if typed else place.narrative
    everything = outlines.arranged(draft.outline, sections)
    order = [one.id for one in everything]
    at = order.index(identity)
    source = typed.source if typed and typed.source in order else identity
    offered = outlines.find(draft.outline, sections, source)
    return render_template(
        "reports/drafting/section.html",
        consultation=consultation,
        draft=draft,
        place=place,
        view=view,
        body=draft.body,
        title=section_title(view, place.section),
        kind=section_kind(place.section),
        before=order[at - 1] if at else None,
        after=order[at + 1] if at + 1 < len(order) else None,
        words=words,
        titles=typed.title if typed else place.section["title"],
        is_typed=typed is not None,
        flags=flags_of(identity, words, view.claims),
        differences=differences(words),
        view_claims=view.claims,
        preview=_preview(words, view),
        sentences=_shown(draft, place, place.section["claims"], view),
        quotations=_shown(draft, place, place.section["quotations"], view),
        offered=_shown(draft, offered, offered.section["claims"], view),
        source=source,
        sources=[
            (one.id, section_title(view, one.section)) for one in everything if one.everything
        ],
        about_all=[row for row in draft.comments if row.section == identity and not row.claim],
        may_write=may_write(consultation),
        n_approved=n_approved(draft),
        problems=problems or [],
        conflict=conflict,
        remark=remark or {},
    )


def _preview(words: dict[str, str], view: View) -> dict[str, list[Markup]]:
    """Return the paragraphs of both languages."""
    return {lang: paragraphs(words.get(lang, ""), lang, view.claims) for lang in LANGUAGES}


def _shown(draft: ReportDraft, place: Arranged, identities: list[str], view: View) -> list[Shown]:
    """Return sentences or quotations of a section, those left out too."""
    quoted = {
        f"quote.{q['answer']}.{q['start']}": q
        for theme in draft.body["themes"]
        for q in theme["quotations"]
    }
    return [
        Shown(
            id=i,
            sentence=view.claim(view.claims[i]),
            values=values(view.claims[i]),
            is_dropped=i in place.dropped,
            quotation=quoted.get(i),
            comments=[row for row in draft.comments if (row.section, row.claim) == (place.id, i)],
        )
        for i in identities
        if i in view.claims
    ]


def _typed() -> Typed:
    """Read what was typed."""
    form = request.form
    return Typed(
        words={lang: form.get(f"words_{lang}", "") for lang in LANGUAGES},
        title={lang: form.get(f"title_{lang}", "") for lang in LANGUAGES},
        source=form.get("source", ""),
    )


@bp.get("/staff/consultations/<slug>/reports/draft/sections/<section>")
@requires(*READERS)
def section(slug: str, section: str) -> str:
    """Show a section of the draft."""
    consultation = readable(slug)
    return section_page(consultation, open_draft(consultation), section)


@bp.post("/staff/consultations/<slug>/reports/draft/sections/<section>")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def write(slug: str, section: str) -> Any:
    """Save the words of a section, or only look at what was typed."""
    consultation, draft = writable(slug)
    typed = _typed()
    if request.form.get("do") in {"check", "offer"}:
        return section_page(consultation, draft, section, typed=typed)
    decision = partial(_written, section, typed)
    try:
        drafting.change(db.session(), current_user, draft, decision, seen=seen(), now=clock.now())
    except (DraftChangedError, BothTitlesError, WordsTooLongError) as error:
        return _refused(slug, section, error, typed)
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("reports.section", slug=slug, section=section), 303)


def _written(identity: str, typed: Typed, outline: Any, sections: Any) -> Any:
    """Write the words, and the title where people gave it."""
    written = outlines.write(outline, sections, identity, words=typed.words)
    if outlines.find(outline, sections, identity).is_own:
        return outlines.rename(written, sections, identity, title=typed.title)
    return written


def _refused(slug: str, identity: str, error: DomainError, typed: Typed) -> tuple[str, int]:
    """Show the page again with what was typed, and what stands now."""
    text = error.text()
    db.session.rollback()
    consultation, draft = writable(slug)
    if isinstance(error, DraftChangedError):
        page = section_page(consultation, draft, identity, typed=typed, conflict=text)
        return page, error.status
    field = f"words_{max(LANGUAGES, key=lambda lang: len(typed.words[lang]))}"
    if isinstance(error, BothTitlesError):
        field = "title_ar" if typed.title["fr"].strip() else "title_fr"
    page = section_page(consultation, draft, identity, typed=typed, problems=[(field, text)])
    return page, error.status


@bp.post("/staff/consultations/<slug>/reports/draft/sections/<section>/claims")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def choose(slug: str, section: str) -> Any:
    """Leave a sentence or a quotation out, or take it in again."""
    consultation, draft = writable(slug)
    claim = request.form.get("claim", "")
    decide = outlines.restore if request.form.get("do") == "restore" else outlines.drop
    decision = partial(_on_claim, decide, section, claim)
    try:
        drafting.change(db.session(), current_user, draft, decision, seen=seen(), now=clock.now())
    except DraftChangedError as error:
        db.session.rollback()
        _consultation, draft = writable(slug)
        return section_page(consultation, draft, section, conflict=error.text()), error.status
    db.session.commit()
    return back_to(slug, section, f"c-{claim}")


def _on_claim(decide: Any, identity: str, claim: str, outline: Any, sections: Any) -> Any:
    """Decide on one claim of a section."""
    return decide(outline, sections, identity, claim=claim)
