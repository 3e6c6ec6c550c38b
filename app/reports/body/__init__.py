"""The body of a report: everything it says, as plain data, in both languages.

``body`` is an object that JSON can hold, with these parts (shares are in [0, 1], ``None`` where a
group is too small to be described, see :data:`app.reports.figures.SMALLEST_GROUP`)::

    format            2
    consultation      id, slug, title {fr, ar, en}, opens_at, closes_at, is_fictional
    participation     submissions, analysed (those with a passage), without_text, waiting (texts
                      that came after the analysis), passages, first_on, last_on, without_region,
                      by_region [code, names, count, share, population, population_share,
                      per_100k], by_actor_type and by_channel [code, count, share],
                      by_language [code, passages, share, contributors], by_week [monday, count],
                      matrix {actor_types, rows [code, cells (None where not shown), total]},
                      registry [code, organisations, took_part], weighting {regions [code,
                      weight], effective, of}
    coverage          total, states [state, count, tenths]; the tenths of a percent sum to 1000;
                      texts (of which there are copies)
    groups            region, actor_type: [code, of, hidden]: the denominators of the shares below
    themes            ranked: id, rank, name {fr, ar}, keywords {fr, ar}, merged [ids], passages,
                      voices, share, low, high, signatories, by_region and by_actor_type [code,
                      of, count, share, low, high, differs: "more", "less" or null, hidden],
                      by_language [code, passages, voices], quotations [text, number, answer,
                      question, start, end, sha256, language, region, actor_type, pen [start, end]
                      or null, theme, nature, stance, official: true for an organisation's signed
                      position, else absent; region and actor_type empty where they are withheld],
                      weighted {share, low, high} or None, stance {for, against, mixed, silent} or
                      None, natures [code, passages], trend {before, before_of, after, after_of,
                      differs, until} or None
    minority          kind: "carried" or "position", theme, dimension, code, count, of, rest,
                      rest_of, stance, quotations
    regions           code, hidden, submissions, contributors, themes [id, count, share, differs],
                      actor_types [code, count], languages [code, passages], quotations
    excluded          id, name, reason, passages
    set_aside         reason, passages: excluded one by one, copies with their text
    claims            every sentence with what proves it (:mod:`app.reports.claims`)
    sections          what stands where, with narratives (:mod:`app.reports.body.outline`)
    method            run, engine, seed, n_themes, unit, fingerprint, analysed_at,
                      to_arbitrate_share, smallest_group, discovery_rate, quotations_withheld,
                      reliability {round, accuracy}: None where nothing was measured. round: id,
                      run, seed, closed_at, passages, differing, settled, abstained, coders and
                      machine (alpha, low, high, observed, n, why), by_language and
                      machine_by_language [code, and the same]. accuracy: machine, low, high, now,
                      now_low, now_high, placements, known, sample

The body holds no instant of publication: the same data gives the same body and the same hash.
"""

from app.reports.body.build import Draft, build
from app.reports.body.canonical import canonical, digest

__all__ = ["Draft", "build", "canonical", "digest"]
