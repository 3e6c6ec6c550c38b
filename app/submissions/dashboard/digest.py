"""The state of a region's collection, told to its coordinators by e-mail, once a day at most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Grant, Role, User
from app.consultations.models import Consultation
from app.consultations.queries import all_consultations
from app.core.access import Role as RoleName
from app.core.clock import CIVIL_ZONE
from app.core.i18n import day as written_day
from app.core.i18n import in_language, plain_number
from app.core.mail import post, public_url
from app.submissions.collection import Collection, load_collection
from app.submissions.dashboard.targets import Targets, targets_of
from app.submissions.models import Digest, ModerationCase, Submission
from app.submissions.models.care import CaseState
from app.submissions.queries import Scope
from app.territories.models import Region

#: Silent provinces named in a letter; the page names all.
_MOST_NAMED = 8


@dataclass(frozen=True)
class Recipient:
    """A coordinator of a region."""

    user: User
    region: Region


def open_consultations(session: Session, *, now: datetime) -> list[Consultation]:
    """Return the consultations that take answers."""
    return [
        one for one in session.scalars(all_consultations()) if one.opens_at <= now < one.closes_at
    ]


def recipients(session: Session, consultation: Consultation) -> Iterator[Recipient]:
    """Yield the coordinators of the consultation's regions, once for each region."""
    rows = session.execute(
        select(User, Region)
        .join(Grant, Grant.user_id == User.id)
        .join(Role, Role.id == Grant.role_id)
        .join(Region, Region.code == Grant.region_code)
        .where(
            Role.name == RoleName.COORDINATOR.value,
            User.active,
            Grant.consultation_id.is_(None) | (Grant.consultation_id == consultation.id),
        )
        .distinct()
        .order_by(User.id, Region.code)
    )
    concerned = {region.code for region in consultation.regions}
    for user, region in rows:
        if not concerned or region.code in concerned:
            yield Recipient(user, region)


def send_digests(session: Session, *, now: datetime) -> int:
    """Put today's letters into the outbox, flushed, and return how many are new."""
    today = now.astimezone(CIVIL_ZONE).date()
    n_new = 0
    for consultation in open_consultations(session, now=now):
        for one in list(recipients(session, consultation)):
            n_new += _send(session, consultation, one, today=today, now=now)
    return n_new


def _send(
    session: Session, consultation: Consultation, to: Recipient, *, today: date, now: datetime
) -> bool:
    """Write one letter, unless today's is written; the unique row decides."""
    row = Digest(
        consultation_id=consultation.id,
        user_id=to.user.id,
        region_code=to.region.code,
        on=today,
        sent_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    post(
        session,
        key=f"submissions.digest:{consultation.id}:{to.user.id}:{to.region.code}:{today}",
        kind="submissions.digest",
        to=to.user.email,
        subject=subject_of(to.region),
        body=body_of(session, consultation, to.region, now=now),
        lang="fr",
        now=now,
    )
    return True


def subject_of(region: Region) -> str:
    """Return the subject, in both languages: the list of letters shows little more."""
    with in_language("ar"):
        arabic = _("Collection in %(region)s", region=region.name_ar)
    with in_language("fr"):
        french = _("Collection in %(region)s", region=region.name_fr)
    return f"{french} – {arabic}"


def body_of(session: Session, consultation: Consultation, region: Region, *, now: datetime) -> str:
    """Return the letter: in Arabic, then in French; nobody's language is on file."""
    scope = Scope(consultation.id, frozenset({region.code}))
    state = load_collection(session, scope, [region], now=now)
    targets = targets_of(session, consultation.id)
    n_cases = session.scalar(_waiting(scope)) or 0
    parts = []
    for lang in ("ar", "fr"):
        with in_language(lang):
            parts.append(
                "\n".join(_lines(consultation, region, state, targets, n_cases, lang=lang))
            )
    return "\n\n— — —\n\n".join(parts)


def _waiting(scope: Scope):  # type: ignore[no-untyped-def]
    """Select how many cases wait for a moderator."""
    return (
        select(func.count(ModerationCase.id))
        .join(Submission, Submission.id == ModerationCase.submission_id)
        .where(scope.condition, ModerationCase.state == CaseState.OPEN)
    )


def _lines(
    consultation: Consultation,
    region: Region,
    state: Collection,
    targets: Targets,
    n_cases: int,
    *,
    lang: str,
) -> Iterator[str]:
    """Yield the lines of the letter in the present language."""
    wanted = sum(number for (code, _group), number in targets.items() if code == region.code)
    n = plain_number
    yield _(
        "%(region)s, %(title)s",
        region=region.names.best(lang)[0],
        title=consultation.title.best(lang)[0],
    )
    yield ""
    total = ngettext(
        "%(count)s submission so far, %(week)s in the last seven days.",
        "%(count)s submissions so far, %(week)s in the last seven days.",
        state.total,
        count=n(state.total),
        week=n(state.last_week),
    )
    yield total
    if wanted:
        yield _(
            "Target: %(wanted)s. Still wanted: %(left)s.",
            wanted=n(wanted),
            left=n(max(wanted - state.total, 0)),
        )
    yield _("Open until %(date)s.", date=written_day(consultation.closes_at))
    if state.silent:
        named = [province.names.best(lang)[0] for province in state.silent[:_MOST_NAMED]]
        comma = "، " if lang == "ar" else ", "
        yield _("Nothing has come from: %(places)s.", places=comma.join(named))
        yield _("Organisations to call there:")
        yield public_url("submissions.calls", lang=lang, slug=consultation.slug)
    if n_cases:
        yield ngettext(
            "%(num)s case waits for a moderator.", "%(num)s cases wait for a moderator.", n_cases
        )
    yield ""
    yield _("The whole state of the collection:")
    yield public_url("submissions.collection", lang=lang, slug=consultation.slug)
