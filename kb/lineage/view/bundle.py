"""Boxes of clusters and links of steps: which card stands for which records, which line for which steps."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kb.lineage.view.picture import Artifact, Box, Gathering, Link, Picture, Scene, Step, Words, least
from kb.records.kinds import KINDS
from kb.records.vocabularies import STATUSES

# Each record's parents on the way to the root, nearest first.
Parents = Mapping[int, tuple[int, ...]]


def make_picture(
    scene: Scene, clusters: Iterable[Iterable[int]], parents: Mapping[int, tuple[int, ...]], words: Words
) -> Picture:
    """Make boxes of the clusters and bundle the steps between them."""
    artifacts = {artifact.record: artifact for artifact in scene.artifacts}
    groups = [sorted(cluster) for cluster in clusters]
    place = {record: number for number, cluster in enumerate(groups) for record in cluster}
    inside, between = _sort_steps(scene, groups, place)
    bundles = sorted(between.values(), key=lambda steps: steps[0].number)
    members = [[artifacts[record] for record in cluster] for cluster in groups]
    words.bring(groups, {one for of in members for one in _parties(of)[:1]}, [steps[0].number for steps in bundles])
    boxes = [_box(of, scene, parents, words, tuple(sorted(inside[number]))) for number, of in enumerate(members)]
    links = [_link(steps, boxes, place, scene, words) for steps in bundles]
    return Picture(tuple(sorted(boxes, key=_nearest_first)), tuple(links), scene.direction)


Bundles = dict[tuple[int, int, str, bool], list[Step]]


def _sort_steps(scene: Scene, groups: list[list[int]], place: dict[int, int]) -> tuple[dict[int, list[int]], Bundles]:
    """Tell the steps inside a group from those between boxes; a single record's step to itself stays a link."""
    inside: dict[int, list[int]] = defaultdict(list)
    between: Bundles = defaultdict(list)
    for step in sorted(scene.steps, key=lambda step: step.number):
        source, target = place[step.parent], place[step.child]
        if source == target and len(groups[source]) > 1:
            inside[source].append(step.number)
        else:
            between[source, target, step.status, step.number in scene.traced].append(step)
    return inside, between


def _box(members: list[Artifact], scene: Scene, parents: Parents, words: Words, inside: tuple[int, ...]) -> Box:
    if len(members) > 1:
        return _stack(members, parents, words, inside)
    one = members[0]
    return Box(
        key=f"n{one.record}", kind=one.kind, title=words.title(one.record), sub=words.title(one.party) if one.party else "",
        href=words.href(one.record), records=(one.record,), depths=(one.depth, one.depth), focus=one.record == scene.root,
        present_issues=one.present_issues, undisclosed=int(one.undisclosed),
    )  # fmt: skip


def _stack(members: list[Artifact], parents: Parents, words: Words, inside: tuple[int, ...]) -> Box:
    """Make the card of a group. The same issue may be present in several members, so members are counted, not issues."""
    kind, records = members[0].kind, tuple(member.record for member in members)
    depths = [member.depth for member in members]
    span = (min(depths), max(depths))
    common = set.intersection(*(set(parents[record]) for record in records))
    gathering = Gathering(kind, tuple(sorted(common)), span, records)
    return Box(
        key=f"g{records[0]}", kind=kind, title=f"{len(members):,} {_plural(kind)}", sub=_makers(members, words),
        href=words.group_href(gathering), records=records, depths=span, inside=inside,
        present_issues=sum(member.present_issues > 0 for member in members),
        undisclosed=sum(member.undisclosed for member in members),
    )  # fmt: skip


def _parties(members: Iterable[Artifact]) -> list[int]:
    """The parties of some artifacts, where any are known."""
    return sorted({member.party for member in members if member.party})


def _makers(members: list[Artifact], words: Words) -> str:
    parties = _parties(members)
    if not parties:
        return "party not recorded"
    if len(parties) > 1:
        return f"{len(parties):,} parties"
    return words.title(parties[0]) + ("" if all(member.party for member in members) else " and unrecorded")


def _plural(kind: str) -> str:
    return KINDS[kind].plural.lower() if kind in KINDS else kind


def _link(steps: list[Step], boxes: list[Box], place: dict[int, int], scene: Scene, words: Words) -> Link:
    first = steps[0]
    source, target = boxes[place[first.parent]], boxes[place[first.child]]
    return Link(
        source=source.key, target=target.key, numbers=tuple(step.number for step in steps), status=first.status,
        carries=least({step.carries for step in steps}), href=words.step_href(first.number),
        says=_says(steps, source, target, words), traced=first.number in scene.traced,
    )  # fmt: skip


def _says(steps: list[Step], source: Box, target: Box, words: Words) -> str:
    """Say what a line stands for, with its status, as its badge is read out."""
    first, status = steps[0], STATUSES.label(steps[0].status)
    if len(steps) > 1:
        return f"Evidence {first.number} and {len(steps) - 1:,} more: from {source.title} to {target.title}. {status}."
    return f"Evidence {first.number}: {words.step_says(first.number)}. {status}."


def _nearest_first(box: Box) -> tuple[bool, tuple[int, int], int]:
    return (not box.focus, box.depths, box.records[0])
