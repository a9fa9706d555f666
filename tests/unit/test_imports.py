"""The import rule: corpus <- index <- rag <- {eval, web, app}, and each big library at home in few modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ALLOWED = {
    "corpus": set(),
    "index": {"corpus"},
    "rag": {"corpus", "index"},
    "eval": {"corpus", "index", "rag"},
    "web": {"corpus", "index", "rag"},
}
HOMES = {
    "chromadb": {"index/vectors.py"},
    "sentence_transformers": {"index/asymmetric.py", "index/embed.py", "index/unpack.py"},
    "torch": {
        "index/asymmetric.py",
        "index/bert.py",
        "index/embed.py",
        "index/unpack.py",
        "rag/reader.py",
        "eval/train_query.py",
        "eval/train_reader.py",
    },
    "transformers": {"index/embed.py", "index/unpack.py"},
    "bm25s": {"index/lexical.py"},
    "limits": {"web/door/limit.py"},
    "mcp": {"web/api/tools.py"},
    "prometheus_client": {"web/door/metrics.py"},
    "ir_measures": {"eval/retrieval.py", "eval/beir.py", "eval/fusion.py"},
    "sse_starlette": {"web/api/ask.py", "web/api/completions.py", "web/api/event.py"},
    "gradio": {"web/page.py", "web/server.py"},
    "pypdfium2": {"corpus/formats/pdf.py", "corpus/formats/page.py"},
    "llama_index": {
        "index/embed.py",
        "index/vectors.py",
        "index/sync.py",
        "index/nodes.py",
        "rag/chatbot.py",
        "rag/llm.py",
        "rag/retriever.py",
    },
    "openai": {"rag/failure.py", "rag/llm.py"},
}


def modules() -> Iterator[Path]:
    for package in ALLOWED:
        yield from sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def is_entry_point(path: Path) -> bool:
    return path.name == "__main__.py"  # puts the pieces together, so it may read the settings


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    others = {name.split(".")[0] for name in imported(path)} & (ALLOWED.keys() | {"app"})
    if is_entry_point(path):
        others -= {"rag"} if "rag.settings" in imported(path) else set()
    assert others <= ALLOWED[package] | {package}


@pytest.mark.parametrize("library", list(HOMES))
def test_a_big_library_is_imported_only_at_home(library: str) -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert users <= HOMES[library]


def test_nobody_imports_eval_whole_and_hides_the_builtin() -> None:
    assert [path for path in modules() if "eval" in imported(path)] == []
