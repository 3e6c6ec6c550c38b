"""Kinds of personal data, and the labels that stand in their place."""

from enum import StrEnum
from typing import Final, NamedTuple


class Kind(StrEnum):
    """What a piece of personal data is."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    PROFILE = "profile"
    IDENTITY = "identity"
    PASSPORT = "passport"
    BANK = "bank"
    CARD = "card"
    ADDRESS = "address"
    BIRTH = "birth"
    SOCIAL = "social"
    NAME = "name"


class Found(NamedTuple):
    """A piece of personal data: its kind and its stretch of the text, in code points."""

    kind: Kind
    start: int
    end: int
    #: In (0, 1]: 1 for what a check digit or an unmistakable shape proves.
    certainty: float


KINDS: Final = frozenset(Kind)

#: Labels by kind: in Latin letters (French), in Arabic letters.
LABELS: Final[dict[Kind, tuple[str, str]]] = {
    Kind.TELEPHONE: ("téléphone", "هاتف"),
    Kind.EMAIL: ("courriel", "بريد إلكتروني"),
    Kind.PROFILE: ("profil", "حساب شخصي"),
    Kind.IDENTITY: ("pièce d’identité", "رقم البطاقة"),
    Kind.PASSPORT: ("passeport", "جواز سفر"),
    Kind.BANK: ("compte bancaire", "حساب بنكي"),
    Kind.CARD: ("carte bancaire", "بطاقة بنكية"),
    Kind.ADDRESS: ("adresse", "عنوان"),
    Kind.BIRTH: ("date de naissance", "تاريخ الازدياد"),
    Kind.SOCIAL: ("numéro social", "رقم اجتماعي"),
    Kind.NAME: ("nom", "اسم"),
}
