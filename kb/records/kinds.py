"""The registry of record kinds: what a thing can be, how it is written and where it stands.

Adding a kind is adding a row here and, where it has fields of its own, a detail table.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    `letter` stands in the permanent id (`UP-D-7`), `path` is the plural in addresses,
    `artifact` says whether lineage flows through records of this kind.
    """

    code: str
    letter: str
    label: str
    plural: str
    path: str
    definition: str
    artifact: bool = False


_ALL = (
    Kind(
        "dataset", "D", "Dataset", "Datasets", "datasets",
        "A collection of data, or an index that points to data, that models are built from.", artifact=True,
    ),
    Kind(
        "model", "M", "Model", "Models", "models",
        "A trained model, a version of one, or a family of versions.", artifact=True,
    ),
    Kind(
        "product", "P", "Product", "Products", "products",
        "An application or service that people use.", artifact=True,
    ),
    Kind(
        "issue", "I", "Issue", "Issues", "issues",
        "A finding or concern about artifacts, with who found it and what it affects.",
    ),
    Kind(
        "report", "R", "Report", "Reports", "reports",
        "A document that evidence can cite: study, article, model card, court filing, statement or database entry.",
    ),
    Kind(
        "legislation", "L", "Law", "Laws and bills", "legislation",
        "A bill, act or regulation.",
    ),
    Kind(
        "party", "A", "Party", "Parties", "parties",
        "An organisation, public body, person with a public role, or affected group.",
    ),
    Kind(
        "unresolved", "X", "Unresolved", "Unresolved names", "unresolved",
        "A name that a source uses for an artifact whose kind nobody has said yet. It carries lineage and is counted apart.",
        artifact=True,
    ),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.code: kind for kind in _ALL}
KINDS_BY_LETTER: dict[str, Kind] = {kind.letter: kind for kind in _ALL}
KINDS_BY_PATH: dict[str, Kind] = {kind.path: kind for kind in _ALL}

ARTIFACTS = frozenset(kind.code for kind in _ALL if kind.artifact)
EVERY_KIND = frozenset(KINDS)
