"""The values that a chart in an office file shows, whatever its kind."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from corpus.document import Part
from corpus.formats.table import table_parts

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHARTS_RELATION = re.compile(r"/relationships/chart$")
POINTS = 10_000  # of one series; a file may claim any number


def related_charts(part: Any, node: Any) -> Iterator[Part]:
    """Yield the charts that an element of a package's part refers to."""
    for reference in node.iter(CHART + "chart"):
        key = next((value for name, value in reference.items() if name.endswith("}id")), "")
        if key in part.rels and CHARTS_RELATION.search(part.rels[key].reltype) and not part.rels[key].is_external:
            yield from chart_parts(part.rels[key].target_part.blob)


def chart_parts(data: bytes) -> Iterator[Part]:
    """Yield a chart's title and a row for each category; nothing where the part is broken."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    if root is None:
        return
    title = root.find(f"{CHART}chart/{CHART}title")
    if title is not None:
        yield Part("paragraph", " ".join("".join(t.text or "" for t in title.iter(DRAWING + "t")).split()))
    series = list(root.iter(CHART + "ser"))
    names = [_name(s) for s in series]
    values = [_points(s, "val", "yVal") for s in series]
    categories = next((c for s in series if (c := _points(s, "cat", "xVal"))), {})
    rows = sorted({*categories, *(i for v in values for i in v)})
    if rows:
        grid = [[categories.get(i, ""), *(_number(v.get(i, "")) for v in values)] for i in rows]
        yield from table_parts([["", *names], *grid], 1)


def _name(series: Any) -> str:
    return " ".join(v.text or "" for v in series.iterfind(f"{CHART}tx//{CHART}v"))


def _points(series: Any, *holders: str) -> dict[int, str]:
    """Return the cached values of a series by their index."""
    points = (p for holder in holders for p in series.iterfind(f"{CHART}{holder}//{CHART}pt"))
    found = {int(p.get("idx", "0")): p.findtext(CHART + "v") or "" for p in points if p.get("idx", "0").isdecimal()}
    return {index: text for index, text in found.items() if index < POINTS}


def _number(text: str) -> str:
    """Return a value without the noise of its binary form: 4.3 and not 4.2999999999999998."""
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text
