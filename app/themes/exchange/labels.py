"""What fields are called in files: column headings, and labels in descriptions.

They are part of the formats, so a file is read back whatever the interface's language, or its
catalogs, have become; that is why they do not stand in the catalogs.
"""

from __future__ import annotations

#: Each field's name in the languages that files are written in.
LABELS: dict[str, dict[str, str]] = {
    "key": {"fr": "Clé", "ar": "المفتاح", "en": "Key"},
    "name_fr": {"fr": "Nom en français", "ar": "الاسم بالفرنسية", "en": "Name in French"},
    "name_ar": {"fr": "Nom en arabe", "ar": "الاسم بالعربية", "en": "Name in Arabic"},
    "parent": {"fr": "Thème parent", "ar": "الموضوع الأعلى", "en": "Theme above"},
    "definition_fr": {
        "fr": "Définition en français",
        "ar": "التعريف بالفرنسية",
        "en": "Definition in French",
    },
    "definition_ar": {
        "fr": "Définition en arabe",
        "ar": "التعريف بالعربية",
        "en": "Definition in Arabic",
    },
    "inclusion_fr": {
        "fr": "Règle d’inclusion en français",
        "ar": "قاعدة الإدراج بالفرنسية",
        "en": "Inclusion rule in French",
    },
    "inclusion_ar": {
        "fr": "Règle d’inclusion en arabe",
        "ar": "قاعدة الإدراج بالعربية",
        "en": "Inclusion rule in Arabic",
    },
    "exclusion_fr": {
        "fr": "Règle d’exclusion en français",
        "ar": "قاعدة الاستبعاد بالفرنسية",
        "en": "Exclusion rule in French",
    },
    "exclusion_ar": {
        "fr": "Règle d’exclusion en arabe",
        "ar": "قاعدة الاستبعاد بالعربية",
        "en": "Exclusion rule in Arabic",
    },
    "axis": {"fr": "Axe", "ar": "المحور", "en": "Axis"},
    "population": {"fr": "Population cible", "ar": "الفئة المستهدفة", "en": "Target population"},
    "color": {"fr": "Couleur", "ar": "اللون", "en": "Colour"},
    "is_validated": {"fr": "Validé", "ar": "مصادق عليه", "en": "Validated"},
    "example": {"fr": "Exemple", "ar": "مثال", "en": "Example"},
    "example_language": {
        "fr": "Langue de l’exemple",
        "ar": "لغة المثال",
        "en": "Language of the example",
    },
    "example_source": {
        "fr": "Source de l’exemple",
        "ar": "مصدر المثال",
        "en": "Source of the example",
    },
    "version": {"fr": "Version", "ar": "الإصدار", "en": "Version"},
    "title_fr": {"fr": "Titre en français", "ar": "العنوان بالفرنسية", "en": "Title in French"},
    "title_ar": {"fr": "Titre en arabe", "ar": "العنوان بالعربية", "en": "Title in Arabic"},
    "source": {"fr": "Clé de la réponse", "ar": "مفتاح الجواب", "en": "Key of the answer"},
    "submission": {"fr": "Contribution", "ar": "المساهمة", "en": "Submission"},
    "text": {"fr": "Passage", "ar": "المقطع", "en": "Passage"},
    "start": {"fr": "Début", "ar": "البداية", "en": "Start"},
    "end": {"fr": "Fin", "ar": "النهاية", "en": "End"},
    "language": {"fr": "Langue", "ar": "اللغة", "en": "Language"},
    "question": {"fr": "Question", "ar": "السؤال", "en": "Question"},
    "region": {"fr": "Région", "ar": "الجهة", "en": "Region"},
    "actor_type": {"fr": "Type d’acteur", "ar": "صنف الفاعل", "en": "Actor type"},
    "organisation": {"fr": "Organisation", "ar": "الهيئة", "en": "Organisation"},
    "state": {"fr": "État", "ar": "الحالة", "en": "State"},
    "theme": {"fr": "Clé du thème", "ar": "مفتاح الموضوع", "en": "Key of the theme"},
    "theme_fr": {"fr": "Thème en français", "ar": "الموضوع بالفرنسية", "en": "Theme in French"},
    "theme_ar": {"fr": "Thème en arabe", "ar": "الموضوع بالعربية", "en": "Theme in Arabic"},
    "coder": {"fr": "Codé par", "ar": "رمّزه", "en": "Coded by"},
    "coded_at": {"fr": "Codé le (UTC)", "ar": "تاريخ الترميز (UTC)", "en": "Coded at (UTC)"},
    "margin": {"fr": "Marge", "ar": "الهامش", "en": "Margin"},
}

#: Names of sheets.
SHEETS = {
    "codes": {"fr": "Thèmes", "ar": "المواضيع", "en": "Themes"},
    "examples": {"fr": "Exemples", "ar": "الأمثلة", "en": "Examples"},
    "titles": {"fr": "Titre", "ar": "العنوان", "en": "Title"},
    "passages": {"fr": "Passages", "ar": "المقاطع", "en": "Passages"},
}

#: States of a passage, in words.
STATES = {
    "in_theme": {"fr": "dans un thème", "ar": "في موضوع", "en": "in a theme"},
    "copy": {"fr": "copie d’une lettre", "ar": "نسخة من رسالة", "en": "copy of a letter"},
    "to_arbitrate": {"fr": "à arbitrer", "ar": "قيد التحكيم", "en": "to arbitrate"},
    "off_topic": {"fr": "hors sujet", "ar": "خارج الموضوع", "en": "off-topic"},
    "unreadable": {"fr": "illisible", "ar": "غير مقروء", "en": "unreadable"},
    "excluded": {"fr": "écarté", "ar": "مستبعد", "en": "excluded"},
}

_YES = {"fr": "oui", "ar": "نعم", "en": "yes"}
_NO = {"fr": "non", "ar": "لا", "en": "no"}


def _plain(label: str) -> str:
    """Return the form in which labels are compared: spaces and apostrophes of any kind."""
    return " ".join(label.replace("’", "'").split()).casefold()


_FIELDS = {_plain(word): field for field, words in LABELS.items() for word in words.values()}
_STATES = {_plain(word): state for state, words in STATES.items() for word in words.values()}


def label(field: str, language: str) -> str:
    """Return what a field is called in a file."""
    return LABELS[field].get(language, LABELS[field]["fr"])


def sheet_name(sheet: str, language: str) -> str:
    """Return the name of a sheet."""
    return SHEETS[sheet].get(language, SHEETS[sheet]["fr"])


def both_labels(field: str, language: str) -> str:
    """Return a heading in both languages, the reader's first."""
    languages = ("ar", "fr") if language == "ar" else ("fr", "ar")
    return " · ".join(LABELS[field][code] for code in languages)


def field_named(name: str) -> str | None:
    """Return the field that a heading or label names, in any language or in two; None if none."""
    if name in LABELS:
        return name
    parts = [name, *name.split(" · ")]
    found = (_FIELDS.get(_plain(part)) for part in parts)
    return next((field for field in found if field), None)


def state_words(state: str, language: str) -> str:
    """Return a state in words; one that is not known stays as it is."""
    words = STATES.get(state, {})
    return words.get(language, words.get("fr", state))


def state_named(words: str) -> str:
    """Return the state that words name."""
    return _STATES.get(_plain(words), words)


def yes_or_no(value: bool, language: str) -> str:  # noqa: FBT001
    """Return a boolean in words."""
    words = _YES if value else _NO
    return words.get(language, words["fr"])


def read_yes_or_no(words: str) -> bool | None:
    """Return the boolean that words say; nothing is no, None if they say neither."""
    plain = _plain(words)
    if plain in {*_YES.values(), "true", "1", "x"}:
        return True
    return False if plain in {*_NO.values(), "false", "0", ""} else None
