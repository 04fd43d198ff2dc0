"""Grouping: a scene of any size becomes a picture of at most about 60 boxes.

Leaves that hang on the same parents and are of one kind are siblings; beyond 8 they share stacked cards, one for each
party and one for the rest. Where that is not enough, ever wider groups follow, largest first, and no further than needed.
The root and the ends of a traced path are never hidden.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

from kb.lineage.view.bundle import Parents, make_picture
from kb.lineage.view.clusters import Clusters
from kb.lineage.view.picture import Artifact, Limits, Picture, Scene, Words

Key = Callable[[int], object]
# A larger scene is not kept: it takes some 450 bytes for each artifact and step.
_KEPT_UP_TO = 30_000


def group(scene: Scene, words: Words, limits: Limits | None = None) -> Picture:
    """Make the picture of a scene; `words` are asked for the names and addresses of what is drawn.

    Raises ValueError where a step ends at a record that is not among the artifacts.
    """
    small = len(scene.artifacts) + len(scene.steps) <= _KEPT_UP_TO
    members, parents = (grouped if small else _group)(scene, limits or Limits())
    return make_picture(scene, members, parents, words)


def _group(scene: Scene, limits: Limits) -> tuple[tuple[tuple[int, ...], ...], Parents]:
    """Which records share a card, and each record's parents on the way to the root."""
    grouping = _Grouping(scene)
    grouping.share_cards_among_siblings(limits.siblings)
    grouping.widen(limits)
    return tuple(map(tuple, grouping.clusters.members.values())), MappingProxyType(grouping.parents)


# A picture is asked for again and again, also after editions that changed nothing in it.
grouped = lru_cache(maxsize=4)(_group)


class _Grouping:
    """The state of one grouping."""

    def __init__(self, scene: Scene) -> None:
        self.artifacts = {artifact.record: artifact for artifact in sorted(scene.artifacts, key=_outwards)}
        ends = {end for step in scene.steps for end in (step.child, step.parent)} | {scene.root}
        if missing := ends - set(self.artifacts):
            raise ValueError(f"Records {sorted(missing)[:5]} are ends of steps but not among the artifacts.")
        traced = {end for step in scene.steps if step.number in scene.traced for end in (step.child, step.parent)}
        self.clusters = Clusters(scene, frozenset(traced | {scene.root}))
        self.parents, self.goes_on = _ways(scene, self.artifacts)

    def share_cards_among_siblings(self, most: int) -> None:
        """Put leaves beyond `most` with the same parents into cards by party, and small parties into one card."""
        for siblings in self._alike(self._leaves(), lambda one: (self.artifacts[one].kind, self.parents[one])):
            if len(siblings) > most:
                for together in self._by_party(siblings, most):
                    self.clusters.merge(together)

    def _by_party(self, siblings: list[int], most: int) -> Iterator[list[int]]:
        parties = self._alike(siblings, lambda one: self.artifacts[one].party)
        large = [party for party in parties if len(party) > 1][: most - 1]
        rest = [one for party in parties[len(large) :] for one in party]
        yield from large
        if len(large) + len(rest) > most:
            yield rest

    def widen(self, limits: Limits) -> None:
        """Merge ever more widely until the picture is within its limits."""
        if self.clusters.fit(limits):
            return
        for candidates in self._wider():
            for together in candidates:
                self.clusters.merge(together)
                if self.clusters.fit(limits):
                    return
        self._merge_the_deep(limits)

    def _wider(self) -> Iterator[list[list[int]]]:
        """Siblings of any number; leaves of one nearest parent; siblings that lead on; then a level's kind, deepest first."""
        yield self._alike(self._leaves(), lambda one: (self.artifacts[one].kind, self._parents_now(one)))
        yield self._alike(self._leaves(), lambda one: (self.artifacts[one].kind, self._parents_now(one)[:1]))
        yield self._alike(self.clusters.free, lambda one: (self.artifacts[one].kind, self._parents_now(one)))
        levels = self._alike(self.clusters.free, lambda one: (self.artifacts[one].kind, self.artifacts[one].depth))
        yield sorted(levels, key=lambda level: -self.artifacts[level[0]].depth)

    def _merge_the_deep(self, limits: Limits) -> None:
        """Merge all of a kind from some level on; the deepest level that is enough is found by halving."""
        free = self.clusters.free
        levels = sorted({self.artifacts[one].depth for one in free})
        least, enough = 0, len(levels) - 1
        spare = max(limits.boxes - len(self.clusters.kept), 0)
        while least < enough:
            middle = (least + enough + 1) // 2
            deep = {self.artifacts[one].kind for one in free if self.artifacts[one].depth >= levels[middle]}
            above = sum(self.artifacts[one].depth < levels[middle] for one in free)
            least, enough = (middle, enough) if above + len(deep) <= spare else (least, middle - 1)
        for level in levels[least::-1]:
            deep_ones = [one for one in self.clusters.free if self.artifacts[one].depth >= level]
            for together in self._alike(deep_ones, lambda one: self.artifacts[one].kind):
                self.clusters.merge(together)
            if self.clusters.fit(limits):
                return

    def _leaves(self) -> list[int]:
        return [one for one in self.clusters.free if one not in self.goes_on]

    def _parents_now(self, record: int) -> tuple[int, ...]:
        return tuple(sorted({self.clusters.of[parent] for parent in self.parents[record]}))

    def _alike(self, records: Iterable[int], key: Key) -> list[list[int]]:
        """Sets of two or more records with the same key, and single ones, largest first; then by the first record."""
        sets: dict[object, list[int]] = defaultdict(list)
        for record in records:
            sets[key(record)].append(record)
        return sorted(sets.values(), key=lambda found: (-len(found), found[0]))


def _outwards(artifact: Artifact) -> tuple[int, int]:
    return (artifact.depth, artifact.record)


def _ways(scene: Scene, artifacts: dict[int, Artifact]) -> tuple[dict[int, tuple[int, ...]], frozenset[int]]:
    """Each record's parents on the way to the root, nearest first, and the records beyond which the lineage goes on."""
    ends = scene.ends()
    depth = {record: artifact.depth for record, artifact in artifacts.items()}
    nearer = sorted({(far, depth[near], near) for near, far in ends if depth[near] < depth[far]})
    parents: dict[int, tuple[int, ...]] = dict.fromkeys(artifacts, ())
    for record, ways in groupby(nearer, key=itemgetter(0)):
        parents[record] = tuple(map(itemgetter(2), ways))
    return parents, frozenset(near for near, far in ends if near != far)
