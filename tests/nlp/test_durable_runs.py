"""Any decisions, over many runs with other texts: a plain account of them must always hold."""

from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nlp.durable import (
    Create,
    Exclude,
    Merge,
    Move,
    Part,
    Pin,
    Rename,
    Restore,
    Retire,
    Split,
    Validate,
    decision_from_dict,
)
from tests.nlp.durable_world import World

N_RUNS = 20
WORLD = World(150, 5, noise=0.22, seed=3)


class Account:
    """What people were promised, kept in the plainest way, beside the log itself."""

    def __init__(self, draw):
        """Begin with nothing decided."""
        self.draw = draw
        self.numbers = count()
        self.log = []
        self.names = {}
        self.living = set()
        self.became = {}
        self.place = {}
        self.excluded = set()

    def name(self, key, name_fr):
        """Note a French name and that its theme must live."""
        self.living.add(key)
        if name_fr is not None:
            self.names[key] = name_fr

    def now(self, keys):
        """Return the living themes that some keys stand for."""
        found = set()
        for key in keys:
            found |= self.now(self.became[key]) if key in self.became else {key}
        return found

    def end(self, key, heirs):
        """Note that a theme ended."""
        self.living.discard(key)
        self.became[key] = set(heirs)

    def some(self, refs, most=3):
        """Draw some passages."""
        return tuple(
            self.draw(st.lists(st.sampled_from(refs), min_size=1, max_size=most, unique=True))
        )

    def decide(self, run):
        """Take a decision that makes sense after a run, and note what it promises."""
        keys = sorted((set(run.carried.keys) | self.living) - set(self.became))
        kinds = ["exclude", "create"]
        kinds += ["rename", "move", "pin", "split", "retire", "validate"] if keys else []
        kinds += ["merge"] if len(keys) > 1 else []
        kinds += ["restore"] if self.excluded else []
        kind = self.draw(st.sampled_from(kinds))
        key = self.draw(st.sampled_from(keys)) if keys else None
        number = next(self.numbers)
        getattr(self, kind)(f"d{number}", f"k{number}", key, keys)

    def rename(self, name, _new, key, _keys):
        """Name a theme."""
        self.log.append(Rename(name, key, name_fr=f"Nom {name}"))
        self.name(key, f"Nom {name}")

    def validate(self, name, _new, key, _keys):
        """Declare a theme good."""
        self.log.append(Validate(name, key))
        self.living.add(key)

    def retire(self, name, _new, key, _keys):
        """End a theme."""
        self.log.append(Retire(name, key))
        self.end(key, ())

    def merge(self, name, _new, key, keys):
        """Merge another theme into this one."""
        other = self.draw(st.sampled_from([one for one in keys if one != key]))
        self.log.append(Merge(name, (other,), key))
        self.living.add(key)
        self.end(other, (key,))

    def move(self, name, _new, key, _keys):
        """Move passages."""
        refs = self.some(WORLD.refs)
        self.log.append(Move(name, refs, key))
        self.living.add(key)
        self.place.update(dict.fromkeys(refs, key))

    def pin(self, name, _new, key, _keys):
        """Pin passages."""
        refs = self.some(WORLD.refs)
        self.log.append(Pin(name, refs, key))
        self.living.add(key)
        self.place.update(dict.fromkeys(refs, key))

    def exclude(self, name, _new, _key, _keys):
        """Exclude passages."""
        refs = self.some(WORLD.refs)
        self.log.append(Exclude(name, refs, "Hors sujet"))
        self.excluded |= set(refs)

    def restore(self, name, _new, _key, _keys):
        """Restore passages."""
        refs = self.some(sorted(self.excluded))
        self.log.append(Restore(name, refs))
        self.excluded -= set(refs)

    def create(self, name, new, _key, _keys):
        """Make a theme by hand."""
        refs = self.some(WORLD.refs)
        self.log.append(Create(name, new, refs, f"Fait à la main {name}"))
        self.name(new, f"Fait à la main {name}")
        self.place.update(dict.fromkeys(refs, new))

    def split(self, name, new, key, _keys):
        """Divide a theme."""
        seeds = self.draw(
            st.lists(st.sampled_from(WORLD.refs), min_size=2, max_size=4, unique=True)
        )
        rest = self.draw(st.sampled_from(["divide", "keep"]))
        groups = {f"{new}a": tuple(seeds[::2]), f"{new}b": tuple(seeds[1::2])}
        parts = tuple(Part(part, refs, f"Part {part}") for part, refs in groups.items())
        self.log.append(Split(name, key, parts, rest))
        for part, refs in groups.items():
            self.name(part, f"Part {part}")
            self.place.update(dict.fromkeys(refs, part))
        if rest == "divide":
            self.end(key, groups)
        else:
            self.living.add(key)

    def check(self, run):
        """Compare a run with what was promised."""
        themes = run.themes
        assert self.living <= set(themes)
        assert not set(self.became) & set(themes)
        assert {key: themes[key].name_fr for key in self.names if key in self.living} == {
            key: name for key, name in self.names.items() if key in self.living
        }
        assert {key: set(now) for key, now in run.carried.forwards.items()} == {
            key: self.now([key]) for key in self.became
        }
        for row, ref in enumerate(run.refs):
            self.check_passage(run, row, ref)

    def check_passage(self, run, row, ref):
        """Compare where a passage is with where it was put; it is in one state exactly."""
        label, is_out = run.carried.labels[row], bool(run.carried.excluded[row])
        assert is_out == (ref in self.excluded)
        assert (label >= 0) != is_out
        assert 0 <= run.carried.margins[row] <= 1
        promised = self.now([self.place[ref]]) if ref in self.place else set()
        assert run.carried.forced[row] == (bool(promised) and not is_out)
        if promised and not is_out:
            assert run.of[ref] in promised


def seen_texts(draw):
    """Draw which texts a run sees, in any order, and the clusters it finds."""
    seed = draw(st.integers(0, 10**6))
    generator = np.random.default_rng(seed)
    rows = generator.permutation(len(WORLD.refs))[: draw(st.integers(20, len(WORLD.refs)))]
    n_clusters = draw(st.integers(1, 5))
    return rows, WORLD.machine(rows, seed, n_clusters=n_clusters, shake=0.3)


# Shrinking twenty runs takes minutes and says little.
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_what_people_decided_holds_after_any_number_of_runs(data):
    account = Account(data.draw)
    run = WORLD.run(*seen_texts(data.draw))
    for _ in range(N_RUNS):
        for _ in range(data.draw(st.integers(0, 2))):
            account.decide(run)
        rows, labels = seen_texts(data.draw)
        log = [decision_from_dict(decision.to_dict()) for decision in account.log]
        before = run.earlier
        run = WORLD.run(rows, labels, before, log)
        account.check(run)
        order = np.argsort(labels, kind="stable")[::-1]
        assert WORLD.run(rows[order], labels[order], before, log + log[:1]).of == run.of
        again = WORLD.run(rows, labels, run.earlier, log)
        assert again.of == run.of
        assert again.carried.keys == run.carried.keys


@pytest.mark.parametrize("seed", range(3))
def test_themes_nobody_touched_do_not_flicker_over_many_runs(seed):
    rows = np.arange(100)
    run = WORLD.run(rows, WORLD.truth[rows])
    generator = np.random.default_rng(seed)
    for at in range(N_RUNS):
        rows = np.sort(generator.permutation(150)[:140])
        labels = WORLD.machine(rows, seed * 100 + at, shake=0.15)
        run = WORLD.run(rows, labels, run.earlier)
        assert run.carried.moved.mean() < 0.03
        assert len(run.carried.themes) <= 7
