"""The territories that ship with the product."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.territories.models import Commune, Province, Region
from app.territories.operations import load_territories


def test_the_kingdom_has_its_official_number_of_territories(session: Session) -> None:
    communes = session.scalar(
        select(func.count()).select_from(Commune).where(Commune.kind != "arrondissement")
    )

    assert session.scalar(select(func.count()).select_from(Region)) == 12
    assert session.scalar(select(func.count()).select_from(Province)) == 75
    assert communes == 1503


def test_loading_twice_changes_nothing(session: Session) -> None:
    assert load_territories(session).changed == 0


def test_a_changed_name_is_brought_up_to_date(session: Session) -> None:
    session.get_one(Region, "08").name_fr = "Old name"
    session.flush()

    loaded = load_territories(session)

    assert loaded.changed == 1
    assert session.get_one(Region, "08").name_fr == "Drâa-Tafilalet"


def test_every_territory_has_a_name_in_both_scripts(session: Session) -> None:
    for model in (Region, Province, Commune):
        for territory in session.scalars(select(model)):
            assert territory.name_fr.strip()
            assert any("\u0600" <= letter <= "\u06ff" for letter in territory.name_ar), (
                territory.code
            )
