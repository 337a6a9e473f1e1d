"""Rows of the bench, as they are shown."""

from dataclasses import dataclass


@dataclass
class Row:
    """One line of the table. `met` is None where there is no goal."""

    what: str
    value: str
    goal: str = ""
    met: bool | None = None

    @property
    def verdict(self):
        return {None: "", True: "met", False: "**missed**"}[self.met]


def markdown(rows):
    """A table with columns as wide as they need."""
    lines = [("What", "Measured", "Goal", "Verdict"), None]
    lines += [(row.what, row.value, row.goal, row.verdict) for row in rows]
    widths = [max(len(line[column]) for line in lines if line) for column in range(4)]
    cells = lambda line: "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths)) + " |"
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join(cells(line) if line else rule for line in lines)


def megabytes(count):
    return f"{count / 1e6:.0f} MB"


def kilobytes(count):
    return f"{count / 1e3:.1f} kB"
