"""The workbench's list, its filters one by one, its pages, and what is decided at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.consultations.models import Question, StrategyAxis
from app.core.access import Role, System
from app.core.db import Texts
from app.submissions.models import SubmissionState
from app.themes.deciding import confirm, merge, move, pin, set_aside
from app.themes.ledger.recording import newest_event_id
from app.themes.ledger.settling import compare
from app.themes.models import AnalysisRun, Passage, Placement, Theme, ThemeEvent
from app.themes.workbench import queries
from app.themes.workbench.filters import Cursor, Filter, read_cursor, read_filter
from app.themes.workbench.showing import load_listing
from app.themes.workbench.tree import load_tree
from tests.factories import submission

Find = Callable[[str], Theme]
PART = {"HX-Request": "true"}


@pytest.fixture
def run(consultation: Any, analysed: Any) -> AnalysisRun:
    """A finished analysis."""
    return analysed(consultation)


@pytest.fixture
def analyst(client: Any, sign_in: Any, run: AnalysisRun) -> Any:
    """A browser in which an analyst is signed in."""
    sign_in(client, Role.ANALYST)
    return client


@pytest.fixture
def words_of(session: Session, run: AnalysisRun) -> Callable[..., list[str]]:
    """Return the words of the passages that a filter leaves, sorted."""

    def words_of(**asked: Any) -> list[str]:
        regions = asked.pop("regions", None)
        bench = queries.load_bench(session, run, regions)
        wanted = read_filter({name: str(value) for name, value in asked.items()})
        rows = load_listing(session, bench, wanted).rows
        assert session.scalar(queries.count_of(bench, wanted)) == len(rows)
        return sorted(row.words.strip() for row in rows)

    return words_of


@pytest.fixture
def passage(session: Session) -> Callable[[str], Passage]:
    """Find a passage by how its words begin."""

    def passage(words: str) -> Passage:
        [found] = [p for p in session.query(Passage) if p.text.strip().startswith(words)]
        return found

    return passage


def base(consultation: Any) -> str:
    """Return the workbench's address."""
    return f"/en/staff/consultations/{consultation.slug}/workbench"


def test_a_theme_is_its_passages_and_those_of_what_was_merged_into_it(
    session: Session, words_of: Any, theme_called: Find, now: Any
) -> None:
    school, care = theme_called("École"), theme_called("Soins")
    assert words_of(theme=school.id) == ["school: no teacher.", "school: too many pupils."]

    merge(session, System(), care, school, now=now)

    assert "care: no doctor." in words_of(theme=school.id)
    assert words_of(theme=care.id) == ["care: no doctor."]


def test_every_state_has_its_list(words_of: Any, theme_called: Find) -> None:
    assert words_of(state="to_arbitrate") == ["?: who knows."]
    assert words_of(state="off_topic") == ["off: hello."]
    assert words_of(state="unreadable") == ["%: zzz."]
    assert words_of(state="copy") == ["road: dup sign here."]
    assert len(words_of(theme=theme_called("Routes et pistes").id)) == 4
    assert len(words_of(theme=theme_called("Routes et pistes").id, state="any")) == 5
    assert len(words_of()) == 11
    assert len(words_of(state="nonsense", margin="x", theme="x", reviewed="0")) == 11


def test_who_said_it_narrows_the_list(session: Session, words_of: Any, passage: Any) -> None:
    passage("road: no bus").submission.organisation = "Association Anoual"
    passage("road: no bus").submission.folded_organisation = "association anoual"
    session.flush()

    assert len(words_of(region="08")) == 4
    assert len(words_of(region="08", actor_type="association")) == 2
    assert len(words_of(organisation="ANOUÂL")) == 2
    assert words_of(organisation="%") == []


def test_what_the_passage_is_narrows_the_list(
    session: Session, words_of: Any, passage: Any
) -> None:
    session.query(Passage).update({"nature": None, "stance": None})
    passage("school: no").nature = "problem"
    passage("care").stance = "against"
    session.flush()

    assert words_of(language="ar") == ["road: الطريق مقطوعة."]
    assert words_of(nature="problem") == ["school: no teacher."]
    assert len(words_of(nature="none")) == 10
    assert words_of(stance="against") == ["care: no doctor."]


def test_axes_of_the_theme_and_of_the_question_narrow_the_list(
    session: Session, consultation: Any, words_of: Any, theme_called: Find
) -> None:
    axis = StrategyAxis(
        consultation_id=consultation.id, code="z", position=9, title=Texts(fr="Z", ar="ز")
    )
    session.add(axis)
    session.flush()
    theme_called("Soins").axis_id = axis.id
    session.flush()

    assert words_of(axis=axis.id) == ["care: no doctor."]
    assert words_of(question_axis=axis.id) == []
    # A published question never changes for people; the test does it beneath them.
    session.execute(
        Question.__table__.update().where(Question.key == "story").values(axis_id=axis.id)
    )
    assert len(words_of(question_axis=axis.id)) == 11


def test_margins_and_reviews_narrow_the_list(
    session: Session, consultation: Any, words_of: Any, passage: Any, now: Any
) -> None:
    confirm(session, System(), consultation.id, [passage("care").id], now=now)

    assert words_of(reviewed="yes") == ["care: no doctor."]
    assert len(words_of(reviewed="no")) == 10
    assert words_of(margin="weak") == ["%: zzz.", "?: who knows.", "off: hello."]
    assert words_of(margin="middling") == []
    assert len(words_of(margin="clear")) == 8


@pytest.mark.parametrize(
    "search",
    ["الطريق مقطوعه", "اَلطَّرِيقُ", "مقطوعة", "الطـــريق", "مقطوعه الطريق"],
)
def test_arabic_is_found_however_it_is_written(words_of: Any, search: str) -> None:
    assert words_of(words=search) == ["road: الطريق مقطوعة."]


@pytest.mark.parametrize("said", ["الأطفال في المدرسة", "ٱلاطفال فى المدرسه", "الأَطْفال في المَدرسةِ"])
def test_alef_ta_marbuta_and_vowel_signs_are_the_same_letters(
    session: Session, consultation: Any, analysed: Any, words_of: Any, said: str
) -> None:
    submission(consultation, f"école: {said} élèves.")
    analysed(consultation)
    run = session.query(AnalysisRun).order_by(AnalysisRun.id.desc()).first()
    bench = queries.load_bench(session, run, None)

    for search in ("الاطفال", "الأطفال", "المدرسه", "المدرسة", "ELEVES", "élèves", "ecole"):
        rows = load_listing(session, bench, Filter(words=search)).rows
        assert len(rows) == 1, search


@pytest.mark.parametrize("order", ["weakest", "clearest", "newest", "worth"])
def test_pages_are_complete_and_never_repeat(
    session: Session, run: AnalysisRun, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr("app.themes.workbench.showing.PAGE", 3)
    for number, row in enumerate(session.query(Placement).order_by(Placement.id)):
        row.worth = None if number % 3 == 0 else (number % 4) / 10
    session.flush()
    bench = queries.load_bench(session, run, None)
    found: list[int] = []
    after: Cursor | None = None
    while True:
        listing = load_listing(session, bench, Filter(order=order), after)
        found += [row.passage_id for row in listing.rows]
        if listing.following is None:
            break
        after = read_cursor(str(listing.following))
        assert after == listing.following

    assert len(found) == 11
    assert len(set(found)) == 11


def test_what_was_withdrawn_is_not_listed_nor_counted(
    session: Session, run: AnalysisRun, words_of: Any, passage: Any
) -> None:
    passage("care").submission.state = SubmissionState.WITHDRAWN
    session.flush()

    assert len(words_of()) == 8
    assert len(words_of(region="04")) == 2
    assert load_tree(session, queries.load_bench(session, run, None)).n_passages == 8


def test_the_tree_counts_what_is_there_and_what_is_to_review(
    session: Session,
    consultation: Any,
    run: AnalysisRun,
    theme_called: Find,
    passage: Any,
    now: Any,
) -> None:
    roads, school, care = map(theme_called, ("Routes et pistes", "École", "Soins"))
    care.parent_id = school.id
    confirm(session, System(), consultation.id, [passage("road: the").id], now=now)

    tree = load_tree(session, queries.load_bench(session, run, None))

    node = tree.find(roads.id)
    assert node is not None
    assert (node.n_passages, node.n_open, node.n_copies) == (4, 3, 1)
    assert node.mix == {"fr": 3, "ar": 1}
    assert [n.theme.id for n in tree.walk()] == [roads.id, school.id, care.id]
    assert [n.theme.id for n in tree.nodes] == [roads.id, school.id]
    assert tree.n_passages == 11


def test_every_part_answers_in_each_language(
    analyst: Any, consultation: Any, theme_called: Find, passage: Any
) -> None:
    one, theme = passage("care").id, theme_called("Soins").id
    for lang in ("fr", "ar", "en"):
        root = base(consultation).replace("/en/", f"/{lang}/")
        for query in ("", "?state=to_arbitrate", f"?theme={theme}&state=any", "?words=x&region=04"):
            assert analyst.get(root + query).status_code == 200
        assert analyst.get(f"{root}/passages/{one}").status_code == 200
    assert analyst.get(f"{base(consultation)}?theme=99999").status_code == 404
    assert analyst.get(f"{base(consultation)}/passages/99999").status_code == 404


def test_a_passage_is_shown_in_its_answer_with_what_was_decided(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, passage: Any, now: Any
) -> None:
    one = passage("care")
    move(session, System("Amina"), theme_called("École"), [one.id], now=now)

    page = analyst.get(f"{base(consultation)}/passages/{one.id}").get_data(as_text=True)

    assert re.search(r'<mark class="hl">\s*care: no doctor\.</mark>', page)
    assert "school: too many pupils." in page
    assert "Amina" in page
    assert "moved to “École”" in page


def test_people_of_a_region_see_its_passages_alone(
    session: Session, client: Any, sign_in: Any, consultation: Any, run: AnalysisRun, passage: Any
) -> None:
    sign_in(client, Role.COORDINATOR, region="08")

    page = client.get(base(consultation)).get_data(as_text=True)

    assert "school: no teacher." in page
    assert "care: no doctor." not in page
    assert '<bdi dir="ltr">4</bdi> passages' in page
    assert client.get(f"{base(consultation)}/passages/{passage('care').id}").status_code == 404
    assert client.get(f"{base(consultation)}?region=04").get_data(as_text=True).count("psg-a") == 0


def test_observers_read_and_decide_nothing(
    client: Any, sign_in: Any, consultation: Any, run: AnalysisRun, passage: Any
) -> None:
    sign_in(client, Role.OBSERVER)

    page = client.get(base(consultation)).get_data(as_text=True)

    assert "care: no doctor." in page
    assert 'name="verb"' not in page
    sent = {"verb": "confirm", "passage": passage("care").id, "seen": 0}
    assert client.post(f"{base(consultation)}/decide", data=sent).status_code == 403
    assert client.post(f"{base(consultation)}/undo").status_code == 403


def state_of(session: Session, one: Passage) -> Placement:
    """Return where a passage is."""
    session.expire_all()
    return session.query(Placement).filter_by(passage_id=one.id).one()


def test_without_a_script_a_decision_leads_back_to_the_list_it_was_taken_in(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, passage: Any
) -> None:
    care, school = passage("care"), theme_called("École")
    sent = {"verb": "move", "to": school.id, "passage": care.id, "seen": 0}

    answer = analyst.post(f"{base(consultation)}/decide?region=04&order=newest", data=sent)

    assert answer.status_code == 302
    assert answer.location.endswith("/workbench?region=04&order=newest")
    assert "Done: 1 passage moved to “École”." in analyst.get(answer.location).get_data(True)
    assert state_of(session, care).theme_id == school.id
    assert not compare(session, consultation.id)


@pytest.mark.parametrize(
    ("verb", "more", "expected"),
    [
        ("confirm", {}, ("in_theme", False)),
        ("pin", {}, ("in_theme", True)),
        ("set_aside", {"state": "off_topic"}, ("off_topic", False)),
        ("set_aside", {"state": "excluded", "reason": "Insult"}, ("excluded", False)),
    ],
)
def test_each_verb_does_what_it_says(
    session: Session,
    analyst: Any,
    consultation: Any,
    passage: Any,
    verb: str,
    more: dict[str, str],
    expected: tuple[str, bool],
) -> None:
    care = passage("care")

    analyst.post(f"{base(consultation)}/decide", data={"verb": verb, "passage": care.id} | more)

    row = state_of(session, care)
    assert (row.state, row.is_pinned) == expected
    assert row.decided_id is not None


def test_a_selection_of_one_theme_splits_it_and_one_of_several_makes_a_theme(
    session: Session, analyst: Any, consultation: Any, passage: Any
) -> None:
    names = {"verb": "split", "name_fr": "Bus", "name_ar": "الحافلة"}
    analyst.post(f"{base(consultation)}/decide", data=names | {"passage": passage("road: no").id})
    more = {"verb": "split", "name_fr": "Manques", "name_ar": "الخصاص"}
    both = [passage("care").id, passage("school: no").id]
    analyst.post(f"{base(consultation)}/decide", data=more | {"passage": both})

    kinds = [e.kind for e in session.query(ThemeEvent).order_by(ThemeEvent.id)]
    assert kinds == ["split", "create"]
    assert not compare(session, consultation.id)


def test_a_passage_to_arbitrate_is_confirmed_into_the_theme_it_is_near(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, passage: Any
) -> None:
    row = state_of(session, passage("?"))
    row.theme_id = row.found_theme_id = theme_called("École").id
    session.commit()

    analyst.post(
        f"{base(consultation)}/decide", data={"verb": "confirm", "passage": row.passage_id}
    )

    row = state_of(session, passage("?"))
    assert (row.state, row.theme_id) == ("in_theme", theme_called("École").id)


@pytest.mark.parametrize(
    "sent",
    [
        {"verb": ""},
        {"verb": "confirm"},
        {"verb": "move"},
        {"verb": "set_aside", "state": "excluded"},
        {"verb": "split", "name_fr": "A"},
    ],
)
def test_what_is_unclear_is_refused_and_said_on_the_page(
    session: Session, analyst: Any, consultation: Any, passage: Any, sent: dict[str, str]
) -> None:
    chosen = {} if sent == {"verb": "confirm"} else {"passage": passage("care").id}

    answer = analyst.post(f"{base(consultation)}/decide", data=sent | chosen)

    assert answer.status_code == 422
    assert session.query(ThemeEvent).count() == 0


def test_all_of_a_filter_is_asked_first_then_done(
    session: Session, analyst: Any, consultation: Any, theme_called: Find
) -> None:
    care = theme_called("Soins")
    address = f"{base(consultation)}/decide?region=04&state=in_theme"
    sent = {"verb": "move", "to": care.id, "all": "1", "seen": "0"}

    asked = analyst.post(address, data=sent)

    assert asked.status_code == 200
    assert '<bdi dir="ltr">3</bdi> passages: all of this list' in asked.get_data(as_text=True)
    assert session.query(ThemeEvent).count() == 0
    answer = analyst.post(address, data=sent | {"sure": "1"})
    assert answer.status_code == 302
    session.expire_all()
    assert session.query(Placement).filter_by(theme_id=care.id, state="in_theme").count() == 3
    assert not compare(session, consultation.id)


def test_more_than_one_decision_may_take_is_refused(
    analyst: Any, consultation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.themes.workbench.acting.MOST_PASSAGES", 5)

    answer = analyst.post(f"{base(consultation)}/decide", data={"verb": "confirm", "all": "1"})

    assert answer.status_code == 422


def test_what_somebody_else_decided_is_never_written_over_silently(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, passage: Any, now: Any
) -> None:
    care = passage("care")
    seen = newest_event_id(session, consultation.id)
    move(session, System("Amina"), theme_called("École"), [care.id], now=now)
    roads = theme_called("Routes et pistes").id
    sent = {"verb": "move", "to": roads, "passage": care.id, "seen": seen}

    page = analyst.post(f"{base(consultation)}/decide", data=sent)

    assert page.status_code == 409
    text = page.get_data(as_text=True)
    assert "Amina: 1 passage moved to “École”" in text
    assert state_of(session, care).theme_id == theme_called("École").id
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    assert analyst.post(f"{base(consultation)}/decide", data=again).status_code == 302
    assert state_of(session, care).theme_id == roads


def test_the_script_is_told_of_the_clash_with_the_rows_as_they_are_now(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, passage: Any, now: Any
) -> None:
    care, school = passage("care"), theme_called("École")
    move(session, System("Amina"), school, [care.id], now=now)
    address = f"{base(consultation)}/decide?theme={school.id}"

    part = analyst.post(
        address,
        data={"verb": "pin", "passage": care.id, "seen": 0},
        headers=PART,
        unchecked=True,
    )

    assert part.status_code == 409
    text = part.get_data(as_text=True)
    assert "data-problem" in text
    assert f'id="p-{care.id}"' in text
    assert "clash" in text
    assert f'data-seen="{newest_event_id(session, consultation.id)}"' in text


def test_the_script_is_given_what_changed_and_a_way_back(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, passage: Any
) -> None:
    care, school = passage("care"), theme_called("École")
    address = f"{base(consultation)}/decide?theme={theme_called('Soins').id}"

    text = analyst.post(
        address,
        data={"verb": "move", "to": school.id, "passage": care.id, "seen": 0},
        headers=PART,
        unchecked=True,
    ).get_data(as_text=True)

    assert f'data-gone="{care.id}"' in text
    assert 'data-total="0"' in text
    assert 'data-part="tree-in"' in text
    event = re.search(r'name="event" value="(\d+)"', text)
    assert event is not None
    analyst.post(f"{base(consultation)}/undo", data={"event": event[1]})
    assert state_of(session, care).theme_id == theme_called("Soins").id


def test_the_last_own_decisions_are_taken_back_one_after_the_other(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, passage: Any, now: Any
) -> None:
    for words in ("care", "school: no"):
        sent = {"verb": "set_aside", "state": "off_topic", "passage": passage(words).id}
        analyst.post(f"{base(consultation)}/decide", data=sent)
    set_aside(
        session,
        System("Amina"),
        consultation.id,
        [passage("road: the").id],
        state="unreadable",
        now=now,
    )

    for _ in range(2):
        assert analyst.post(f"{base(consultation)}/undo").status_code == 302

    assert state_of(session, passage("care")).state == "in_theme"
    assert state_of(session, passage("school: no")).state == "in_theme"
    assert state_of(session, passage("road: the")).state == "unreadable"
    assert analyst.post(f"{base(consultation)}/undo").status_code == 409


def test_news_are_silent_until_there_are_some(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, passage: Any, now: Any
) -> None:
    seen = newest_event_id(session, consultation.id)
    address = f"{base(consultation)}/news?seen={seen}"
    assert analyst.get(address, headers=PART).status_code == 204

    move(session, System("Amina"), theme_called("École"), [passage("care").id], now=now)

    news = analyst.get(address, headers=PART, unchecked=True)
    assert news.status_code == 200
    assert "Amina: 1 passage moved to “École”" in news.get_data(as_text=True)


def test_a_merge_of_somebody_else_makes_the_list_be_read_anew(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, now: Any
) -> None:
    seen = newest_event_id(session, consultation.id)
    merge(session, System("Amina"), theme_called("Soins"), theme_called("École"), now=now)

    news = analyst.get(f"{base(consultation)}/news?seen={seen}", headers=PART, unchecked=True)

    assert "data-wide" in news.get_data(as_text=True)


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({"verb": "rename", "name_fr": "Santé", "name_ar": "الصحة"}, "rename"),
        ({"verb": "validate", "is_validated": "1"}, "validate"),
        ({"verb": "exclude", "reason": "Other ministry"}, "exclude"),
        ({"verb": "merge"}, "merge"),
    ],
)
def test_a_theme_is_decided_on_from_its_card(
    session: Session,
    analyst: Any,
    consultation: Any,
    theme_called: Find,
    sent: dict[str, Any],
    kind: str,
) -> None:
    care = theme_called("Soins")
    more = {"into": theme_called("École").id, "theme_seen": "0", "seen": "0"}

    answer = analyst.post(
        f"{base(consultation)}/themes/{care.id}?theme={care.id}", data=sent | more
    )

    assert answer.status_code == 302
    assert [event.kind for event in session.query(ThemeEvent)] == [kind]
    assert analyst.get(answer.location).status_code == 200


def test_a_theme_that_somebody_changed_meanwhile_is_not_renamed(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, now: Any
) -> None:
    care = theme_called("Soins")
    address = f"{base(consultation)}/themes/{care.id}?theme={care.id}"
    names = {"verb": "rename", "name_fr": "Santé", "name_ar": "الصحة", "theme_seen": "0"}
    analyst.post(address, data=names | {"seen": "0"})

    answer = analyst.post(address, data=names | {"name_fr": "Soin", "seen": "0"})

    assert answer.status_code == 409
    session.expire_all()
    assert session.get_one(Theme, care.id).name["fr"] == "Santé"


def test_examples_are_on_the_card(
    session: Session, analyst: Any, consultation: Any, theme_called: Find, passage: Any, now: Any
) -> None:
    pin(session, System(), consultation.id, [passage("care").id], now=now)

    page = analyst.get(f"{base(consultation)}?theme={theme_called('Soins').id}")

    card = page.get_data(as_text=True).partition('id="card"')[2]
    assert "Examples" in card
    assert "care: no doctor." in card
