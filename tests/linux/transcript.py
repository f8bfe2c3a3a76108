# SPDX-License-Identifier: MIT
"""Transcripts compared, word by word; times with the tolerance they need."""
from __future__ import annotations

import fnmatch
import pathlib
from typing import NamedTuple

from counters import aligned

HERE = pathlib.Path(__file__).resolve().parent
RECORDED = HERE / "recorded"

#: A kernel with HZ=250 rounds up to 4 ms, and its timer wheel is late by an eighth at
#: most; a busy machine adds to that. We are exact.
EARLY_MS, LATE_MS, LATE_SHARE = 8, 30, 0.13
#: A rate is so many bytes over a time of a few milliseconds at least.
RATE_SHARE = 0.2


class Accepted(NamedTuple):
    case: str           # pattern of names
    linux: str          # the line of Linux, as a pattern; "" where it says nothing
    ours: str           # ours in its place
    reason: str

    def matches(self, case: str) -> bool:
        return fnmatch.fnmatchcase(case, self.case)


def same_word(linux: str, ours: str, before: str = "") -> bool:
    if linux == ours:
        return True
    if linux[:1] == ours[:1] == "%":
        return abs(int(linux[1:]) - int(ours[1:])) <= RATE_SHARE * max(int(linux[1:]), int(ours[1:]))
    if linux[:1] != "~" or ours[:1] != "~":
        return False
    recorded, exact = float(linux[1:]), float(ours[1:])
    if before.startswith(("last_", "total_rto_time")):  # since something that may have been late
        return abs(recorded - exact) <= exact * LATE_SHARE + LATE_MS
    if before == "ts":          # the sum of all that was late
        return exact - EARLY_MS <= recorded <= 2 * exact + 2 * LATE_MS
    return exact - EARLY_MS <= recorded <= exact * (1 + LATE_SHARE) + LATE_MS


def same_line(linux: str, ours: str) -> bool:
    a, b = linux.split(), ours.split()
    return len(a) == len(b) and all(map(same_word, a, b, [""] + a))


def read_accepted() -> "list[Accepted]":
    """accepted.txt: CASE | LINE OF LINUX | OUR LINE | REASON."""
    found = []
    for line in (HERE / "accepted.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            found.append(Accepted(*(word.strip() for word in line.split(" | "))))
    return found


def first_difference(case: str, linux: "list[str]", ours: "list[str]",
                     accepted: "list[Accepted]") -> "int | None":
    """The index of the first line that differs and is not accepted."""
    mine = [row for row in accepted if row.matches(case)]
    for i, (a, b) in enumerate(zip(*aligned(linux, ours))):
        if same_line(a, b):
            continue
        if not any(fnmatch.fnmatchcase(a.strip(), x.linux) and fnmatch.fnmatchcase(b.strip(), x.ours)
                   for x in mine):
            return i
    return None


def show_difference(at: int, linux: "list[str]", ours: "list[str]", around: int = 6) -> str:
    linux, ours = aligned(linux, ours)
    lines = [f"  {line}" for line in linux[max(0, at - around):at]]
    for a, b in list(zip(linux, ours))[at:at + around]:
        lines += [f"  {a}"] if same_line(a, b) else [f"L {a}", f"O {b}"]
    return "\n".join(lines)


def read_recorded(group: str) -> "dict[str, list[str]]":
    """recorded/GROUP.txt: for each case "== name" and its transcript."""
    path = RECORDED / f"{group}.txt"
    cases: "dict[str, list[str]]" = {}
    lines: "list[str]" = []
    for line in path.read_text().splitlines() if path.exists() else []:
        if line.startswith("== "):
            lines = cases.setdefault(line[3:], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return cases


def recorded_release(group: str) -> str:
    return (RECORDED / f"{group}.txt").read_text().split(",")[0].split()[-1]


def steps_of(lines: "list[str]") -> "list[str]":
    """The steps of a transcript, without what was said."""
    return [line for line in lines if not line.startswith(" ")]


def write_recorded(group: str, release: str, cases: "dict[str, list[str]]") -> None:
    RECORDED.mkdir(exist_ok=True)
    release = release.split("-")[0]
    text = f"# Linux {release}, as recorded by tests/linux --record {group}\n"
    for name, lines in cases.items():
        text += f"\n== {name}\n" + "".join(f"{line}\n" for line in lines)
    (RECORDED / f"{group}.txt").write_text(text)
