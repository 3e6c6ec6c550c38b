"""The company of words, and words of scripts without a stemmer."""

import numpy as np
from scipy import sparse

from nlp.features.company import HALF_BELIEVED, Company
from nlp.features.counts import Stems, letter_groups
from nlp.lexicon import load_lexicon
from nlp.text.table import word_table

#: Three passages in three directions: stem 0 in the first two, 1 in the last two, 2 in the last.
OWN = sparse.csr_matrix(np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1]], dtype=np.float32))
SHARED = np.eye(3, dtype=np.float32)


def test_a_passage_is_not_in_the_company_of_its_own_words():
    """Only the others that hold a word speak."""
    found = Company().fit_transform(OWN, SHARED)
    half = np.sqrt(0.5)
    assert np.allclose(found, [[0, 1, 0], [half, 0, half], [0, 1, 0]], atol=1e-6)


def test_a_new_passage_gets_the_company_of_all_who_hold_its_words():
    """Nothing is left out for a passage that was not learnt from."""
    company = Company()
    company.fit_transform(OWN, SHARED)
    found = company.transform(OWN[:1])
    assert np.allclose(found, [[np.sqrt(0.5), np.sqrt(0.5), 0]], atol=1e-6)


def test_a_word_that_one_passage_holds_is_not_believed():
    """Belief grows with the others that hold a word, and is half at a given number."""
    company = Company()
    company.fit_transform(OWN, SHARED)
    expected = 1 / (1 + HALF_BELIEVED)
    assert np.allclose(company.belief(), [expected, expected, 0])


def test_belief_in_a_passage_counts_the_words_that_nobody_repeats():
    """Half of the words known gives half of their belief; stop words do not count."""
    table = word_table(["crèche fermée", "crèche et marché", "le marché"])
    stems = Stems(load_lexicon(), least=2)
    stems.fit_count(table)
    means = stems.means(table, np.ones(len(stems.columns_)))
    assert np.allclose(means, [0.5, 1, 1])


def test_words_in_tifinagh_are_compared_by_groups_of_letters():
    """Two forms of a word share groups, where a whole word would match nothing."""
    table = word_table(["ⵜⴰⵎⵖⴰⵔⵜ", "ⵜⵉⵎⵖⴰⵔⵉⵏ", "école", "marché"])
    stems = Stems(load_lexicon(), least=1)
    counted = stems.fit_count(table).toarray()
    assert counted[0] @ counted[1] > 0
    assert counted[0] @ counted[2] == 0
    assert "ecol" in stems.columns_


def test_letter_groups_mark_where_a_word_begins_and_ends():
    """All groups of three to five letters, ends included."""
    assert letter_groups("abc") == ["<ab", "abc", "bc>", "<abc", "abc>", "<abc>"]
