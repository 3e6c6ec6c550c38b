"""The way through a questionnaire for an organisation: who answers is known already."""

from __future__ import annotations

from app.consultations.models import Section
from app.submissions.models import Draft
from app.submissions.steps import Way

#: What the registry says, and no form of the common draft asks.
FROM_REGISTRY = ("actor_type", "organisation")


class PositionWay(Way):
    """The steps of a common draft: no section asks in what capacity one answers."""

    def is_first(self, section: Section) -> bool:  # noqa: ARG002  the same for every section
        """Say no: the registry answers that question."""
        return False


def position_way(draft: Draft, values: dict[str, object] | None = None) -> PositionWay:
    """Return the steps of a common draft."""
    said = draft.values if values is None else values
    return PositionWay(draft.questionnaire, said, draft.done_sections)
