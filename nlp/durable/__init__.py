"""Durable themes: what people decided, and themes nobody touched, outlast new analyses."""

from nlp.durable.carried import Carried, CarriedTheme, EndedTheme
from nlp.durable.carry import carry_over
from nlp.durable.constraints import (
    ConstrainedTheme,
    Constraints,
    Earlier,
    EarlierTheme,
    Place,
    constraints_of,
)
from nlp.durable.log import (
    Create,
    Decision,
    DecisionError,
    Exclude,
    Merge,
    Move,
    Part,
    Pin,
    Rename,
    Restore,
    Retire,
    Split,
    Validate,
    decision_from_dict,
)
from nlp.durable.refs import PassageIndex, PassageRef

__all__ = [
    "Carried",
    "CarriedTheme",
    "ConstrainedTheme",
    "Constraints",
    "Create",
    "Decision",
    "DecisionError",
    "Earlier",
    "EarlierTheme",
    "EndedTheme",
    "Exclude",
    "Merge",
    "Move",
    "Part",
    "PassageIndex",
    "PassageRef",
    "Pin",
    "Place",
    "Rename",
    "Restore",
    "Retire",
    "Split",
    "Validate",
    "carry_over",
    "constraints_of",
    "decision_from_dict",
]
