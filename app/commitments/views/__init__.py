"""Pages of the commitments: one blueprint; each part brings its own."""

from __future__ import annotations

from app.commitments.answers import views as _answers
from app.commitments.blueprint import bp
from app.commitments.measures import views as _measures
from app.commitments.views import contribution as _contribution
from app.commitments.views import letters as _letters
from app.commitments.views import you_said as _you_said

__all__ = ["bp"]
__parts__ = (_contribution, _answers, _letters, _you_said, _measures)
