"""One page's glyphs -> its lines in reading order: columns, tables and rotated text."""

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby, pairwise

from corpus.formats.table import row_text

RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
MARK = re.compile(r"([-–*•‣◦●○▪■□☐✓➢\uf0b7\uf0a7]|\(?([ivx]{1,4}|[a-z]|\d{1,3})[.)])", re.IGNORECASE)
NUMBER = re.compile(r"[\s\d.,%$€£¥()+\-–−/:*]*\d[\s\d.,%$€£¥()+\-–−/:*]*")
MOST_RULES = 3000  # on one page; more make a drawing


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its place, in points from the lower left, turned so that its text runs to the right."""

    char: str
    x0: float
    x1: float
    y: float  # of the baseline
    size: float
    bold: bool
    angle: int  # degrees that the text was turned by on the page, 0..359


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one baseline without a wide gap."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of prose in its column, or a table row (`row`), which stands alone."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    column: int  # of its page: lines of one number were set in one column
    left: float  # edges of that column
    right: float
    row: bool = False
    turned: bool = False  # runs in another direction than most of its page


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin drawn line or the edge of a box: where tables have their borders."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def upright(self) -> bool:
        """True for a border between columns, False for one between rows."""
        return self.y1 - self.y0 > self.x1 - self.x0


Grid = list[list[str]]
Band = tuple[list[list[Run]], list[float]]  # rows and the middles of the gutters that they share


def read_page(glyphs: Sequence[Glyph], rules: Sequence[Rule] = ()) -> tuple[Line, ...]:
    """Return the lines of one page in reading order; text turned otherwise than most comes last."""
    angles = Counter(g.angle for g in glyphs if not g.char.isspace())
    ids = count()
    lines: list[Line] = []
    for angle, _ in angles.most_common():
        runs = list(find_runs(g for g in glyphs if g.angle == angle))
        found = _read_with_rules(runs, rules if angle == 0 else (), ids)
        lines += [replace(line, turned=True) for line in found] if lines else found
    return tuple(lines)


def find_runs(glyphs: Iterable[Glyph]) -> Iterator[Run]:
    """Cut the stream of glyphs wherever the baseline changes or a gap is wider than a word space."""
    run: list[Glyph] = []
    x0 = x1 = 0.0
    for glyph in glyphs:
        if glyph.char.isspace():
            if run:
                run.append(glyph)
            continue
        if run and _breaks(run, glyph, x0, x1):
            yield _run(run)
            run = []
        x0, x1 = (min(x0, glyph.x0), max(x1, glyph.x1)) if run else (glyph.x0, glyph.x1)
        ligature = glyph.char == "ل" and run and run[-1].char in "اأإآ" and run[-1].x0 == glyph.x0
        run.insert(len(run) - bool(ligature), glyph)  # of lam and alef in one glyph, PDFium gives alef first
    if run:
        yield _run(run)


def _breaks(run: list[Glyph], glyph: Glyph, x0: float, x1: float) -> bool:
    size = max(run[0].size, glyph.size)
    if abs(glyph.y - run[0].y) > 0.5 * size:
        return True
    rtl = RTL.match(glyph.char) or any(RTL.match(g.char) for g in run[-3:])
    if not rtl and glyph.x1 < x0 + 0.1 * size:
        return True
    allowed = 4 * size if len(run) < 6 and MARK.fullmatch("".join(g.char for g in run).strip()) else size
    return max(glyph.x0 - x1, x0 - glyph.x1) > allowed


def _run(glyphs: list[Glyph]) -> Run:
    inked = [g for g in glyphs if not g.char.isspace()]
    size, _ = Counter(round(g.size, 1) for g in inked).most_common(1)[0]
    baseline = statistics.median_low([g.y for g in inked if round(g.size, 1) == size])
    pieces = []
    for raised, group in groupby(glyphs, key=lambda g: _is_raised(g, size, baseline)):
        text = "".join(g.char for g in group)
        pieces.append(f"<sup>{text}</sup>" if raised else text)
    letters = [g for g in inked if g.char.isalnum()] or inked
    return Run(
        " ".join("".join(pieces).split()),
        min(g.x0 for g in inked),
        max(g.x1 for g in inked),
        baseline,
        size,
        sum(g.bold for g in letters) > 0.9 * len(letters),
    )


def _is_raised(glyph: Glyph, size: float, baseline: float) -> bool:
    return glyph.char.isdecimal() and glyph.size < 0.8 * size and glyph.y > baseline + 0.15 * size


def _read_with_rules(runs: list[Run], rules: Sequence[Rule], ids: Iterator[int]) -> list[Line]:
    """Lift ruled tables out of the page, read the rest by its white space, and put the tables where they stood."""
    tables: list[tuple[float, float, float, list[Line]]] = []
    for xs, ys in find_grids(rules):
        inside = [r for r in runs if xs[0] - 2 < (r.x0 + r.x1) / 2 < xs[-1] + 2 and ys[-1] < r.y + 0.3 * r.size < ys[0]]
        grid = _fill(inside, xs, ys)
        if not _is_filled(grid):
            continue  # a frame or a drawing
        runs = [r for r in runs if r not in inside]
        tables.append((ys[0], xs[0], xs[-1], _rows(inside, grid, _has_head(grid, True))))
    lines = _read_region(runs, ids)
    for top, left, right, rows in sorted(tables, key=lambda t: t[:3]):
        middle = (left + right) / 2
        above = [
            i for i, line in enumerate(lines) if line.y > top and line.left - 5 < middle < max(line.right, line.x1) + 5
        ]
        place = above[-1] + 1 if above else 0
        lines[place:place] = rows
    return lines


def _is_filled(grid: Grid) -> bool:
    cells = [cell for row in grid for cell in row]
    tall = max((cell.count("\n") for cell in cells), default=0) > 15
    return not tall and sum(sum(map(bool, row)) > 1 for row in grid) > 1 and 3 * sum(map(bool, cells)) > len(cells)


def find_grids(rules: Sequence[Rule]) -> Iterator[tuple[list[float], list[float]]]:
    """Yield (borders from left to right, borders from top to bottom) of every ruled table with two or more columns."""
    for group in _touching(rules):
        width = max(r.x1 for r in group) - min(r.x0 for r in group)
        height = max(r.y1 for r in group) - min(r.y0 for r in group)
        xs = _borders([(r.x0, r.y0, r.y1) for r in group if r.upright], height / 2)
        ys = _borders([(r.y0, r.x0, r.x1) for r in group if not r.upright], width / 2)[::-1]
        if len(xs) > 2 and len(ys) > 2:
            yield xs, ys


def _borders(strokes: Sequence[tuple[float, float, float]], least: float, slack: float = 4.0) -> list[float]:
    """Return the places of strokes (place, from, to) that together are at least so long."""
    reach: dict[float, float] = {}
    for place, start, end in sorted(strokes):
        near = next((p for p in reach if place - p <= slack), place)
        reach[near] = reach.get(near, 0.0) + end - start
    return [place for place, length in reach.items() if length >= least]


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    if len(rules) > MOST_RULES:
        return []
    groups: list[tuple[Rule, list[Rule]]] = []  # the box around each group, and the group
    for rule in sorted(rules, key=lambda r: (-r.y1, r.x0)):
        near = [g for g in groups if _touch(g[0], rule)]
        members = [rule, *(r for _, group in near for r in group)]
        boxes = [rule, *(box for box, _ in near)]
        box = Rule(
            min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
        )
        groups = [g for g in groups if g not in near] + [(box, members)]
    return [members for _, members in groups]


def _touch(a: Rule, b: Rule, slack: float = 2.0) -> bool:
    return a.x0 <= b.x1 + slack and b.x0 <= a.x1 + slack and a.y0 <= b.y1 + slack and b.y0 <= a.y1 + slack


def _fill(runs: Sequence[Run], xs: Sequence[float], ys: Sequence[float]) -> Grid:
    cells: list[list[list[Run]]] = [[[] for _ in xs[1:]] for _ in ys[1:]]
    for run in runs:
        middle, height = (run.x0 + min(run.x1, run.x0 + 20)) / 2, run.y + 0.3 * run.size
        column = max(0, min(len(xs) - 2, sum(x < middle for x in xs) - 1))
        row = max(0, min(len(ys) - 2, sum(y > height for y in ys) - 1))
        cells[row][column].append(run)
    return [[_cell_text(cell) for cell in row] for row in cells if any(row)]


def _cell_text(runs: Sequence[Run]) -> str:
    return "\n".join(_join(row) for row in group_rows(runs))


def group_rows(runs: Iterable[Run]) -> list[list[Run]]:
    """Group runs that share a baseline, from the top down, each row from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: -r.y):
        anchor = max(rows[-1], key=lambda r: r.size) if rows else None
        if anchor and abs(anchor.y - run.y) < 0.45 * max(anchor.size, run.size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda r: r.x0) for row in rows]


def _join(row: Sequence[Run]) -> str:
    ordered = sorted(row, key=lambda r: -r.x1) if any(RTL.search(r.text) for r in row) else row
    text = ordered[0].text
    for before, run in pairwise(ordered):
        text += ("" if 0 <= run.x0 - before.x1 < 0.12 * run.size else " ") + run.text
    return text


def _read_region(runs: list[Run], ids: Iterator[int]) -> list[Line]:
    """Read runs by their white space: bands of rows that share a clear gutter are columns or a table."""
    if not runs:
        return []
    column, left, right = next(ids), min(r.x0 for r in runs), max(r.x1 for r in runs)
    lines: list[Line] = []
    bands = list(_bands(group_rows(runs), left, right))
    for i, (rows, gutters) in enumerate(bands):
        columns = _split(rows, gutters)
        if not gutters:
            heads = _heads(rows, bands[i + 1]) if i + 1 < len(bands) else 0
            lines += [_line(row, column, left, right) for row in rows[: len(rows) - heads]]
        elif _is_prose(columns) or not _is_table(rows, gutters):
            for part in columns:
                lines += _read_region(part, ids)
        else:
            above = bands[i - 1][0] if i and not bands[i - 1][1] else []
            lines += _read_table(above[len(above) - _heads(above, bands[i]) :] + rows, gutters)
    return lines


def _heads(rows: list[list[Run]], below: Band) -> int:
    """Count the rows right above a table that belong to it although they reach across its gutters."""
    table, gutters = below
    if not gutters or _is_prose(_split(table, gutters)) or not _is_table(table, gutters):
        return 0
    count, y = 0, table[0][0].y
    for row in reversed(rows):
        if len(row) < max(2, len(gutters) // 2) or not 0 < row[0].y - y < 2.2 * row[0].size:
            break
        count, y = count + 1, row[0].y
    return count


def _bands(rows: list[list[Run]], left: float, right: float) -> Iterator[Band]:
    """Yield (rows, middles of their shared gutters); a band without gutters is read line by line."""
    band: list[list[Run]] = []
    clear = [(left, right)]
    for row in rows:
        narrowed = _clear(clear, row)
        own = _gutters(band, clear) or _gutters([row], _clear([(left, right)], row))
        if band and own and not _gutters([*band, row], narrowed):
            yield from _close(band, clear)
            band, clear = [], [(left, right)]
            narrowed = _clear(clear, row)
        if not narrowed:  # text from edge to edge: nothing that follows shares a gutter with it
            yield from _close([*band, row], [])
            band, clear = [], [(left, right)]
            continue
        band.append(row)
        clear = narrowed
    yield from _close(band, clear)


def _close(band: list[list[Run]], clear: list[tuple[float, float]]) -> Iterator[Band]:
    """Yield a finished band; rows at its ends that use one side only are left out where they hide a table."""
    gutters = _gutters(band, clear)
    shared = [i for i, row in enumerate(band) if _sides(row, gutters) > 1]
    if len(shared) < 2:
        if band:
            yield band, []
        return
    core = band[shared[0] : shared[-1] + 1]
    inner = _gutters(core, _clear_of(core))
    if not _is_table(core, inner) or _is_prose(_split(core, inner)):
        yield band, gutters
        return
    for rows, found in ((band[: shared[0]], []), (core, inner), (band[shared[-1] + 1 :], [])):
        if rows:
            yield rows, found


def _sides(row: list[Run], gutters: list[float]) -> int:
    return len({sum(r.x0 > g for g in gutters) for r in row})


def _clear_of(rows: list[list[Run]]) -> list[tuple[float, float]]:
    """Return the intervals that all of these rows leave clear."""
    edges = [x for row in rows for r in row for x in (r.x0, r.x1)]
    found = [(min(edges) - 1, max(edges) + 1)]
    for row in rows:
        found = _clear(found, row)
    return found


def _clear(clear: list[tuple[float, float]], row: list[Run]) -> list[tuple[float, float]]:
    """Take the width of a row's runs out of the clear intervals; slivers under 0.7 of a letter's size are dropped."""
    least = 0.7 * max(r.size for r in row)
    for run in row:
        pieces = [(a, b) for x0, x1 in clear for a, b in ((x0, min(x1, run.x0)), (max(x0, run.x1), x1))]
        clear = [(a, b) for a, b in pieces if b - a >= least]
    return clear


def _gutters(band: list[list[Run]], clear: list[tuple[float, float]]) -> list[float]:
    """Return the middles of the clear intervals that have text on both sides."""
    x0 = min((r.x0 for row in band for r in row), default=0)
    x1 = max((r.x1 for row in band for r in row), default=0)
    return [(a + b) / 2 for a, b in clear if a > x0 and b < x1]


def _split(rows: list[list[Run]], gutters: list[float]) -> list[list[Run]]:
    columns: list[list[Run]] = [[] for _ in range(len(gutters) + 1)]
    for run in (r for row in rows for r in row):
        columns[sum((run.x0 + run.x1) / 2 > g for g in gutters)].append(run)
    return columns


def _is_prose(columns: list[list[Run]]) -> bool:
    """Columns of prose have several words on most of their lines; cells of a table are short."""
    rows = [group_rows(column) for column in columns]
    return any(map(_is_justified, rows)) or (len(columns) <= 3 and all(_is_wordy([_join(r) for r in c]) for c in rows))


def _is_wordy(lines: list[str]) -> bool:
    words, length = statistics.median(len(x.split()) for x in lines), statistics.median(map(len, lines))
    return words >= 4 or (length >= 15 and words * 8 < length)  # Chinese has no spaces


def _is_justified(rows: list[list[Run]]) -> bool:
    ends = [row[-1].x1 for row in rows if sum(len(r.text.split()) for r in row) > 4]
    return sum(max(ends) - x < 1.5 for x in ends) > max(3, 0.6 * len(rows)) if ends else False


def _is_table(rows: list[list[Run]], gutters: list[float]) -> bool:
    """Cells of one row share a baseline exactly; lines of text and labels of a figure beside them do so by chance."""
    grid = _grid(rows, gutters)
    if all(not row[0] or MARK.fullmatch(row[0]) for row in grid):
        return False
    shared = [row for row in rows if _sides(row, gutters) > 1]
    exact = [row for row in shared if max(r.y for r in row) - min(r.y for r in row) <= 0.25 * row[0].size]
    return len(exact) >= max(2, 0.6 * len(shared)) and len(shared) >= max(2, len(rows) / 2)


def _grid(rows: list[list[Run]], gutters: list[float]) -> Grid:
    return [[_cell_text(cell) for cell in _split([row], gutters)] for row in rows]


def _read_table(rows: list[list[Run]], gutters: list[float]) -> list[Line]:
    grid: Grid = []
    bold_head = all(r.bold for r in rows[0]) and not all(r.bold for row in rows[1:] for r in row)
    above = math.inf
    for row, cells in zip(rows, _grid(rows, gutters), strict=True):
        near, above = above - row[0].y < 1.5 * row[0].size, row[0].y
        if grid and near and not cells[0] and 2 * sum(map(bool, cells)) <= len(cells):
            grid[-1] = [f"{a}\n{b}".strip("\n") for a, b in zip(grid[-1], cells, strict=True)]
        else:
            grid.append(cells)
    return _rows([r for row in rows for r in row], grid, bold_head or _has_head(grid, False))


def _has_head(grid: Grid, ruled: bool) -> bool:
    """A first row names the columns when it has no numbers; without rules, the rows below must have some."""
    if len(grid) < 2 or sum(map(bool, grid[0])) < 2 or any(NUMBER.fullmatch(cell) for cell in grid[0][1:]):
        return False
    return ruled or any(sum(bool(NUMBER.fullmatch(row[i])) for row in grid[1:]) * 2 > len(grid) - 1
                        for i in range(1, len(grid[0])))  # fmt: skip


def _rows(runs: Sequence[Run], grid: Grid, has_head: bool) -> list[Line]:
    columns = [" ".join(cell.split()) for cell in grid[0]] if has_head else []
    texts = [row_text(columns, row) for row in (grid[1:] if has_head else grid)]
    left, right = min(r.x0 for r in runs), max(r.x1 for r in runs)
    top, size = max(r.y for r in runs), runs[0].size
    return [Line(text, left, right, top, size, False, -1, left, right, row=True) for text in texts if text]


def _line(row: list[Run], column: int, left: float, right: float) -> Line:
    longest = max(row, key=lambda r: len(r.text))
    bold = all(r.bold for r in row if any(c.isalnum() for c in r.text))
    x0, x1 = row[0].x0, max(r.x1 for r in row)
    return Line(_join(row), x0, x1, longest.y, longest.size, bold, column, left, right)


def turn(x: float, y: float, angle: float) -> tuple[float, float]:
    """Return a point after turning the page by `-angle` degrees, so that text at that angle runs to the right."""
    radians = math.radians(-angle)
    return x * math.cos(radians) - y * math.sin(radians), x * math.sin(radians) + y * math.cos(radians)
