# SPDX-License-Identifier: MIT
"""The counters of /proc/net/snmp and netstat that a script has moved, by name.

They stand at the end of a transcript, a group a line: "+ TcpExt DelayedACKs 1 TW 2".
"""
from __future__ import annotations

from typing import Callable

VIEWS = ("snmp", "netstat")
#: What is a setting and not a count, or counts what the bodies do not share.
LEFT_OUT = {
    ("Ip", "Forwarding"), ("Ip", "DefaultTTL"),
    ("Tcp", "RtoAlgorithm"), ("Tcp", "RtoMin"), ("Tcp", "RtoMax"), ("Tcp", "MaxConn"),
}


def read(view: "Callable[[str], str]") -> "dict[tuple[str, str], int]":
    """(group, name) → value, of what stands in VIEWS."""
    found = {}
    for text in map(view, VIEWS):
        lines = text.splitlines()
        for names, values in zip(lines[::2], lines[1::2]):
            group, *words = names.split()
            found.update({(group[:-1], word): int(value)
                          for word, value in zip(words, values.split()[1:])})
    return found


def moved(before: "dict[tuple[str, str], int]", after: "dict[tuple[str, str], int]") \
        -> "list[str]":
    """A line for each group of which something moved."""
    groups: "dict[str, list[str]]" = {}
    for key in sorted(after):
        by = after[key] - before.get(key, 0)
        if by and key not in LEFT_OUT:
            groups.setdefault(key[0], []).append(f"{key[1]} {by}")
    return [f"+ {group} {' '.join(counts)}" for group, counts in groups.items()]


def apart(lines: "list[str]") -> "tuple[list[str], dict[str, str]]":
    """A transcript without its counters, and these: "TcpExt TW" → value."""
    counts = {}
    for line in lines:
        if line.startswith("    + "):
            group, *words = line[6:].split()
            counts.update({f"{group} {name}": n for name, n in zip(words[::2], words[1::2])})
    return [line for line in lines if not line.startswith("    + ")], counts


def aligned(linux: "list[str]", ours: "list[str]") -> "tuple[list[str], list[str]]":
    """Both transcripts, each counter on a line of its own, 0 where it did not move."""
    (linux, a), (ours, b) = apart(linux), apart(ours)
    names = sorted({**a, **b})
    more = max(len(linux), len(ours))
    linux, ours = ([*lines, *[""] * (more - len(lines))] for lines in (linux, ours))
    return (linux + [f"    + {name} {a.get(name, 0)}" for name in names],
            ours + [f"    + {name} {b.get(name, 0)}" for name in names])
