"""python -m eval mutants: does the suite see a fault, and does it see none where there is none?

    python -m eval mutants [--fault NAME]... [--each 5] [--sound 2] [--json]

A fixed part of the golden questions is asked of the sound system, of the same system again (every other time opened
anew), and of the system with each fault of eval/faults.py put in. A measure flags what is worse than the first run
beyond chance (paired bootstrap, as `python -m eval compare`), times what takes three times as long. A fault is caught
if the measure that should see it flags it. The last line is: caught / seeded. Exit 1 if one escapes or the sound
system is flagged.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from tqdm import tqdm

from eval.compare import Difference, compare
from eval.faults import FAULTS, Fault
from eval.golden import Case, load
from eval.run import Result, evaluate, texts_of
from eval.sound import Sound, chance
from index.store import searchable_generation
from rag.chatbot import THREADS, Chatbot, trained
from rag.settings import Settings

MOST = 40  # questions of a category and language that has a fault of its own
AGAIN = 2  # times that the sound system is asked after its first run, by default
SLOWER = 3.0  # times as long as before is a fault; less may be the machine's other work


@dataclass(frozen=True, slots=True)
class Tried:
    """What the suite said of the system with a fault, or of the sound one."""

    name: str
    about: str
    measure: str  # that should see it; "" for the sound system
    questions: int
    before: float | None  # of that measure, in the sound system
    after: float | None
    flagged: tuple[str, ...]  # measures

    @property
    def passed(self) -> bool:
        """Whether the fault was caught; of the sound system, whether nothing was flagged."""
        return self.measure in self.flagged if self.measure else not self.flagged


def chosen(cases: Sequence[Case], each: int, faults: Sequence[Fault]) -> list[Case]:
    """Return up to `each` questions of each category and language, more where a fault shows nowhere else."""
    own = {name for fault in faults for name in fault.categories}
    groups: dict[tuple[str, str, bool], list[Case]] = defaultdict(list)
    for case in sorted(cases, key=lambda case: chance(case.id)):
        groups[case.category, case.language, case.answerable].append(case)
    kept = [case for group in groups.values() for case in group[: MOST if group[0].category in own else each]]
    return sorted({case.question: case for case in kept}.values(), key=lambda case: case.id)


def worse(difference: Difference) -> bool:
    """Return whether a measure flags the difference."""
    if difference.measure.timing:
        return difference.after > SLOWER * difference.before
    return difference.verdict == "worse"


def judge(name: str, about: str, measure: str, before: Sequence[Result], after: Sequence[Result]) -> Tried:
    """Return what the measures say of a second run against the first one of the same questions."""
    found = {d.measure.name: d for d in compare(before, after).differences}
    own = found.get(measure)
    flagged = tuple(name for name, d in found.items() if worse(d))
    return Tried(name, about, measure, len(after), own.before if own else None, own.after if own else None, flagged)


def try_out(sound: Sound, fault: Fault, healthy: Sequence[Result]) -> Tried:
    """Return what the suite says of the system with a fault, on the questions where it shows."""
    cases = fault.cases([result.case for result in healthy])
    after = evaluate(fault.put_in(sound), fault.texts(sound.texts), cases)
    asked = {case.id for case in cases}
    before = [result for result in healthy if result.case.id in asked]
    return judge(fault.name, fault.about, fault.measure, before, after)


def run_all(
    sound: Sound,
    cases: Sequence[Case],
    faults: Sequence[Fault],
    again: int = AGAIN,
    said: Callable[[Tried], object] = lambda tried: None,
) -> list[Tried]:
    """Return what the suite says of the sound system, `again` times, and of each fault."""
    healthy = evaluate(sound.ask, sound.texts, cases)
    tried = []
    for time in range(again):
        about, ask = ("opened anew", sound.open().ask) if time % 2 else ("asked again", sound.chatbot.ask)
        tried.append(judge("sound", f"the system as it is, {about}", "", healthy, evaluate(ask, sound.texts, cases)))
        said(tried[-1])
    for fault in faults:
        tried.append(try_out(sound, fault, healthy))
        said(tried[-1])
    return tried


def opener(settings: Settings) -> Callable[..., Chatbot]:
    """Return a function that opens the index, with the model loaded once or an embedding in place of it."""
    from index.embed import SentenceTransformerEmbedding  # takes seconds, so not before needed

    place = (settings.index_dir, settings.embedding_model, settings.chroma_url)
    searchable_generation(settings.index_dir, settings.embedding_model)
    embedding = SentenceTransformerEmbedding(settings.embedding_model, threads=THREADS)
    reader, known = trained(settings.embedding_model)

    def opened(other: Any = None) -> Chatbot:
        return Chatbot(
            cast(SentenceTransformerEmbedding, other or embedding), *place, reader, settings.today, known=known
        )

    return opened


def main(arguments: list[str]) -> int:
    """Print what the suite says of each fault; 1 if one escapes or the sound system is flagged."""
    parser = argparse.ArgumentParser(prog="python -m eval mutants", description="Test the suite by seeded faults.")
    names = [fault.name for fault in FAULTS]
    parser.add_argument("--fault", action="append", choices=names, metavar="NAME", help=f"only: {', '.join(names)}")
    parser.add_argument("--each", type=int, default=5, help="questions of each category and language (default: 5)")
    parser.add_argument(
        "--sound", type=int, default=AGAIN, help=f"runs of the sound system after its first (default: {AGAIN})"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    if options.each < 1:
        raise ValueError(f"--each {options.each}: ask at least 1 question of each category and language")
    if options.sound < 0:
        raise ValueError(f"--sound {options.sound}: write how many times the sound system is asked again, 0 or more")
    faults = [fault for fault in FAULTS if not options.fault or fault.name in options.fault]
    cases = chosen(load(), options.each, faults)
    opened = opener(Settings.load())
    sound = Sound(opened, cases, texts_of(opened()))
    with tqdm(total=len(faults) + options.sound, desc="trying", unit=" system") as bar:
        tried = run_all(sound, cases, faults, options.sound, lambda tried: bar.update())
    sys.stdout.write(json.dumps(as_dict(tried), indent=2) + "\n" if options.json else as_text(tried))
    return 0 if all(one.passed for one in tried) else 1


def as_dict(tried: Sequence[Tried]) -> dict[str, Any]:
    """Return the JSON form: each system tried, how many faults were caught, and the false alarms."""
    seeded = [one for one in tried if one.measure]
    return {
        "tried": [asdict(one) | {"passed": one.passed} for one in tried],
        "caught": sum(one.passed for one in seeded),
        "seeded": len(seeded),
        "false_alarms": sum(not one.passed for one in tried if not one.measure),
    }


def as_text(tried: Sequence[Tried]) -> str:
    """Return a line for each system tried; the last line is caught / seeded."""
    lines = []
    for one in tried:
        verdict = ("caught" if one.passed else "ESCAPED") if one.measure else ("sound" if one.passed else "FALSE ALARM")
        seen = f"{one.measure} {one.before} -> {one.after}" if one.measure else ", ".join(one.flagged) or "no flag"
        lines.append(f"{verdict:12}{one.name:22}{seen:42}{one.questions:4} questions  {one.about}")
    found = as_dict(tried)
    return "\n".join([*lines, f"caught {found['caught']} / seeded {found['seeded']}"]) + "\n"
