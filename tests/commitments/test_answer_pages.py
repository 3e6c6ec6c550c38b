"""Pages of the answers: the reply to a contributor, "you said, we did", the desk of the staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.commitments.models import MeasurePassage, MeasureState, Milestone, ThemeAnswer
from app.core.access import Role
from app.core.db import Texts
from app.submissions.models import Submission
from app.themes.models import Passage
from tests.commitments.world import World, merge, words
from tests.conftest import NOW
from tests.pages import CheckedClient

SignIn = Callable[..., Any]


def reply(client: CheckedClient, said: Submission, lang: str = "fr") -> str:
    """Return a contributor's page."""
    page = client.get(f"/{lang}/my-contribution/{said.receipt_code}")
    assert page.status_code == 200
    return unescape(page.text)


def public(client: CheckedClient, world: World, lang: str = "fr", query: str = "") -> str:
    """Return the page "You said, we did"."""
    slug = world.corpus.consultation.slug
    page = client.get(f"/{lang}/consultations/{slug}/you-said-we-did{query}")
    assert page.status_code == 200
    return unescape(page.text)


@pytest.mark.parametrize(
    ("lang", "found"),
    [
        ("fr", ["La réponse du ministère : Retenu", "Nous ouvrons vingt crèches.",
                "La mesure qui a suivi", "Vingt crèches", "1 étape franchie sur 2",
                "en cours, Drâa-Tafilalet"]),
        ("ar", ["جواب الوزارة: أُخذ به", "نفتح عشرين حضانة.", "التدبير الذي", "عشرون حضانة"]),
        ("en", ["The ministry’s answer: Taken up", '<p lang="fr" dir="ltr">Nous ouvrons']),
    ],
)  # fmt: skip
def test_a_contributor_reads_theme_answer_and_measure(
    world: World, client: CheckedClient, lang: str, found: list[str]
) -> None:
    said = world.speakers(world.childcare)[0]
    measure = world.measure(world.childcare, region_code="08")
    measure.milestones = [
        Milestone(position=1, title=Texts(fr="a"), done_on=date(2022, 1, 1)),
        Milestone(position=2, title=Texts(fr="b")),
    ]
    world.answer()

    page = reply(client, said, lang)

    text = page.replace("\u202f", " ").replace("\xa0", " ").replace('<bdi dir="ltr">', "")
    for part in (*found, f"/results/themes/{world.childcare.id}"):
        assert part in text.replace("</bdi>", "")


def test_a_draft_and_a_hidden_measure_stay_inside(
    world: World, client: CheckedClient
) -> None:
    world.answer(is_public=False)
    world.measure(world.childcare, is_public=False)

    pages = [reply(client, world.speakers(world.childcare)[0]), public(client, world)]

    for page in pages:
        assert "Nous ouvrons vingt crèches." not in page
        assert "Vingt crèches" not in page
        assert "Pas encore de réponse" in page


@pytest.mark.parametrize(
    ("state", "shown"),
    [("not_taken_up", "Le budget."), ("beyond_remit", "La commune."), ("taken_up", "")],
)
def test_the_reason_and_to_whom_it_was_passed_are_read(
    world: World, client: CheckedClient, state: str, shown: str
) -> None:
    world.answer(words(state=state))

    page = reply(client, world.speakers(world.childcare)[0])

    for text in ("Le budget.", "La commune."):
        assert (text in page) is (text == shown)


def test_a_copy_reads_the_answer_to_its_text(world: World, client: CheckedClient) -> None:
    world.answer()

    page = reply(client, world.speakers(world.childcare, "copy")[0])

    assert "Nous ouvrons vingt crèches." in page


def test_an_excluded_passage_reads_why_and_no_answer(world: World, client: CheckedClient) -> None:
    left_out = world.corpus.themes[3]

    page = reply(client, world.speakers(left_out, "excluded")[0])

    assert "Trop mêlé." in page
    assert "Aucun de vos passages n’est dans un thème" in page


def test_a_merged_theme_reads_the_answer_of_the_one_that_holds_it(
    world: World, client: CheckedClient
) -> None:
    world.answer(words(fr="Réponse laissée."))
    merge(world, world.childcare, world.roads)
    world.answer(words(fr="Réponse qui vaut."), theme=world.roads)

    pages = [reply(client, world.speakers(world.childcare)[0]), public(client, world)]

    for page in pages:
        assert "Réponse qui vaut." in page
        assert "Réponse laissée." not in page


def test_two_passages_in_a_theme_read_its_answer_once(world: World, client: CheckedClient) -> None:
    said = world.speakers(world.childcare)[0]
    world.corpus.place(said, 0, 8, world.childcare)
    world.answer()

    page = reply(client, said)

    assert page.count("Nous ouvrons vingt crèches.") == 1
    assert "Le même thème que le passage" in page


def test_a_measure_tied_to_ones_own_words_is_read_without_any_answer(
    world: World, client: CheckedClient, session: Session
) -> None:
    first, second = world.speakers(world.childcare)[:2]
    measure = world.measure()
    passage = session.query(Passage).filter_by(submission_id=first.id).one()
    session.add(MeasurePassage(measure_id=measure.id, passage_id=passage.id))

    assert "Vingt crèches" in reply(client, first)
    assert "Vingt crèches" not in reply(client, second)


def test_somebody_of_a_small_region_is_told_so(world: World, client: CheckedClient) -> None:
    small = world.speakers(world.childcare, "copy")[0]
    large = world.speakers(world.childcare)[0]

    assert "Moins de cinq personnes de votre région" in reply(client, small)
    assert "Moins de cinq personnes" not in reply(client, large)


def test_the_page_says_whether_letters_come(world: World, client: CheckedClient) -> None:
    said = world.speakers(world.childcare)[0]

    before = reply(client, said)
    world.contact(said, "f@example.org")

    assert "Être prévenu par courriel" in before
    assert "Nous vous écrivons à chaque nouveauté." in reply(client, said)


@pytest.mark.parametrize(
    ("lang", "title", "none"),
    [("fr", "Vous avez dit, nous avons fait", "Pas encore de réponse"),
     ("ar", "قلتم، فأنجزنا", "لا جواب بعد")],
)  # fmt: skip
def test_you_said_we_did_counts_answers_and_lists_what_waits(
    world: World, client: CheckedClient, lang: str, title: str, none: str
) -> None:
    world.answer()

    page = public(client, world, lang)

    assert f">{title}</h1>" in page
    answered, waiting = page.split('id="waiting"')
    assert f'id="theme-{world.childcare.id}"' in answered
    assert f'id="theme-{world.roads.id}"' in waiting
    assert none in waiting


def test_you_said_we_did_by_region_has_its_figures_words_and_measures(
    world: World, client: CheckedClient
) -> None:
    world.answer()
    for code, title in (("06", "Mesure de la 06"), ("08", "Mesure de la 08"), (None, "Nationale")):
        world.measure(
            world.childcare, region_code=code, key=title, title=Texts(fr=title, ar=title)
        )

    page = public(client, world, query="?region=06")

    assert "Mesure de la 06" in page
    assert "Nationale" in page
    assert "Mesure de la 08" not in page
    assert "Une crèche ferme trop tôt ici" in page
    assert "des contributeurs de la région en parlent" in page
    assert "aucun chiffre propre" in public(client, world, query="?region=12")


@pytest.mark.parametrize(
    ("query", "childcare", "roads"),
    [("?state=taken_up", True, False), ("?state=none", False, True),
     ("?state=partly", False, False), ("?state=no-such", True, True),
     ("?region=no-such", True, True)],
)  # fmt: skip
def test_you_said_we_did_by_state(
    world: World, client: CheckedClient, query: str, childcare: bool, roads: bool
) -> None:
    world.answer()

    page = public(client, world, query=query)

    assert (f'id="theme-{world.childcare.id}"' in page) is childcare
    assert (f'id="theme-{world.roads.id}"' in page) is roads


def test_a_late_measure_is_called_late(world: World, client: CheckedClient) -> None:
    world.answer()
    world.measure(world.childcare, ends_on=date(2022, 1, 19))

    assert "en retard" in public(client, world)


@pytest.mark.parametrize("state", [MeasureState.DONE, MeasureState.ABANDONED])
def test_a_measure_that_is_over_is_not_late(
    world: World, client: CheckedClient, state: str
) -> None:
    world.answer()
    world.measure(world.childcare, ends_on=date(2022, 1, 19), state=state)

    assert "en retard" not in public(client, world)


def test_words_that_were_withdrawn_are_not_shown(world: World, client: CheckedClient) -> None:
    world.answer()
    for said in world.speakers(world.childcare):
        said.state = "withdrawn"

    assert "Il faut une crèche" not in public(client, world)


def test_before_a_report_the_page_says_so(client: CheckedClient, session: Session) -> None:
    from tests.factories import ConsultationFactory

    slug = ConsultationFactory().slug

    page = client.get(f"/fr/consultations/{slug}/you-said-we-did")

    assert "Rien n’est encore publié" in unescape(page.text)


def test_results_and_themes_lead_there(world: World, client: CheckedClient) -> None:
    slug = world.corpus.consultation.slug
    address = f"/fr/consultations/{slug}/you-said-we-did"

    results = client.get(f"/fr/consultations/{slug}/results").text
    theme = client.get(f"/fr/consultations/{slug}/results/themes/{world.childcare.id}").text

    assert f'href="{address}"' in results
    assert f'href="{address}#theme-{world.childcare.id}"' in theme


# The staff's desk


def desk(world: World, theme_id: int | None = None, lang: str = "fr") -> str:
    """Return the address of the list, or of one answer."""
    base = f"/{lang}/staff/consultations/{world.corpus.consultation.slug}/answers"
    return base if theme_id is None else f"{base}/{theme_id}"


def typed(**more: str) -> dict[str, str]:
    """Return a form filled in both languages."""
    return {
        "state": "taken_up", "text_fr": "Nous ouvrons des crèches.", "text_ar": "نفتح حضانات.",
        "seen": "0", "go": "publish",
    } | more  # fmt: skip


def test_themes_without_an_answer_come_first(
    world: World, client: CheckedClient, sign_in: SignIn
) -> None:
    sign_in(client, Role.ANALYST)
    world.answer()

    page = client.get(desk(world)).text

    assert page.index(f"/answers/{world.roads.id}") < page.index(f"/answers/{world.childcare.id}")
    assert "À rédiger" in page


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_an_answer_is_written_in_both_languages_at_once(
    world: World, client: CheckedClient, sign_in: SignIn, session: Session, lang: str
) -> None:
    sign_in(client, Role.ANALYST)
    address = desk(world, world.childcare.id, lang)
    page = client.get(address).text
    assert 'lang="ar" dir="rtl"' in page
    assert "Il faut une crèche" in page

    answer = client.post(address, data=typed())

    assert answer.status_code == 303
    (row,) = session.query(ThemeAnswer)
    assert dict(row.text) == {"fr": "Nous ouvrons des crèches.", "ar": "نفتح حضانات."}
    assert row.published_at == NOW


def test_a_refused_form_keeps_what_was_typed_and_says_what_lacks(
    world: World, client: CheckedClient, sign_in: SignIn, session: Session
) -> None:
    sign_in(client, Role.ANALYST)

    page = client.post(
        desk(world, world.childcare.id), data=typed(state="not_taken_up", reason_fr="Le budget.")
    )

    assert page.status_code == 422
    text = unescape(page.text)
    assert '<a href="#reason_ar">Le motif en arabe manque.</a>' in text
    assert "Nous ouvrons des crèches." in text
    assert "Le budget." in text
    assert session.query(ThemeAnswer).count() == 0


def test_a_draft_may_lack_a_language(
    world: World, client: CheckedClient, sign_in: SignIn, session: Session
) -> None:
    sign_in(client, Role.ADMINISTRATOR)

    answer = client.post(desk(world, world.childcare.id), data=typed(text_ar="", go="save"))

    assert answer.status_code == 303
    assert session.query(ThemeAnswer).one().published_at is None


def test_a_conflict_shows_both_and_saving_again_is_knowing(
    world: World, client: CheckedClient, sign_in: SignIn, session: Session
) -> None:
    sign_in(client, Role.ANALYST)
    world.answer(words(fr="Ce qu’une autre personne a écrit."))
    address = desk(world, world.childcare.id)

    page = client.post(address, data=typed())

    text = unescape(page.text)
    assert page.status_code == 409
    assert "Ce qu’une autre personne a écrit." in text
    assert "Nous ouvrons des crèches." in text
    assert 'name="seen" type="hidden" value="1"' in text
    assert client.post(address, data=typed(seen="1")).status_code == 303
    session.expire_all()
    assert session.query(ThemeAnswer).one().revision == 2


def test_the_history_marks_the_words_that_changed(
    world: World, client: CheckedClient, sign_in: SignIn
) -> None:
    sign_in(client, Role.ANALYST)
    world.answer()
    world.answer(words(fr="Nous ouvrons trente crèches."), seen=1)

    page = unescape(client.get(desk(world, world.childcare.id)).text)

    assert "Nous ouvrons <del>vingt</del><ins>trente</ins> crèches." in page


def test_a_coordinator_of_a_region_reads_and_does_not_write(
    world: World, client: CheckedClient, sign_in: SignIn
) -> None:
    sign_in(client, Role.COORDINATOR, region="08")
    world.answer(is_public=False)
    address = desk(world, world.childcare.id)

    page = client.get(address)

    assert "Nous ouvrons vingt crèches." in page.text
    assert 'name="text_fr"' not in page.text
    assert client.post(address, data=typed()).status_code == 403


def test_the_staff_of_another_consultation_do_not_read(
    world: World, client: CheckedClient, sign_in: SignIn
) -> None:
    from tests.factories import ConsultationFactory

    sign_in(client, Role.ANALYST, consultation=ConsultationFactory().id)

    assert client.get(desk(world)).status_code == 403


def test_a_merged_theme_leads_to_the_desk_of_the_one_that_holds_it(
    world: World, client: CheckedClient, sign_in: SignIn
) -> None:
    sign_in(client, Role.ANALYST)
    world.answer(words(fr="Réponse laissée."))
    merge(world, world.childcare, world.roads)

    answer = client.get(desk(world, world.childcare.id))
    page = unescape(client.get(desk(world, world.roads.id)).text)

    assert answer.headers["Location"].endswith(f"/answers/{world.roads.id}")
    assert "Réponse laissée." in page
