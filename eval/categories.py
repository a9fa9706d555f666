"""The kinds of golden questions, read from golden/categories.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("golden") / "categories.toml"


@dataclass(frozen=True, slots=True)
class Category:
    """What a kind of question is about and how long its answer may be."""

    about: str
    words: int = 120  # most words of a right answer
    related: bool = True  # to the documents' subject
    answerable: bool = True  # False: the documents answer none of its questions


UNKNOWN = Category("")


@cache
def categories() -> dict[str, Category]:
    """Return the categories by name, in the order of the file."""
    return {name: Category(**fields) for name, fields in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}


def category(name: str) -> Category:
    """Return a category; one that the file does not know has its defaults."""
    return categories().get(name, UNKNOWN)
