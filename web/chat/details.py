"""How an answer came about, folded away below it."""

from rag.cite import Answer, Retrieved
from web.chat.literal import literal
from web.link import source_link
from web.words import Words


def scope_text(answer: Answer) -> str:
    """Return the filter that a question was asked under, on one line."""
    scope = answer.scope
    return " · ".join(", ".join(part) for part in (scope.programs, scope.kinds, scope.years, scope.documents) if part)


def details_html(answer: Answer, words: Words) -> str:
    """Return the question as searched, confidence, timings, corpus version and every hit with its ranks."""
    facts = [
        (words.searched, answer.standalone_question),
        (words.only, scope_text(answer)),
        (words.confidence, f"{answer.confidence:.0%}" if answer.corpus_version else ""),
        (words.mode, " · ".join(filter(None, (answer.mode, answer.model)))),
        (words.version, answer.corpus_version),
        (words.timings, _timings(answer, words)),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{literal(value)}</dd>" for name, value in facts if value)
    hits = _hits(answer, words) if answer.retrieved else ""
    return f'<details class="details"><summary>{words.details}</summary><dl>{rows}</dl>{hits}</details>'


def _timings(answer: Answer, words: Words) -> str:
    steps = ", ".join(f"{name} {words.seconds.format(round(value, 3))}" for name, value in answer.timings.items())
    whole = words.seconds.format(answer.seconds)
    return f"{whole} ({steps})" if steps else whole


def _hits(answer: Answer, words: Words) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in words.columns)
    body = "".join(_row(hit) for hit in answer.retrieved)
    return (
        f'<p class="sources-title">{words.hits}</p><div class="hits" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(hit: Retrieved) -> str:
    href = literal(source_link(hit.document_id, hit.start, hit.end))
    where = literal(" > ".join(filter(None, (hit.title or hit.document_id, hit.section))))
    ranks = (hit.dense_rank, hit.lexical_rank)
    cells = "".join(f"<td>{rank if rank is not None else '–'}</td>" for rank in ranks)
    return (
        f'<tr><td><a class="passage" href="{href}" target="_blank" rel="noopener">{where}</a></td>{cells}'
        f"<td>{hit.score:.3f}</td><td>{'✓' if hit.cited else ''}</td></tr>"
    )
