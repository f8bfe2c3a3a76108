#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""The tables of docs/map.md, for the tests that hold them true.

    tools/map_table.py                 every hop stands in its file, with a tracepoint
    tools/map_table.py Sent e1000 slow route      the hops that apply, a line each
"""
from __future__ import annotations

import dataclasses
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAP = ROOT / "docs" / "map.md"
TABLES = ("Received", "Sent")


@dataclasses.dataclass(frozen=True)
class Hop:
    name: str
    file: str
    when: "tuple[str, ...]"     # any of these; none: always
    contexts: "tuple[str, ...]"

    def applies(self, now: "set[str]") -> bool:
        return not self.when or any(word in now for word in self.when)


def hops(table: str, now: "str | None" = None) -> "list[Hop]":
    """The rows under "## @table"; with @now ("e1000 slow") those that apply."""
    text = MAP.read_text()
    section = re.split(r"^## ", text.split(f"\n## {table}\n", 1)[1], maxsplit=1, flags=re.M)[0]
    found = []
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            found.append(Hop(cells[0].strip("`"), cells[1],
                             tuple(re.findall(r"\w+", cells[2])),
                             tuple(re.findall(r"\w+", cells[3]))))
    words = None if now is None else set(now.split())
    return [hop for hop in found if words is None or hop.applies(words)]


def faults() -> "list[str]":
    """What the tables say of the sources and is not so."""
    found = []
    for table in TABLES:
        for hop in hops(table):
            path = ROOT / hop.file
            text = path.read_text() if path.exists() else ""
            # The body of the function, to the brace that ends it.
            body = re.search(rf"^\w[^\n;#]*\b{hop.name}\([^;]*?\)\n{{\n(.*?)^}}", text, re.M | re.S)
            named = f'_as(skb, "{hop.name}")' in text
            if not text:
                found.append(f"{hop.name}: there is no {hop.file}")
            elif not named and not body:
                found.append(f"{hop.name}: not in {hop.file}")
            elif not named and "trace_" not in body[1]:
                found.append(f"{hop.name}: no tracepoint in {hop.file}")
    return found


def main(argv: "list[str]") -> int:
    if argv:
        for hop in hops(argv[0], " ".join(argv[1:]) or None):
            print(f"{hop.contexts[0]:8} {hop.name:28} {hop.file}")
        return 0
    wrong = faults()
    for one in wrong:
        print(f"docs/map.md: {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
