"""Sentences and passages."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.text.pipeline import LONGEST_SENTENCE, pipeline, split_passages, split_sentences

ODD = st.text(
    alphabet=st.sampled_from(
        "abé l'’.!?…؟،؛:;-•\n\r\t 123,اأنبةَـ\u202b\u202c\u200d🙂👩🏽\u0301ⵣ\ud800"
    ),
    max_size=300,
)


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
    assert len(split_sentences(text, "fr")) == sentences


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


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "mot " * 25_000, "a.b" * 33_000, "." * 100_000, "a,b\n" * 25_000]
)
def test_a_text_of_100_kb_takes_little_time(text):
    started = time.process_time()
    split_passages(text, "fr")
    assert time.process_time() - started < 5
