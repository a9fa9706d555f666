"""Repair of text extracted from PDFs. Each step leaves clean text as it is; cleaning twice changes nothing."""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, islice, pairwise

from corpus.document import Part
from corpus.words import (
    drop_footnote_marks,
    join_lines,
    mend_ai,
    mend_hyphens,
    plain_characters,
    vocabulary,
)

Parts = tuple[Part, ...]
Step = Callable[[Parts], Parts]

FINAL = re.compile(r"[.!?:。！？：…;；]['\"”’」』》）)\]]*$")
PAGE_NUMBER = re.compile(
    r"[-–—|·\s]*(?:page|p\.|第)?\s*(?:\d{1,4}|\d{1,2}-\d{1,3}|[ivxl]{1,6})\s*(?:(?:of|/|共)\s*\d{1,4})?\s*页?[-–—|·\s]*",
    re.IGNORECASE,
)
CONTENTS = re.compile(r"\W*(table of contents|contents|目\s*录)\W*", re.IGNORECASE)
LEADER = re.compile(r".*\S\s*(?:(?:[.·_…]\s?){4,}|…{2,}|\t)\s*(\d{1,4}|[ivxl]{1,6})", re.IGNORECASE)
ENDS_IN_NUMBER = re.compile(r".*[^\W\d].*?[\s;.…](\d{1,4})")
FOOTNOTE = re.compile(r"(\d{1,2}|[*†‡]|\[\d{1,2}\])\s+\S")
CAPTION = re.compile(r"(figure|fig\.|table|图|表)\s*[\dIVX]", re.IGNORECASE)
OPEN_WORD = re.compile(r"\b(a|an|and|at|between|by|for|from|in|into|of|on|or|that|the|their|to|which|with)$")
BOLD = re.compile(r"(?<![\w*])(\*{2,3})(?=[^\s*])([^*\n]+?)(?<=\S)\1(?![\w*])")
SCHEMES = {
    "roman": re.compile(r"[IVX]+[.．]\s"),
    "(roman)": re.compile(r"[(（][IVX]+[)）]\s*"),
    "1.1.1": re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}\.?\s"),
    "1.1": re.compile(r"\d{1,2}\.\d{1,2}\.?\s"),
    "1.": re.compile(r"\d{1,2}[.．、]\s*(?!\d)"),
    "一、": re.compile(r"[一二三四五六七八九十]+、"),
    "（一）": re.compile(r"[(（][一二三四五六七八九十]+[)）]"),
}
SHORT = 120  # characters; no page head is longer


def clean(parts: Sequence[Part]) -> Parts:
    """Return the parts as their author wrote them: whole words, whole sentences, nothing that belongs to the page."""
    before: Parts = ()
    after = tuple(parts)
    for _ in range(20):  # a repair may uncover another; each makes the text shorter or simpler, so it ends
        if before == after:
            break
        before = after
        for step in STEPS:
            after = step(after)
    return after


def spell_out(parts: Parts) -> Parts:
    """Spell out ligatures; drop what nobody sees."""
    return _map(parts, plain_characters)


def drop_bold_marks(parts: Parts) -> Parts:
    """Drop the asterisks of Markdown's bold type."""
    return _map(parts, lambda text: BOLD.sub(r"\2", text))


def drop_page_lines(parts: Parts) -> Parts:
    """Drop heads, feet and numbers that pages repeat at their edges; a heading's first occurrence stays."""
    pages: dict[int, list[tuple[int, int]]] = defaultdict(list)  # page -> (part, line) in order
    for i, part in enumerate(parts):
        if part.page is not None and part.kind != "row":
            pages[part.page] += [(i, k) for k in range(len(part.text.split("\n")))]
    edges = [
        (page, spot)
        for page, spots in pages.items()
        for spot in dict.fromkeys(spots[:2] + spots[-2:])
        if parts[spot[0]].text.count("\n") < 2  # no line of a longer paragraph
    ]
    dropped = set(_repeated(parts, edges)) | set(_page_numbers(parts, pages))
    kept = tuple(_without_lines(parts, dropped)) if dropped else parts
    return kept or parts


def _line_at(parts: Parts, spot: tuple[int, int]) -> str:
    return parts[spot[0]].text.split("\n")[spot[1]].strip()


def _repeated(parts: Parts, edges: list[tuple[int, tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    places: dict[str, list[tuple[int, tuple[int, int]]]] = defaultdict(list)
    for page, spot in edges:
        line = _line_at(parts, spot)
        if any(c.isalpha() for c in line) and len(line) <= SHORT and not CAPTION.match(line):
            for key in _keys(line, page, parts[spot[0]].kind == "heading"):
                places[key].append((page, spot))
    pages = {page for page, _ in edges}
    for spots in places.values():
        if len({page for page, _ in spots}) < (2 if len(pages) < 4 else 3):
            continue
        keep_first = len(pages) < 3 or parts[spots[0][1][0]].kind == "heading"
        yield from (spot for _, spot in spots[1 if keep_first else 0 :])


def _keys(line: str, page: int, is_heading: bool) -> Iterator[str]:
    """Yield what a page's line has in common with its like: its text, but for a number that counts the pages."""
    yield line.casefold()
    for number in re.finditer(r"\d+", "" if is_heading else line):
        yield f"{line[: number.start()]}#{int(number[0][:9]) - page}#{line[number.end() :]}".casefold()


def _page_numbers(parts: Parts, pages: dict[int, list[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    for spots in pages.values():
        for spot in (spots[0], spots[-1]):
            if PAGE_NUMBER.fullmatch(_line_at(parts, spot)):
                yield spot


def _without_lines(parts: Parts, dropped: set[tuple[int, int]]) -> Iterator[Part]:
    for i, part in enumerate(parts):
        lines = part.text.split("\n")
        text = "\n".join(line for k, line in enumerate(lines) if (i, k) not in dropped)
        if text.strip():
            yield replace(part, text=text) if text != part.text else part


def drop_interruptions(parts: Parts) -> Parts:
    """Drop a repeated page head or a page number that stands in the middle of a sentence, wherever else it stands."""
    counts = Counter(_key(p.text) for p in parts if _may_interrupt(p))
    heads = set()
    numbers = set()
    for i in range(1, len(parts) - 1):
        if not _may_interrupt(parts[i]) or not _is_open(parts[i - 1]) or not parts[i + 1].text[:1].islower():
            continue
        if PAGE_NUMBER.fullmatch(parts[i].text):
            numbers.add(i)
        elif counts[_key(parts[i].text)] > 1:
            heads.add(_key(parts[i].text))
    first: set[str] = set()
    return tuple(p for i, p in enumerate(parts) if i not in numbers and not _is_later(p, heads, first))


def _may_interrupt(part: Part) -> bool:
    return part.kind in ("heading", "paragraph") and len(part.text) <= SHORT


def _is_later(part: Part, heads: set[str], seen: set[str]) -> bool:
    key = _key(part.text)
    if key not in heads or not _may_interrupt(part):
        return False
    later = key in seen
    seen.add(key)
    return later


def _key(text: str) -> str:
    return "".join(text.split()).casefold()


def drop_contents(parts: Parts) -> Parts:
    """Drop tables of contents: lines that lead by dots or a tab to page numbers that never fall."""
    kept: list[Part] = []
    i = 0
    while i < len(parts):
        titled = parts[i].kind != "row" and CONTENTS.fullmatch(parts[i].text) is not None
        end = _contents_end(parts, i + titled, ENDS_IN_NUMBER if titled else LEADER)
        if end == i + titled:
            kept.append(parts[i])
        i = max(end, i + 1) if end > i + titled else i + 1
    return tuple(kept)


def _contents_end(parts: Parts, start: int, form: re.Pattern[str]) -> int:
    """Return where the contents that begin at `start` end; `start` itself where there are none."""
    numbers: list[int] = []
    end = start
    for part in parts[start:]:
        lines = [line for line in part.text.split("\n") if line.strip()]
        found = [LEADER.fullmatch(line) or form.fullmatch(line) for line in lines if len(line) < 4 * SHORT]
        if not found or len(found) < len(lines) or not all(found):
            break
        numbers += [int(m[1]) for m in found if m and m[1].isdecimal()]
        end += 1
    rising = all(a <= b for a, b in pairwise(numbers))
    return end if len(numbers) > 2 and rising else start


def drop_fragments(parts: Parts) -> Parts:
    """Drop the beginning of a paragraph that stands once more in front of it."""
    repeated = {
        i
        for i, (a, b) in enumerate(pairwise(parts))
        if a.kind == b.kind == "paragraph" and _is_open(a) and len(a.text.split()) > 2 and _begins(b.text, a.text)
    }
    return tuple(p for i, p in enumerate(parts) if i not in repeated)


def _begins(text: str, fragment: str) -> bool:
    start = _key(fragment).removesuffix("-")
    return _key(text).startswith(start) and len(_key(text)) > len(start)


def join_sentences(parts: Parts) -> Parts:
    """Join a paragraph that breaks off with the one that goes on, past captions and footnotes between them."""
    rest = deque(parts)
    joined: list[Part] = []
    while rest:
        part = end = rest.popleft()
        pieces = [part.text]
        while (i := _continuation(end, rest)) is not None:
            pieces.append(rest[i].text)
            end = replace(part, text=f"{end.text}\n{rest[i].text}"[-SHORT:])
            del rest[i]
        joined.append(replace(part, text="\n".join(pieces)) if len(pieces) > 1 else part)
    return tuple(joined)


def _continuation(part: Part, rest: Iterable[Part]) -> int | None:
    if not _is_open(part):
        return None
    for i, following in enumerate(islice(rest, 4)):
        if _goes_on(part, following):
            return i
        if following.kind != "paragraph" or not (FOOTNOTE.match(following.text) or CAPTION.match(following.text)):
            return None
    return None


def _is_open(part: Part) -> bool:
    """True for prose that ends in the middle of a sentence."""
    text = part.text.rstrip()
    return part.kind in ("paragraph", "item") and len(text) > 20 and not FINAL.search(text)


def _goes_on(part: Part, following: Part) -> bool:
    if following.kind != "paragraph" or PAGE_NUMBER.fullmatch(following.text):
        return False
    if following.text[:1].islower() or OPEN_WORD.search(part.text.rstrip()):
        return True
    if part.page is None or part.page == following.page:
        return False
    return bool(re.fullmatch(r"[\u3400-\u9fff，、][\u3400-\u9fff]", part.text.rstrip()[-1] + following.text[0]))


def drop_marks(parts: Parts) -> Parts:
    """Drop the marks of footnotes."""
    texts = drop_footnote_marks(p.text for p in parts)
    return tuple(replace(p, text=text) for p, text in zip(parts, texts, strict=True) if text.strip())


def mend_words(parts: Parts) -> Parts:
    """Join hard-wrapped lines and split words; read `Al` as `AI` where the document does."""
    words = vocabulary(p.text for p in parts)
    return _map(parts, lambda text: mend_ai(mend_hyphens(join_lines(text, words), words), words))


def unhead_sentences(parts: Parts) -> Parts:
    """Return headings that are whole sentences as paragraphs, so that they can be cited."""
    return tuple(
        replace(p, kind="paragraph", level=0)
        if p.kind == "heading" and p.text.endswith((".", "。")) and (len(p.text.split()) > 7 or len(p.text) > 60)
        else p
        for p in parts
    )


def level_headings(parts: Parts) -> Parts:
    """Give headings of one way of numbering one level, a way that first occurs below another a deeper one."""
    schemes = [_scheme(p) for p in parts]
    own: dict[str, set[int]] = defaultdict(set)
    for part, scheme in zip(parts, schemes, strict=True):
        own[scheme].add(part.level)
    order = [s for s in dict.fromkeys(schemes) if s]
    if all(len(own[s]) == 1 for s in order) and all(max(own[a]) < min(own[b]) for a, b in pairwise(order)):
        return parts
    levels = dict(zip(order, accumulate(order[1:], lambda n, _: n + 1, initial=min(own[order[0]])), strict=True))
    return tuple(
        replace(p, level=min(levels[s], 6)) if s and p.level != min(levels[s], 6) else p
        for p, s in zip(parts, schemes, strict=True)
    )


def _scheme(part: Part) -> str:
    if part.kind != "heading":
        return ""
    return next((name for name, form in SCHEMES.items() if form.match(part.text)), "")


def _map(parts: Parts, repair: Callable[[str], str]) -> Parts:
    texts = [repair(p.text) for p in parts]
    pairs = zip(parts, texts, strict=True)
    return tuple(p if text == p.text else replace(p, text=text) for p, text in pairs if text.strip())


STEPS: tuple[Step, ...] = (
    spell_out,
    drop_bold_marks,
    drop_page_lines,
    drop_contents,
    drop_interruptions,
    drop_fragments,
    join_sentences,
    drop_marks,
    mend_words,
    unhead_sentences,
    level_headings,
)
