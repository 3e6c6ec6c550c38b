"""The staff menu: each entry is there for those whom its page's access rule admits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation
from app.consultations.queries import all_consultations
from app.core.access import STAFF, Role, rule_of
from app.core.db import db
from app.themes.proposals.queries import n_open_proposals

ROLE_LABELS = {
    Role.ADMINISTRATOR: _l("administrator"),
    Role.ANALYST: _l("analyst"),
    Role.COORDINATOR: _l("regional coordinator"),
    Role.MODERATOR: _l("moderator"),
    Role.DATA_ENTRY: _l("data entry"),
    Role.OBSERVER: _l("observer"),
}


@dataclass(frozen=True)
class Entry:
    """A page of the staff area.

    :ivar group: the part of the work that it belongs to, a key of :data:`GROUPS`.
    :ivar in_consultation: whether its address carries a consultation's slug.
    :ivar n_waiting: counts what waits there for a decision.
    """

    group: str
    key: str
    endpoint: str
    label: Any
    hint: Any
    in_consultation: bool = True
    n_waiting: Callable[[Session, int], int] | None = None


GROUPS = {
    "collect": _l("Collect"),
    "analyse": _l("Understand"),
    "publish": _l("Publish"),
    "administer": _l("Administer"),
}

ENTRIES = (
    Entry(
        "collect",
        "questionnaire",
        "consultations.questionnaire",
        _l("Questionnaire"),
        _l("Write what is asked, in both languages; bring in or give out an XLSForm."),
    ),
    Entry(
        "collect",
        "collection",
        "submissions.collection",
        _l("Collection"),
        _l("Who answers, from where, day by day; which provinces are silent."),
    ),
    Entry(
        "collect",
        "submissions",
        "submissions.index",
        _l("Submissions"),
        _l("Read every answer, in the words in which it was written; search and filter."),
    ),
    Entry(
        "collect",
        "moderation",
        "submissions.moderation",
        _l("Moderation"),
        _l("Decide what is shown of what was said, and say why."),
    ),
    Entry(
        "collect",
        "meetings",
        "meetings.index",
        _l("Meetings"),
        _l("Invite, take attendance, write the minutes, have them validated."),
    ),
    Entry(
        "collect",
        "imports",
        "submissions.imports",
        _l("Imports"),
        _l("Bring in answers from a file, after a dry run."),
    ),
    Entry(
        "collect",
        "requests",
        "submissions.requests",
        _l("Requests"),
        _l("Answer in time what people ask about their data."),
    ),
    Entry(
        "collect",
        "paper",
        "submissions.paper",
        _l("Paper forms"),
        _l("Print forms, type in those that come back, record what people say aloud."),
    ),
    Entry(
        "analyse",
        "analyses",
        "themes.runs",
        _l("Analyses"),
        _l("Start an analysis, follow it, see those made before."),
    ),
    Entry(
        "analyse",
        "themes",
        "themes.index",
        _l("Themes"),
        _l("Review the themes found: rename, merge, exclude, restore."),
    ),
    Entry(
        "analyse",
        "workbench",
        "themes.workbench",
        _l("Workbench"),
        _l("Go through the passages, theme by theme: confirm, move, set aside, split."),
    ),
    Entry(
        "analyse",
        "queue",
        "themes.queue",
        _l("Review queue"),
        _l("One passage at a time, the most worth a look first."),
    ),
    Entry(
        "analyse",
        "proposals",
        "themes.proposals",
        _l("Proposals"),
        _l("What a new analysis would change in your themes: accept it or refuse it."),
        n_waiting=n_open_proposals,
    ),
    Entry(
        "analyse",
        "decisions",
        "themes.decisions",
        _l("Decisions"),
        _l("Everything that was decided on themes and passages; take it back."),
    ),
    Entry(
        "analyse",
        "reliability",
        "themes.reliability",
        _l("Reliability"),
        _l("Code a sample blind; see how far people and the machine agree."),
    ),
    Entry(
        "analyse",
        "codebook",
        "themes.codebook",
        _l("Codebook"),
        _l("Read what each theme is about, with its rules and examples; give it out, bring it in."),
    ),
    Entry(
        "analyse",
        "explore",
        "themes.map",
        _l("Explore"),
        _l("A map of themes, who says what and where, words in their context."),
    ),
    Entry(
        "publish",
        "reports",
        "reports.index",
        _l("Reports"),
        _l("Write the report from a first draft, have two people approve it, publish it."),
    ),
    Entry(
        "publish",
        "answers",
        "commitments.answers",
        _l("Answers"),
        _l("Answer each theme of the synthesis once, in both languages."),
    ),
    Entry(
        "publish",
        "measures",
        "commitments.tracker",
        _l("Commitments"),
        _l("Write down measures and conventions, say how far they are, see which are late."),
    ),
    Entry(
        "administer",
        "organisations",
        "organisations.index",
        _l("Organisations"),
        _l("The registry of territorial actors: verify them, give mandates, import a list."),
        in_consultation=False,
    ),
    Entry(
        "administer",
        "people",
        "accounts.index",
        _l("People"),
        _l("Accounts and roles, by region and consultation."),
        in_consultation=False,
    ),
    Entry(
        "administer",
        "partners",
        "api.partners",
        _l("Partners"),
        _l("Who may send answers by the interface for programs, and their tokens."),
        in_consultation=False,
    ),
    Entry(
        "administer",
        "letters",
        "mail.index",
        _l("Letters"),
        _l("E-mails that wait, that left, that were refused."),
        in_consultation=False,
    ),
    Entry(
        "administer",
        "audit",
        "accounts.audit",
        _l("Audit log"),
        _l("Who did what, and when."),
        in_consultation=False,
    ),
)


@dataclass(frozen=True)
class Link:
    """An entry at its address."""

    group: str
    key: str
    href: str
    label: Any
    hint: Any
    n_waiting: int = 0


def links(user: Any, consultation: Consultation | None, *, general: bool = True) -> Iterator[Link]:
    """Yield the entries that ``user`` may open, those of a consultation if there is one."""
    for entry in ENTRIES:
        if not _admits(entry.endpoint, user):
            continue
        if not entry.in_consultation:
            if general:
                yield Link(entry.group, entry.key, url_for(entry.endpoint), entry.label, entry.hint)
        elif consultation is not None:
            href = url_for(entry.endpoint, slug=consultation.slug)
            waiting = entry.n_waiting
            n = waiting(db.session(), consultation.id) if waiting is not None else 0
            yield Link(entry.group, entry.key, href, entry.label, entry.hint, n)


@dataclass(frozen=True)
class Group:
    """The pages of one part of the work."""

    key: str
    label: Any
    links: list[Link]

    def holds(self, key: str) -> bool:
        """Tell whether a page is among them."""
        return any(link.key == key for link in self.links)


def menu(user: Any, consultation: Consultation | None) -> list[Group]:
    """Return the menu: the groups in which ``user`` may open something."""
    found = list(links(user, consultation))
    groups = [
        Group(key, label, [link for link in found if link.group == key])
        for key, label in GROUPS.items()
    ]
    return [group for group in groups if group.links]


def general_links(user: Any) -> list[Link]:
    """Return the entries that belong to no consultation."""
    return list(links(user, None))


def _admits(endpoint: str, user: Any) -> bool:
    """Tell whether the page exists and its rule admits the person."""
    if endpoint not in current_app.view_functions or not user.is_authenticated:
        return False
    rule = rule_of(current_app, endpoint)
    return rule is not None and rule.admits(user.role_names)


def own_consultations(session: Session, user: User) -> list[Consultation]:
    """Return the consultations in which a person holds a role, the newest first."""
    return [
        one
        for one in session.scalars(all_consultations())
        if any(
            grant.consultation_id in {None, one.id} and grant.role.name in STAFF
            for grant in user.grants
        )
    ]


def role_labels(user: User) -> list[str]:
    """Return the names of a person's roles, in the order of :class:`Role`."""
    return [str(ROLE_LABELS[role]) for role in Role if role in user.role_names]
