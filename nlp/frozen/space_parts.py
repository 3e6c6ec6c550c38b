"""A learnt space as plain values and arrays, and back."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.features import BilingualSpace
from nlp.features.company import Company
from nlp.features.counts import LatentDimensions, Rarity, Stems
from nlp.features.space import Finish
from nlp.lexicon import Lexicon
from nlp.space import Reference

Arrays = dict[str, npt.NDArray[Any]]
Header = dict[str, Any]

_VIEWS = ("within", "across")


def space_parts(space: BilingualSpace) -> tuple[Header, Arrays]:
    """Return what a fitted space has learnt."""
    header: Header = {
        "parameters": {
            name: value for name, value in space.get_params().items() if name != "lexicon"
        },
        "stems": sorted(space.stems_.columns_, key=space.stems_.columns_.__getitem__),
        "least": space.stems_.least,
    }
    arrays: Arrays = {
        "company": space.company_.sums_,
        "holders": space.company_.holders_,
        "rarity": space.rarity_.weights_,
        "concept_rarity": space.concept_rarity_.weights_,
        "word_directions": space.word_dimensions_.directions_,
        "concept_directions": space.concept_dimensions_.directions_,
    }
    for name, finish in zip(_VIEWS, space.finishes_, strict=True):
        header[f"{name}_means"] = list(finish.means_)
        for number, mean in enumerate(finish.means_.values()):
            arrays[f"{name}_mean_{number}"] = mean
        if finish.directions_ is not None:
            arrays[f"{name}_directions"] = finish.directions_
    reference = space.reference_
    header["reference"] = None if isinstance(reference, Reference) else reference
    if isinstance(reference, Reference):
        header["words"] = [list(key) for key in reference.shares]
        header["n_words"] = reference.n_words
        arrays["shares"] = np.array(list(reference.shares.values()))
        header["centres"] = {name: n for name, (_, n) in reference.centres.items()}
        for name, (centre, _) in reference.centres.items():
            arrays[f"centre_{name}"] = centre
    return header, arrays


def space_of(header: Header, arrays: Arrays, lexicon: Lexicon) -> BilingualSpace:
    """Return the fitted space of its parts.

    :raises KeyError: if a part is missing.
    """
    space = BilingualSpace(**header["parameters"], lexicon=lexicon)
    space.stems_ = Stems(lexicon, least=header["least"])
    space.stems_.columns_ = {stem: column for column, stem in enumerate(header["stems"])}
    space.company_ = Company()
    space.company_.sums_, space.company_.holders_ = arrays["company"], arrays["holders"]
    space.rarity_, space.concept_rarity_ = Rarity(), Rarity(power=2)
    space.rarity_.weights_ = arrays["rarity"]
    space.concept_rarity_.weights_ = arrays["concept_rarity"]
    space.word_dimensions_, space.concept_dimensions_ = LatentDimensions(0), LatentDimensions(0)
    space.word_dimensions_.directions_ = arrays["word_directions"]
    space.concept_dimensions_.directions_ = arrays["concept_directions"]
    space.finishes_ = (
        _finish(header, arrays, "within", space.n_dimensions),
        _finish(header, arrays, "across", space.n_dimensions),
    )
    space.reference_ = header["reference"]
    if "words" in header:
        shares = dict(zip(map(tuple, header["words"]), arrays["shares"].tolist(), strict=True))
        centres = {name: (arrays[f"centre_{name}"], n) for name, n in header["centres"].items()}
        space.reference_ = Reference(shares, header["n_words"], centres)
    return space


def _finish(header: Header, arrays: Arrays, name: str, n_dimensions: int) -> Finish:
    """Return the last step of a view."""
    finish = Finish(n_dimensions)
    finish.means_ = {
        group: arrays[f"{name}_mean_{number}"]
        for number, group in enumerate(header[f"{name}_means"])
    }
    finish.directions_ = arrays.get(f"{name}_directions")
    return finish
