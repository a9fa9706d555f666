"""Questions to train with: asked of the documents in the index, each with the sentences that answer it.

`eval/training/*.jsonl` were written for training, in the golden format. A question that a golden one resembles is left
out, and a part of the others is held out to see how the training goes.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from eval.evidence import Span, place_of, same_place
from eval.golden import Case, load
from eval.run import texts_of
from rag.chatbot import Chatbot
from rag.follow_up import Turn
from rag.question import Question
from rag.reader import text_of

if TYPE_CHECKING:
    from index.bert import Bert  # torch takes seconds to import

FOLDER = Path(__file__).with_name("training")
RESEMBLES = 85.0  # of 100, from which a question counts as a golden one in other words
FIRST_LAYER = 6  # of an encoder that learns; those below stay the embedding model's
FRESH = "fresh"  # a file asked as people ask, from which no model learns
HELD_OUT_FILES = frozenset({"held_out", FRESH})
HELD_OUT = 8  # of 100 questions, by the hash of their text
OFF_TOPIC_HELD_OUT = 40  # of 100 about something else; there are few of them


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the desk searches it, with the sentences that answer it."""

    case: Case
    question: Question
    right: frozenset[int]  # numbers on the shelf; empty: nothing answers it

    @property
    def query(self) -> str:
        """The text that is embedded and read."""
        return self.question.query


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every sentence of an index: where it stands, itself, as the reader reads it, its vector and its passage."""

    spans: Sequence[Span]
    sentences: Sequence[str]
    texts: Sequence[str]
    vectors: np.ndarray  # (sentences, dimensions)
    passages: Sequence[str]  # id of each sentence's passage
    embed: Callable[[str], Sequence[float]]  # of questions

    @classmethod
    def of(cls, chatbot: Chatbot) -> "Shelf":
        """Return the shelf of the index that a chatbot has open."""
        records = chatbot.store.records
        found = records.passages([id for id, _ in records.passage_terms()])
        documents = {document.id: document for document in records.documents()}
        each = [(id, found[id].passage, sentence) for id in found for sentence in found[id].passage.sentences]
        return cls(
            [Span(sentence.document_id, sentence.start, sentence.end) for _, _, sentence in each],
            [documents[sentence.document_id].text[sentence.start : sentence.end] for _, _, sentence in each],
            [text_of(documents[sentence.document_id], passage, sentence) for _, passage, sentence in each],
            np.concatenate([embedded.sentence_vectors for embedded in found.values()]),
            [id for id, _, _ in each],
            chatbot.embedding.get_query_embedding,
        )

    def holding(self, places: Iterable[Span]) -> frozenset[int]:
        """Return the numbers of the sentences at some places."""
        return frozenset(n for place in places for n, span in enumerate(self.spans) if same_place(place, span))

    def nearest(self, query: str, count: int) -> list[int]:
        """Return the numbers of the sentences nearest to a question, nearest first."""
        near = self.vectors @ np.asarray(self.embed(query), dtype=np.float32)
        return [int(n) for n in np.argsort(-near, kind="stable")[:count]]


def asked_of(chatbot: Chatbot, shelf: Shelf, files: Sequence[Path] = ()) -> list[Asked]:
    """Return the questions of the files, by default of all, without those that golden questions resemble."""
    cases = unlike(load(files or sorted(FOLDER.glob("*.jsonl"))), [case.question for case in load()])
    texts = texts_of(chatbot)
    asked = []
    for case in cases:
        right = shelf.holding(place for evidence in case.evidence if (place := place_of(evidence, texts)))
        turns = [Turn(turn["question"], turn.get("answer", "")) for turn in case.history]
        asked.append(Asked(case, chatbot.understand(case.question, turns), right))
    return [one for one in asked if one.right or not one.case.answerable]


def learning(folder: Path) -> "Bert":
    """Return the encoder of an unpacked model whose upper layers can learn."""
    from index.bert import read_bert

    bert = read_bert(folder)
    for layer in list(bert.layers)[:FIRST_LAYER]:
        layer.requires_grad_(False)
    return bert


def unlike(cases: Iterable[Case], questions: Sequence[str]) -> list[Case]:
    """Return the cases that no question resembles; follow-ups count as unlike, since their words say little."""
    known = [question.lower() for question in questions]

    def resembles(case: Case) -> bool:
        found = process.extractOne(case.question.lower(), known, scorer=fuzz.token_sort_ratio, score_cutoff=RESEMBLES)
        return found is not None and not case.history

    return [case for case in cases if not resembles(case)]


def is_held_out(case: Case) -> bool:
    """Return whether a question is kept to measure with: all of some files, and a share of the others."""
    if case.set in HELD_OUT_FILES:
        return True
    share = OFF_TOPIC_HELD_OUT if case.category == "off_topic" else HELD_OUT
    return int(hashlib.sha256(case.question.encode()).hexdigest(), 16) % 100 < share
