"""Pages of the reports: one blueprint; each part brings its own."""

from __future__ import annotations

from app.reports.blueprint import bp
from app.reports.drafting import views as _drafting
from app.reports.publishing import views as _publishing
from app.reports.publishing.subscribing import views as _subscribing
from app.reports.views import charts as _charts
from app.reports.views import public as _public

__all__ = ["bp"]
__parts__ = (_public, _charts, _drafting, _publishing, _subscribing)
