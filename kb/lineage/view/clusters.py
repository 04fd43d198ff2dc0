"""Clusters of artifacts that share one card, and the count of links that remain between them.

What may be merged is decided in `group.py`; here merging is bookkeeping.
"""

from collections.abc import Iterable

from kb.lineage.view.picture import Limits, Scene


class Clusters:
    """A partition of a scene's records. A cluster is known by the first of its records."""

    def __init__(self, scene: Scene, kept: frozenset[int]) -> None:
        self.kept = kept
        self.of = {artifact.record: artifact.record for artifact in scene.artifacts}
        self.members = {record: [record] for record in self.of}
        self._joined = {(near, far, step.status) for (near, far), step in zip(scene.ends(), scene.steps, strict=True)}

    def merge(self, records: Iterable[int]) -> None:
        """Put the clusters of some records into one."""
        clusters = sorted({self.of[record] for record in records})
        first, rest = clusters[0], clusters[1:]
        for cluster in rest:
            moved = self.members.pop(cluster)
            self.members[first].extend(moved)
            self.of.update(dict.fromkeys(moved, first))

    @property
    def free(self) -> list[int]:
        """The clusters that may be merged: all but the root and the traced path."""
        return [cluster for cluster in self.members if cluster not in self.kept]

    def fit(self, limits: Limits) -> bool:
        """Whether boxes and links are few enough. What must be shown comes on top of the limit."""
        if len(self.members) > max(limits.boxes, len(self.kept) + 1):
            return False
        between = ((self.of[near], self.of[far], status) for near, far, status in self._joined)
        self._joined = {(near, far, status) for near, far, status in between if near != far}
        return len(self._joined) <= limits.links
