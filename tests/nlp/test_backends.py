"""Where vectors of meaning come from: the space, none, or an installed model."""

import importlib.util
import subprocess
import sys
import types

import numpy as np
import pytest

from nlp import AnalysisOptions, BackendError, OptionsError, ThemeModel, analyse
from nlp.embedding import embed_texts
from nlp.features import backends
from tests.nlp.samples import ARABIC, FRENCH, corpus

HAS_LIBRARY = importlib.util.find_spec("sentence_transformers") is not None

#: Makes a model of the library's own kind: a table of words with drawn vectors, and their mean.
MAKE_MODEL = """
import sys
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers
words = sys.stdin.read().split()
tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(["[UNK]", *words])}, "[UNK]"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=16)]).save(sys.argv[1])
"""


class Encoder:
    """Stands for the library's model: a text's vector counts its letters."""

    def __init__(self, name, *, device, local_files_only):
        """Know one model only, and take nothing from elsewhere."""
        assert local_files_only
        if name != "known":
            raise OSError(f"no {name}")

    def encode(self, texts, **_options):
        """Return the counts."""
        letters = "abcdefghijklmnopqrstuvwxyzابتدرسعكلمنهوي"
        return np.array([[text.count(letter) for letter in letters] for text in texts], float)


@pytest.fixture
def library(monkeypatch):
    """Put a small library in the place of the real one."""
    module = types.ModuleType("sentence_transformers")
    module.SentenceTransformer = Encoder
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    backends._encoder.cache_clear()
    yield
    backends._encoder.cache_clear()


def test_words_alone_find_themes_within_each_language():
    options = AnalysisOptions(n_themes=3, unit="row", backend="lexical")
    analysis = analyse(corpus(), options)
    assert 1 < len(analysis.themes) <= 3
    assert analysis.fingerprint != analyse(corpus(), AnalysisOptions(n_themes=3)).fingerprint


def test_the_space_joins_words_that_the_thesaurus_does_not_list_and_words_alone_do_not():
    pair = "Le chat dort sur la table.", "القط ينام فوق الطاولة."
    static, lexical = (
        embed_texts([*pair, *FRENCH, *ARABIC], AnalysisOptions(backend=name))
        for name in ("static", "lexical")
    )
    assert static[0] @ static[1] > lexical[0] @ lexical[1] + 0.2


@pytest.mark.usefixtures("library")
def test_an_installed_model_gives_the_vectors(tmp_path):
    options = AnalysisOptions(n_themes=3, unit="row", backend="sentence-transformers:known")
    model = ThemeModel(options).fit(corpus())
    assert model.themes_
    model.save(tmp_path / "model.npz")
    assert ThemeModel.load(tmp_path / "model.npz").assign(corpus()) == model.assign(corpus())


@pytest.mark.usefixtures("library")
def test_an_unknown_model_is_refused_by_its_name():
    with pytest.raises(BackendError, match="another"):
        analyse(corpus(), AnalysisOptions(backend="sentence-transformers:another"))


def test_without_the_library_a_model_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    backends._encoder.cache_clear()
    with pytest.raises(BackendError, match="not installed"):
        analyse(corpus(), AnalysisOptions(backend="sentence-transformers:known"))


@pytest.mark.parametrize(
    "name", ["", "word2vec", "sentence-transformers:", "sentence-transformers"]
)
def test_a_backend_of_no_kind_is_refused(name):
    with pytest.raises(OptionsError):
        AnalysisOptions(backend=name)


@pytest.mark.skipif(not HAS_LIBRARY, reason="the library comes with requirements-bench.txt only")
def test_a_tiny_model_of_the_real_library_is_read_from_its_folder(tmp_path):
    folder = tmp_path / "model"
    words = " ".join(sorted({word for line in FRENCH + ARABIC for word in line.split()}))
    subprocess.run(
        [sys.executable, "-c", MAKE_MODEL, folder], input=words, text=True, check=True, timeout=300
    )
    backends._encoder.cache_clear()
    options = AnalysisOptions(n_themes=3, unit="row", backend=f"sentence-transformers:{folder}")
    analysis = analyse(corpus(), options)
    assert analysis.themes
    assert analysis.to_json() == analyse(corpus(), options).to_json()
