"""Words of meetings: states and answers as people read them."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.db import Texts
from app.core.i18n import language
from app.meetings.models import Meeting, MinutePoint, MinutesState, Participant
from app.organisations.models import ActorType


def minutes_state(meeting: Meeting) -> str:
    """Say where the minutes stand."""
    words: dict[MinutesState, str] = {
        MinutesState.WRITING: _("being written"),
        MinutesState.CIRCULATED: _("before the participants"),
        MinutesState.SETTLED: _("settled"),
    }
    return words[MinutesState(meeting.minutes_state)]


def answer(participant: Participant) -> str:
    """Say what somebody answered."""
    if participant.answer == "yes":
        return str(_("comes, from afar") if participant.is_remote else _("comes"))
    if participant.answer == "no":
        return str(_("does not come"))
    return str(_("on the waiting list") if participant.answered_at else _("has not answered"))


def presence(participant: Participant) -> str:
    """Say whether somebody came."""
    if participant.was_present is None:
        return str(_("not noted"))
    return str(_("present") if participant.was_present else _("absent"))


def who(participant: Participant) -> str:
    """Name a participant: their name, their organisation, or both."""
    names = filter(None, (participant.name, participant.organisation_name))
    return str(_(", ")).join(names) or str(_("Without a name"))


def speaker(point: MinutePoint) -> str:
    """Say who made a contribution."""
    if point.speaker == "organisation":
        return point.organisation_name
    if point.speaker == "workshop" and point.workshop is not None:
        return str(_("Workshop: %(title)s", title=point.workshop.title.best(language().code)[0]))
    return str(_("The plenary"))


def actor_name(code: str) -> str:
    """Name a type of actor."""
    return Texts(ActorType(code).texts).best(language().code)[0]
