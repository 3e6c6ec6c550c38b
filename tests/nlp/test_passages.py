"""Sentences and passages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.lexicon import load_lexicon
from nlp.text import reading
from nlp.text.pipeline import pipeline, read
from nlp.text.reading import Reader
from nlp.text.sentences import LONGEST_SENTENCE, sentence_bounds, stripped
from tests.nlp.samples import ARABIC, FRENCH

ODD = st.text(
    alphabet=st.sampled_from(
        "abé l'’.!?…؟،؛:;-•\n\r\t 123,اأنبةَـ\u202b\u202c\u200d🙂👩🏽\u0301ⵣ\ud800"
    ),
    max_size=300,
)


def split_passages(text, language):
    """Return the bounds of the passages of a spaCy document, white space left out."""
    doc = read(text, language)
    return [stripped(text, span.start_char, span.end_char) for span in doc.spans["passages"]]


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(ODD, st.text(max_size=300)), language=st.sampled_from(["fr", "ar", "other"]))
def test_passages_cover_every_visible_character_once_and_in_order(text, language):
    bounds = split_passages(text, language)
    ends = [0, *(end for _, end in bounds)]
    gaps = [text[end:start] for end, (start, _) in zip(ends, bounds, strict=False)]
    assert all(start < end for start, end in bounds)
    assert not "".join([*gaps, text[ends[-1] :]]).strip()
    assert all(text[start:end].strip() == text[start:end] for start, end in bounds)


@settings(max_examples=60, deadline=None)
@given(text=ODD)
def test_the_pipeline_never_changes_a_character(text):
    text = text.replace("\ud800", "x")
    assert pipeline("fr")(text).text == text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("M. le président, cf. art. 3, est venu. Il est reparti.", 2),
        ("Où aller ? Personne ne sait... sauf lui. Voilà !", 3),
        ("هل هناك حل؟ نعم. شكرا!", 3),
        ("Nous demandons :\n- une crèche\n- un bus", 3),
        ("Cela coûte 1.500 dirhams, soit 2,5 fois plus. Trop cher.", 2),
        ("une ligne\nqui continue ici. Puis une autre.", 2),
    ],
)
def test_sentences_end_where_readers_would_end_them(text, sentences):
    assert len(sentence_bounds(text)) == sentences
    assert len(list(read(text, "fr").sents)) == sentences


def test_a_short_text_stays_whole():
    text = "Pas de bus. Pas de crèche. Que faire ?"
    assert split_passages(text, "fr") == [(0, len(text))]


def test_a_list_of_demands_becomes_one_passage_each():
    items = [
        "- Une crèche ouverte jusqu'à dix-huit heures dans chaque commune de la province.",
        "- Un bus scolaire pour les filles qui habitent loin du collège de la vallée.",
        "- Une assistante sociale présente au moins deux jours par semaine au centre.",
    ]
    text = "\n".join(items)
    assert [text[a:b] for a, b in split_passages(text, "fr")] == items


def test_a_very_long_sentence_is_cut_at_clause_marks():
    text = ", ".join(["il manque des places dans les centres de la région"] * 30)
    bounds = split_passages(text, "fr")
    assert len(bounds) > 2
    assert all(end - start <= LONGEST_SENTENCE for start, end in bounds)


def bounds_read(texts):
    """Return the bounds of the passages of each text, read together."""
    found = Reader(texts, load_lexicon()).passages(is_split=True)
    rows = zip(found.texts, found.starts, found.ends, strict=True)
    bounds = [[] for _ in texts]
    for text, start, end in rows:
        bounds[text].append((start, end))
    return bounds


@settings(max_examples=80, deadline=None)
@given(texts=st.lists(ODD, max_size=4))
def test_texts_read_together_have_the_passages_of_each_read_alone(texts):
    texts = [text.replace("\ud800", "x") for text in texts]
    assert bounds_read(texts) == [split_passages(text, "other") for text in texts]


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "mot " * 25_000, "a.b" * 33_000, "." * 100_000, "a,b\n" * 25_000]
)
def test_a_text_of_100_kb_is_read_to_its_end(text):
    (bounds,) = bounds_read([text])
    covered = "".join(text[start:end] for start, end in bounds)
    assert "".join(covered.split()) == "".join(text.split())
    assert bounds[-1][1] == len(text.rstrip())


def test_many_texts_are_read_alike_by_several_processes(monkeypatch):
    texts = [f"{a} {b}" for lines in (FRENCH, ARABIC) for a in lines for b in [*lines, "", "12"]]
    alone = Reader(texts, load_lexicon())
    found = alone.passages(is_split=True)
    monkeypatch.setattr(reading, "MANY_TEXTS", 10)
    monkeypatch.setattr(reading, "_SHARD", 150)
    monkeypatch.setattr(reading, "n_threads", lambda: 2)
    together = Reader(texts, load_lexicon())
    again = together.passages(is_split=True)
    for name in ("texts", "starts", "ends", "languages", "qualities"):
        np.testing.assert_array_equal(getattr(found, name), getattr(again, name))
    assert [together.table.words(row) for row in (0, 200, 335)] == [
        alone.table.words(row) for row in (0, 200, 335)
    ]
    bounds = (found.texts, found.starts, found.ends)
    assert (alone.concepts(*bounds) != together.concepts(*bounds)).nnz == 0
