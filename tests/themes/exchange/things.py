"""Codebooks and projects for these tests, by hand and by chance."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import strategies as st

from app.themes.exchange import Code, Codebook, CodedPassage, CodedProject, Example, Source

#: Any sign that XML and workbooks can hold, those that break careless programs often.
KEPT = st.text(
    st.one_of(
        st.sampled_from(
            list("aé œ’«»\"'&<>=+-@:—_\n\r\t\u00a0\u2028ابت ة،؟\u0651\u200f😀🇲🇦\ufeff")
        ),
        st.characters(
            exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff", codec="utf-8"
        ),
    ),
    max_size=40,
)
#: Texts that look like the labels, guards and numbers that formats use themselves.
TRICKY = st.sampled_from(
    [
        "— Tachawor —\nNom en arabe : x",
        "Nom en arabe : x\n    y\n\n",
        "    quatre",
        "\n",
        "a\r\nb\rc\n",
        "=1+1",
        "'=1",
        "''+x",
        "_x000D_",
        "_x005F_x000D_\r",
        "]]>",
        "&#13;",
        "Exemple : non",
        "#N/A",
        "true",
        "00012",
    ]
)
WORDS = st.one_of(KEPT, TRICKY)
NAMES = WORDS.map(lambda t: t.strip() or "ن").filter(lambda t: t.strip() == t)
KEYS = st.uuids(version=4).map(str)
MOMENTS = st.datetimes(timezones=st.just(UTC)).filter(lambda m: m.year > 1000)


def key(number: int) -> str:
    return str(UUID(int=(1 << 124) + number))


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    """Codebooks of up to eight themes, each before those under it."""
    keys = draw(st.lists(KEYS, min_size=1, max_size=8, unique=True))
    codes: list[Code] = []
    for number, own in enumerate(keys):
        above = draw(st.none() | st.sampled_from(keys[:number])) if number else None
        codes.append(
            Code(
                key=own,
                # Numbered, since a workbook names the theme above by its name.
                name_fr=f"{draw(NAMES)} {number}",
                name_ar=f"{draw(NAMES)} {number}",
                definition_fr=draw(WORDS),
                definition_ar=draw(WORDS),
                inclusion_fr=draw(WORDS),
                exclusion_ar=draw(WORDS),
                examples=tuple(draw(st.lists(examples(), max_size=2))),
                parent=above,
                axis=draw(st.none() | NAMES),
                population=draw(st.none() | NAMES),
                color=draw(st.none() | st.sampled_from(["#1A7F5A", "#abc"])),
                is_validated=draw(st.booleans()),
            )
        )
    titles = st.just("") | NAMES
    return Codebook(title_fr=draw(titles), title_ar=draw(titles), codes=tuple(codes))


def examples() -> st.SearchStrategy[Example]:
    """Examples, whose text is never empty."""
    texts = WORDS.map(lambda t: t or "x")
    return st.builds(Example, texts, st.sampled_from(["", "fr", "ar"]), WORDS)


@st.composite
def projects(draw: st.DrawFn) -> CodedProject:
    """Projects of up to three answers with passages anywhere in them."""
    book = draw(codebooks())
    keys = draw(st.lists(KEYS, min_size=8, max_size=8, unique=True))
    # Answers may hold signs that XML cannot: they stand beside it, as plain text.
    texts = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("aا😀\r\n\0\ufeff"))
    sources = tuple(
        Source(
            key=own,
            label=draw(NAMES),
            text=draw(texts),
            language=draw(st.sampled_from(["", "fr", "ar"])),
            attributes=(("region", draw(WORDS)), ("Été", draw(WORDS))),
        )
        for own in keys[: draw(st.integers(1, 3))]
    )
    passages = tuple(
        draw(passages_of(source, book, own))
        for source, own in zip(sources, keys[3:], strict=False)
        if source.text
    )
    users = tuple(dict.fromkeys(p.coder for p in passages if p.coder))
    return CodedProject(
        codebook=book, sources=sources, passages=passages, users=users, note=draw(WORDS)
    )


@st.composite
def passages_of(draw: st.DrawFn, source: Source, book: Codebook, own: str) -> CodedPassage:
    """A passage of a source."""
    start = draw(st.integers(0, len(source.text) - 1))
    end = draw(st.integers(start + 1, len(source.text)))
    return CodedPassage(
        key=own,
        source=source.key,
        submission=draw(st.sampled_from(["S-00012", ""])),
        text=source.text[start:end],
        start=start,
        end=end,
        language=draw(st.sampled_from(["fr", "ar", "ar-MA"])),
        question=draw(WORDS),
        region=draw(WORDS),
        state=draw(st.sampled_from(["", "in_theme", "to_arbitrate", "own_state"])),
        theme=draw(st.none() | st.sampled_from([code.key for code in book.codes])),
        coder=draw(st.none() | NAMES),
        coded_at=draw(st.none() | MOMENTS),
        margin=draw(st.none() | st.integers(0, 1000).map(lambda n: n / 1000)),
    )


def by_key(book: Codebook) -> dict[str, Code]:
    return {code.key: code for code in book.codes}


def nested(levels: int = 5) -> Codebook:
    """Themes one under the other."""
    return Codebook(
        title_fr="Livre de codes, provinces du Nord",
        title_ar="دليل الترميز، أقاليم الشمال",
        codes=tuple(
            Code(
                key=key(level),
                name_fr=f"Transport scolaire {level}",
                name_ar=f"النقل المدرسي {level}",
                definition_fr="Aller à l’école : bus, vélo…\nEt en revenir.",
                definition_ar="الذهاب إلى المدرسة: الحافلة والدراجة…",
                inclusion_fr="Retards, pannes",
                exclusion_ar="النقل بين المدن",
                examples=(Example("النقل غير متوفر 🚌", "ar", "S-00012"), Example("=1+1")),
                parent=key(level - 1) if level else None,
                axis="Services",
                color="#1A7F5A",
                is_validated=level == 0,
            )
            for level in range(levels)
        ),
    )


def project() -> CodedProject:
    """Two answers, in French and in Arabic, and three passages of them."""
    book = nested(2)
    french = "Le bus 🚌 n’arrive pas.\r\nIl faut un car."
    arabic = "الحافلة لا تصل 🚌.\nنريد حافلة."
    return CodedProject(
        codebook=book,
        sources=(
            Source(
                key=key(100),
                label="S-00012 · 3",
                text=french,
                language="fr",
                attributes=(("submission", "S-00012"), ("region", "Oriental")),
            ),
            Source(key=key(101), label="S-00013 · 3", text=arabic, language="ar"),
        ),
        passages=(
            _passage(200, key(100), french, 0, 22, theme=key(1), coder="relectrice 1"),
            _passage(201, key(100), french, 24, 39, theme=None, margin=0.25),
            _passage(202, key(101), arabic, 0, 17, theme=key(0), coder="machine"),
        ),
        users=("machine", "relectrice 1"),
        note="Passages relus.",
    )


def _passage(
    number: int, source: str, text: str, start: int, end: int, **more: object
) -> CodedPassage:
    values = {
        "language": "fr",
        "region": "Oriental",
        "state": "in_theme" if more.get("theme") else "to_arbitrate",
        "coded_at": datetime(2026, 3, 31, 14, 5, tzinfo=UTC),
    }
    return CodedPassage(
        key=key(number),
        source=source,
        submission="S-00012",
        text=text[start:end],
        start=start,
        end=end,
        **(values | more),
    )
