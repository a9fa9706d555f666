"""Any supported file -> Document. The metadata comes from the first of its sources that has it.

Order: front matter, a sidecar `<file>.yaml`, the file's own metadata, its first heading, its name.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from corpus.container import check_container, unlocked
from corpus.document import Document, Extract, Reference, lay_out
from corpus.encoding import declared_charset, decode
from corpus.language import language_of

FIELDS = ("title", "publisher", "date", "kind", "language", "program", "source", "event_date", "edition")
ISO_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
YEAR = re.compile(r"\d{4}")
MOST_NAMED = 3  # references that stand in `source`; the viewer lists all
HERE = Path(__file__).parent

Reader = Callable[[bytes], Extract]


def _from_bytes(module: str) -> Reader:
    """Return the reader of a format, whose library is imported when the first such file is read."""
    return lambda data: _function(module)(data)


def _from_text(module: str) -> Reader:
    return lambda data: _function(module)(decode(data, declared_charset(data)))


def _function(module: str) -> Callable[..., Extract]:
    function: Callable[..., Extract] = getattr(import_module(f"corpus.formats.{module}"), f"read_{module}")
    return function


READERS: Mapping[str, Reader] = {
    **dict.fromkeys((".md", ".markdown"), _from_text("markdown")),
    **dict.fromkeys((".txt", ".text"), _from_text("plain")),
    **dict.fromkeys((".csv", ".tsv"), _from_text("delimited")),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _from_bytes("html")),
    **dict.fromkeys((".docx", ".docm", ".dotx"), _from_bytes("docx")),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".potx"), _from_bytes("pptx")),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx"), _from_bytes("xlsx")),
    **dict.fromkeys((".odt", ".odp", ".ods"), _from_bytes("opendocument")),
    ".epub": _from_bytes("epub"),
    ".eml": _from_bytes("mail"),
    ".pdf": _from_bytes("pdf"),
    ".rtf": _from_bytes("rtf"),
    ".xml": _from_bytes("xml"),
}
REMEDIES: Mapping[str, str] = {
    **dict.fromkeys((".doc", ".dot", ".wps", ".wpd"), "save it as .docx"),
    **dict.fromkeys((".xls", ".xlsb", ".numbers"), "save it as .xlsx"),
    **dict.fromkeys((".ppt", ".pps", ".key"), "save it as .pptx"),
    **dict.fromkeys((".pages", ".pub", ".vsd", ".xps", ".djvu", ".caj"), "export it as PDF"),
    **dict.fromkeys((".mobi", ".azw", ".azw3"), "convert it to EPUB"),
    **dict.fromkeys((".msg", ".mbox"), "save each message as .eml"),
    **dict.fromkeys((".mht", ".mhtml"), "save the page as .html"),
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar", ".tgz"), "unpack it and add the files in it"),
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".heic", ".svg"),
        "an image needs OCR first; add the PDF with text that OCR makes of it",
    ),
    **dict.fromkeys((".mp3", ".mp4", ".wav", ".m4a", ".mov", ".avi"), "add a transcript of it as .txt"),
}


def read(path: Path, document_id: str) -> Document:
    """Return the file as a Document; ValueError says what is wrong with it and what mends it."""
    extract = _extract(path)
    layout = lay_out(extract.parts)
    if not layout.text:
        raise ValueError("there is no text in it; if it shows pictures of text, they need OCR first")
    layers = _layers(path, extract)
    heading = next((p.text for p in extract.parts if p.kind == "heading" and p.text.strip()), "")
    name = os.fsencode(path.name).decode("utf-8", "replace")  # a name need not be text
    values, origins = _metadata(layers, heading, Path(name).stem)
    references = next(filter(None, (_references(layer.get("sources")) for layer in layers.values())), ())
    return Document(
        id=document_id,
        language=values.pop("language", "") or language_of(layout.text),
        source=values.pop("source", "") or _named(references) or name,
        text=layout.text,
        blocks=layout.blocks,
        pages=layout.pages,
        origins=origins,
        references=references,
        **{name: values.get(name, "") for name in FIELDS if name not in ("language", "source")},
    )


def _layers(path: Path, extract: Extract) -> dict[str, Mapping[str, Any]]:
    """Return the sources of metadata by name, the first that counts first."""
    if path.suffix.lower() in (".md", ".markdown"):
        return {"front matter": extract.metadata, "sidecar": _sidecar(path)}
    return {"sidecar": _sidecar(path), "file": extract.metadata}


def supported(path: Path) -> bool:
    """Tell whether files of this type can be read, whatever is in them."""
    return path.suffix.lower() in READERS


def _extract(path: Path) -> Extract:
    suffix = path.suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        remedy = REMEDIES.get(suffix, f"use one of {' '.join(sorted(READERS))}")
        raise ValueError(f"files of type {suffix or '(none)'} are not supported; {remedy}")
    data = unlocked(path.read_bytes())
    if not data.strip():
        raise ValueError("the file is empty; save or copy it again")
    check_container(data, suffix)
    try:
        return reader(data)
    except MemoryError:
        raise
    except RecursionError as error:
        raise ValueError("its parts are nested too deeply to be read; simplify it or save it as PDF") from error
    except Exception as error:
        if _is_own(error):
            raise
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise ValueError(
            f"it is damaged or no {suffix} file ({type(error).__name__}: {reason});"
            " open it in its program and save it again"
        ) from error


def _is_own(error: Exception) -> bool:
    """Tell a ValueError that a reader of this package wrote for people from a library's way to fail."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return type(error) is ValueError and trace is not None and HERE in Path(trace.tb_frame.f_code.co_filename).parents


def _sidecar(path: Path) -> dict[str, Any]:
    sidecar = path.with_name(path.name + ".yaml")
    if not sidecar.is_file():
        return {}
    try:
        values = yaml.safe_load(sidecar.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeError) as error:
        raise ValueError(f"{sidecar.name} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(values, dict):
        raise ValueError(f"{sidecar.name} is not a mapping of keys to values, such as `title: ...`")
    return values


def _metadata(
    layers: Mapping[str, Mapping[str, Any]], heading: str, stem: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Return each field's value and the name of the layer it came from."""
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    for origin, layer in layers.items():
        for name in FIELDS:
            value = _as_text(layer.get(name))
            if value and name not in values:
                values[name], origins[name] = value, origin
    if "title" not in values:
        if layers.get("front matter") and not heading:
            raise ValueError("its front matter has no title; add a line such as `title: Wuzhen Summit`")
        values["title"], origins["title"] = (heading, "heading") if heading else (stem, "file name")
    _check_dates(values)
    return values, origins


def _check_dates(values: Mapping[str, str]) -> None:
    date, event, edition = (values.get(name, "") for name in ("date", "event_date", "edition"))
    if date and not ISO_DATE.fullmatch(date):
        raise ValueError(f"date {date!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    days = event.split("/")
    if event and (len(days) > 2 or not all(map(ISO_DATE.fullmatch, days)) or days != sorted(days)):
        raise ValueError(f"event_date {event!r} is no day such as 2025-11-07 and no span such as 2025-11-07/2025-11-10")
    if edition and not YEAR.fullmatch(edition):
        raise ValueError(f"edition {edition!r} is no year such as 2025")


def _references(values: Any) -> tuple[Reference, ...]:
    """Return the pages listed under `sources:`; ValueError says what is wrong with the list."""
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, Mapping) for value in values):
        raise ValueError("sources is not a list of pages, each with `title:` and, where known, publisher, date and url")
    found = []
    for value in values:
        if unknown := value.keys() - {"title", "publisher", "date", "url"}:
            raise ValueError(f"sources: unknown field {min(map(str, unknown))!r}; use title, publisher, date and url")
        if not _as_text(value.get("title")):
            raise ValueError("sources: a page has no title; say what it is")
        found.append(Reference(**{name: _as_text(text) for name, text in value.items()}))
    return tuple(found)


def _named(references: Sequence[Reference]) -> str:
    more = len(references) - MOST_NAMED
    return "; ".join(map(str, references[:MOST_NAMED])) + (f"; and {more} more" if more > 0 else "")


def _as_text(value: Any) -> str:
    """Return a metadata value as one line; a mapping such as `source:` is joined in its order."""
    if isinstance(value, Mapping):
        return ", ".join(filter(None, map(_as_text, value.values())))
    return " ".join(str(value).split()) if value is not None else ""
