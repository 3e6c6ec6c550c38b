"""The build of the space, on a small dictionary with made-up vectors."""

import numpy as np
import pytest

from nlp.build.space import __main__ as build
from nlp.build.space import sources
from nlp.build.space.align import noise_map
from nlp.build.space.letters import learnt_groups
from nlp.build.space.rows import Rows, centred, key_of, sense_vectors, word_rows
from nlp.build.space.weights import word_weights
from nlp.space import Space, store

FRENCH = """# comment
école {f} :: school
banc {m} :: bench
banc {m} [of fish] :: school, shoal
soigner {v} :: to care for, to treat (an illness)
s'occuper {v} :: to take care (of something)
-isme {suffix} :: -ism
santé {f} :: health
hôpital {m} :: hospital
"""
ARABIC = """# comment
school {n} (institution for teaching) :: مَدْرَسَة {f} /madrasa/, [plural] مدارس {p}
health {n} :: صحة {f} /ṣiḥḥa/
hospital {n} (building) :: مستشفى {m} /mustašfā/ ([plural] مستشفيات)
"""
PIVOT = "fr,ar,pos,en,en_gloss\nsanté,صحة,n,health,state of being well\n"
TABS = {
    "omw_fra.tab": "# WOLF\n1-n\tfra:lemma\técole\n1-n\tfra:lemma\técole publique\n",
    "omw_wikt_fra.tab": "# w\n2-n\tfra:lemma\thôpital\n2-n\tfra:lemma\tclinique\n",
    "omw_arb.tab": "# AWN\n1-n\tarb:lemma\tمَدْرَسَة\n1-n\tarb:lemma:root\tدرس\n1-n\tarb:lemma\tكُتّاب\n",
    "omw_wikt_arb.tab": "# w\n2-n\tarb:lemma\tمستشفى\n2-n\tarb:lemma\tمصحة\n",
}
TERMS = "id,sourceLang,targetLang,sourceString,targetString\n1,en,x,mask,{}\n"


@pytest.fixture
def lexicon(tmp_path):
    files = {
        "wiktionary_fr_en.txt": FRENCH,
        "wiktionary_en_ar.txt": ARABIC,
        "wiktionary_fr_ar_pivot.csv": PIVOT,
        "tico19_terms_en_fr.csv": TERMS.format("masque"),
        "tico19_terms_en_ar.csv": TERMS.format("كمامة"),
        "entraide_terms_fr_ar.csv": "kind,code,fr,ar\ninstitution,C,Crèche,حضانة\n",
        **TABS,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def made_up(texts: list[str]) -> np.ndarray:
    """Vectors that texts with common letters share in part: enough like meaning for a test."""
    vectors = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.casefold().split():
            vectors[row] += np.random.default_rng(sum(word.encode())).normal(size=64)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def test_glosses_give_their_short_translations():
    assert sources.pieces("to care for, to treat (an illness)") == ["care for", "treat"]
    assert sources.pieces("a small but very long definition of some thing") == []


def test_affixes_and_comments_are_left_out_and_reflexives_found_bare(lexicon):
    senses = list(sources.french_entries(lexicon / "wiktionary_fr_en.txt"))
    heads = [sense.words["fr"] for sense in senses]
    assert ["-isme"] not in heads
    assert ["s'occuper", "occuper"] in heads
    assert len(senses) == 7


def test_arabic_plurals_in_brackets_are_forms_too(lexicon):
    senses = list(sources.arabic_entries(lexicon / "wiktionary_en_ar.txt"))
    assert senses[0].words["ar"] == ["مَدْرَسَة", "مدارس"]
    assert senses[2].words["ar"] == ["مستشفى", "مستشفيات"]


def test_wordnets_meet_on_the_same_number_and_roots_are_left_out(lexicon):
    found = {tuple(s.words["fr"]): s for s in sources.synsets(lexicon) if s.source == "wolf"}
    school = found["école", "école publique"]
    assert "كُتّاب" in school.words["ar"]
    assert "درس" not in school.words["ar"]


def test_a_key_keeps_french_accents_and_folds_arabic():
    assert key_of("École d'ingénieurs", "fr") == ("fr", "école ingénieurs")
    assert key_of("مَدْرَسَة", "ar") == ("ar", "مدرسه")
    assert key_of("2030", "fr") is None


def rows_of(lexicon):
    senses = sources.all_senses(lexicon)
    texts = sources.wordings(senses)
    wordings = centred(made_up(texts))
    number = {text: i for i, text in enumerate(texts)}
    vectors = sense_vectors(senses, number, wordings)
    return senses, vectors, word_rows(senses, vectors, number, wordings)


def test_translations_share_a_direction_and_synsets_lend_theirs(lexicon):
    _, _, rows = rows_of(lexicon)
    place = {key: i for i, key in enumerate(rows.keys)}

    def cosine(left, right):
        return float(rows.vectors[place[left]] @ rows.vectors[place[right]])

    assert cosine(("fr", "santé"), ("ar", "صحه")) > 0.5
    assert cosine(("fr", "clinique"), ("ar", "مصحه")) > 0.99
    assert rows.keys == sorted(rows.keys)


def test_a_word_of_unlike_senses_and_an_adverb_weigh_less():
    east, north = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    entries = [
        ("banc", "m", east),
        ("banc", "m", north),
        ("santé", "f", east),
        ("ici", "adv", east),
    ]
    senses = [sources.Sense("wikt_fr", {"fr": [w]}, [(w, 1.0)], pos) for w, pos, _ in entries]
    vectors = np.array([vector for _, _, vector in entries])
    keys = [("fr", "banc"), ("fr", "santé"), ("fr", "ici"), ("ar", "لا")]
    bench, health, here, _ = word_weights(senses, vectors, keys)
    assert bench < health
    assert here < bench


def test_directions_of_disagreement_are_quieted():
    generator = np.random.default_rng(0)
    meaning = generator.normal(size=(200, 4))
    noise = np.array([0.0, 0.0, 0.0, 3.0])
    left = meaning + noise * generator.normal(size=(200, 1))
    right = meaning + noise * generator.normal(size=(200, 1))
    quiet = noise_map(np.vstack([left, right]), (list(range(200)), list(range(200, 400))), None)
    assert np.linalg.norm(quiet[3]) < 0.7 * np.linalg.norm(quiet[0])


def test_letters_lead_an_unlisted_word_to_its_family():
    generator = np.random.default_rng(0)
    stems = [
        "".join(generator.choice(list("abcdefgilmnoprstuv"), size=6).tolist()) for _ in range(60)
    ]
    directions = generator.normal(size=(60, 8))
    keys = [("fr", stem + ending) for stem in stems for ending in ("er", "age", "eur")]
    rows = Rows(keys, np.repeat(directions, 3, axis=0).astype(np.float32))
    groups, vectors = learnt_groups(rows, "fr")
    from nlp.space.guess import Guesser

    guess = Guesser(groups, vectors, np.ones(8, dtype=np.float32)).guess([stems[0] + "ement"])[0]
    cosines = directions @ guess / np.linalg.norm(directions, axis=1)
    assert int(np.argmax(cosines)) == 0


def test_the_command_writes_the_same_bytes_twice(lexicon, monkeypatch):
    texts = sources.wordings(sources.all_senses(lexicon))
    monkeypatch.setattr(build, "embedded", lambda asked, _kept: made_up(asked))
    monkeypatch.setattr(build, "N_DIMENSIONS", 32)
    monkeypatch.setattr("nlp.build.space.letters.N_GROUPS", {"fr": 200, "ar": 200})
    assert texts == sorted(set(texts))
    parallel = lexicon / "parallel.csv"
    parallel.write_text(
        "fr,ar\nla santé et l'école,الصحة والمدرسة\nnon lu,غير مقروء\nl'hôpital public,المستشفى\n",
        encoding="utf-8",
    )
    for name in ("one.bin", "two.bin"):
        arguments = ["--lexicon", str(lexicon), "--parallel", str(parallel)]
        build.main([*arguments, "--out", str(lexicon / name)])
    assert (lexicon / "one.bin").read_bytes() == (lexicon / "two.bin").read_bytes()
    header, blocks = store.read(lexicon / "one.bin")
    space = Space(header, blocks)
    assert space.table.find("مدارس", "ar")
    assert float(space.word("santé", "fr") @ space.word("صحة", "ar")) > 0.5


def test_only_even_sentences_are_read(lexicon):
    path = lexicon / "p.csv"
    path.write_text("fr,ar\na,ا\nb,ب\nc,ت\n", encoding="utf-8")
    assert build.training_texts(path) == {"fr": ["a", "c"], "ar": ["ا", "ت"]}
