"""What an editor should mend in the Markdown briefs of a folder: front matter, repetitions, figures that disagree."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from corpus.document import Document
from corpus.encoding import declared_charset, decode
from corpus.formats.markdown import split_front_matter
from corpus.read import FIELDS, read
from corpus.split import Sentence, split
from index.figures import contradictions
from index.originals import documents_in

SUFFIXES = (".md", ".markdown")
NEEDED = {
    "date": 'add the day of publication, such as `date: "2025-11-07"`, or `date: ""` if the page bears none',
    "program": "add one that other briefs use",
    "kind": "add event, program, report, award, profile or newsletter",
}
NEEDED_OF_EVENTS = {
    "event_date": 'add its days, such as `event_date: "2025-11-06/2025-11-09"`',
    "edition": 'add its year, such as `edition: "2025"`',
}
ALIKE = 88  # of 100: sentences with the same figures that say the same
SPELT_ALIKE = 80  # of 100: names of programs that mean the same
SHORTEST = 30  # characters; shorter sentences may repeat
MOST_REPEATED = 0.5  # share of a brief's sentences that another one has: more is the same brief twice
BRACKETS = re.compile(r"[（(][^（()）]*[)）]")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend, and where."""

    path: str
    line: int  # 1-based
    kind: str
    message: str

    def __str__(self) -> str:
        """Return it as editors and compilers write places."""
        return f"{self.path}:{self.line}: {self.kind}: {self.message}"


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief with what is needed to name the line of anything in it."""

    path: Path
    raw: str
    facts: dict[str, Any]  # its front matter
    document: Document
    sentences: tuple[Sentence, ...] = field(repr=False)

    def finding(self, line: int, kind: str, message: str) -> Finding:
        """Return a finding of this brief."""
        return Finding(str(self.path), line, kind, message)

    def line_of_field(self, name: str) -> int:
        """Return the line of a front matter field, or the first line."""
        match = re.search(rf"^{re.escape(name)}[ \t]*:", self.raw, re.MULTILINE)
        return _line(self.raw, match.start()) if match else 1

    def text(self, sentence: Sentence) -> str:
        """Return the words of a sentence."""
        return self.document.text[sentence.start : sentence.end]

    def line_of(self, sentence: Sentence) -> int:
        """Return the line where a sentence begins, or the first one if markup hides it."""
        text = self.text(sentence)
        if sentence.kind == "row":  # a cell reads "column: value"
            text = text.split("; ")[0].partition(": ")[2]
        words = map(re.escape, text.split()[:12])
        match = re.search(r"[ \t]*\n?[ \t]*".join(words), self.raw[self.raw.find("\n---", 3) :])
        return _line(self.raw, self.raw.find("\n---", 3) + match.start()) if match else 1

    def place(self, sentence: Sentence) -> str:
        """Return where a sentence stands and its words."""
        return f"{self.path}:{self.line_of(sentence)}: {self.text(sentence)}"


def check(folder: Path) -> list[Finding]:
    """Return all findings by file and line; FileNotFoundError if the folder holds no brief."""
    files = documents_in(folder) if folder.is_dir() else ()
    paths = [(id, path) for id, path in files if path.suffix.lower() in SUFFIXES]
    if not paths:
        raise FileNotFoundError(f"{folder} holds no Markdown brief; name a folder that does")
    found: list[Finding] = []
    briefs: list[Brief] = []
    for id, path in paths:
        try:
            briefs.append(_brief(id, path))
        except (ValueError, OSError) as error:
            found.append(Finding(str(path), 1, "front matter", str(error)))
    for rule in (_fields, _programs, _repetitions, _figures):
        found += rule(briefs)
    return sorted(found, key=lambda f: (f.path, f.line, f.kind, f.message))


def _brief(id: str, path: Path) -> Brief:
    data = path.read_bytes()
    raw = decode(data, declared_charset(data)).replace("\r\n", "\n")
    document = read(path, id)
    facts, _ = split_front_matter(raw)
    if not facts:
        raise ValueError("it has no front matter; start it as docs/brief-template.md does")
    sentences = tuple(s for passage in split(document) for s in passage.sentences)
    return Brief(path, raw, facts, document, sentences)


def _fields(briefs: Iterable[Brief]) -> Iterator[Finding]:
    """Yield fields that are missing or unknown."""
    for brief in briefs:
        for name, remedy in NEEDED.items():
            if name not in brief.facts or (name != "date" and not brief.facts[name]):
                yield brief.finding(1, name, f"missing; {remedy}")
        if not (brief.facts.get("sources") or brief.facts.get("source")):
            yield brief.finding(1, "sources", "missing; list the pages it rests on")
        if brief.document.kind == "event":
            for name, remedy in NEEDED_OF_EVENTS.items():
                if not brief.facts.get(name):
                    message = f"missing in a brief of kind event; {remedy}"
                    yield brief.finding(brief.line_of_field("kind"), name, message)
        for name in brief.facts.keys() - {*FIELDS, "sources"}:
            known = ", ".join((*FIELDS, "sources"))
            yield brief.finding(brief.line_of_field(str(name)), str(name), f"unknown field; the fields are {known}")


def _programs(briefs: Sequence[Brief]) -> Iterator[Finding]:
    """Yield programs that one brief alone spells so while others spell them nearly so."""
    used = Counter(b.document.program for b in briefs if b.document.program)
    for brief in briefs:
        name = brief.document.program
        if used[name] == 1:
            others = [other for other in used if other != name]
            near = process.extractOne(name, others, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=SPELT_ALIKE)
            if near:
                message = f"no other brief has {name!r}; {used[near[0]]} have {near[0]!r}"
                yield brief.finding(brief.line_of_field("program"), "program", message)


def _repetitions(briefs: Sequence[Brief]) -> Iterator[Finding]:
    """Yield sentences that say again what one of another brief says, and briefs that are mostly such sentences."""
    said = [(n, s) for n, brief in enumerate(briefs) for s in brief.sentences if _may_not_repeat(brief.text(s), s)]
    pairs = [(*said[i], *said[j]) for i, j in _alike([briefs[n].text(s) for n, s in said]) if said[i][0] != said[j][0]]
    repeated = Counter((one, other) for one, _, other, _ in pairs)
    lengths = Counter(n for n, _ in said)
    twice = {pair for pair, n in repeated.items() if n > 2 and n >= MOST_REPEATED * min(lengths[k] for k in pair)}
    for one, other in sorted(twice):
        yield briefs[other].finding(1, "duplicate", f"it says mostly what {briefs[one].path} says; keep one of them")
    for one, first, other, second in pairs:
        if (one, other) not in twice:
            places = f"\n    {briefs[one].place(first)}\n    {briefs[other].place(second)}"
            message = f"a sentence of another brief again; keep it in one{places}"
            yield briefs[other].finding(briefs[other].line_of(second), "repeated", message)


def _may_not_repeat(text: str, sentence: Sentence) -> bool:
    return sentence.kind == "paragraph" and len(text) >= SHORTEST and not text.rstrip().endswith((":", "："))


def _alike(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield index pairs of sentences with the same figures and nearly the same words, whatever stands in brackets."""
    plain = [" ".join(re.findall(r"\w+", BRACKETS.sub(" ", text).lower().replace(",", ""))) for text in texts]
    figures = [frozenset(re.findall(r"\d+", text)) for text in plain]
    scores = process.cdist(plain, plain, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, dtype=np.uint8)
    for i, j in np.argwhere(np.triu(scores, 1)).tolist():
        if figures[i] == figures[j] and plain[i]:
            yield i, j


def _figures(briefs: Sequence[Brief]) -> Iterator[Finding]:
    """Yield figures that contradict another brief's."""
    by_document = {brief.document.id: brief for brief in briefs}
    sentences = [(brief.document, sentence) for brief in briefs for sentence in brief.sentences]
    programs = {brief.document.program for brief in briefs} - {""}
    for a, b in contradictions(sentences, programs):
        one, other = by_document[a.document.id], by_document[b.document.id]
        places = f"\n    {one.place(a.sentence)}\n    {other.place(b.sentence)}"
        message = f"another brief has another figure; mend one, or say in both whose figure it is{places}"
        yield other.finding(other.line_of(b.sentence), "figures", message)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
