"""The sentence of each template, letter for letter, in both languages; plural forms included."""

import pytest

from app.reports.claims.wording import TEMPLATES, Names, bare, to_markup, to_plain, written

NAMES = {
    "themes": [{"id": 1, "name": {"fr": "Crèches", "ar": "الحضانات"}}],
    "participation": {
        "by_region": [{"code": "08", "names": {"fr": "Drâa-Tafilalet", "ar": "درعة-تافيلالت"}}]
    },
}
MEASURE = {"alpha": 0.812, "low": 0.7, "high": 0.9, "n": 60}


@pytest.fixture(autouse=True)
def in_app(app):
    """Sentences are written as the application does."""
    with app.app_context():
        yield


def said(template, result, *, themes=(1,), about=None):
    """Return a template's sentences with ordinary spaces and without the signs of figures."""
    claim = {"template": template, "themes": list(themes), "result": result, "about": about or {}}
    found = written(claim, Names(NAMES))
    spaced = {lang: text.replace("\u202f", " ") for lang, text in found.items()}
    return tuple(bare(spaced[lang]).replace("\u00a0", " ") for lang in ("fr", "ar"))


@pytest.mark.parametrize(
    ("count", "fr", "ar"),
    [
        (0, "0 contribution a été reçue.", "لم ترد أي مساهمة."),
        (1, "1 contribution a été reçue.", "وردت مساهمة واحدة."),
        (2, "2 contributions ont été reçues.", "وردت مساهمتان."),
        (3, "3 contributions ont été reçues.", "وردت 3 مساهمات."),
        (11, "11 contributions ont été reçues.", "وردت 11 مساهمة."),
        (100, "100 contributions ont été reçues.", "وردت 100 مساهمة."),
    ],
)
def test_contributions_in_each_plural_form(count, fr, ar):
    assert said("received", {"count": count}) == (fr, ar)


@pytest.mark.parametrize(
    ("count", "fr", "ar"),
    [
        (0, "Il est dit dans 0 passage.", "لا يرد في أي مقطع."),
        (1, "Il est dit dans 1 passage.", "يرد في مقطع واحد."),
        (2, "Il est dit dans 2 passages.", "يرد في مقطعين."),
        (3, "Il est dit dans 3 passages.", "يرد في 3 مقاطع."),
        (11, "Il est dit dans 11 passages.", "يرد في 11 مقطعا."),
        (100, "Il est dit dans 100 passages.", "يرد في 100 مقطع."),
    ],
)
def test_passages_in_each_plural_form(count, fr, ar):
    assert said("theme-passages", {"count": count}) == (fr, ar)


PART = {"count": 3, "of": 12}
AGAINST = {"count": 3, "of": 12, "all": 5, "everyone": 32, "differs": "more"}
SENTENCES = [
    (
        "share",
        PART,
        {},
        (
            "« Crèches » est évoqué par au moins 2 contributeurs sur dix : 3 sur 12, 25,0 % "
            "(intervalle à 95 pour cent : de 8,9 % à 53,2 %)."
        ),
        (
            "يثير موضوعَ «الحضانات» مساهمان على الأقل من كل عشرة: 3 من أصل 12، أي 25,0% "
            "(مجال الثقة 95 بالمائة: من 8,9% إلى 53,2%)."
        ),
    ),
    (
        "rank",
        PART,
        {},
        "Rang par le nombre de voix : 3 sur 12.",
        "الرتبة حسب عدد الأصوات: 3 من 12.",
    ),
    (
        "weighted",
        {"share": 0.25, "low": 0.1, "high": 0.5, "of": 12},
        {},
        (
            "Pondérée par la population des régions, sa part est de 25,0 % (intervalle à 95 pour "
            "cent : de 10,0 % à 50,0 %)."
        ),
        "تبلغ حصته المرجحة بسكان الجهات 25,0% (مجال الثقة 95 بالمائة: من 10,0% إلى 50,0%).",
    ),
    (
        "trend",
        {"before": 1, "before_of": 10, "after": 6, "after_of": 10, "differs": "more"},
        {"until": "2022-01-02"},
        (
            "Il est plus évoqué après le 2 janvier 2022 qu’avant : 60,0 % des contributeurs contre "
            "10,0 %."
        ),
        "يُثار بعد 2 يناير 2022 أكثر مما قبله: 60,0% من المساهمين مقابل 10,0%.",
    ),
    (
        "carried",
        AGAINST,
        {"region": "08"},
        (
            "« Crèches » n’est évoqué que par 15,6 % des contributeurs, mais un groupe le porte : "
            "Drâa-Tafilalet, 25,0 % contre 10,0 % des autres."
        ),
        (
            "لا يثير «الحضانات» سوى 15,6% من المساهمين، غير أن مجموعة تحمله: درعة-تافيلالت، 25,0% "
            "مقابل 10,0% من الآخرين."
        ),
    ),
    (
        "position",
        {"count": 5, "of": 40, "other": 35},
        {"stance": "against"},
        (
            "« Crèches » : parmi les 40 voix qui prennent position, 5 sont contre, à la différence "
            "du plus grand nombre."
        ),
        "«الحضانات»: 5 أصوات من أصل 40 اتخذت موقفا تعارضه، خلافا للعدد الأكبر.",
    ),
    (
        "took-part",
        {"count": 12, "of": 48, "inhabitants": 10, "populations": {"08": 10, "06": 90}},
        {"region": "08"},
        (
            "Drâa-Tafilalet a envoyé 12 contributions : 25,0 % de celles dont la région est "
            "connue, pour 10,0 % de la population."
        ),
        (
            "وردت 12 مساهمة من درعة-تافيلالت: 25,0% من المساهمات التي عُرفت جهتها، مقابل 10,0% من "
            "السكان."
        ),
    ),
    (
        "region-more",
        AGAINST,
        {"region": "08"},
        "« Crèches » est plus évoqué ici que dans le reste du pays : 25,0 % contre 10,0 %.",
        "يُثار «الحضانات» هنا أكثر مما في باقي البلاد: 25,0% مقابل 10,0%.",
    ),
    (
        "state",
        PART | {"tenths": 250},
        {"state": "off_topic"},
        "Hors sujet : 3 passages sur 12 (25,0 %).",
        "خارج الموضوع: 3 من أصل 12 من المقاطع (25,0%).",
    ),
    (
        "alpha",
        {"measure": MEASURE},
        {},
        (
            "Accord entre les codeurs : alpha de Krippendorff 0,81 (intervalle à 95 pour cent : "
            "0,70 – 0,90 ; passages : 60)."
        ),
        (
            "الاتفاق بين المرمزين: معامل ألفا لكريبندورف 0,81 (مجال الثقة 95 بالمائة: 0,70 – 0,90؛ "
            "عدد المقاطع: 60)."
        ),
    ),
    (
        "registry",
        PART,
        {},
        "3 organisations vérifiées du registre sur 12 ont participé (25,0 %).",
        "شاركت 3 هيئات من أصل 12 متحقق منها في السجل (25,0%).",
    ),
]


@pytest.mark.parametrize(("template", "result", "about", "fr", "ar"), SENTENCES)
def test_a_template_makes_exactly_this_sentence(template, result, about, fr, ar):
    assert said(template, result, about=about) == (fr, ar)


@pytest.mark.parametrize(
    ("count", "of", "fr"),
    [
        (50, 100, "au moins 5 contributeurs sur dix"),
        (51, 100, "plus de la moitié des contributeurs"),
        (9, 100, "moins d’un contributeur sur dix"),
        (10, 100, "au moins un contributeur sur dix"),
        (39, 100, "au moins 3 contributeurs sur dix"),
    ],
)
def test_a_quantifier_never_says_more_than_there_is(count, of, fr):
    assert f"évoqué par {fr} :" in said("share", {"count": count, "of": of})[0]


COUNTED = (
    "analysed", "copies", "differing", "left-out", "n-themes", "one-by-one", "open", "passages",
    "position", "proposals", "received", "registry", "round", "signatories", "smallest", "stance",
    "sum", "theme-passages", "took-part", "waiting", "withheld", "without-region", "without-text",
)  # fmt: skip


@pytest.mark.parametrize("template", COUNTED)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 11, 100])
def test_no_plural_form_is_left_without_its_words(template, count):
    result = {
        "count": count, "of": count if template == "sum" else 200, "texts": 2, "for": 1,
        "against": 1, "mixed": 0, "asked": 5, "row": ["Motif", count], "settled": 1,
        "closed_at": "2022-01-02T10:00:00+00:00", "inhabitants": 1, "populations": {"08": 2},
    }  # fmt: skip
    about = {"region": "08", "stance": "for", "reason": "Motif"}
    fr, ar = said(template, result, about=about)
    assert not any(left in fr + ar for left in ("%(", "%s", "  ", "percent"))
    assert any("\u0600" <= c <= "\u06ff" for c in ar)
    assert not any(word in ar for word in (" of ", "passage", "contribution"))
    if count > 2:
        assert str(count) in fr
        assert str(count) in ar


def test_every_template_has_a_claim_that_uses_it_or_is_of_the_method(session):
    from app.reports.body import build
    from tests.reports.test_reduced import crowded

    used = {c["template"] for c in build(session, crowded(session).consultation).body["claims"]}
    assert used <= TEMPLATES.keys()
    assert len(used) > 25


def test_a_sentence_kept_comes_back_as_markup_with_its_figures_apart():
    kept = "\u206612\u2069 < \u20663\u2069"
    assert str(to_markup(kept)) == '<bdi dir="ltr">12</bdi> &lt; <bdi dir="ltr">3</bdi>'
    assert to_plain(to_markup(kept)) == kept
