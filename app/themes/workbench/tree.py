"""The tree of the workbench: themes under their parents, with what there is in each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.core.db import db
from app.core.moment import for_a_moment
from app.themes.ledger.recording import newest_event_id
from app.themes.models import PassageState, Theme
from app.themes.workbench import queries
from app.themes.workbench.queries import Bench

#: Languages told apart in the mix, and which others each stands for.
MIX = {"fr": "fr", "ar": "ar", "ar-MA": "darija", "ary-Latn": "darija"}
MIX_KEYS = ("fr", "ar", "darija", "other")
#: Seconds for which counts are remembered; every decision makes new ones at once.
_REMEMBERED = 30.0
#: The same for the mix of languages, which takes longer to count than single decisions change it.
_MIX_REMEMBERED = 60.0

Counted = tuple[tuple[int | None, str, int, int], ...]
Mixed = tuple[tuple[int, str, int], ...]


@dataclass
class Node:
    """A theme of the tree.

    :ivar n_passages: those that count for it (merged themes included), without copies.
    :ivar n_open: those of them that nobody has reviewed.
    :ivar n_near: those to arbitrate of which it is the nearest theme.
    :ivar mix: passages by language, keys of :data:`MIX_KEYS`.
    :ivar number: its place in the tree, by which the keyboard chooses it.
    """

    theme: Theme
    n_passages: int = 0
    n_open: int = 0
    n_near: int = 0
    n_copies: int = 0
    mix: Counter[str] = field(default_factory=Counter)
    children: list[Node] = field(default_factory=list)
    number: int = 0

    def shares(self) -> list[tuple[str, float]]:
        """Return the share of each language that there is, in a fixed order."""
        total = sum(self.mix.values())
        return [(key, self.mix[key] / total) for key in MIX_KEYS if self.mix[key]]


@dataclass
class Tree:
    """All entries of the tree.

    :ivar nodes: the themes without a parent, largest first, with those under them.
    :ivar states: passages in each state, all six.
    """

    nodes: list[Node]
    states: dict[PassageState, int]
    n_open: int = 0

    @property
    def n_passages(self) -> int:
        """All passages."""
        return sum(self.states.values())

    def walk(self) -> Iterable[Node]:
        """Yield all themes in the order in which they are drawn."""
        for node in self.nodes:
            yield from _below(node)

    def find(self, theme_id: int | None) -> Node | None:
        """Return the entry of a theme."""
        return next((node for node in self.walk() if node.theme.id == theme_id), None)


def _below(node: Node) -> Iterable[Node]:
    """Yield a theme and those under it."""
    yield node
    for child in node.children:
        yield from _below(child)


def load_tree(session: Session, bench: Bench) -> Tree:
    """Return the tree as the reader may see it."""
    run = bench.run
    newest = newest_event_id(session, run.consultation_id)
    return _built(
        bench,
        _counts(run.id, run.consultation_id, bench.regions, newest),
        _mixes(run.id, run.consultation_id, bench.regions),
    )


@for_a_moment(_REMEMBERED)
def _counts(
    run_id: int,
    consultation_id: int,
    regions: frozenset[str] | None,
    newest: int,  # noqa: ARG001  part of the key: a decision makes new counts
) -> Counted:
    """Count the passages of a run by theme, state and whether they were reviewed."""
    rows = db.session.execute(queries.counted(run_id, consultation_id, regions))
    return tuple((row[0], row[1], row[2], row[3]) for row in rows)


@for_a_moment(_MIX_REMEMBERED)
def _mixes(run_id: int, consultation_id: int, regions: frozenset[str] | None) -> Mixed:
    """Count the passages of a run's themes by language."""
    rows = db.session.execute(queries.mixed(run_id, consultation_id, regions))
    return tuple((row[0], row[1], row[2]) for row in rows)


def _built(bench: Bench, counted: Counted, mixed: Mixed) -> Tree:
    """Make the tree of the counts."""
    nodes = {
        theme.id: Node(theme)
        for theme in bench.themes.values()
        if theme.state == "active" and theme.key_fr is not None
    }
    states: Counter[str] = Counter()
    n_open = 0
    for found_id, language, n in mixed:
        node = nodes.get(bench.roots.get(found_id, 0))
        if node is not None:
            node.mix[MIX.get(language, "other")] += n
    for theme_id, state, n, n_reviewed in counted:
        states[state] += n
        n_open += n - n_reviewed if state in {"in_theme", "to_arbitrate"} else 0
        node = nodes.get(bench.roots.get(theme_id or 0, 0))
        if node is not None:
            _add(node, state, n, n_reviewed)
    tree = Tree(_nested(nodes), {state: states[state.value] for state in PassageState}, n_open)
    for number, node in enumerate(tree.walk(), 1):
        node.number = number
    return tree


def _add(node: Node, state: str, n: int, n_reviewed: int) -> None:
    """Count passages for a theme."""
    if state == PassageState.IN_THEME:
        node.n_passages += n
        node.n_open += n - n_reviewed
    elif state == PassageState.TO_ARBITRATE:
        node.n_near += n
    elif state == PassageState.COPY:
        node.n_copies += n


def _nested(nodes: dict[int, Node]) -> list[Node]:
    """Put the themes under their parents, largest first."""
    under: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes.values():
        parent = node.theme.parent_id
        under[parent if parent in nodes else None].append(node)
    for number, children in under.items():
        children.sort(key=lambda node: (-node.n_passages, node.theme.id))
        if number is not None:
            nodes[number].children = children
    return under[None]
