"""Texts as spaCy documents."""

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import DocBin

from nlp.annotation import annotated, document_bin

TEXT = (
    "Il manque une crèche dans notre commune et les mères renoncent à travailler. Par ailleurs, "
    "nous proposons d'ouvrir un centre social à Aghbalou. Appelez Mme Zineb Alaoui au 0612345678."
)


def labels(doc, name):
    """Return the labels of a group of spans with the words they hold."""
    return {(span.label_, span.text) for span in doc.spans[name]}


def test_a_document_holds_what_is_seen_in_its_text():
    doc = annotated(TEXT)
    assert doc.text == TEXT
    assert doc.user_data["language"] == "fr"
    assert len(list(doc.sents)) == 3
    assert len(doc.spans["passages"]) == 2
    assert {label for label, _ in labels(doc, "natures")} == {"problem", "proposal"}
    assert ("proposal", "nous proposons") in labels(doc, "cues")
    assert ("telephone", "0612345678") in labels(doc, "personal_data")
    assert any("crèche" in words for _, words in labels(doc, "concepts"))


def test_arabic_is_read_with_its_clitics():
    doc = annotated("نعاني من غياب الحضانة في جماعتنا.")
    assert doc.user_data["language"] == "ar"
    assert {label for label, _ in labels(doc, "natures")} == {"problem"}
    assert labels(doc, "concepts")


def test_documents_written_to_a_file_are_read_back(tmp_path):
    texts = [TEXT, "", "نطلب حضانة جماعية."]
    path = tmp_path / "answers.spacy"
    document_bin(texts).to_disk(path)
    docs = list(DocBin(store_user_data=True).from_disk(path).get_docs(spacy.blank("xx").vocab))
    assert [doc.text for doc in docs] == texts
    assert labels(docs[0], "cues") == labels(annotated(TEXT), "cues")


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_can_be_annotated_and_stays_as_it_is(text):
    doc = annotated(text)
    assert doc.text == text
    for group in doc.spans.values():
        assert all(0 <= span.start_char < span.end_char <= len(text) for span in group)


@pytest.mark.parametrize("text", ["x" * 100_000, "Il manque une crèche. " * 4_500])
def test_a_text_of_100_kb_is_annotated_to_its_end(text):
    doc = annotated(text)
    assert doc.spans["passages"][-1].end_char == len(text.rstrip())
