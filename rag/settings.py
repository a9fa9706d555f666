"""All settings, read once from RAG_* environment variables by the entry points."""

import os
import re
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from math import isfinite
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PositiveFloat,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rag.endpoint import FIRST_TOKEN, LEAST_PROMPT_TOKENS, PROMPT_TOKENS, WHOLE_ANSWER, Endpoint

PREFIX = "RAG_"
ROOT = Path(__file__).resolve().parent.parent
DEFAULT_MODEL = "multilingual-e5-small"
SECRETS = ("llm_api_key", "admin_token")  # never shown


def _http_url(value: str) -> str:
    if value and not _is_http(value):
        raise ValueError("must be an address such as http://127.0.0.1:8000, its port at most 65535")
    return value


def _is_http(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port or an IPv6 address
        return False


def _seconds(value: float) -> float:
    if not isfinite(value):
        raise ValueError("must be a number of seconds, such as 60")
    return value


def _prompt_tokens(value: int) -> int:
    if value < LEAST_PROMPT_TOKENS:
        raise ValueError(
            f"must be at least {LEAST_PROMPT_TOKENS}, room for the instructions, a question and some sources; "
            f"unset it for {PROMPT_TOKENS}"
        )
    return value


def _key(value: SecretStr) -> SecretStr:
    """Return a key that can be sent in a header."""
    if not re.fullmatch(r"[!-~]*", value.get_secret_value()):
        raise ValueError(
            "must be one line of ASCII letters, digits and signs without spaces; copy the key again, alone"
        )
    return value


def _name(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty; unset it for the default")
    return value


def _listed(value: object) -> object:
    """Return what stands between commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or value != f"{parts.scheme}://{parts.netloc}":
        raise ValueError("must be origins such as https://intranet.example.org, with commas between them")
    return value.lower()


def _networks(value: object) -> object:
    """Return the networks; ip_network would take numbers for addresses."""
    try:
        return tuple(ip_network(part) for part in value) if isinstance(value, list) else value
    except ValueError as error:
        raise ValueError(f"{error}; must be addresses such as 127.0.0.1 or 10.0.0.0/8, with commas between") from None


def _root(value: str) -> str:
    if value and (not value.startswith("/") or value.endswith("/") or "?" in value or "#" in value):
        raise ValueError("must begin with a slash and not end with one, such as /ask")
    return value


Origin = Annotated[str, AfterValidator(_origin)]
Seconds = Annotated[PositiveFloat, AfterValidator(_seconds)]
Network = IPv4Network | IPv6Network


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
    llm_base_url: Annotated[
        str, AfterValidator(_http_url), Field(description="OpenAI-compatible server; empty: no LLM")
    ] = ""
    llm_model: Annotated[str, Field(description="name of the LLM on that server")] = ""
    llm_api_key: Annotated[SecretStr, AfterValidator(_key), Field(description="key of that server")] = SecretStr("")
    llm_first_token_seconds: Annotated[Seconds, Field(description="until the next token")] = FIRST_TOKEN
    llm_answer_seconds: Annotated[Seconds, Field(description="until the last token")] = WHOLE_ANSWER
    llm_prompt_tokens: Annotated[
        int, AfterValidator(_prompt_tokens), Field(description="tokens of a prompt, at most")
    ] = PROMPT_TOKENS

    @property
    def llm(self) -> Endpoint | None:
        """The LLM, or None where none is set."""
        if not self.llm_base_url:
            return None
        return Endpoint(
            base_url=self.llm_base_url,
            model=self.llm_model,
            api_key=self.llm_api_key,
            first_token=self.llm_first_token_seconds,
            whole_answer=self.llm_answer_seconds,
            prompt_tokens=self.llm_prompt_tokens,
        )

    today: Annotated[
        date | None, Field(description='day that "last year" counts from, such as 2025-11-30; empty: the real one')
    ] = None
    data_dir: Annotated[Path, Field(description="folder of what people leave behind: feedback")] = ROOT / "var" / "data"
    admin_token: Annotated[
        SecretStr, Field(description="who sends it may add and remove documents in the browser; empty: nobody")
    ] = SecretStr("")
    allowed_origins: Annotated[
        tuple[Origin, ...], NoDecode, BeforeValidator(_listed), Field(description="pages that may use the widget")
    ] = ()
    public: Annotated[bool, Field(description="whoever reaches the desk may ask")] = False
    trusted_proxies: Annotated[
        tuple[Network, ...], NoDecode, BeforeValidator(_networks), BeforeValidator(_listed),
        Field(description="proxies whose word on user and address counts"),
    ] = ()  # fmt: skip
    root_path: Annotated[str, AfterValidator(_root), Field(description="path below which a proxy serves the desk")] = ""
    rate_limit: Annotated[int, Field(ge=1, description="questions a minute and user, or address")] = 60
    log_questions: Annotated[bool, Field(description="the log holds the text of questions")] = False

    @classmethod
    def load(cls, **given: Any) -> "Settings":
        """Return the settings, `given` ones before the environment's.

        ValueError names an unknown variable or a wrong value, and the remedy.
        """
        known = [f"{PREFIX}{name.upper()}" for name in cls.model_fields]
        for variable in sorted(os.environ):
            if variable.startswith(PREFIX) and variable not in known:
                raise ValueError(f"{variable} is not a setting; the settings are {', '.join(known)}")
        try:
            settings = cls(**given)
        except ValidationError as error:
            first = error.errors()[0]
            field = str(first["loc"][0])
            given_value = "" if field in SECRETS else f"={first['input']}"
            reason = first["msg"].removeprefix("Value error, ")
            raise ValueError(f"{PREFIX}{field.upper()}{given_value}: {reason}") from None
        if bool(settings.llm_base_url) != bool(settings.llm_model):
            missing = "LLM_MODEL" if settings.llm_base_url else "LLM_BASE_URL"
            raise ValueError(f"{PREFIX}{missing} is not set; an LLM needs its address and its name, or unset both")
        if settings.llm_answer_seconds < settings.llm_first_token_seconds:
            raise ValueError(
                f"{PREFIX}LLM_ANSWER_SECONDS={settings.llm_answer_seconds:g} is below "
                f"{PREFIX}LLM_FIRST_TOKEN_SECONDS={settings.llm_first_token_seconds:g}; raise it, or lower that"
            )
        return settings
