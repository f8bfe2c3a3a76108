# SPDX-License-Identifier: MIT
"""Is our TCP Linux's? The same scripts on both; see tests/linux/README.md.

    python3 tests/linux                    the hosted library against what is recorded
    python3 tests/linux --record [GROUP]   record anew from this machine's kernel (root)
    python3 tests/linux --show CASE        what the library says, beside what Linux said
    python3 tests/linux --live CASE        what this machine's kernel says
"""
from __future__ import annotations

import argparse
import fnmatch
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cases  # noqa: E402
import runner  # noqa: E402
import transcript  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/linux")
    parser.add_argument("--record", action="store_true", help="record from this machine's kernel")
    parser.add_argument("--missing", action="store_true", help="with --record: only what is new")
    parser.add_argument("--show", action="store_true", help="whole transcripts of the library")
    parser.add_argument("--live", action="store_true", help="whole transcripts of the kernel")
    parser.add_argument("-q", action="store_true", help="names of what differs only")
    parser.add_argument("pattern", nargs="*", default=["*"], help="GROUP, or patterns of cases")
    return parser.parse_args()


def chosen(patterns: "list[str]", group: str, name: str) -> bool:
    return any(p == group or fnmatch.fnmatchcase(name, p) for p in patterns)


def do_record(options: argparse.Namespace) -> int:
    why = runner.obstacle()
    if why:
        print(f"cannot record: {why}")
        return 1
    for group, members in cases.groups().items():
        old = transcript.read_recorded(group)
        wanted = [(name, steps) for name, steps in members.items()
                  if chosen(options.pattern, group, name) and
                  not (options.missing and transcript.steps_of(old.get(name, [])) == steps)]
        if not wanted:
            if list(old) != list(members):
                transcript.write_recorded(group, os.uname().release,
                                          {n: old[n] for n in members if n in old})
            continue
        new = runner.record(wanted, lambda name: None)
        for name, lines in list(new.items()):
            if lines[0].startswith("!!"):
                print(f"{name}: {' '.join(lines[:2])}")
                del new[name]
        merged = {n: new.get(n) or old.get(n) for n in members}
        transcript.write_recorded(group, os.uname().release,
                                  {n: lines for n, lines in merged.items() if lines})
        print(f"{group}: {len(new)} recorded")
    return 0


def do_compare(options: argparse.Namespace) -> int:
    accepted = transcript.read_accepted()
    good = bad = 0
    for group, members in cases.groups().items():
        recorded = transcript.read_recorded(group)
        for name, steps in members.items():
            if not chosen(options.pattern, group, name):
                continue
            ours = runner.on_library(steps)
            linux = recorded.get(name, ["(not recorded)"])
            at = transcript.first_difference(name, linux, ours, accepted)
            if options.show:
                print(f"== {name}\n" + transcript.show_difference(0, linux, ours, 10 ** 6))
            good, bad = good + (at is None), bad + (at is not None)
            if at is not None and not options.show:
                print(f"== {name}" if not options.q else name)
                if not options.q:
                    print(transcript.show_difference(at, linux, ours) + "\n")
    print(f"{good} as in Linux, {bad} not")
    return bad != 0


def main() -> int:
    options = arguments()
    if options.record:
        return do_record(options)
    if options.live:
        for group, members in cases.groups().items():
            for name, steps in members.items():
                if chosen(options.pattern, group, name):
                    print(f"== {name}\n" + "\n".join(runner.on_kernel(steps)))
        return 0
    return do_compare(options)


if __name__ == "__main__":
    sys.exit(main())
