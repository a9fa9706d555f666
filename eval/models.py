"""python -m eval models: which LLM words the answers best.

    python -m eval run --split test --out var/none
    python -m eval run --split test --llm http://127.0.0.1:8080/v1 some-model --out var/some-model
    python -m eval models var/none var/some-model --price some-model 0.10 0.40

Prints a Markdown table of runs over the same questions: how many answers are right, how well the citations hold, how
long it took, and what it costs. The run without an LLM is what the others have to beat.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.metrics import measure
from eval.record import Record, read
from eval.run import Result

EXTRACTIVE = "none (source sentences)"
SHOWN = {  # column -> measure
    "answerable right": "answerable_right",
    "refusals found": "refusal_recall",
    "citation recall": "citation_recall",
    "citation precision": "citation_precision",
    "verbatim": "verbatim",
}
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """What tokens cost, in any currency per million."""

    prompt: float
    completion: float

    def of(self, prompt: float, completion: float) -> float:
        """Return the price of so many tokens."""
        return (self.prompt * prompt + self.completion * completion) / MILLION


def row_of(run: Record, prices: Mapping[str, Price]) -> dict[str, str]:
    """Return the cells of a run by column; ValueError if none of its results was made."""
    if not run.results:
        raise ValueError("a run holds no result; run `python -m eval run` again")
    model = run.config.get("llm") or EXTRACTIVE
    measured = measure(run.results)
    prompt, completion = (_mean_tokens(run.results, kind) for kind in ("prompt", "completion"))
    first = [r.answer.timings["llm_first_token"] for r in run.results if r.answer.timings.get("llm_first_token")]
    price = prices.get(model)
    return {
        "model": model,
        "questions": str(len(run.results)),
        **{column: f"{100 * measured[name].value:.1f} %" for column, name in SHOWN.items() if name in measured},
        "in its words": f"{100 * np.mean([r.answer.mode == 'generative' for r in run.results]):.0f} %",
        "words": f"{measured['words_p50'].value:.0f}" if "words_p50" in measured else "",
        "first token": f"{np.median(first):.2f} s" if first else "",
        "p50 / p95": f"{measured['seconds_p50'].value:.2f} / {measured['seconds_p95'].value:.2f} s",
        "tokens in / out": f"{prompt:.0f} / {completion:.0f}" if prompt else "",
        "cost of 1,000": f"{1000 * price.of(prompt, completion):.2f}" if price else "",
    }


def _mean_tokens(results: Sequence[Result], kind: str) -> float:
    return float(np.mean([r.answer.tokens.get(kind, 0) for r in results]))


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Return the rows as a Markdown table with the columns of all of them."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns, ["---"] * len(columns), *([row.get(column, "") for column in columns] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def alike(runs: Sequence[tuple[Path, Record]]) -> None:
    """Raise ValueError unless all runs asked the same questions."""
    first, asked = runs[0][0], {r.case.id for r in runs[0][1].results}
    for folder, run in runs[1:]:
        if other := asked ^ {r.case.id for r in run.results}:
            raise ValueError(
                f"{first} and {folder} asked different questions, such as {min(other)}; "
                "run both with the same --golden and --split"
            )


def _price(values: Sequence[str]) -> Price:
    try:
        prompt, completion = map(float, values)
    except ValueError:
        raise ValueError(f"--price {' '.join(values)}: the prices must be numbers, such as 0.10 0.40") from None
    return Price(prompt, completion)


def main(arguments: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m eval models", description="Compare the LLMs of runs.")
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folder that `python -m eval run` wrote")
    parser.add_argument(
        "--price",
        nargs=3,
        action="append",
        default=[],
        metavar=("MODEL", "IN", "OUT"),
        help="of a million tokens of prompt and of reply",
    )
    options = parser.parse_args(arguments)
    prices = {model: _price(values) for model, *values in options.price}
    runs = [(folder, read(folder)) for folder in options.runs]
    alike(runs)
    sys.stdout.write(table([row_of(run, prices) for _, run in runs]))
    return 0
