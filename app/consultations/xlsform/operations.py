"""Taking a form in as the version being written, and giving a version out as a form."""

from __future__ import annotations

import io
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations.building.versions import draft_of
from app.consultations.models import Consultation, Question, Questionnaire, Section
from app.consultations.xlsform.drawing import Places
from app.consultations.xlsform.errors import InvalidFormError
from app.consultations.xlsform.form import Form, QuestionSpec, SectionSpec
from app.consultations.xlsform.reading import read_form
from app.consultations.xlsform.sheets import Book, read_book, write_book
from app.consultations.xlsform.writing import write_form
from app.core import audit
from app.core.access import Actor
from app.core.db import Texts
from app.territories.queries import all_regions

#: Longest reason that is shown of why a form is refused.
_REASON = 600


def import_form(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    content: bytes,
    *,
    file_name: str = "",
    now: datetime,
) -> tuple[Questionnaire, Form]:
    """Put a form in the place of the version being written, which is begun if there is none.

    Questions are known by their names: those that a published version has too line up with it.

    :returns: the version, and the form with what of it has no effect here.
    :raises FormFileError: if the file is no form, or one that KoboToolbox and ODK refuse.
    """
    book = read_book(content)
    book.survey()
    validate(content)
    form = read_form(book, frozenset(axis.code for axis in consultation.axes))
    draft = draft_of(session, actor, consultation, now=now)
    _replace(session, consultation, draft, form)
    audit.record(
        session,
        actor,
        "consultations.import_form",
        at=now,
        target=draft,
        detail={
            "version": draft.version,
            "file": file_name[:200],
            "questions": len(form.questions),
            "remarks": len(form.remarks),
        },
    )
    return draft, form


def validate(content: bytes) -> None:
    """Check that a form is one for everybody else too.

    :raises InvalidFormError: with the reason that pyxform gives.
    """
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    kinds = {b"PK": ".xlsx", b"\xd0\xcf": ".xls"}
    try:
        convert(io.BytesIO(content), validate=False, file_type=kinds.get(content[:2], ".csv"))
    except PyXFormError as error:
        raise InvalidFormError(reason=str(error)[:_REASON]) from error
    except Exception as error:
        # It stumbles over some forms without saying why; such a form runs nowhere either.
        raise InvalidFormError(reason=type(error).__name__) from error


def _replace(
    session: Session, consultation: Consultation, draft: Questionnaire, form: Form
) -> None:
    """Put the sections of a form in the place of the draft's."""
    draft.sections.clear()
    session.flush()
    draft.source = form.source
    axes = {axis.code: axis.id for axis in consultation.axes}
    for position, spec in enumerate(form.sections, 1):
        section = _section(position, spec)
        draft.sections.append(section)
        session.flush()
        section.questions = [
            _question(draft, number, question, axes)
            for number, question in enumerate(spec.questions, 1)
        ]
    session.flush()


def _section(position: int, spec: SectionSpec) -> Section:
    """Make a section."""
    return Section(
        position=position,
        title=Texts(spec.title),
        intro=Texts(spec.intro),
        minutes=spec.minutes,
        key=spec.key,
        visible_if=spec.visible_if,
        source=spec.source(),
    )


def _question(
    draft: Questionnaire, position: int, spec: QuestionSpec, axes: dict[str, int]
) -> Question:
    """Make a question."""
    return Question(
        questionnaire_id=draft.id,
        position=position,
        key=spec.key,
        kind=spec.kind,
        label=Texts(spec.label),
        hint=Texts(spec.hint),
        is_required=spec.is_required,
        options=spec.options,
        rules=spec.rules,
        visible_if=spec.visible_if,
        validity=spec.validity,
        source=spec.source(),
        axis_id=axes.get(spec.axis),
    )


def export_form(session: Session, consultation: Consultation, version: Questionnaire) -> bytes:
    """Return a version as a workbook."""
    return write_book(export_book(session, consultation, version))


def export_book(session: Session, consultation: Consultation, version: Questionnaire) -> Book:
    """Return the sheets of a version."""
    return write_form(consultation, version, _places(session))


def _places(session: Session) -> Places:
    """Return the regions and provinces that a form may ask for."""
    regions = list(session.scalars(all_regions()))
    return Places(
        regions=[(one.code, {"fr": one.name_fr, "ar": one.name_ar}) for one in regions],
        provinces=[
            (one.code, region.code, {"fr": one.name_fr, "ar": one.name_ar})
            for region in regions
            for one in region.provinces
        ],
    )
