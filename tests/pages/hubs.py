"""Datasets from which very much was made, published in one edition."""

from kb.records import changes as do
from tests import build


def make_hub(name: str, children: int, *, a_product_for_each: int = 0) -> str:
    """Publish a dataset with so many models, and a product for each so many of them, and return its slug."""
    report = build.report()
    evidence = do.EvidenceDraft(report=report.id, kind="journalism", gist="The source says so.", stance="supports")
    made: list[do.Change] = [do.CreateRecord(ref="hub", kind="dataset", name=name)]
    for one in range(children):
        made.append(do.CreateRecord(ref=f"m{one}", kind="model", name=f"{name} model {one:04}"))
        made.append(do.AddStatement(subject=f"m{one}", predicate="trained_on", object="hub", evidence=(evidence,)))
        if a_product_for_each and one % a_product_for_each == 0:
            made.append(do.CreateRecord(ref=f"p{one}", kind="product", name=f"{name} product {one}"))
            made.append(do.AddStatement(subject=f"p{one}", predicate="uses_model", object=f"m{one}", evidence=(evidence,)))
    build.publishing(*made)
    return name.lower()
