"""python -m eval claims FILE [--json]: does the check of support agree with people?

FILE has a line for each claim: "claim", "source" (the text that it cites) and "supported": "yes", "partial" or "no",
as people judged it. The check is the one that every sentence of an answer passes (`rag.cite.support_of`). Precision,
recall and F1 are those of "supported" against people's "yes"; kappa is Cohen's (1960), over all three verdicts and over
supported or not.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.rows import read_rows, text_of
from eval.shelf import document_of
from rag.cite import MARK, Claim, Source, Support, support_of

PEOPLE: dict[str, Support] = {"yes": "supported", "partial": "partial", "no": "unsupported"}
VERDICTS: tuple[Support, ...] = ("supported", "partial", "unsupported")

Pair = tuple[Support, Support]  # what people say, what the check says


def read(path: Path) -> list[tuple[str, str, Support]]:
    """Return claim, source and people's verdict of each line; ValueError names the line that is wrong."""
    rows = []
    for where, row in read_rows(path):
        label = row.get("supported")
        if label not in PEOPLE:
            raise ValueError(f"{where}: 'supported' is {label!r}; write one of {', '.join(PEOPLE)}")
        rows.append((text_of(row, "claim", where), text_of(row, "source", where), PEOPLE[label]))
    if not rows:
        raise ValueError(f"{path} holds no claim; write one object a line")
    return rows


def check(claim: str, source: str) -> Support:
    """Return what the product says of a claim and its source."""
    document = document_of("source", "", source)
    return support_of(Claim(MARK.sub("", claim).strip(), (Source(document, 0, len(source), ""),)))


def measures(pairs: Sequence[Pair]) -> dict[str, float | None]:
    """Return precision, recall and F1 of "supported", and the agreement; None where nothing is to be measured."""
    right = sum(people == said == "supported" for people, said in pairs)
    said, meant = (sum(pair[side] == "supported" for pair in pairs) for side in (1, 0))
    precision, recall = (right / n if n else None for n in (said, meant))
    either = [(people == "supported", said == "supported") for people, said in pairs]
    found = {
        "precision": precision,
        "recall": recall,
        "f1": 2 * right / (said + meant) if said + meant else None,
        "kappa": kappa(pairs),
        "kappa_supported_or_not": kappa(either),
    }
    return {name: None if value is None else round(value, 4) for name, value in found.items()}


def kappa(pairs: Sequence[tuple[object, object]]) -> float | None:
    """Return Cohen's kappa, agreement beyond chance: -1..1; None if chance alone would agree always."""
    first, second = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    observed = sum(a == b for a, b in pairs) / len(pairs)
    chance = sum(first[name] * second[name] for name in first) / len(pairs) ** 2
    return (observed - chance) / (1 - chance) if chance < 1 else None


def main(arguments: list[str]) -> int:
    """Print how well the check of support agrees with people."""
    parser = argparse.ArgumentParser(prog="python -m eval claims", description="Measure the check of support.")
    parser.add_argument("file", type=Path, metavar="FILE", help='lines {"claim", "source", "supported"}')
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    options = parser.parse_args(arguments)
    pairs = [(people, check(claim, source)) for claim, source, people in read(options.file)]
    counts = Counter(pairs)
    table = {people: {said: counts[people, said] for said in VERDICTS} for people in VERDICTS}
    facts = {"claims": len(pairs), **measures(pairs), "people_then_check": table}
    sys.stdout.write(json.dumps(facts, indent=2) + "\n" if options.json else as_table(facts))
    return 0


def as_table(facts: Mapping[str, Any]) -> str:
    """Return the measures, a line each, and how often each verdict met each."""
    lines = [f"{name:24} {value}" for name, value in facts.items() if name != "people_then_check"]
    lines.append(f"\n{'people say':14}" + "".join(f"{said:>13}" for said in VERDICTS) + "   (the check says)")
    for people, row in facts["people_then_check"].items():
        lines.append(f"{people:14}" + "".join(f"{row[said]:13}" for said in VERDICTS))
    return "\n".join(lines) + "\n"
