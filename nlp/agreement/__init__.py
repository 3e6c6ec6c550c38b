"""How far coders, and the machine, agree; how often the machine is right; what to look at next."""

from nlp.agreement.accuracy import (
    Accuracy,
    GoingOn,
    Stratum,
    estimated_accuracy,
    worth_going_on,
)
from nlp.agreement.alpha import (
    Agreement,
    agreement,
    agreement_by,
    agreement_of_two,
    agreement_with_machine,
)
from nlp.agreement.attention import Attention, attention, representation

__all__ = [
    "Accuracy",
    "Agreement",
    "Attention",
    "GoingOn",
    "Stratum",
    "agreement",
    "agreement_by",
    "agreement_of_two",
    "agreement_with_machine",
    "attention",
    "estimated_accuracy",
    "representation",
    "worth_going_on",
]
