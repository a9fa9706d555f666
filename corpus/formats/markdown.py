"""Markdown (CommonMark with tables) and its front matter."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import Extract, Part
from corpus.formats.table import table_parts

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
BREAK = re.compile(r"<br\b", re.IGNORECASE)


def read_markdown(text: str) -> Extract:
    """Return the parts and the front matter of a Markdown text; ValueError on front matter that is no mapping."""
    metadata, body = split_front_matter(text.replace("\r\n", "\n"))
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    return Extract(tuple(_parts(tokens)), metadata)


def words_in(text: str) -> str:
    """Return the words of a Markdown text without its markup, each table cell once."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return "\n".join(inline_text(t) if t.type == "inline" else COMMENT.sub("", t.content) for t in tokens)


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
    rows: list[list[str]] = []  # of the open table, the first one names its columns
    in_table = False
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
            case "table_open":
                rows, in_table = [], True
            case "table_close":
                yield from table_parts(rows, 1)
                in_table = False
            case "tr_open":
                rows.append([])
            case "inline" if in_table:
                rows[-1].append(inline_text(token))
            case "inline":
                text = inline_text(token)
                if level:
                    yield Part("heading", text, level)
                elif fresh_item and lists:
                    yield Part("item", text, len(lists) - 1, mark=lists[-1])
                    fresh_item = False
                else:
                    yield Part("paragraph", text)
            case "html_block":
                yield from _html_block(token.content)
            case "fence" | "code_block":
                yield Part("paragraph", token.content.rstrip("\n"))


def _html_block(content: str) -> Iterator[Part]:
    if "<" in COMMENT.sub("", content):
        from corpus.formats.html import read_page  # only the few texts with HTML in them pay for the parser

        yield from read_page(content).parts


def inline_text(token: Token) -> str:
    """Return the words of an inline token without markup; a line break inside a paragraph becomes a space."""
    pieces = []
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline":
                pieces.append(child.content)
            case "softbreak" | "hardbreak":
                pieces.append(" ")
            case "html_inline" if BREAK.match(child.content):
                pieces.append(" ")
            case "image":
                pieces.append(child.content)
    return "".join(pieces)
