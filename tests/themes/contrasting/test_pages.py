"""The pages of who says what, in the three languages and within what one may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.access import Role
from app.themes.models import AnalysisRun, Theme
from tests.factories import ConsultationFactory

Find = Callable[[str], Theme]


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_page_answers_in_each_language(
    analyst: Any, divided: Any, divided_run: AnalysisRun, theme_called: Find, lang: str
) -> None:
    here = f"/{lang}/staff/consultations/{divided.slug}"
    theme = theme_called("Routes et pistes")
    for path in (
        f"/{lang}/staff/themes/{theme.id}/who",
        f"/{lang}/staff/themes/{theme.id}/who?stance=for&page=2",
        f"{here}/minorities",
        f"{here}/regions",
        f"{here}/regions?region=08&region=04",
        f"{here}/regions?region=08&region=zz",
        f"{here}/regions?region=08&region=04&region=01&region=02&region=03",
    ):
        assert analyst.get(path).status_code == 200, path


def test_a_minority_is_quoted_beside_its_figure(
    analyst: Any, divided: Any, divided_run: AnalysisRun, theme_called: Find
) -> None:
    theme = theme_called("Routes et pistes")

    page = analyst.get(f"/en/staff/themes/{theme.id}/who").get_data(as_text=True)
    listed = analyst.get(f"/en/staff/consultations/{divided.slug}/minorities")

    assert "(against)" in page
    assert "(for)" not in page
    assert "(against)" in listed.get_data(as_text=True)


def test_a_coordinator_reads_the_words_of_the_own_region_only(
    client: Any, sign_in: Any, divided: Any, divided_run: AnalysisRun, theme_called: Find
) -> None:
    sign_in(client, Role.COORDINATOR, region="04")
    theme = theme_called("Routes et pistes")

    page = client.get(f"/en/staff/themes/{theme.id}/who").get_data(as_text=True)

    assert "the road is far" not in page
    assert "the figures are those of the whole country" in page


def test_figures_of_small_groups_do_not_stand_in_the_page(
    analyst: Any, divided: Any, divided_run: AnalysisRun
) -> None:
    page = analyst.get(f"/en/staff/consultations/{divided.slug}/regions").get_data(as_text=True)

    assert "not shown" in page


def test_a_theme_that_is_none_any_more_has_no_such_page(
    analyst: Any, session: Any, divided: Any, divided_run: AnalysisRun, theme_called: Find, now: Any
) -> None:
    from app.core.access import System
    from app.themes.deciding import merge

    school = theme_called("École")
    merge(session, System(), school, theme_called("Soins"), now=now)
    session.commit()

    assert analyst.get(f"/en/staff/themes/{school.id}/who").status_code == 404


def test_what_was_never_analysed_is_refused(analyst: Any, session: Any) -> None:
    consultation = ConsultationFactory()
    session.commit()

    answer = analyst.get(f"/en/staff/consultations/{consultation.slug}/regions")

    assert answer.status_code in {404, 409, 422}
