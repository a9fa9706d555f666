"""A sync mirrors the folder, embeds only what changed, and an interrupted one changes nothing."""

import os
from pathlib import Path

import pytest

from corpus.document import Document
from index.originals import Place, add, remove
from index.store import Draft, Store, current_generation
from index.sync import sync
from tests.embedding import HashedEmbedding


class CountingEmbedding(HashedEmbedding):
    """Counts the texts it embeds."""

    texts: int = 0

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        self.texts += len(texts)
        return super()._get_text_embeddings(texts)


def brief(place: Place, name: str, text: str) -> Path:
    path = place.corpus_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {name}\n\n{text}\n", encoding="utf-8")
    return path


def documents(place: Place) -> list[Document]:
    store = Store.open(place.index_dir, place.model)
    try:
        return list(store.records.documents())
    finally:
        store.close()


def found(place: Place, question: str) -> set[str]:
    """Ids of the documents that either half of the search finds."""
    store = Store.open(place.index_dir, place.model)
    try:
        lexical = [id for id, _ in store.lexical.search(question.split(), 10)]
        dense = [id for id, _ in store.vectors.search(HashedEmbedding().get_query_embedding(question), 10)]
        return {id.rsplit(":", 1)[0] for id in (*lexical, *dense)}
    finally:
        store.close()


def test_added_changed_unchanged_and_removed_are_told_apart(place: Place) -> None:
    brief(place, "a.md", "One.")
    brief(place, "b.md", "Two.")
    brief(place, "sub/c.md", "Three.")
    assert sync(place, HashedEmbedding).added == ("a.md", "b.md", "sub/c.md")
    brief(place, "a.md", "One changed.")
    (place.corpus_dir / "b.md").unlink()
    brief(place, "d.md", "Four.")
    report = sync(place, HashedEmbedding)
    assert (report.added, report.changed, report.unchanged, report.removed) == (
        ("d.md",),
        ("a.md",),
        ("sub/c.md",),
        ("b.md",),
    )


def test_only_changed_documents_are_embedded_again(place: Place) -> None:
    for name in ("a.md", "b.md", "c.md"):
        brief(place, name, "A sentence.")
    embedding = CountingEmbedding()
    sync(place, lambda: embedding)
    first = embedding.texts
    brief(place, "b.md", "Another sentence.")
    sync(place, lambda: embedding)
    assert (first, embedding.texts) == (6, 8)  # a passage and its sentence, of three documents and then of one


def test_nothing_changed_loads_no_model_and_keeps_the_generation(place: Place) -> None:
    brief(place, "a.md", "One.")
    version = sync(place, HashedEmbedding).corpus_version
    generation = current_generation(place.index_dir)

    def no_model() -> HashedEmbedding:
        raise AssertionError("the model was loaded")

    assert sync(place, no_model).corpus_version == version
    assert current_generation(place.index_dir) == generation


def test_a_removed_document_is_found_by_neither_half(place: Place) -> None:
    brief(place, "a.md", "Penguins swim.")
    brief(place, "b.md", "Whales swim.")
    sync(place, HashedEmbedding)
    (place.corpus_dir / "a.md").unlink()
    sync(place, HashedEmbedding)
    assert found(place, "swim") == {"b.md"}


def test_removing_by_command_leaves_the_file_and_lasts(place: Place) -> None:
    path = brief(place, "a.md", "One.")
    brief(place, "b.md", "Two.")
    sync(place, HashedEmbedding)
    remove(place, ["a.md"])
    assert sync(place, HashedEmbedding).removed == ("a.md",)
    assert sync(place, HashedEmbedding).excluded == ("a.md",)
    assert path.is_file()


def test_adding_a_removed_document_brings_it_back(place: Place) -> None:
    path = brief(place, "a.md", "One.")
    brief(place, "b.md", "Two.")
    remove(place, ["a.md"])
    sync(place, HashedEmbedding)
    add(place, [path])
    assert sync(place, HashedEmbedding).added == ("a.md",)


def test_an_added_file_outlives_its_original(place: Place, tmp_path: Path) -> None:
    brief(place, "a.md", "One.")
    outside = tmp_path / "report.md"
    outside.write_text("# Report\n\nPenguins.\n", encoding="utf-8")
    add(place, [outside])
    outside.unlink()
    assert "report.md" in sync(place, HashedEmbedding).added


def test_adding_over_a_document_of_the_corpus_is_refused(place: Place, tmp_path: Path) -> None:
    brief(place, "a.md", "One.")
    other = tmp_path / "a.md"
    other.write_text("# Other\n\nText.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.md is already in .*; rename the file"):
        add(place, [other])


def test_a_broken_file_fails_alone_and_its_indexed_version_stays(place: Place) -> None:
    brief(place, "a.md", "One.")
    brief(place, "b.md", "Two.")
    sync(place, HashedEmbedding)
    (place.corpus_dir / "a.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    brief(place, "c.md", "Three.")
    report = sync(place, HashedEmbedding)
    assert report.added == ("c.md",)
    assert "front matter is not valid YAML" in report.failed["a.md"]
    assert [d.id for d in documents(place)] == ["a.md", "b.md", "c.md"]


@pytest.mark.parametrize("moment", ["add", "remove", "publish"])
def test_a_sync_that_breaks_off_leaves_the_old_index_and_the_next_completes(
    place: Place, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    brief(place, "a.md", "One.")
    before = sync(place, HashedEmbedding).corpus_version
    brief(place, "a.md", "One changed.")
    with monkeypatch.context() as patch:
        patch.setattr(Draft, moment, lambda *_: (_ for _ in ()).throw(OSError("No space left on device")))
        with pytest.raises(OSError, match="No space left"):
            sync(place, HashedEmbedding)
    store = Store.open(place.index_dir, place.model)
    assert store.manifest.corpus_version == before
    store.close()
    assert sync(place, HashedEmbedding).changed == ("a.md",)
    assert "One changed." in documents(place)[0].text


def test_a_missing_corpus_folder_is_told(place: Place) -> None:
    place.corpus_dir.rmdir()
    with pytest.raises(FileNotFoundError, match=r"corpus folder .* does not exist; create it, or set RAG_CORPUS_DIR"):
        sync(place, HashedEmbedding)


def test_an_empty_corpus_folder_does_not_empty_the_index(place: Place) -> None:
    path = brief(place, "a.md", "One.")
    sync(place, HashedEmbedding)
    path.unlink()
    with pytest.raises(FileNotFoundError, match="holds no document"):
        sync(place, HashedEmbedding)
    assert [d.id for d in documents(place)] == ["a.md"]


def test_the_same_folder_gives_the_same_version(place: Place, tmp_path: Path) -> None:
    brief(place, "a.md", "One.")
    other = Place(place.corpus_dir, tmp_path / "other", place.model)
    assert sync(place, HashedEmbedding).corpus_version == sync(other, HashedEmbedding).corpus_version


def test_old_generations_are_deleted(place: Place) -> None:
    for number in range(4):
        brief(place, "a.md", f"Version {number}.")
        sync(place, HashedEmbedding)
    names = sorted(path.name for path in (place.index_dir / "generations").iterdir())
    assert names == ["000003", "000004"]


def test_a_link_out_of_the_folder_fails_and_one_inside_it_is_read(place: Place, tmp_path: Path) -> None:
    brief(place, "a.md", "One.")
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n\nText.\n", encoding="utf-8")
    (place.corpus_dir / "out.md").symlink_to(secret)
    (place.corpus_dir / "in.md").symlink_to(place.corpus_dir / "a.md")
    (place.corpus_dir / "nowhere.md").symlink_to(tmp_path / "nothing")
    report = sync(place, HashedEmbedding)
    assert report.added == ("a.md", "in.md")
    assert "leads out of the folder" in report.failed["out.md"]
    assert "leads nowhere" in report.failed["nowhere.md"]


@pytest.mark.parametrize(
    "name", ["line\nbreak.md", "报告 2024.md", "a'b\"c.md", "%2e%2e.md", "-rf.md", "[1].md", "a:b.md"]
)
def test_file_names_of_any_characters_are_indexed(place: Place, name: str) -> None:
    brief(place, name, "Penguins swim.")
    assert sync(place, HashedEmbedding).added == (name,)
    assert found(place, "penguin") == {name}


def test_a_file_name_that_is_no_text_is_indexed(place: Place) -> None:
    with open(os.fsencode(place.corpus_dir) + b"/caf\xe9.md", "wb") as file:
        file.write(b"# Cafe\n\nPenguins swim.\n")
    with open(os.fsencode(place.corpus_dir) + b"/bad\xff.txt", "wb") as file:
        file.write(b"Whales swim too.\n")
    assert sync(place, HashedEmbedding).added == ("bad\N{REPLACEMENT CHARACTER}.txt", "caf\N{REPLACEMENT CHARACTER}.md")


def test_an_index_inside_the_corpus_folder_is_no_document(place: Place) -> None:
    brief(place, "a.md", "One.")
    inside = Place(place.corpus_dir, place.corpus_dir / "index", place.model)
    assert sync(inside, HashedEmbedding).added == ("a.md",)
    assert sync(inside, HashedEmbedding).unchanged == ("a.md",)
