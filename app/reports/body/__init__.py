"""The body of a report: everything it says, as plain data, in both languages.

``body`` is an object that JSON can hold, with these parts (shares are in [0, 1], ``None`` where a
group is too small to be described, see :data:`app.reports.figures.SMALLEST_GROUP`)::

    format            1
    consultation      id, slug, title {fr, ar, en}, opens_at, closes_at, is_fictional
    participation     submissions, analysed (those with a passage), without_text, waiting (texts
                      that came after the analysis), passages, first_on, last_on, without_region,
                      by_region [code, names, count, share, population, population_share,
                      per_100k], by_actor_type and by_channel [code, count, share],
                      by_language [code, passages, share, contributors], by_week [monday, count]
    coverage          total, states [state, count, tenths]; the tenths of a percent sum to 1000
    groups            region, actor_type: [code, of, hidden]: the denominators of the shares below
    themes            ranked: id, rank, name {fr, ar}, keywords {fr, ar}, merged [ids], passages,
                      voices, share, low, high, signatories, by_region and by_actor_type [code,
                      of, count, share, low, high, differs: "more", "less" or null, hidden],
                      by_language [code, passages, voices], quotations [text, number, answer,
                      start, end, sha256, language, region, actor_type, pen [start, end] or null,
                      official: true for an organisation's signed position, else absent]
    excluded          id, name, reason, passages
    claims            kind, themes [ids], count, of, and what the kind needs (see ``claims``)
    method            run, engine, seed, n_themes, unit, fingerprint, analysed_at,
                      to_arbitrate_share, smallest_group, discovery_rate, quotations_withheld

The body holds no instant of publication: the same data gives the same body and the same hash.
"""

from app.reports.body.build import Draft, build
from app.reports.body.canonical import canonical, digest

__all__ = ["Draft", "build", "canonical", "digest"]
