"""The build of the bilingual senses, on small entries made for the test."""

from nlp.build.pivot import merged, write, write_words
from nlp.lexicon import Senses
from nlp.text.normalise import word_of

SOURCES = {
    "wiktionary_fr_en.txt": (
        "# licence\nécole {f} :: school\nroute {f} :: road (way), street\n-eur {suffix} :: -er\n"
    ),
    "wiktionary_en_ar.txt": (
        "school {n} (institution) :: مَدْرَسَة {f} /madrasa/\nroad {n} (way) :: طريق {m}, شارِع {m}\n"
    ),
    "omw_wikt_fra.tab": "# Wiktionary\n01-n\tfra:lemma\teau\n",
    "omw_wikt_arb.tab": "# Wiktionary\n01-n\tarb:lemma\tماء\n",
    "omw_arb.tab": "# AWN\n01-n\tarb:lemma:root\tموه\n",
}


def sources(folder):
    """Write the entries to a folder and return it."""
    for name, content in SOURCES.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_words_that_share_a_sense_stand_on_one_line_without_definitions(tmp_path):
    senses = merged(sources(tmp_path))
    assert write(senses, tmp_path / "pivot.tsv") == 3
    lines = (tmp_path / "pivot.tsv").read_text(encoding="utf-8").splitlines()
    assert lines == ["pos\tfr\tar", "n\teau\tماء", "n\troute\tشارع|طريق", "n\técole\tمدرسة"]


def test_the_same_sources_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write(merged(sources(tmp_path)), tmp_path / f"{name}.tsv")
        write_words(tmp_path, tmp_path / f"{name}.words")
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "b.tsv").read_bytes()
    assert (tmp_path / "a.words").read_bytes() == (tmp_path / "b.words").read_bytes()


def test_a_sense_is_found_from_either_language():
    senses = Senses.from_lists([(["école"], ["مدرسة"], ["mdrasa"])])
    assert [senses.of(word_of(w)) for w in ("Écoles", "بالمدرسة", "mdrasa", "route")] == [
        (0,),
        (0,),
        (0,),
        (),
    ]
