"""Which terms of a question are worth looking up in a large index."""

from __future__ import annotations

from collections.abc import Mapping

from search.analysis import EXACT, PAIR
from search.understanding.plan import Plan

#: So many postings are read for a question: what a look-up costs grows with them, and common words tell little.
POSTINGS = 8_000


def affordable(plan: Plan, documents: Mapping[str, int]) -> list[str]:
    """Return the terms of ``plan`` but for those that are too common to be looked up.

    Neighbours and rare words stay; words without marks go first where the word with its marks or its neighbours are looked
    up, the commonest before all others. The rarest term always stays.

    Args:
        plan: the question.
        documents: term → pages that hold it.
    """
    costs = {term: documents.get(term, 0) for term in plan.terms if not term.startswith(PAIR)}
    left = POSTINGS - sum(costs.values())
    if left >= 0 or len(costs) < 2:
        return list(plan.terms)
    marked = {word.folded for word in plan.words if word.exact != word.folded}
    paired = {plan.words[i].folded for pair in plan.pairs for i in pair}
    dropped: set[str] = set()

    def telling(term: str) -> tuple[bool, bool, int]:
        bare = term.removeprefix(EXACT)
        return (term in marked, bare in paired or term.startswith(EXACT), costs[term])

    rarest = min(costs, key=lambda term: costs[term])
    for term in sorted(costs, key=telling, reverse=True):
        if left >= 0:
            break
        if term != rarest:
            dropped.add(term)
            left += costs[term]
    return [term for term in plan.terms if term not in dropped]
