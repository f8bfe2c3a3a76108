# SPDX-License-Identifier: MIT
"""Medians, spread, ratios; the table, the JSON and the plots made of them."""
from __future__ import annotations

import statistics
from typing import NamedTuple

from rows import Row

#: A run's samples: row key -> contestant -> one value a round.
Samples = "dict[str, dict[str, list[float]]]"


#: Contestants that never sleep.
POLLING = ("floor",)


class Summary(NamedTuple):
    """Several runs of one thing."""

    median: float
    low: float
    high: float
    count: int

    @property
    def spread(self) -> float:
        """Half of the distance between the extremes, as a share of the median."""
        return (self.high - self.low) / 2 / self.median if self.median else 0.0


def summarize(values: "list[float]") -> "Summary | None":
    """None: there is nothing to sum up."""
    if not values:
        return None
    return Summary(statistics.median(values), min(values), max(values), len(values))


def paired_ratio(row: Row, ours: "list[float]", theirs: "list[float]") -> "Summary | None":
    """How many times better we are, round by round: what the host does to a round
    it does to both. A round without one of them does not count."""
    ratios = [row.ratio(mine, other) for mine, other in zip(ours, theirs) if mine and other]
    return summarize(ratios)


# --------------------------------------------------------------------------
# Text.

def number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def cell(summary: "Summary | None") -> str:
    if summary is None:
        return ""
    spread = f" ±{summary.spread * 100:.0f}%" if summary.count > 1 else ""
    return number(summary.median) + spread


def times(summary: "Summary | None", aim: "float | None" = None) -> str:
    if summary is None:
        return ""
    text = f"{summary.median:.2g}×" if summary.median < 10 else f"{summary.median:.0f}×"
    return text + (f" (aim {aim:g})" if aim else "")


def columns(table: "list[list[str]]") -> "list[str]":
    """@table in columns, the first to the left, the others to the right."""
    widths = [max(len(line[at]) for line in table) for at in range(len(table[0]))]
    lines = []
    for line in table:
        words = [line[0].ljust(widths[0])]
        words += [word.rjust(width) for word, width in zip(line[1:], widths[1:])]
        lines.append("  ".join(words).rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    return lines


def differences(commands: "dict[str, list[str]]") -> "list[str]":
    """QEMU lines (options, by contestant): what all have, then what each has besides."""
    shared = [line for line in next(iter(commands.values()), [])
              if all(line in lines for lines in commands.values())]
    told = ["qemu: " + " ".join(shared)] if shared else []
    for name, lines in commands.items():
        own = [line for line in lines if line not in shared]
        told += [f"  {name}: " + " ".join(own)] if own else []
    return told


class Results:
    """All samples of a run, by NIC."""

    def __init__(self, rows: "list[Row]", contestants: "list[str]"):
        self.rows = rows
        self.contestants = contestants
        # (nic, what, row key, contestant) -> round -> value. What: "value" (in the row's
        # unit), "cpu" (vCPU µs an operation), "qemu" (all of QEMU's), "exits" and
        # "interrupts" (a frame), "frames" (an operation).
        self._samples: "dict[tuple[str, str, str, str], dict[int, float]]" = {}
        self.failures: "list[str]" = []

    def add(self, nic: str, what: str, row: Row, contestant: str, turn: int,
            value: float) -> None:
        self._samples.setdefault((nic, what, row.key, contestant), {})[turn] = value

    def values(self, nic: str, what: str, row: Row, contestant: str) -> "list[float]":
        """In the order of rounds."""
        found = self._samples.get((nic, what, row.key, contestant), {})
        return [found[turn] for turn in sorted(found)]

    def summary(self, nic: str, what: str, row: Row, contestant: str) -> "Summary | None":
        return summarize(self.values(nic, what, row, contestant))

    def _paired(self, nic: str, what: str, row: Row,
                other: str) -> "tuple[list[float], list[float]]":
        ours = self._samples.get((nic, what, row.key, "sojourn"), {})
        theirs = self._samples.get((nic, what, row.key, other), {})
        both = sorted(set(ours) & set(theirs))
        return [ours[turn] for turn in both], [theirs[turn] for turn in both]

    def ratio(self, nic: str, row: Row, other: str) -> "Summary | None":
        """Sojourn to @other: times better."""
        return paired_ratio(row, *self._paired(nic, "value", row, other))

    def cpu_ratio(self, nic: str, row: Row, other: str) -> "Summary | None":
        """How many times less of the vCPU an operation costs."""
        ours, theirs = self._paired(nic, "cpu", row, other)
        return summarize([b / a for a, b in zip(ours, theirs) if a and b])

    # ---- the tables ------------------------------------------------------

    def rate_table(self, nic: str) -> "list[str]":
        """Values and ratios."""
        others = [name for name in self.contestants if name != "sojourn"]
        return self._table(
            [nic, *self.contestants, *(f"to {name}" for name in others)],
            lambda row: [f"{row.title}, {row.unit}",
                         *(cell(self.summary(nic, "value", row, name))
                           for name in self.contestants),
                         *(times(self.ratio(nic, row, name),
                                 row.aims.get(nic) if name == "linux" else None)
                           for name in others)])

    def cpu_table(self, nic: str) -> "list[str]":
        """CPU time an operation. Who looks at its rings without end works all the time,
        and is left out."""
        names = [name for name in self.contestants if name not in POLLING]
        others = [name for name in names if name != "sojourn"]
        return self._table(
            [f"{nic}: CPU time, µs", *names, *(f"to {name}" for name in others),
             *(f"QEMU {name}" for name in names)],
            lambda row: [f"{row.title}, {'a MB' if row.per == 'MB' else 'each'}",
                         *(cell(self.summary(nic, "cpu", row, name)) for name in names),
                         *(times(self.cpu_ratio(nic, row, name)) for name in others),
                         *(self._median(nic, "qemu", row, name) for name in names)])

    def exits_table(self, nic: str) -> "list[str]":
        """Accesses to devices and interrupts, a frame."""
        names = self.contestants
        return self._table(
            [f"{nic}: exits a frame", *names, *(f"interrupts {name}" for name in names)],
            lambda row: [row.title,
                         *(self._median(nic, "exits", row, name) for name in names),
                         *(self._median(nic, "interrupts", row, name) for name in names)])

    def _median(self, nic: str, what: str, row: Row, name: str) -> str:
        found = self.summary(nic, what, row, name)
        return number(found.median) if found else ""

    def _table(self, head: "list[str]", line_of) -> "list[str]":
        """Lines for those rows that have anything; [] when none has."""
        lines = [line for line in map(line_of, self.rows) if any(line[1:])]
        return columns([head, *lines]) if lines else []

    def as_json(self) -> "list[dict]":
        """A dict for each row of each NIC."""
        found = []
        for nic in dict.fromkeys(key[0] for key in self._samples):
            for row in self.rows:
                entry = {"nic": nic, "row": row.key, "title": row.title, "unit": row.unit,
                         "aim": row.aims.get(nic), "contestants": {}, "ratio": {}}
                for name in self.contestants:
                    kinds = {what: self.values(nic, what, row, name)
                             for what in ("value", "cpu", "qemu", "client", "busy", "each", "exits",
                                          "interrupts", "frames")}
                    kinds = {what: values for what, values in kinds.items() if values}
                    if kinds:
                        entry["contestants"][name] = kinds
                    ratio = self.ratio(nic, row, name) if name != "sojourn" else None
                    if ratio:
                        entry["ratio"][name] = ratio._asdict()
                if entry["contestants"]:
                    found.append(entry)
        return found


# --------------------------------------------------------------------------
# Plots.

def plot(results: Results, nics: "list[str]", directory) -> "list[str]":
    """A PNG for each NIC with the ratios to Linux; what was written. Without
    matplotlib: nothing."""
    try:
        import matplotlib
    except ImportError:
        return []
    matplotlib.use("Agg")
    from matplotlib import pyplot
    written = []
    for nic in nics:
        rows = [row for row in results.rows if results.ratio(nic, row, "linux")]
        if not rows:
            continue
        figure, axes = pyplot.subplots(figsize=(8, 0.45 * len(rows) + 1.2))
        for at, row in enumerate(reversed(rows)):
            ratio = results.ratio(nic, row, "linux")
            axes.barh(at, ratio.median, color="tab:blue",
                      xerr=[[ratio.median - ratio.low], [ratio.high - ratio.median]])
            if nic in row.aims:
                axes.plot([row.aims[nic]] * 2, [at - 0.4, at + 0.4], color="black")
        axes.set_yticks(range(len(rows)), [row.title for row in reversed(rows)])
        axes.axvline(1, color="grey", linewidth=0.8)
        axes.set_xlabel("times better than the Linux guest (black: the aim)")
        axes.set_title(nic)
        figure.tight_layout()
        target = directory / f"ratio-{nic}.png"
        figure.savefig(target, dpi=120)
        pyplot.close(figure)
        written.append(str(target))
    return written
