"""Words for the states of answers and measures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.commitments.models import AnswerState, MeasureState

STATES = {
    AnswerState.TAKEN_UP: _l("Taken up"),
    AnswerState.PARTLY: _l("Partly taken up"),
    AnswerState.NOT_TAKEN_UP: _l("Not taken up"),
    AnswerState.BEYOND_REMIT: _l("Beyond our remit"),
}

MEASURE_STATES = {
    MeasureState.PLANNED: _l("planned"),
    MeasureState.SIGNED: _l("signed"),
    MeasureState.UNDER_WAY: _l("under way"),
    MeasureState.DONE: _l("done"),
    MeasureState.SUSPENDED: _l("suspended"),
    MeasureState.ABANDONED: _l("abandoned"),
}
