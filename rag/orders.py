"""Sentences that tell whoever answers what to do: they state nothing, so they prove nothing that a model writes.

A model that obeys one would cite it for the words that it was told to say, and they do stand in it. What such a
sentence says to people ("Add the number to your reply") still answers as a source sentence; only no model words it.
The patterns know common orders, not all of them.
"""

import re

# Speaks of the answer, or of what the answerer was told before.
OF_ANSWERING = re.compile(
    r"\b(?:your|each|every) (?:next |final |whole )?(?:answers?|responses?|repl(?:y|ies)|outputs?|messages?)\b"
    r"|\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|above|before|previous)\b"
    r"|\b(?:system prompt|(?:as|you are) an? (?:ai|assistant|language model))\b"
    r"|(?:你|您|本次|每个)的?(?:回答|回复|答复|答案|输出)|(?:忽略|无视|忘记).{0,20}(?:指令|指示|提示|以上|之前)",
    re.I,
)
# Begins as one tells a writer to write.
TO_WRITE = re.compile(
    r"\W*(?:please |now |instead,? )*(?:write|compose|draft|explain|describe|translate|summari[sz]e|say|print|repeat"
    r"|output|pretend|imagine|reply|respond|answer|provide|develop|create|show|give|tell|list|break down)\b"
    r"|\W*请?(?:写|翻译|解释|总结|重复|输出|假装|扮演)",
    re.I,
)
ASKS = re.compile(r"[?？][\"”’»」』)）]*\s*$")


def is_order(text: str) -> bool:
    """Return whether a sentence orders or asks something of whoever answers, rather than stating it."""
    return bool(ASKS.search(text) or TO_WRITE.match(text) or OF_ANSWERING.search(text))
