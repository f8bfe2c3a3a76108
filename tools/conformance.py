#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""Which rule of which RFC is kept, and which test shows it.

Rules stand beside the tests, as RULE() and RULE_AS_LINUX() before TEST()
(tests/unit/test.h). tests/behaviour/rules.txt names those that must be there, and
those that do not apply. This joins both with one run of the hosted tests.

    tools/conformance.py build/host-san/hosted-tests     the table; docs/rfc.md anew

A row is red when its test failed or did not run, or when a rule that must be there
has no test. The exit status is 1 if one is.
"""
from __future__ import annotations

import dataclasses
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
REQUIRED = ROOT / "tests" / "behaviour" / "rules.txt"
PAGE = ROOT / "docs" / "rfc.md"

STRING = r'"(?:\\.|[^"\\])*"'
STRINGS = rf"(?:{STRING}\s*)+"
MARK = re.compile(rf"^(?:(?P<macro>RULE|RULE_AS_LINUX)\((?P<args>(?:{STRINGS},?\s*)+)\);?"
                  r"|TEST\((?P<test>\w+)\))", re.M)
LABEL = re.compile(r"^((?:MUST|SHLD|MAY|REC)-\d+(?:, (?:MUST|SHLD|MAY|REC)-\d+)*): ")

HEAD = """# RFCs: which rule is kept, and which test shows it

Written by `make conformance` (tools/conformance.py), from the rules that stand beside the tests: edit those, not this
page. A test is named as `build/host-san/hosted-tests NAME` takes it. *as Linux*: the RFC leaves a choice, or Linux goes
another way; the test shows what Linux does. *does not apply*: and why. Red: a test failed, or there is none.
"""


@dataclasses.dataclass
class Row:
    rfc: str
    section: str
    text: str
    linux: str = ""
    absent: str = ""            # why it does not apply
    tests: "list[str]" = dataclasses.field(default_factory=list)
    result: str = ""

    def labels(self) -> "list[str]":
        found = LABEL.match(self.text)
        return found.group(1).split(", ") if found else []

    def order(self) -> tuple:
        number = re.findall(r"\d+", self.rfc)
        where = [int(n) for n in re.findall(r"\d+", self.section)]
        return int(number[0]) if number else 0, self.rfc, where, self.section


def literals(args: str) -> "list[str]":
    """The arguments of a macro, each one or more C strings."""
    found = []
    for group in re.finditer(rf"{STRINGS}(?:,|$)", args.strip()):
        parts = re.findall(STRING, group.group(0))
        found.append("".join(part[1:-1] for part in parts).replace('\\"', '"'))
    return found


def gather(text: str, rows: "dict[tuple[str, str, str], Row]") -> "list[str]":
    """Adds the rules of a source file to @rows. Returns what is wrong with them."""
    wrong, waiting = [], []
    for mark in MARK.finditer(text):
        if mark["test"]:
            for row in waiting:
                row.tests.append(mark["test"])
            waiting = []
            continue
        args = literals(mark["args"])
        if len(args) != (4 if mark["macro"] == "RULE_AS_LINUX" else 3):
            wrong.append(f"not a rule: {mark.group(0)[:80]}")
            continue
        key = (args[0], args[1], args[2])
        row = rows.setdefault(key, Row(*key))
        row.linux = args[3] if len(args) > 3 else row.linux
        waiting.append(row)
    wrong += [f"no test follows: {row.rfc} {row.section}" for row in waiting]
    return wrong


def required(lines: "list[str]", rows: "dict[tuple[str, str, str], Row]") -> None:
    """Adds a red row for each rule that must be there and is not, and a row for
    each that does not apply."""
    labels = {(row.rfc, label) for row in rows.values() for label in row.labels()}
    sections = {(row.rfc, row.section) for row in rows.values()}
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        rfc, where, *rest = [cell.strip() for cell in line.split("|")]
        if len(rest) == 2:
            key = (rfc, where, rest[0])
            rows[key] = Row(*key, absent=rest[1])
        elif (rfc, where) not in labels and (rfc, where) not in sections:
            rows[(rfc, where, "")] = Row(rfc, where, rest[0] if rest else "(no rule)")


def judge(rows: "list[Row]", ran: "set[str]", failed: "set[str]") -> int:
    """Fills in the results. Returns how many are red."""
    red = 0
    for row in rows:
        if row.absent:
            row.result = f"does not apply: {row.absent}"
            continue
        bad = [t for t in row.tests if t in failed or t not in ran]
        if bad or not row.tests:
            row.result = "**RED**: " + (", ".join(
                f"{t} {'failed' if t in failed else 'did not run'}" for t in bad) or "no test")
            red += 1
        else:
            row.result = f"as Linux: {row.linux}" if row.linux else "kept"
    return red


def run(program: str) -> "tuple[set[str], set[str]]":
    """Names of the tests that ran to their end, and of those that failed."""
    listed = subprocess.run([program, "-l"], capture_output=True, text=True, check=True).stdout
    names = {line.split()[0] for line in listed.splitlines() if len(line.split()) == 2}
    output = subprocess.run([program], capture_output=True, text=True, errors="replace",
                            check=False).stdout
    failed = set(re.findall(r"^FAIL (\S+) ", output, re.M))
    total = re.search(r"^(\d+) passed, (\d+) failed$", output, re.M)
    if not total or int(total[1]) + int(total[2]) != len(names):
        return set(), failed
    return names, failed


def page(rows: "list[Row]", red: int) -> str:
    kept = sum(row.result == "kept" for row in rows)
    linux = sum(row.result.startswith("as Linux") for row in rows)
    absent = sum(bool(row.absent) for row in rows)
    text = [HEAD, f"{len(rows)} rules: {kept} kept, {linux} as Linux, {absent} do not apply, "
                  f"{red} red."]
    last = None
    for row in rows:
        if row.rfc != last:
            text.append(f"\n## {row.rfc}\n\n| section | rule | test | result |\n"
                        "| --- | --- | --- | --- |")
            last = row.rfc
        tests = "<br>".join(f"`{t}`" for t in row.tests)
        text.append(f"| {row.section} | {row.text.replace('|', '¦')} | {tests} | {row.result} |")
    return "\n".join(text) + "\n"


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    rows: "dict[tuple[str, str, str], Row]" = {}
    wrong = []
    for path in sorted((ROOT / "tests").rglob("*.c")):
        wrong += [f"{path.relative_to(ROOT)}: {w}" for w in gather(path.read_text(), rows)]
    required(REQUIRED.read_text().splitlines(), rows)
    table = sorted(rows.values(), key=Row.order)
    red = judge(table, *run(sys.argv[1]))
    for row in table:
        print(f"{row.rfc:9} {row.section:10} {row.text}\n{'':20} "
              f"{' '.join(row.tests) or '-'}: {row.result}")
    PAGE.write_text(page(table, red))
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(table)} rules, {red} red; docs/rfc.md is written")
    return 1 if red or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
