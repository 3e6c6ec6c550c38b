"""Collecting claims."""

from __future__ import annotations

from typing import Any

from app.reports.claims.dataset import Dataset, Query
from app.reports.claims.wording import Names, all_written


class Maker:
    """Writes claims down: asks their evidence, makes their sentences.

    :ivar data: what they are asked of.
    """

    def __init__(self, body: dict[str, Any], data: Dataset) -> None:
        self.data = data
        self._claims: dict[str, dict[str, Any]] = {}
        self._names = Names(body)

    def add(
        self,
        identity: str,
        kind: str,
        template: str,
        *,
        queries: dict[str, Query],
        result: dict[str, Any],
        themes: list[int] | None = None,
        about: dict[str, Any] | None = None,
        proof: Query | None = None,
    ) -> None:
        """Add a claim.

        :param result: the values as the body has them, under the names of the queries; they are
            counted a second time, by the queries, when the report is proved.
        :param proof: what the passages that prove it are; none for what words cannot prove.
        :raises ValueError: if there is one of that name, or names of results and queries differ.
        """
        if identity in self._claims:
            raise ValueError(f"Two claims are called {identity!r}.")
        if queries.keys() != result.keys():
            raise ValueError(f"{identity!r} has results without a query, or the reverse.")
        self._claims[identity] = {
            "id": identity,
            "kind": kind,
            "template": template,
            "themes": themes or [],
            "about": about or {},
            "queries": queries,
            "result": result,
            "evidence": self.data.evidence(proof) if proof is not None else None,
        }

    def finished(self) -> list[dict[str, Any]]:
        """Return the claims with their sentences.

        :raises ValueError: if one makes no sentence.
        """
        claims = list(self._claims.values())
        for claim, sentence in zip(claims, all_written(claims, self._names), strict=True):
            if not sentence:
                raise ValueError(f"{claim['id']!r} makes no sentence.")
            claim["sentence"] = sentence
        return claims
