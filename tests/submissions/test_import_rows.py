"""From a row to a submission: whatever words people use, and a reason for all that cannot enter."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import System
from app.core.tables import open_table
from app.core.text import clean_text
from app.submissions.imports import errors
from app.submissions.imports.guessing import suggest
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.operations import Outcome, check_table
from app.submissions.imports.values import read_moment
from app.submissions.models import Answer, Submission
from app.territories.naming import Place, PlaceIndex
from tests.conftest import NOW
from tests.factories import ConsultationFactory
from tests.submissions.import_files import write_csv
from tests.submissions.importing import import_file
from tests.submissions.way import rich_consultation

ACTOR = System("tests")


@pytest.fixture
def rich(session: Session) -> Consultation:
    """A consultation with questions of every kind."""
    return rich_consultation()


class Importer:
    """Checks and imports small tables whose columns are named like their fields."""

    def __init__(self, session: Session, consultation: Consultation, folder: Path) -> None:
        self.session, self.consultation, self.folder = session, consultation, folder

    def run(self, rows: list[dict[str, str]], *, write: bool = False, **options: Any) -> Outcome:
        """Import, or only check."""
        header = list(dict.fromkeys(key for row in rows for key in row))
        path = write_csv(
            self.folder / "rows.csv",
            [header, *[[row.get(key, "") for key in header] for row in rows]],
        )
        extra = options.pop("extra", ())
        mapping = ColumnMapping(columns={key: key for key in header if key not in extra}, **options)
        table = open_table(path, limit=10**8)
        outcome = check_table(self.session, ACTOR, self.consultation, table, mapping, now=NOW)
        if write:
            import_file(self.session, self.consultation, path, mapping, accept_valid=True)
        return outcome

    def refused(self, row: dict[str, str], **options: Any) -> list[tuple[str, str]]:
        """Return (column, reason) of each refusal of one row."""
        return [(found.column, found.reason) for found in self.run([row], **options).refusals]

    def stored(self, row: dict[str, str], **options: Any) -> Submission:
        """Import one row and return it."""
        assert not self.run([row], write=True, **options).refusals
        return self.session.scalars(select(Submission).order_by(Submission.id.desc())).first()  # type: ignore[return-value]


@pytest.fixture
def importer(session: Session, rich: Consultation, tmp_path: Path) -> Importer:
    """Imports into a consultation with questions of every kind."""
    return Importer(session, rich, tmp_path)


def said(submission: Submission) -> dict[str, Any]:
    """Return the answers by their questions' keys."""
    return {a.question.key: a.value if a.text is None else a.text for a in submission.answers}


# --- a whole row --------------------------------------------------------------------------------


def test_a_row_becomes_a_submission_with_everything_it_says(importer: Importer) -> None:
    row = {
        "actor_type": "جمعية",
        "organisation": "  Association   Ifrane ",
        "region": "Fès Meknès",
        "province": "Ifrane",
        "submitted_at": "18/01/2022 14:30",
        "language": "Français",
        "source": "atelier",
        "source_id": "17",
        "story": "Un texte\r\nsur deux lignes.",
        "many": "option a (fr); B",
        "one": "C",
        "ease.x": "4",
        "ease.y": "je ne sais pas",
        "people": "1٢,5",
        "note": "=kept as it is",
    }

    kept = importer.stored(row, extra={"note"})

    assert said(kept) == {
        "place": {"region": "03", "province": "03.271", "commune": None},
        "story": "Un texte\nsur deux lignes.",
        "many": ["a", "b"],
        "one": "c",
        "ease": {"x": 4, "y": 0},
        "people": 12.5,
    }
    assert (kept.channel, kept.lang, kept.actor_type) == ("import", "fr", "association")
    assert (kept.organisation, kept.source, kept.source_id) == (
        "Association Ifrane",
        "atelier",
        "17",
    )
    assert (kept.region_code, kept.province_code, kept.commune_code) == ("03", "03.271", None)
    assert kept.submitted_at == datetime(2022, 1, 18, 13, 30, tzinfo=UTC)
    assert kept.source_row["note"] == "=kept as it is"
    assert kept.source_row["actor_type"] == "جمعية"
    assert "story" not in kept.source_row
    assert len(kept.receipt_code) == 8
    assert kept.consent is None


def test_all_that_is_wrong_in_a_row_is_told_at_once(importer: Importer) -> None:
    row = {
        "actor_type": "martien",
        "region": "Atlantide",
        "submitted_at": "32/01/2022",
        "language": "grec",
        "story": "x" * 3001,
        "many": "a;b;c",
        "one": "z",
        "ease.x": "9",
        "people": "beaucoup",
    }

    assert set(importer.refused(row)) == {
        ("actor_type", "ActorTypeUnknownError"),
        ("region", "PlaceUnknownError"),
        ("submitted_at", "DateUnknownError"),
        ("language", "LanguageUnknownError"),
        ("story", "TooLongError"),
        ("many", "TooManyChoicesError"),
        ("one", "UnknownChoiceError"),
        ("ease.x", "NotARatingError"),
        ("people", "NotANumberError"),
    }


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ({"actor_type": "citizen", "story": ""}, [("", "NothingAnsweredError")]),
        ({"actor_type": "", "story": "words"}, [("actor_type", "ActorTypeEmptyError")]),
        (
            {"actor_type": "citizen", "story": "words", "ease.x": ""},
            [("ease.x", "RequiredCellError")],
        ),
        (
            {"actor_type": "citizen", "story": "words", "members": "12"},
            [("members", "NotAskedError")],
        ),
        ({"actor_type": "citizen", "many": "other", "other": ""}, [("other", "RequiredCellError")]),
        ({"actor_type": "citizen", "many": "a", "other": ""}, []),
        ({"actor_type": "association", "story": "words", "members": "12"}, []),
        (
            {"actor_type": "citizen", "story": "words", "source_id": ""},
            [("source_id", "IdentityMissingError")],
        ),
        (
            {"actor_type": "citizen", "story": "words", "organisation": "o" * 301},
            [("organisation", "TextTooLongError")],
        ),
        (
            {"actor_type": "citizen", "story": "words", "submitted_at": "2022-03-01"},
            [("submitted_at", "DateInFutureError")],
        ),
        ({"actor_type": "citizen", "story": "words", "submitted_at": "2022-02-18"}, []),
    ],
)
def test_rows_are_refused_for_a_reason(
    importer: Importer, row: dict[str, str], refused: list[tuple[str, str]]
) -> None:
    assert importer.refused(row) == refused


# --- who answers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "actor_type"),
    [
        ("citizen", "citizen"),
        ("Citoyenne ou citoyen", "citizen"),
        ("CITOYEN", "citizen"),
        ("مواطنة أو مواطن", "citizen"),
        ("مُواطِن", "citizen"),
        ("ONG", "association"),
        ("Coopérative", "cooperative"),
        ("cooperative", "cooperative"),
        ("elu", "elected_official"),
        ("Non précisé", "unknown"),
        ("INDH", "indh"),
    ],
)
def test_capacities_are_recognised_in_every_language(
    importer: Importer, words: str, actor_type: str
) -> None:
    assert importer.stored({"actor_type": words, "story": "words"}).actor_type == actor_type


def test_a_default_serves_empty_and_unrecognised_capacities_and_their_words_stay(
    importer: Importer,
) -> None:
    rows = [{"actor_type": words, "story": "words"} for words in ("", "martien", "citizen")]

    outcome = importer.run(rows, write=True, defaults={"actor_type": "unknown"})

    kept = importer.session.scalars(select(Submission).order_by(Submission.id)).all()
    assert outcome.n_refused == 0
    assert [(row.actor_type, row.source_row.get("actor_type")) for row in kept] == [
        ("unknown", None),
        ("unknown", "martien"),
        ("citizen", "citizen"),
    ]


def test_words_that_are_not_recognised_are_counted_and_may_be_given_a_meaning(
    importer: Importer,
) -> None:
    rows = [
        {"actor_type": "Martien / Martienne", "many": "vert; a"},
        {"actor_type": "martien  martienne", "many": "vert"},
    ]

    assert importer.run(rows).unknown == {
        ("actor_type", "Martien / Martienne"): 1,
        ("actor_type", "martien  martienne"): 1,
        ("many", "vert"): 2,
    }
    meanings = {"actor_type": {"Martien / Martienne": "expert"}, "many": {"Vert": "c"}}
    assert importer.run(rows, values=meanings).n_refused == 0


def test_a_constant_stands_for_a_column(importer: Importer) -> None:
    kept = importer.stored(
        {"story": "words"}, constants={"actor_type": "expert", "region": "8", "source": "mail"}
    )

    assert (kept.actor_type, kept.region_code, kept.source) == ("expert", "08", "mail")


# --- territories --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "words", "code"),
    [
        ("territory", "08", "08"),
        ("territory", "8", "08"),
        ("territory", "MA-08", "08"),
        ("territory", "8.51", None),
        ("territory", "01.511", "01.511"),
        ("territory", "1.511", "01.511"),
        ("territory", "01.051.01.01", "01.051.01.01"),
        ("region", "Draa Tafilalet", "08"),
        ("region", "Région de Drâa-Tafilalet", "08"),
        ("region", "جهة درعة تافيلالت", "08"),
        ("region", "درعة-تافيلالت", "08"),
        ("region", "الشرق", "02"),
        ("region", "شرق", "02"),
        ("region", "L’Oriental", "02"),
        ("region", "oriental", "02"),
        ("province", "M’DIQ FNIDEQ", "01.573"),
        ("province", "Préfecture de Rabat", "04.421"),
        ("province", "عمالة الرباط", "04.421"),
        ("province", "إقليم تارودانت", "09.541"),
        ("territory", "Casablanca", "06.141"),
        ("commune", "Casablanca", "06.141.city"),
        ("territory", "Imzouren", "01.051.01.05"),
        ("commune", "جماعة إمزورن", "01.051.01.05"),
        ("region", "06.141", None),
        ("region", "Imzouren", None),
        ("territory", "Paris", None),
        ("territory", "75", None),
        ("territory", "de", None),
    ],
)
def test_places_are_found_by_code_and_by_names_written_freely(
    session: Session, field: str, words: str, code: str | None
) -> None:
    index = PlaceIndex.load(session)

    if code is None:
        with pytest.raises(errors.PlaceUnknownError):
            index.narrow(None, field, words)
    else:
        assert index.narrow(None, field, words).code == code


def test_every_territory_is_found_by_its_code_and_both_its_names_inside_its_own(
    session: Session,
) -> None:
    from app.territories.models import Commune, Province, Region

    index = PlaceIndex.load(session)
    for region in session.scalars(select(Region)):
        assert {
            index.narrow(None, "region", name).code
            for name in (region.code, region.name_fr, region.name_ar)
        } == {region.code}
    for province in session.scalars(select(Province)):
        within = Place(province.region_code)
        names = (province.code, province.name_fr, province.name_ar)
        assert {index.narrow(within, "province", name).code for name in names} == {province.code}
    ambiguous = 0
    for commune in session.scalars(select(Commune)):
        within = Place(commune.province.region_code, commune.province_code)
        assert index.narrow(within, "commune", commune.code).code == commune.code
        for name in (commune.name_fr, commune.name_ar):
            try:
                assert index.narrow(within, "commune", name).code == commune.code
            except errors.PlaceAmbiguousError:
                ambiguous += 1
    assert ambiguous < 20  # a few communes and arrondissements of one province share a name


def test_a_name_of_several_communes_needs_its_province(importer: Importer) -> None:
    row = {"actor_type": "citizen", "story": "words", "commune": "Oulad Aissa"}

    assert importer.refused(row) == [("commune", "PlaceAmbiguousError")]
    assert importer.stored(row | {"province": "El Jadida"}).province_code == "06.181"


def test_places_that_do_not_lie_in_one_another_are_refused(importer: Importer) -> None:
    row = {"actor_type": "citizen", "story": "words", "region": "Souss-Massa", "province": "Ifrane"}

    assert importer.refused(row) == [("province", "PlaceElsewhereError")]


def test_a_region_outside_the_consultation_is_refused(
    importer: Importer, rich: Consultation, session: Session
) -> None:
    rich.regions = [region for region in rich.regions if region.code != "08"]
    session.commit()

    assert importer.refused({"actor_type": "citizen", "story": "words", "region": "08"}) == [
        ("region", "PlaceNotConsultedError")
    ]


def test_an_unmapped_territory_is_kept_as_it_is(importer: Importer) -> None:
    kept = importer.stored(
        {"actor_type": "citizen", "story": "words", "where": "75"}, extra={"where"}
    )

    assert (kept.region_code, kept.source_row["where"]) == (None, "75")


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2022-01-18", datetime(2022, 1, 17, 23, tzinfo=UTC)),
        ("2022-01-18 14:30", datetime(2022, 1, 18, 13, 30, tzinfo=UTC)),
        ("2022-01-18T14:30:15.250Z", datetime(2022, 1, 18, 14, 30, 15, 250_000, tzinfo=UTC)),
        ("2022-01-18T14:30:15+03:00", datetime(2022, 1, 18, 11, 30, 15, tzinfo=UTC)),
        ("03/02/2021", datetime(2021, 2, 2, 23, tzinfo=UTC)),
        ("3.2.2021", datetime(2021, 2, 2, 23, tzinfo=UTC)),
        ("03-02-2021 8h05", datetime(2021, 2, 3, 7, 5, tzinfo=UTC)),
        ("03/02/2021, 08:05:09", datetime(2021, 2, 3, 7, 5, 9, tzinfo=UTC)),
        ("\u200f١٨/٠١/٢٠٢٢", datetime(2022, 1, 17, 23, tzinfo=UTC)),
    ],
)
def test_dates_are_read_day_first_and_in_the_time_of_rabat(words: str, moment: datetime) -> None:
    assert read_moment(words, latest=NOW).astimezone(UTC) == moment


@pytest.mark.parametrize(
    "words", ["13/25/2021", "18/01/22", "hier", "2021-02-30", "44562", "01/01/0001", "2022-01"]
)
def test_what_is_no_date_is_refused(words: str) -> None:
    with pytest.raises(errors.DateUnknownError):
        read_moment(words, latest=NOW)


# --- mappings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"columns": {"nowhere": "story"}}, errors.ColumnNotFoundError),
        ({"columns": {"a": "stories"}}, errors.FieldNotFoundError),
        ({"columns": {"a": "story", "b": "story"}}, errors.FieldTwiceError),
        (
            {"columns": {"a": "actor_type"}, "constants": {"actor_type": "citizen"}},
            errors.FieldTwiceError,
        ),
        ({"columns": {"a": "actor_type"}}, errors.NothingMappedError),
        ({"columns": {"a": "story"}}, errors.ActorTypeNotGivenError),
        (
            {"columns": {"a": "story"}, "constants": {"actor_type": "martian"}},
            errors.ValueNotAcceptedError,
        ),
        (
            {"columns": {"a": "story"}, "constants": {"actor_type": "citizen", "region": "Paris"}},
            errors.ValueNotAcceptedError,
        ),
        (
            {"columns": {"a": "story", "b": "actor_type"}, "defaults": {"actor_type": "x"}},
            errors.ValueNotAcceptedError,
        ),
        (
            {"columns": {"a": "one", "b": "actor_type"}, "values": {"one": {"x": "z"}}},
            errors.ValueNotAcceptedError,
        ),
        (
            {"columns": {"a": "story", "b": "actor_type"}, "values": {"one": {"x": "a"}}},
            errors.FieldNotFilledError,
        ),
        (
            {"columns": {"a": "story", "b": "actor_type"}, "identity": ("c",)},
            errors.ColumnNotFoundError,
        ),
    ],
)
def test_a_mapping_that_does_not_hold_is_refused(
    session: Session,
    rich: Consultation,
    tmp_path: Path,
    options: dict[str, Any],
    error: type[Exception],
) -> None:
    table = open_table(write_csv(tmp_path / "a.csv", [("a", "b"), ("1", "2")]), limit=10**6)

    with pytest.raises(error):
        check_table(session, ACTOR, rich, table, ColumnMapping(**options), now=NOW)


def test_columns_are_meant_whatever_their_case_and_spaces(
    session: Session, rich: Consultation, tmp_path: Path
) -> None:
    table = open_table(
        write_csv(tmp_path / "a.csv", [("Réponse  libre", "b"), ("1", "2")]), limit=10**6
    )
    mapping = ColumnMapping(columns={"reponse libre": "story"}, constants={"actor_type": "citizen"})

    assert check_table(session, ACTOR, rich, table, mapping, now=NOW).n_added == 1


def test_fields_are_suggested_from_names_in_three_languages(rich: Consultation) -> None:
    header = [
        "N°",
        "Qualité",
        "الجهة",
        "Préfecture",
        "VILLE",
        "Horodateur",
        "langue",
        "story (ar)",
        "option",
        "people",
        "item x (fr)",
        "Réponse",
        "source",
    ]

    assert suggest(header, rich.questionnaire.questions) == {
        "N°": "source_id",
        "Qualité": "actor_type",
        "الجهة": "region",
        "Préfecture": "province",
        "VILLE": "commune",
        "Horodateur": "submitted_at",
        "langue": "language",
        "story (ar)": "story",
        "people": "people",
        "item x (fr)": "ease.x",
        "source": "source",
    }


def test_a_mapping_survives_being_kept() -> None:
    mapping = ColumnMapping(
        {"a": "story"}, {"source": "x"}, {"actor_type": "unknown"}, {"one": {"x": "a"}}, ("a", "b")
    )

    assert ColumnMapping.from_json(mapping.as_json()) == mapping


# --- any text -----------------------------------------------------------------------------------


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_stored_as_it_was_cleaned(importer: Importer, text: str) -> None:
    outcome = importer.run([{"actor_type": "citizen", "story": text}], write=True)

    if not clean_text(text):
        assert [refusal.reason for refusal in outcome.refusals] == ["NothingAnsweredError"]
    elif outcome.n_added:
        stored = importer.session.scalars(select(Answer.text).order_by(Answer.id.desc())).first()
        assert stored == clean_text(text)
    else:
        assert outcome.n_known == 1


def test_the_smallest_consultation_takes_rows_too(session: Session, tmp_path: Path) -> None:
    consultation = ConsultationFactory()
    session.commit()

    kept = Importer(session, consultation, tmp_path).stored(
        {"actor_type": "citizen", "place": "Zagora", "story": "words"}
    )

    assert (kept.region_code, said(kept)["place"]["province"]) == ("08", kept.province_code)
