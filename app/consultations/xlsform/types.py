"""Types of a form's lines, and what each is here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.consultations.models import QuestionKind as Kind

#: Types that ask one thing, and the kind of question that asks it here.
KINDS = {
    "text": Kind.SHORT_TEXT,
    "string": Kind.SHORT_TEXT,
    "integer": Kind.NUMBER,
    "int": Kind.NUMBER,
    "decimal": Kind.NUMBER,
    "range": Kind.NUMBER,
    "date": Kind.DATE,
    "note": Kind.NOTE,
    "acknowledge": Kind.CONSENT,
    "trigger": Kind.CONSENT,
    "file": Kind.FILE,
    "image": Kind.FILE,
    "photo": Kind.FILE,
    "audio": Kind.FILE,
    "video": Kind.FILE,
    "time": Kind.SHORT_TEXT,
    "datetime": Kind.SHORT_TEXT,
    "select_one": Kind.SINGLE_CHOICE,
    "select_multiple": Kind.MULTIPLE_CHOICE,
    "rank": Kind.RANKING,
}
#: Types asked in another way than the form means.
AS_TEXT = {"time", "datetime"}
ANY_FILE = {"image", "photo", "audio", "video"}
#: What a telephone would note by itself.
METADATA = {
    "start", "end", "today", "deviceid", "username", "simserial", "subscriberid", "phonenumber",
    "email", "audit", "start-geopoint", "device_id", "phone_number", "instanceid",
}  # fmt: skip
CALCULATED = {"calculate", "calculation", "hidden"}

_SELECT = re.compile(
    r"(?:add )?(select[_ ]one|select1|select[_ ]multiple|select all that apply|rank)"
    r"(?: prompt using| from)? (\S+)( or[_ ]other| or specify other)?",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"(begin|end)[_ ]?(group|repeat)", re.IGNORECASE)
_WORDS = {"select one": "select_one", "select1": "select_one", "select_one": "select_one"}


@dataclass(frozen=True)
class Type:
    """What the first column says.

    :ivar word: the type; ``begin_group``, ``end_repeat`` and so on for brackets; "" for none.
    :ivar list_name: of a choice.
    """

    word: str
    list_name: str = ""
    has_other: bool = False

    @property
    def opens(self) -> bool:
        """Tell whether it opens a bracket."""
        return self.word in {"begin_group", "begin_repeat"}

    @property
    def closes(self) -> bool:
        """Tell whether it closes one."""
        return self.word in {"end_group", "end_repeat"}


def read_type(text: str) -> Type:
    """Understand a cell of the column ``type``."""
    text = " ".join(text.split())
    if found := _BRACKET.fullmatch(text):
        return Type(f"{found[1]}_{found[2]}".lower())
    if found := _SELECT.fullmatch(text):
        said = found[1].lower()
        word = "rank" if said == "rank" else _WORDS.get(said, "select_multiple")
        return Type(word, found[2], bool(found[3]))
    return Type(text if text.lower() not in KINDS else text.lower())
