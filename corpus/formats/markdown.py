"""Markdown (CommonMark with tables) and its front matter."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import Extract, Part

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)


def read_markdown(text: str) -> Extract:
    """Return the parts and the front matter of a Markdown text; ValueError on front matter that is no mapping."""
    metadata, body = split_front_matter(text.replace("\r\n", "\n"))
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    return Extract(tuple(_parts(tokens)), metadata)


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return (front matter, text below it); the front matter is empty where there is none."""
    match = FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        metadata = yaml.safe_load(match[1]) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"front matter is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(metadata, dict):
        raise ValueError("front matter is not a mapping of keys to values, such as `title: ...`")
    return metadata, text[match.end() :]


def _parts(tokens: list[Token]) -> Iterator[Part]:
    """Walk the flat token stream of markdown-it; nesting lives in open and close tokens."""
    lists: list[str] = []  # mark of each open list, outermost first
    columns: list[str] = []
    cells: list[str] | None = None  # of the open table row
    in_head = False
    fresh_item = False
    level = 0
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                lists.append("- ")
            case "ordered_list_open":
                lists.append("1. ")
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                fresh_item = True
                if lists[-1] != "- ":
                    lists[-1] = f"{token.info or 1}. "
            case "heading_open":
                level = int(token.tag[1])
            case "heading_close":
                level = 0
            case "thead_open":
                in_head, columns = True, []
            case "thead_close":
                in_head = False
            case "tr_open":
                cells = []
            case "tr_close":
                if in_head:
                    columns = cells or []
                else:
                    yield Part("row", row_text(columns, cells or []))
                cells = None
            case "inline" if cells is not None:
                cells.append(inline_text(token))
            case "inline":
                text = inline_text(token)
                if level:
                    yield Part("heading", text, level)
                elif fresh_item and lists:
                    yield Part("item", text, len(lists) - 1, mark=lists[-1])
                    fresh_item = False
                else:
                    yield Part("paragraph", text)
            case "fence" | "code_block":
                yield Part("paragraph", token.content.rstrip("\n"))


def inline_text(token: Token) -> str:
    """Return the words of an inline token without markup; a line break inside a paragraph becomes a space."""
    pieces = []
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline":
                pieces.append(child.content)
            case "softbreak" | "hardbreak":
                pieces.append(" ")
            case "image":
                pieces.append(child.content)
    return "".join(pieces)


def row_text(columns: list[str], cells: list[str]) -> str:
    """Return a table row that keeps its column names: `Year: 2024; Members: 140`."""
    pairs = [
        f"{columns[i]}: {cell}" if i < len(columns) and columns[i] and cell != columns[i] else cell
        for i, cell in enumerate(cells)
    ]
    return "; ".join(pair for pair, cell in zip(pairs, cells, strict=True) if cell.strip())
