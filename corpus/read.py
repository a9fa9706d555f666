"""Any supported file -> Document. The metadata comes from the first of its sources that has it.

Order: front matter, a sidecar `<file>.yaml`, the file's own metadata, its first heading, its name.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from corpus.document import Document, Extract, lay_out
from corpus.formats.markdown import read_markdown
from corpus.formats.plain import read_plain
from corpus.language import language_of

FIELDS = ("title", "publisher", "date", "kind", "language", "program", "source")
ISO_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

READERS: Mapping[str, Callable[[bytes], Extract]] = {
    ".md": lambda data: read_markdown(data.decode("utf-8-sig")),
    ".txt": lambda data: read_plain(data.decode("utf-8-sig")),
}


def read(path: Path, document_id: str) -> Document:
    """Return the file as a Document; ValueError says what is wrong with it and what mends it."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ValueError(f"files of type {path.suffix or '(none)'} are not supported; use {' '.join(sorted(READERS))}")
    extract = reader(path.read_bytes())
    layout = lay_out(extract.parts)
    if not layout.text:
        raise ValueError("there is no text in it")
    layers = {"file": extract.metadata, "sidecar": _sidecar(path)}
    heading = next((p.text for p in extract.parts if p.kind == "heading"), "")
    values, origins = _metadata(layers, heading, path.stem)
    return Document(
        id=document_id,
        language=values.pop("language", "") or language_of(layout.text),
        source=values.pop("source", "") or path.name,
        text=layout.text,
        blocks=layout.blocks,
        pages=layout.pages,
        origins=origins,
        **{name: values.get(name, "") for name in ("title", "publisher", "date", "kind", "program")},
    )


def _sidecar(path: Path) -> dict[str, Any]:
    sidecar = path.with_name(path.name + ".yaml")
    if not sidecar.is_file():
        return {}
    values = yaml.safe_load(sidecar.read_text(encoding="utf-8")) or {}
    if not isinstance(values, dict):
        raise ValueError(f"{sidecar.name} is not a mapping of keys to values, such as `title: ...`")
    return values


def _metadata(layers: Mapping[str, Mapping[str, Any]], heading: str, stem: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return each field's value and the name of the layer it came from."""
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    for origin, layer in layers.items():
        for name in FIELDS:
            value = _as_text(layer.get(name))
            if value and name not in values:
                values[name], origins[name] = value, origin
    if "title" not in values:
        values["title"], origins["title"] = (heading, "heading") if heading else (stem, "file name")
    if "date" in values and not ISO_DATE.fullmatch(values["date"]):
        raise ValueError(f"date {values['date']!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    return values, origins


def _as_text(value: Any) -> str:
    """Return a metadata value as one line; a mapping such as `source:` is joined in its order."""
    if isinstance(value, Mapping):
        return ", ".join(filter(None, map(_as_text, value.values())))
    return " ".join(str(value).split()) if value is not None else ""
