"""Reading what a cell says: capacities, dates, languages, choices, in whatever words people use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.consultations.models import Question, QuestionKind
from app.core.clock import CIVIL_ZONE
from app.core.text import fold
from app.organisations.models import ActorType
from app.submissions import answers
from app.submissions.answers import ORGANISATION_LENGTH
from app.submissions.errors import UnknownChoiceError
from app.submissions.imports import errors
from app.submissions.imports.fields import Field, normal

#: Single words for capacities, folded; anything longer is for the person who imports to say.
_CAPACITIES = {
    ActorType.CITIZEN: (
        "citoyen",
        "citoyenne",
        "particulier",
        "particuliere",
        "individual",
        "person",
        "مواطن",
        "مواطنه",
        "فرد",
    ),
    ActorType.ASSOCIATION: ("ong", "ngo", "asso", "الجمعيه", "جمعيات"),
    ActorType.COOPERATIVE: ("coop", "تعاونيات"),
    ActorType.TERRITORIAL_COUNCIL: ("council", "collectivite territoriale", "جماعه ترابيه"),
    ActorType.ELECTED_OFFICIAL: ("elu", "elue", "elected", "منتخب", "منتخبه"),
    ActorType.PUBLIC_SERVICE: ("administration", "service exterieur", "مصلحه خارجيه"),
    ActorType.UNIVERSITY: ("universite", "الجامعه"),
    ActorType.PRIVATE_SECTOR: ("entreprise", "company", "business", "مقاوله", "شركه"),
    ActorType.EXPERT: ("expert", "experte", "خبير", "خبيره"),
}
_LANGUAGES = {
    "fr": ("fr", "fra", "francais", "french", "الفرنسيه", "فرنسيه"),
    "ar": ("ar", "ara", "arabe", "arabic", "العربيه", "عربيه"),
    "en": ("en", "eng", "anglais", "english", "الانجليزيه", "انجليزيه"),
}
_DOES_NOT_KNOW = {
    "nsp",
    "ne sais pas",
    "je ne sais pas",
    "i don t know",
    "don t know",
    "لا اعرف",
    "لا ادري",
}

_TICKED = {
    *("1", "y", "yes", "o", "oui", "true", "vrai", "x", "selected", "checked"),
    *("نعم", "اجل", "صحيح"),
}
_NOT_TICKED = {
    *("", "0", "n", "no", "non", "false", "faux", "not selected", "unchecked", "n a"),
    *("لا", "كلا", "خطا"),
}
#: What sources write on an answer that their own reviewers rejected.
_REJECTED = {
    *("not approved", "validation status not approved", "rejected", "rejete", "rejetee"),
    *("non approuve", "non approuvee", "غير موافق عليه", "مرفوض", "مرفوضه"),
}

_DAY_FIRST = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?"
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}.*)?")
_SOURCE_LENGTH = 80
#: Longest name of an option that is looked for among others, in words.
_NAME_WORDS = 25
#: Direction marks that spreadsheets in Arabic put around dates.
_MARKS = re.compile("[\u200e\u200f\u061c]")

Read = Callable[[str], Any]


@dataclass(frozen=True)
class FieldReader:
    """How a field's cells are read.

    :ivar accepted: the values that may be put in a cell's place, if they are a list.
    """

    read: Read
    accepted: tuple[str, ...] = ()


def reader_for(field: Field, *, latest: datetime) -> FieldReader:
    """Return the reader of a field that is not a territory.

    :param latest: after this instant a date is a mistake.
    """
    if field.question is not None:
        if field.item is None:
            return _question_reader(field.question)
        return _tick_reader(field) if field.is_tick else _item_reader(field.question)
    readers: dict[str, FieldReader] = {
        "actor_type": FieldReader(read_actor_type, tuple(ActorType)),
        "organisation": FieldReader(_limited(ORGANISATION_LENGTH)),
        "submitted_at": FieldReader(lambda text: read_moment(text, latest=latest)),
        "language": FieldReader(_read_language, tuple(_LANGUAGES)),
        "source": FieldReader(_limited(_SOURCE_LENGTH)),
        "review": FieldReader(_read_review),
    }
    return readers.get(field.key, FieldReader(str))


def _limited(limit: int) -> Read:
    """Return a reader of one-line texts of limited length."""

    def read(text: str) -> str:
        """Fold white space, check the length."""
        text = " ".join(text.split())
        if len(text) > limit:
            raise errors.TextTooLongError(count=len(text), limit=limit)
        return text

    return read


def _actor_names() -> dict[str, ActorType]:
    """Return the capacity of each known name: codes, official names, single words."""
    names: dict[str, ActorType] = {}
    for actor in ActorType:
        for name in (actor.value, *actor.texts.values(), *_CAPACITIES.get(actor, ())):
            names.setdefault(normal(name), actor)
    return names


_ACTORS = _actor_names()
_LANGUAGE_NAMES = {name: code for code, names in _LANGUAGES.items() for name in names}


def read_actor_type(text: str) -> ActorType:
    """Return the capacity that a cell names.

    :raises ActorTypeUnknownError: if it is not recognised.
    """
    found = _ACTORS.get(normal(text))
    if found is None:
        raise errors.ActorTypeUnknownError(value=_short(text))
    return found


def _read_language(text: str) -> str:
    """Return a language of the interface."""
    code = _LANGUAGE_NAMES.get(normal(text.replace("_", "-").split("-", maxsplit=1)[0]))
    if code is None:
        raise errors.LanguageUnknownError(value=_short(text))
    return code


def _read_review(text: str) -> str:
    """Return what the source's reviewers said of a row, unless they rejected it."""
    if normal(text) in _REJECTED:
        raise errors.RejectedInSourceError(value=_short(text))
    return text


def read_moment(text: str, *, latest: datetime) -> datetime:
    """Return an instant, Rabat time unless the text says another; the day comes before the month.

    :raises DateUnknownError: if it is no date.
    :raises DateInFutureError: if it comes after ``latest``.
    """
    moment = _parsed(_MARKS.sub("", fold(text)).upper())
    if moment is None or moment.year < 1990:
        raise errors.DateUnknownError(value=_short(text))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=CIVIL_ZONE)
    # A clock elsewhere may be ahead of this one by some hours.
    if moment > latest + timedelta(days=1):
        raise errors.DateInFutureError(value=_short(text))
    return moment


def _parsed(text: str) -> datetime | None:
    """Read ISO 8601, or day, month and year with an hour or without."""
    try:
        if _ISO.fullmatch(text):
            return datetime.fromisoformat(text)
        if found := _DAY_FIRST.fullmatch(text.replace("H", "h")):
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (added later)
    except ValueError:
        pass
    return None


# --- questions ----------------------------------------------------------------------------------


def _question_reader(question: Question) -> FieldReader:
    """Return the reader of an answer; what remains is checked with the whole row."""
    if question.kind == QuestionKind.SINGLE_CHOICE:
        names = _option_names(question)
        return FieldReader(lambda text: _one_choice(names, text), _codes(question))
    if question.kind == QuestionKind.MULTIPLE_CHOICE:
        names = _option_names(question)
        return FieldReader(lambda text: _several_choices(names, text), _codes(question))
    if question.kind == QuestionKind.RANKING:
        names = _option_names(question)
        return FieldReader(lambda text: _several_choices(names, text.replace(">", ";")))
    return _OTHERS.get(question.kind, FieldReader(str))


def _item_reader(question: Question) -> FieldReader:
    """Return the reader of a column that stands for one item of a question."""
    if question.kind == QuestionKind.SCALE:
        return FieldReader(_rating, tuple("012345"))
    if question.kind == QuestionKind.MATRIX:
        columns = answers.columns_of(question)
        names = _names_of(columns)
        codes = tuple(column["code"] for column in columns)
        return FieldReader(lambda text: _one_choice(names, text), codes)
    return FieldReader(str)


def _day(text: str) -> str:
    """Return the day of a cell that may also say an hour."""
    moment = _parsed(_MARKS.sub("", fold(text)).upper())
    return moment.date().isoformat() if moment else text


def _agreement(text: str) -> bool:
    """Return whether a cell agrees."""
    said = normal(text)
    if said not in _TICKED | _NOT_TICKED:
        raise UnknownChoiceError(value=_short(text))
    return said in _TICKED


#: Kinds that are read alike whatever the question. A file that was never sent here is a name.
_OTHERS: dict[str, FieldReader] = {
    QuestionKind.DATE: FieldReader(_day),
    QuestionKind.CONSENT: FieldReader(_agreement, ("1", "0")),
    QuestionKind.FILE: FieldReader(lambda text: {"file": text}),
}


def _codes(question: Question) -> tuple[str, ...]:
    """Return the codes of a choice."""
    return tuple(option["code"] for option in question.options)


def _option_names(question: Question) -> dict[str, str]:
    """Return the code of each name of an option: its code and its labels."""
    return _names_of(answers.items_of(question))


def _names_of(options: list[dict[str, Any]]) -> dict[str, str]:
    """Return the code of each name of some options."""
    names: dict[str, str] = {}
    for option in options:
        for name in (option["code"], *option["label"].values()):
            names.setdefault(normal(name), option["code"])
    return names


def _tick_reader(field: Field) -> FieldReader:
    """Return the reader of a column that stands for one option of several."""
    option = next(part for part in field.question.options if part["code"] == field.item)  # type: ignore[union-attr]
    own = {normal(name) for name in (option["code"], *option["label"].values())}

    def read(text: str) -> Any:
        """Tell whether the option is chosen: by a yes, by its own name, by words of one's own."""
        said = normal(text)
        if said in _TICKED or (said in own and said not in _NOT_TICKED):
            return True
        if said in _NOT_TICKED:
            return False
        if field.takes_words:
            return {"code": option["code"], "other": text}
        raise UnknownChoiceError(value=_short(text))

    return FieldReader(read, ("1", "0"))


def _one_choice(names: Mapping[str, str], text: str) -> str:
    """Return the code of the option that a cell names."""
    code = names.get(normal(text))
    if code is None:
        raise UnknownChoiceError(value=_short(text))
    return code


def split_choices(text: str) -> list[str]:
    """Return the parts of a cell that names several options."""
    return [part.strip() for part in re.split(r"[;|\n؛]", text) if part.strip()]


def _several_choices(names: Mapping[str, str], text: str) -> list[str]:
    """Return the codes of the options that a cell names, however it puts them in a row."""
    if normal(text) in names:
        return [names[normal(text)]]
    codes: list[str] = []
    for part in split_choices(text):
        pieces = [piece for piece in re.split(r"[,،]", part) if piece.strip()]
        if normal(part) in names:
            codes.append(names[normal(part)])
        elif len(pieces) == 1:
            codes += _in_a_row(names, part) or [_one_choice(names, part)]
        else:
            codes += [_one_choice(names, piece) for piece in pieces]
    return codes


def _in_a_row(names: Mapping[str, str], text: str) -> list[str]:
    """Return the codes of options named one after the other with spaces alone between them.

    Forms on telephones write several choices so, by their names or by their labels. Empty if there
    is a word that belongs to no option.
    """
    words = normal(text).split()
    #: For each number of words from the start: the codes that say exactly them.
    said: list[list[str] | None] = [[], *[None] * len(words)]
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - _NAME_WORDS), end):
            before, code = said[start], names.get(" ".join(words[start:end]))
            if before is not None and code is not None:
                said[end] = [*before, code]
                break  # the longest name wins
    return said[-1] or []


def _rating(text: str) -> str:
    """Return a rating, ``0`` for all the ways of not knowing."""
    return "0" if normal(text) in _DOES_NOT_KNOW else text


def _short(text: str) -> str:
    """Return what was given, short enough for a message."""
    return text if len(text) <= 60 else f"{text[:59]}…"
