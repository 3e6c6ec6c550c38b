"""The columns of measures in files: how each value is written in a cell, and read from one."""

from __future__ import annotations

import re
from datetime import date, datetime

from app.commitments.measures import errors
from app.commitments.measures.details import Step
from app.commitments.models import MeasureKind, MeasureState
from app.core.db import Texts
from app.core.text import clean_text, fold

#: Columns that an import reads, in the order of an export.
READ = (
    *("key", "kind", "title_fr", "title_ar", "description_fr", "description_ar", "parties"),
    *("amount_mad", "region", "province", "commune", "axis", "population"),
    *("signed_on", "starts_on", "ends_on", "state", "milestones"),
    *("source", "source_url", "is_public", "themes"),
)
#: Columns for readers alone; an import passes them over.
TOLD = ("region_name_fr", "region_name_ar", "late", "updated_at")
COLUMNS = READ + TOLD

#: Other headings, folded, by which people call a column.
_HEADINGS = {
    "key": "cle|المفتاح",
    "kind": "type|nature|النوع|الصنف",
    "title_fr": "titre|intitule|titre fr|titre en francais|title|العنوان بالفرنسيه",
    "title_ar": "titre ar|titre en arabe|العنوان|العنوان بالعربيه",
    "description_fr": "description|description en francais",
    "description_ar": "description en arabe|الوصف",
    "parties": "parties prenantes|partenaires|partners|الاطراف|الشركاء",
    "amount_mad": "montant|montant mad|montant en dirhams|amount|المبلغ|المبلغ بالدرهم",
    "region": "الجهه",
    "province": "prefecture|province ou prefecture|الاقليم|العماله",
    "commune": "الجماعه",
    "axis": "axe|axe strategique|المحور",
    "population": "public cible|population cible|الفئه|الفئه المستهدفه",
    "signed_on": "signe le|date de signature|signature|تاريخ التوقيع",
    "starts_on": "debut|date de debut|تاريخ البدايه",
    "ends_on": "fin|echeance|date de fin|تاريخ النهايه|الاجل",
    "state": "etat|avancement|الحاله",
    "milestones": "jalons|etapes|المراحل",
    "source": "المصدر",
    "source_url": "adresse de la source|lien|رابط المصدر",
    "is_public": "public|publie|عمومي",
    "themes": "themes|المواضيع",
}
_FIELD_OF = {
    heading: field
    for field in READ
    for heading in (
        fold(field),
        fold(field.replace("_", " ")),
        *_HEADINGS.get(field, "").split("|"),
    )
    if heading
}

#: Words of two columns, folded: codes first, then French, Arabic and English.
_KINDS = {
    MeasureKind.MEASURE: ("mesure", "تدبير"),
    MeasureKind.CONVENTION: ("convention", "اتفاقيه"),
    MeasureKind.PROGRAMME: ("programme", "program", "برنامج"),
}
_STATES = {
    MeasureState.PLANNED: ("prevu", "prevue", "مبرمج", "مبرمجه"),
    MeasureState.SIGNED: ("signe", "signee", "موقع", "موقعه"),
    MeasureState.UNDER_WAY: ("en cours", "under way", "قيد الانجاز"),
    MeasureState.DONE: ("realise", "realisee", "acheve", "منجز", "منجزه"),
    MeasureState.SUSPENDED: ("suspendu", "suspendue", "معلق", "معلقه"),
    MeasureState.ABANDONED: ("abandonne", "abandonnee", "متخلى عنه", "متخلي عنه"),
}
_YES = {"1", "yes", "true", "oui", "vrai", "نعم"}
_NO = {"0", "no", "false", "non", "faux", "لا"}

_CURRENCY = re.compile(r"(?:mad|dhs?|dirhams?|درهم)\.?$")
_SPLIT = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def field_named(heading: str) -> str | None:
    """Return the field that a heading names, None for a column that is passed over."""
    return _FIELD_OF.get(fold(heading.replace("_", " "))) or _FIELD_OF.get(fold(heading))


# --- one line of several pieces -----------------------------------------------------------------


def joined(pieces: list[str]) -> str:
    """Return pieces as one line, apart by a bar; bars inside them are marked."""
    return " | ".join(
        piece.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n") for piece in pieces
    )


def pieces_of(line: str) -> list[str]:
    """Return the pieces of a line that :func:`joined` wrote."""
    parts = _SPLIT.sub("\\1\x00", line).split("\x00")
    return [
        _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], part.strip())
        for part in parts
    ]


def _lines(cell: str) -> list[str]:
    """Return the lines of a cell that say something."""
    return [line.strip() for line in clean_text(cell).split("\n") if line.strip()]


def parties_cell(parties: tuple[Texts, ...]) -> str:
    """Write the parties: one a line, its name in French and in Arabic."""
    return "\n".join(joined([one.get("fr", ""), one.get("ar", "")]) for one in parties)


def read_parties(cell: str) -> tuple[Texts, ...]:
    """Read what :func:`parties_cell` writes."""
    return tuple(named(*pieces_of(line)[:2]) for line in _lines(cell))


def steps_cell(steps: tuple[Step, ...]) -> str:
    """Write the milestones: one a line, due day, day done, title in French and in Arabic."""
    return "\n".join(
        joined(
            [
                one.due_on.isoformat() if one.due_on else "",
                one.done_on.isoformat() if one.done_on else "",
                one.title.get("fr", ""),
                one.title.get("ar", ""),
            ]
        )
        for one in steps
    )


def read_steps(cell: str) -> tuple[Step, ...]:
    """Read what :func:`steps_cell` writes.

    :raises DateInRowError: if a day is none.
    """
    steps = []
    for line in _lines(cell):
        due, done, *titles = [*pieces_of(line), "", "", "", ""][:4]
        steps.append(Step(named(*titles), read_day(due), read_day(done)))
    return tuple(steps)


def named(french: str = "", arabic: str = "") -> Texts:
    """Return a text in two languages, without those that say nothing."""
    given = {"fr": clean_text(french), "ar": clean_text(arabic)}
    return Texts({code: text for code, text in given.items() if text})


# --- values -------------------------------------------------------------------------------------


def read_amount(text: str) -> int | None:
    """Read an amount in whole dirhams, its thousands apart or not; None for an empty cell.

    :raises AmountError: if it is none.
    """
    plain = _CURRENCY.sub("", "".join(fold(text).split()))
    if not plain:
        return None
    if not (plain.isascii() and plain.isdecimal()) or len(plain) > 16:
        raise errors.AmountError(value=text[:40])
    return int(plain)


def read_day(text: str) -> date | None:
    """Read a day, ``2022-06-17`` or ``17/06/2022``; None for an empty cell.

    :raises DateInRowError: if it is none.
    """
    plain = fold(text)
    if not plain:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise errors.DateInRowError(value=text[:40])


def read_kind(text: str) -> MeasureKind:
    """Read a kind.

    :raises WordUnknownError: if it is none.
    """
    for kind, words in _KINDS.items():
        if fold(text) in {kind.value, *words}:
            return kind
    raise errors.WordUnknownError(value=text[:40], known=", ".join(MeasureKind))


def read_state(text: str) -> MeasureState:
    """Read a state.

    :raises WordUnknownError: if it is none.
    """
    plain = fold(text.replace("_", " "))
    for state, words in _STATES.items():
        if plain in {state.value.replace("_", " "), *words}:
            return state
    raise errors.WordUnknownError(value=text[:40], known=", ".join(MeasureState))


def read_yes(text: str) -> bool:
    """Read yes or no.

    :raises WordUnknownError: if it is neither.
    """
    plain = fold(text)
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise errors.WordUnknownError(value=text[:40], known="yes, no")


def read_numbers(text: str) -> list[int]:
    """Read numbers apart by commas, semicolons or spaces.

    :raises NotOfConsultationError: if something is no number.
    """
    found = re.split(r"[\s,;]+", fold(text).strip())
    wrong = next((one for one in found if one and not one.isdecimal()), None)
    if wrong is not None:
        raise errors.NotOfConsultationError(value=wrong[:40])
    return sorted({int(one) for one in found if one})
