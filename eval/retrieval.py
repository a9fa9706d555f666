"""How well the search ranks the evidence, by the measures of the field (ir_measures, on top of trec_eval).

The first passage that holds a piece of evidence is relevant, as often as it holds new pieces; a piece that no passage
holds stands for a relevant passage that was not found.

    recall_at_k   share of the evidence that the first k passages hold          (ir_measures SetR)
    mrr           1 / rank of the first passage that holds evidence             (ir_measures RR)
    ndcg_at_10    discounted gain of the ranking against the best possible one  (Järvelin and Kekäläinen 2002; nDCG@10)
"""

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, Qrel, ScoredDoc, SetR, nDCG

from eval.evidence import Span, holds_span

DEPTHS = (1, 5, 10)
QUERY = "q"


def new_evidence(passages: Sequence[Span], evidence: Sequence[Span | None]) -> list[list[int]]:
    """Return, of each passage in order, the pieces of evidence that it is the first to hold."""
    seen: set[int] = set()
    found = []
    for passage in passages:
        held = [i for i, span in enumerate(evidence) if span and i not in seen and holds_span(passage, span)]
        seen.update(held)
        found.append(held)
    return found


def retrieval(passages: Sequence[Span], evidence: Sequence[Span | None]) -> dict[str, float]:
    """Return recall_at_k, mrr and ndcg_at_10 of ranked passages, 0..1; nothing without evidence."""
    if not evidence:
        return {}
    held = new_evidence(passages, evidence)
    found = {piece for pieces in held for piece in pieces}
    grades = {f"p{rank}": len(pieces) for rank, pieces in enumerate(held)}
    grades |= {f"e{piece}": 1 for piece in range(len(evidence)) if piece not in found}
    ranked = [f"p{rank}" for rank in range(len(passages))]
    values = {f"recall_at_{k}": _recall(held[:k], len(evidence)) for k in DEPTHS}
    return values | {"mrr": _score(RR, grades, ranked), "ndcg_at_10": _score(nDCG @ 10, grades, ranked)}


def _recall(held: Sequence[Sequence[int]], pieces: int) -> float:
    return _score(SetR, {f"e{i}": 1 for i in range(pieces)}, [f"e{i}" for pieces_held in held for i in pieces_held])


def _score(measure: ir_measures.Measure, grades: Mapping[str, int], ranked: Sequence[str]) -> float:
    """Return one measure of a ranking; an empty one has 0."""
    qrels = [Qrel(QUERY, id, grade) for id, grade in grades.items()]
    run = [ScoredDoc(QUERY, id, float(-rank)) for rank, id in enumerate(ranked)]
    return float(measure.calc_aggregate(qrels, run)) if run else 0.0
