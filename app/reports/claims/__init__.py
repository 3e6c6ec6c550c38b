"""Claims: the sentences of a report as data that can be asked of the record again.

A claim is an object that JSON can hold::

    id          what it says, stable from version to version: ``summary.first``, ``theme.12.share``,
                ``region.08.top``, ``quote.341.0``; versions are compared by it
    kind        one of :data:`KINDS`
    template    name of its sentence in :mod:`app.reports.claims.wording`
    themes      identifiers of the themes it speaks of, in order
    about       what else the sentence names: ``region``, ``actor_type``, ``language``, ``week``...
    queries     a query for each value of the result, by name; ``of`` is the denominator
    result      the value of each query; with ``count`` and ``of`` wherever there is a share
    evidence    ``query``, ``passages`` (how many words prove it), ``sha256`` (over all of them) and
                ``sample`` (some: number, question, start, end, sha256); None where no words can
    sentence    ``{"fr": ..., "ar": ...}``, made by one template; figures between U+2066, U+2069

A query is an object too: ``measure`` says what is counted and the other keys of whom
(:mod:`app.reports.claims.dataset`). A :class:`~app.reports.claims.dataset.Dataset` answers it,
loaded from the tables (:mod:`app.reports.claims.loading`) or from a copy of the open data: one
reading of every query, two sources. :mod:`app.reports.claims.proving` asks all of them again.
"""

from __future__ import annotations

#: What a claim can be.
KINDS = (
    "count",
    "share",
    "ranking",
    "contrast",
    "trend",
    "quotation",
    "coverage",
    "reliability",
)
