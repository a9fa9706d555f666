"""All settings, read once from RAG_* environment variables by the entry points."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "RAG_"
ROOT = Path(__file__).resolve().parent.parent
DEFAULT_MODEL = "multilingual-e5-small"


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("must be an address such as http://127.0.0.1:8000")
    return value


def _name(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty; unset it for the default")
    return value


class Settings(BaseSettings):
    """Where the documents and the index are, and which model searches them."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", validate_default=True, env_ignore_empty=True
    )

    corpus_dir: Annotated[Path, Field(description="folder of the documents")] = ROOT / "corpus" / "documents"
    index_dir: Annotated[Path, Field(description="folder of the index")] = ROOT / "var" / "index"
    embedding_model: Annotated[
        str, AfterValidator(_name), Field(description="sentence-transformers name or folder")
    ] = DEFAULT_MODEL
    chroma_url: Annotated[
        str, AfterValidator(_http_url), Field(description="Chroma server; empty: Chroma inside this program")
    ] = ""

    today: Annotated[
        date | None, Field(description='day that "last year" counts from, such as 2025-11-30; empty: the real one')
    ] = None

    @classmethod
    def load(cls) -> "Settings":
        """Return the settings; ValueError names an unknown variable or a wrong value, and the remedy."""
        known = [f"{PREFIX}{name.upper()}" for name in cls.model_fields]
        for variable in sorted(os.environ):
            if variable.startswith(PREFIX) and variable not in known:
                raise ValueError(f"{variable} is not a setting; the settings are {', '.join(known)}")
        try:
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = f"{PREFIX}{str(first['loc'][0]).upper()}"
            raise ValueError(f"{name}={first['input']}: {first['msg'].removeprefix('Value error, ')}") from None
