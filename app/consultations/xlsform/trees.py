"""The normal form of condition trees: what reading a written expression gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Tree = dict[str, Any]

#: The condition that always holds.
TRUE: Tree = {}


def simplify(tree: Mapping[str, Any] | None) -> Tree:
    """Return the shortest tree that says the same: what reading the written expression gives."""
    if not tree:
        return {}
    parts: list[Tree] = []
    if "all" in tree:
        parts += [simplify(part) for part in tree["all"]]
    if "any" in tree:
        parts.append(any_of([simplify(part) for part in tree["any"]]))
    if "not" in tree:
        parts.append({"not": simplify(tree["not"])})
    if "actor_type" in tree:
        parts.append({"actor_type": list(tree["actor_type"])})
    parts += _tests(tree)
    return all_of(parts)


def _tests(tree: Mapping[str, Any]) -> Iterator[Tree]:
    """Yield each test of an answer by itself."""
    head = {name: tree[name] for name in ("question", "item") if name in tree}
    if "is" in tree:
        yield {**head, "is": [str(code) for code in tree["is"]]}
    for name in ("op", "count", "length"):
        if name in tree:
            has_value = name != "op" or tree["op"] not in {"answered", "empty"}
            yield {**head, name: tree[name], **({"value": tree["value"]} if has_value else {})}


def all_of(parts: list[Tree]) -> Tree:
    """Join conditions that must hold together, without needless levels."""
    flat: list[Tree] = []
    for part in parts:
        for one in part["all"] if set(part) == {"all"} else [part] if part else []:
            if flat and (joined := _differs(flat[-1], one)):
                flat[-1] = joined
            else:
                flat.append(one)
    return flat[0] if len(flat) == 1 else {"all": flat} if flat else TRUE


def _differs(first: Tree, second: Tree) -> Tree | None:
    """Return "answered, and not this" as the one test that it is."""
    equal = second.get("not")
    if not isinstance(equal, dict) or equal.get("op") != "=":
        return None
    head = {name: equal[name] for name in ("question", "item") if name in equal}
    if first != {**head, "op": "answered"}:
        return None
    return {**head, "op": "!=", "value": equal["value"]}


def any_of(parts: list[Tree]) -> Tree:
    """Join alternatives, without needless levels; codes of one answer side by side become one."""
    if TRUE in parts:
        return TRUE
    flat: list[Tree] = []
    for part in parts:
        for one in part["any"] if set(part) == {"any"} else [part]:
            if flat and (joined := _either(flat[-1], one)):
                flat[-1] = joined
            else:
                flat.append(one)
    return flat[0] if len(flat) == 1 else {"any": flat}


def _either(first: Tree, second: Tree) -> Tree | None:
    """Return two lists of codes of the same answer as one."""
    for name in ("is", "actor_type"):
        if name in first and name in second:
            rest = {key: value for key, value in first.items() if key != name}
            if rest == {key: value for key, value in second.items() if key != name}:
                return {**rest, name: [*first[name], *second[name]]}
    return None
