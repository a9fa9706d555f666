"""A generation is published whole, and an unusable index says which command mends it."""

import json
from pathlib import Path

import pytest

from index.originals import Place
from index.store import IndexUnusable, Store, current_generation, generation_folder
from index.sync import sync
from tests.embedding import HashedEmbedding


@pytest.fixture
def synced(place: Place) -> Place:
    (place.corpus_dir / "a.md").write_text("# Summit\n\nThe summit is held in Wuzhen.\n", encoding="utf-8")
    sync(place, HashedEmbedding)
    return place


def manifest_of(place: Place) -> Path:
    generation = current_generation(place.index_dir)
    assert generation is not None
    return generation_folder(place.index_dir, generation) / "manifest.json"


def test_no_index_yet_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match=r"there is no index in .* yet; run `python -m index sync`"):
        Store.open(tmp_path, "hashed")


def test_an_index_of_another_model_is_refused_by_name(synced: Place) -> None:
    with pytest.raises(IndexUnusable, match=r"built by the model hashed, not by other; set RAG_EMBEDDING_MODEL=hashed"):
        Store.open(synced.index_dir, "other")


def test_a_damaged_manifest_is_told(synced: Place) -> None:
    manifest_of(synced).write_text("{", encoding="utf-8")
    with pytest.raises(IndexUnusable, match="is damaged"):
        Store.open(synced.index_dir, "hashed")


@pytest.mark.parametrize("part", ["records.sqlite3", "lexical/ids.json", "chroma/chroma.sqlite3", "words.json"])
def test_a_damaged_part_is_told_and_the_next_sync_mends_it(synced: Place, part: str) -> None:
    (manifest_of(synced).parent / part).write_bytes(b"rubbish")
    with pytest.raises(IndexUnusable, match="is damaged"):
        Store.open(synced.index_dir, "hashed")
    sync(synced, HashedEmbedding)
    Store.open(synced.index_dir, "hashed").close()


def test_an_index_of_another_format_is_built_anew_by_the_next_sync(synced: Place) -> None:
    manifest = json.loads(manifest_of(synced).read_text(encoding="utf-8"))
    manifest_of(synced).write_text(json.dumps(manifest | {"format": 0}), encoding="utf-8")
    with pytest.raises(IndexUnusable, match="has format 0"):
        Store.open(synced.index_dir, "hashed")
    assert sync(synced, HashedEmbedding).added == ("a.md",)


def test_a_reader_keeps_its_generation_while_the_next_is_published(synced: Place) -> None:
    store = Store.open(synced.index_dir, "hashed")
    (synced.corpus_dir / "a.md").write_text("# Summit\n\nThe summit moved.\n", encoding="utf-8")
    sync(synced, HashedEmbedding)
    document = store.records.document("a.md")
    assert document is not None
    assert "Wuzhen" in document.text
    assert store.vectors.search(HashedEmbedding().get_query_embedding("summit"), 1)


def test_a_broken_name_of_the_generation_is_told_and_the_next_sync_mends_it(synced: Place) -> None:
    (synced.index_dir / "CURRENT").write_bytes(b"\xff\xfe")
    with pytest.raises(IndexUnusable, match="cannot be read"):
        Store.open(synced.index_dir, "hashed")
    sync(synced, HashedEmbedding)
    Store.open(synced.index_dir, "hashed").close()


def test_an_index_that_cannot_be_written_can_be_read(synced: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.vectors.os.access", lambda *_: False)
    store = Store.open(synced.index_dir, "hashed")
    assert store.vectors.search(HashedEmbedding().get_query_embedding("summit"), 1)
    store.close()
