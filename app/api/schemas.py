"""What goes in and out of the interface for programs: checked at the door, and documented."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate


def _texts(description: str) -> Any:
    """Return a field of a text in several languages."""
    return fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": f"{description}, by language (fr, ar, en)."},
    )


def _figures(description: str) -> Any:
    """Return a field of figures that a report's body holds as they are."""
    return fields.Dict(required=True, metadata={"description": description})


class _Schema(ma.Schema):
    """A schema whose fields keep their order and that refuses what it does not know."""


class ProblemPlace(_Schema):
    """A place of the request that is wrong."""

    pointer = fields.String(metadata={"description": "JSON pointer into the body (RFC 6901)."})
    parameter = fields.String(metadata={"description": "A header, or a part of the address."})
    detail = fields.String(required=True)


class Problem(_Schema):
    """What is wrong (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "Names the kind of problem."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemPlace))


class PageQuery(_Schema):
    """Which part of a list."""

    class Meta:
        """Other parameters concern nobody here."""

        unknown = ma.EXCLUDE

    cursor = fields.String(
        validate=validate.Length(max=64), metadata={"description": "`next` of the page before."}
    )
    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=100),
        metadata={"description": "Most items of the page."},
    )


class Region(_Schema):
    """A region that a consultation covers."""

    code = fields.String(required=True)
    name = _texts("Name")


class Notice(_Schema):
    """The privacy notice (law 09-08) to which contributors agree."""

    version = fields.Integer(required=True)
    statement = _texts("The sentence that one agrees to")
    body = _texts("The notice")


class ConsultationItem(_Schema):
    """A consultation."""

    slug = fields.String(required=True)
    title = _texts("Title")
    summary = _texts("Summary")
    opens_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)
    stage = fields.String(required=True, validate=validate.OneOf(["coming", "open", "closed"]))
    is_fictional = fields.Boolean(required=True)


class Consultation(ConsultationItem):
    """A consultation with all that is said of it."""

    purpose = _texts("Purpose")
    who_may_answer = _texts("Who may answer")
    outcome = _texts("What will come of it")
    regions = fields.List(fields.Nested(Region), required=True)
    notice = fields.Nested(Notice, required=True)
    questionnaire_version = fields.Integer(required=True)


class ConsultationPage(_Schema):
    """Some consultations, the newest first."""

    items = fields.List(fields.Nested(ConsultationItem), required=True)
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "Cursor of what follows."}
    )


class QuestionnaireItem(_Schema):
    """A published version of a questionnaire."""

    version = fields.Integer(required=True)
    published_at = fields.AwareDateTime(required=True)


class QuestionnaireList(_Schema):
    """The published versions, the newest first."""

    items = fields.List(fields.Nested(QuestionnaireItem), required=True)


class Question(_Schema):
    """A question; `kind` says what its answer is made of."""

    key = fields.String(required=True)
    kind = fields.String(required=True)
    label = _texts("What is asked")
    hint = _texts("Help")
    is_required = fields.Boolean(required=True)
    options = fields.Raw(required=True, metadata={"description": "Codes and labels."})
    rules = _figures("Limits")
    visible_if = fields.Raw(
        required=True, allow_none=True, metadata={"description": "When it is asked."}
    )


class Section(_Schema):
    """A step of a questionnaire."""

    title = _texts("Title")
    intro = _texts("Introduction")
    visible_if = fields.Raw(required=True, allow_none=True)
    questions = fields.List(fields.Nested(Question), required=True)


class Questionnaire(QuestionnaireItem):
    """A version with its questions."""

    sections = fields.List(fields.Nested(Section), required=True)


class Licence(_Schema):
    """Under which terms the data may be used."""

    name = fields.String(required=True)
    url = fields.String(required=True)


class Results(_Schema):
    """What the newest published report says of all themes together."""

    version = fields.Integer(required=True)
    published_at = fields.AwareDateTime(required=True)
    sha256 = fields.String(required=True, metadata={"description": "Of the report's body."})
    claims_url = fields.Url(
        required=True,
        require_tld=False,
        metadata={"description": "Every claim of the report, with what proves it (JSON)."},
    )
    open_data_url = fields.Url(
        required=True,
        require_tld=False,
        metadata={"description": "The open data of this version (ZIP)."},
    )
    licence = fields.Nested(Licence, required=True)
    participation = _figures("Who took part")
    coverage = _figures("Every passage in exactly one state: the sum is 100 %")
    n_themes = fields.Integer(required=True)


class ThemePage(_Schema):
    """Some themes, by rank, with figures and quotations as the report has them."""

    version = fields.Integer(required=True)
    licence = fields.Nested(Licence, required=True)
    items = fields.List(fields.Dict(), required=True)
    next = fields.String(required=True, allow_none=True)


class Figures(_Schema):
    """The report's figures, a row for each theme and group; the same as the CSV."""

    version = fields.Integer(required=True)
    licence = fields.Nested(Licence, required=True)
    columns = fields.List(fields.String(), required=True)
    rows = fields.List(fields.List(fields.Raw(allow_none=True)), required=True)


class ActorBody(_Schema):
    """Who answers."""

    type = fields.String(required=True, metadata={"description": "In what capacity."})
    organisation = fields.String(load_default="", validate=validate.Length(max=300))


class ConsentBody(_Schema):
    """To what the contributor agreed."""

    notice_version = fields.Integer(required=True, strict=True)


class SubmissionBody(_Schema):
    """What one contributor says."""

    actor = fields.Nested(ActorBody, required=True)
    lang = fields.String(required=True, validate=validate.OneOf(["fr", "ar", "en"]))
    consent = fields.Nested(ConsentBody, required=True)
    answers = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(allow_none=True),
        required=True,
        metadata={"description": "The value of each answer, by the question's key."},
    )
    source_id = fields.String(
        validate=validate.Length(min=1, max=120),
        metadata={"description": "Number in the partner's own system."},
    )


class SubmissionHeaders(_Schema):
    """Headers of a submission."""

    class Meta:
        """The others are HTTP's."""

        unknown = ma.EXCLUDE

    key = fields.String(
        required=True,
        data_key="Idempotency-Key",
        validate=validate.Length(min=1, max=200),
        metadata={"description": "The same key with the same body writes nothing twice."},
    )


class Receipt(_Schema):
    """The receipt of a submission."""

    code = fields.String(
        required=True, metadata={"description": "Opens the contribution to its author."}
    )
    number = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    is_new = fields.Boolean(required=True)
