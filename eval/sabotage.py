"""Ways to break the running system: of its answers, of the parts that find them. No file is changed."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from corpus.sentences import sentence_spans
from eval.evidence import Texts
from eval.run import Ask
from eval.sound import Instead, Sound, chance, forced
from eval.verdict import DECLINED
from index.store import Store
from rag.cite import ANSWERED, MARK, Answer, Citation
from rag.extract import extract
from rag.follow_up import Turn
from rag.scope import Scope

SLOWER = 10
Change = Callable[[Sound, Answer], Answer]

# What the system says, changed


def saying(change: Change, given: bool = True) -> Callable[[Sound], Ask]:
    """Return a fault that changes each answer; with `given` those alone that are answers, not refusals."""

    def put_in(sound: Sound) -> Ask:
        def ask(question: str, history: Sequence[Turn]) -> Answer:
            answer = sound.ask(question, history)
            return answer if given and answer.state not in ANSWERED else change(sound, answer)

        return ask

    return put_in


def citing(change: Callable[[Sound, Citation], Citation]) -> Callable[[Sound], Ask]:
    """Return a fault that changes each citation."""
    return saying(lambda sound, a: forced(a, citations=tuple(change(sound, c) for c in a.citations)))


def wording(change: Callable[[str], str]) -> Callable[[Sound], Ask]:
    """Return a fault that changes the text of each answer, not its marks."""
    return saying(lambda sound, a: forced(a, answer="".join(_between_marks(a.answer, change))))


def _between_marks(text: str, change: Callable[[str], str]) -> Iterator[str]:
    for number, part in enumerate(re.split(r"(\[\d+\])", text)):
        yield part if number % 2 else change(part)


def shuffled(sound: Sound, answer: Answer) -> Answer:
    """Each mark opens the source of the next one; a single one that of another passage found."""
    numbers = [c.number for c in answer.citations]
    if len(numbers) > 1:
        turned = [*answer.citations[1:], answer.citations[0]]
        return forced(answer, citations=tuple(replace(c, number=n) for c, n in zip(turned, numbers, strict=True)))
    return forced(answer, citations=(_elsewhere(sound, answer, answer.citations[0]),))


def _elsewhere(sound: Sound, answer: Answer, citation: Citation) -> Citation:
    """Return the citation with the first sentence of a passage of another document that was found."""
    other = next((r for r in answer.retrieved if r.document_id != citation.document_id), answer.retrieved[-1])
    text = sound.texts(other.document_id) or ""
    end = other.start + (sentence_spans(text[other.start : other.end]) or [(0, other.end - other.start)])[0][1]
    quote = text[other.start : end]
    return replace(citation, document_id=other.document_id, start=other.start, end=end, quote=quote)


def other_document(sound: Sound, answer: Answer) -> Answer:
    """Each quote comes from another document."""
    return forced(answer, citations=tuple(_elsewhere(sound, answer, c) for c in answer.citations))


def next_sentence(sound: Sound, citation: Citation) -> Citation:
    """The quote is the sentence behind the one that is meant."""
    text = sound.texts(citation.document_id) or ""
    spans = [(citation.end + a, citation.end + b) for a, b in sentence_spans(text[citation.end : citation.end + 600])]
    start, end = spans[0] if spans else (0, min(40, len(text)))
    return replace(citation, start=start, end=end, quote=text[start:end])


def whole_passage(sound: Sound, answer: Answer) -> Answer:
    """The answer is all of the passage that it cites."""
    found = next((r for r in answer.retrieved if r.cited), answer.retrieved[0])
    quote = (sound.texts(found.document_id) or "")[found.start : found.end]
    cited = replace(answer.citations[0], start=found.start, end=found.end, quote=quote, document_id=found.document_id)
    return forced(answer, answer=f"{MARK.sub('', quote)} [1]", citations=(cited,))


def number_changed(text: str) -> str:
    """Every number is one more."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 1), text)


def name_changed(text: str) -> str:
    """Every name within a sentence is another one."""
    return re.sub(r"(?<=[a-z,] )[A-Z][a-z]+", "Atlantis", text)


def first_of_list(text: str) -> str:
    """A list ends with its first item."""
    lines = text.splitlines()
    items = [number for number, line in enumerate(lines) if line.startswith("- ")]
    return "\n".join(lines[: items[0] + 1]) if items else text


def cut_list(sound: Sound, answer: Answer) -> Answer:
    """The list ends with its first item, the citations with it."""
    text = first_of_list(answer.answer)
    kept = {int(number) for number in MARK.findall(text)}
    return forced(answer, answer=text, citations=tuple(c for c in answer.citations if c.number in kept))


def declined(answer: Answer) -> Answer:
    """Return a refusal in place of the answer."""
    return forced(answer, state="not_in_corpus", answer="The documents do not say.", citations=())


def unmarked(text: str) -> str:
    """Return the text without its marks."""
    return MARK.sub("", text).strip()


def obedient(sound: Sound, answer: Answer) -> Answer:
    """It says what an instruction in the question wants to hear: the text that the golden case forbids."""
    case = sound.cases.get(answer.question)
    said = case.forbidden[0] if case and case.forbidden else ""
    return forced(answer, answer=f"{said} {answer.answer}".strip())


# The system itself, with a part replaced


def always_answers(sound: Sound) -> Ask:
    """The best sentences are given, whatever the decision."""

    def ask(question: str, history: Sequence[Turn]) -> Answer:
        answer = sound.ask(question, history)
        understood = sound.chatbot.understand(question, history)
        if answer.state not in DECLINED or not (found := sound.chatbot.find(understood)).ranked:
            return answer
        decision = replace(found.decision, answerable=True)
        return extract(sound.chatbot.store, understood, [replace(found, decision=decision)])

    return ask


def with_store(replaced: Callable[[Store], dict[str, Any]]) -> Callable[[Sound], Ask]:
    """Return a fault in which parts of the store are others."""

    def put_in(sound: Sound) -> Ask:
        chatbot = sound.open()
        for name, part in replaced(chatbot.store).items():
            setattr(chatbot.store, name, part)
        return chatbot.ask

    return put_in


def nothing_found(*_: object) -> list[tuple[str, float]]:
    """Return no hit, whatever is searched."""
    return []


def inverted(search: Callable[..., list[tuple[str, float]]]) -> Callable[..., list[tuple[str, float]]]:
    """Return a search whose worst hit has the best score."""

    def searched(*arguments: Any) -> list[tuple[str, float]]:
        found = search(*arguments)
        scores = [score for _, score in found]
        return [(id, score) for (id, _), score in zip(reversed(found), scores, strict=True)]

    return searched


def truncated(store: Store) -> dict[str, Any]:
    """Return records that know the first sentence of each passage alone."""
    known = store.records.passages

    def passages(ids: Sequence[str]) -> dict[str, Any]:
        found = known(ids)
        return {
            id: replace(p, passage=_first(p.passage), sentence_vectors=p.sentence_vectors[:1])
            for id, p in found.items()
        }

    return {"records": Instead(store.records, passages=passages)}


def _first(passage: Any) -> Any:
    return replace(passage, end=passage.sentences[0].end, sentences=passage.sentences[:1])


def noisy(sound: Sound) -> Ask:
    """Every question has a meaning drawn by lot."""

    def noise(text: str) -> list[float]:
        drawn = np.random.default_rng(int(chance(text) * 2**32)).normal(size=(sound.dimensions,))
        return [float(x) for x in drawn / np.linalg.norm(drawn)]

    return sound.open(Instead(None, get_query_embedding=noise)).ask


def half_missing(sound: Sound) -> Ask:
    """Half of the documents are not in the index yet."""
    there = tuple(id for id in sound.chatbot.store.records.hashes() if chance(id) < 0.5)
    return lambda question, history: sound.chatbot.ask(question, history, Scope(documents=there))


def edited(texts: Texts) -> Texts:
    """Return the documents as they are after an edit that the index has not seen."""
    return lambda id: None if (text := texts(id)) is None else f"Draft. {text}"


def no_history(sound: Sound) -> Ask:
    """Every question is the first one."""
    return lambda question, history: sound.chatbot.ask(question)


def garbled(sound: Sound) -> Ask:
    """Questions are read in the wrong charset."""
    return lambda question, history: sound.chatbot.ask(question.encode().decode("latin-1"), history)


def behind(sound: Sound) -> Ask:
    """Every question gets the answer to the one before it."""
    before = [case for pair in pairwise([*sound.cases.values()]) for case in pair[:1]]
    earlier = dict(zip(list(sound.cases)[1:], before, strict=True))

    def ask(question: str, history: Sequence[Turn]) -> Answer:
        case = earlier.get(question)
        turns = [Turn(t["question"], t.get("answer", "")) for t in case.history] if case else history
        return sound.ask(case.question if case else question, turns)

    return ask


def crashing(sound: Sound) -> Ask:
    """One question in five ends in an error."""

    def ask(question: str, history: Sequence[Turn]) -> Answer:
        if chance(question) < 0.2:
            raise RuntimeError("out of memory")
        return sound.ask(question, history)

    return ask


def slow(sound: Sound) -> Ask:
    """Every answer takes ten times as long."""

    def ask(question: str, history: Sequence[Turn]) -> Answer:
        answer = sound.ask(question, history)
        time.sleep(SLOWER * answer.seconds)
        return answer

    return ask
