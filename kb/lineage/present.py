"""How many issues are present in each artifact: stated of that very record, never inherited. For cards of a picture."""

from collections import defaultdict

from kb.lineage.inherit import COUNTING, STARTS
from kb.lineage.load import World


def present_counts(world: World) -> dict[int, int]:
    """Return the number of issues present in each record that has any."""
    issues: dict[int, set[int]] = defaultdict(set)
    for issue, impacts in world.impacts.items():
        for impact in impacts:
            if impact.says in STARTS and impact.status in COUNTING:
                issues[int(world.graph.ids[impact.node])].add(issue)
    return {record: len(found) for record, found in issues.items()}
