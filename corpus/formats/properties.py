"""What an office file says about itself, where that is more than its program's default."""

import re
from datetime import datetime
from typing import Protocol

DEFAULT_TITLE = re.compile(
    r"(microsoft )?(word|powerpoint|excel)( document| presentation)?( - .*)?|(powerpoint )?presentation|untitled\d*"
    r"|幻灯片 1|演示文稿\d*|文档\d*",
    re.IGNORECASE,
)
LANGUAGE = re.compile(r"([a-z]{2})([-_][A-Za-z]+)*")


class Properties(Protocol):
    """The core properties of an OOXML package, as python-docx, python-pptx and openpyxl name them."""

    @property
    def title(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def modified(self) -> datetime | None: ...


TEMPLATE_DATES = (datetime(2013, 12, 23, 23, 15), datetime(2013, 1, 27, 9, 14, 16))  # of python-docx and python-pptx


def office_metadata(properties: Properties) -> dict[str, str]:
    """Return title, date and language as far as the file carries them."""
    modified = properties.modified
    if modified and modified.replace(tzinfo=None) in TEMPLATE_DATES:
        modified = None  # a program wrote the file from its template and left the template's date in it
    values = {
        "title": own_title(properties.title),
        "date": modified.date().isoformat() if modified else "",
        "language": language(properties.language),
    }
    return {name: value for name, value in values.items() if value}


def own_title(title: str | None) -> str:
    """Return the title on one line, "" where a program wrote it and no author."""
    title = " ".join((title or "").split())
    return "" if DEFAULT_TITLE.fullmatch(title) else title


def language(tag: str | None) -> str:
    """Return the ISO 639-1 code of a language tag: `zh` of `zh-CN`; "" for anything else."""
    match = LANGUAGE.fullmatch((tag or "").strip())
    return match[1] if match else ""
