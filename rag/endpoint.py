"""Where the LLM is and how much of it an answer may use."""

from dataclasses import dataclass, field

from pydantic import SecretStr

PROMPT_TOKENS = 1500
LEAST_PROMPT_TOKENS = 400  # the instructions, a question and some sources
FIRST_TOKEN, WHOLE_ANSWER = 20.0, 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server with one of its models."""

    base_url: str  # such as http://127.0.0.1:11434/v1
    model: str
    api_key: SecretStr = field(default_factory=lambda: SecretStr(""))
    first_token: float = FIRST_TOKEN  # seconds; also from one token to the next
    whole_answer: float = WHOLE_ANSWER  # seconds
    prompt_tokens: int = PROMPT_TOKENS  # at most
