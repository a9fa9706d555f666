"""Dates as English texts write them."""

MONTHS = tuple("January February March April May June July August September October November December".split())


def written(day: str) -> str:
    """Return an ISO 8601 date, or the first of "first/last", in English: "June 20, 2025", "May 2024", "2024"."""
    year, *rest = day.split("/")[0].split("-")
    month = MONTHS[int(rest[0]) - 1] if rest else ""
    date = f"{month} {int(rest[1])}," if len(rest) > 1 else month
    return f"{date} {year}".strip()
