"""Vectors are made once for each text and model."""

from pathlib import Path

import numpy as np

from eval.embedded import BATCH, Embedded, identity


class Counting:
    """An embedding that notes what it was asked for; a text's vector is its length."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_query_embedding(self, query: str) -> list[float]:
        self.asked.append(f"query: {query}")
        return [-float(len(query))]

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        self.asked += texts
        return [[float(len(text))] for text in texts]


def test_a_text_is_embedded_once_and_comes_back_in_its_place(tmp_path: Path) -> None:
    model = Counting()
    first = Embedded("m", lambda: model, tmp_path).documents(["bbb", "a", "bbb"])
    assert first.tolist() == [[3.0], [1.0], [3.0]]
    assert sorted(model.asked) == ["a", "bbb"]
    again = Embedded("m", lambda: model, tmp_path).documents(["a", "cc"])
    assert again.tolist() == [[1.0], [2.0]]
    assert model.asked[2:] == ["cc"]


def test_the_model_is_not_loaded_for_texts_that_it_has_seen(tmp_path: Path) -> None:
    def refuse() -> Counting:
        raise AssertionError("loaded")

    Embedded("m", Counting, tmp_path).documents(["a"])
    assert Embedded("m", refuse, tmp_path).documents(["a"]).tolist() == [[1.0]]


def test_questions_passages_and_models_are_kept_apart(tmp_path: Path) -> None:
    Embedded("m", Counting, tmp_path).documents(["a"])
    model = Counting()
    assert Embedded("m", lambda: model, tmp_path).queries(["a"]).tolist() == [[-1.0]]
    assert Embedded("other", lambda: model, tmp_path).documents(["a"]).tolist() == [[1.0]]
    assert model.asked == ["query: a", "a"]


def test_more_texts_than_a_batch_are_all_there(tmp_path: Path) -> None:
    texts = ["x" * (i % 7) + str(i) for i in range(2 * BATCH + 1)]
    found = Embedded("m", Counting, tmp_path).documents(texts)
    assert np.array_equal(found[:, 0], [len(text) for text in texts])


def test_a_changed_model_folder_is_another_model(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_text("1")
    before = identity(str(tmp_path))
    (tmp_path / "model.bin").write_text("22")
    assert identity(str(tmp_path)) != before
