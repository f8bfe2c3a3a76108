#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""Does a test notice when the code of its rule is wrong?

tests/mutants.txt has the mutants: a line of a source file, what it becomes, and the
tests that must then fail:

    net/ipv4/tcp_input.c
    -	line as it stands, which must be there once
    +	line that takes its place
    ! glob of tests, more globs

A header is followed by the source that is compiled with it. A line that is there more than once is told by what follows it: each "> text" behind "-"
is a next line. Of each mutant one object is compiled, under build/mutants, and linked
with the objects of build/host-san (make build/host-san/hosted-tests comes first); only
its tests are run. A mutant that was killed is not tried again until its file, one of
its tests' files or the compiler's flags have changed. A test that has a rule beside it
(tools/conformance.py) must be named by a mutant, and must have failed with one.

    tools/mutants.py [-n] [-a] [-j N] [WORD…]
                            those whose text has one of the words, or all
                            -n  only looks whether the lines are still there, and
                                whether a rule has none
                            -a  those, too, that were killed before
                            -j  so many at a time (2)

The exit status is 1 if a mutant survived, did not build, or its line has gone, or if
all were tried and a rule's test has failed with none.
"""
from __future__ import annotations

import argparse
import concurrent.futures
import dataclasses
import fnmatch
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import conformance

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "mutants.txt"
PLACE = ROOT / "build" / "mutants"
KILLED = PLACE / "killed"
PROGRAM = "build/host-san/hosted-tests"
# A mutant may make a test go round for ever.
SECONDS = 120


@dataclasses.dataclass
class Mutant:
    file: str
    source: str             # what is compiled: the file, or one that includes it
    old: str
    after: "list[str]"      # the lines behind it that tell it from others
    new: str
    tests: "list[str]"
    line: int               # of the list

    def __str__(self) -> str:
        return f"tests/mutants.txt:{self.line}: {self.file}: {self.new.strip() or '(removed)'}"


def read(text: str) -> "list[Mutant]":
    found, files, old, after, new = [], [""], "", [], ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("-"):
            old, after = line[1:].strip(), []
        elif line.startswith(">"):
            after = [*after, line[1:].strip()]
        elif line.startswith("+"):
            new = line[1:].strip()
        elif line.startswith("!"):
            found.append(Mutant(files[0], files[-1], old, after, new, line[1:].split(), number))
            old, after, new = "", [], ""
        else:
            files = line.split()
    return found


def mutate(mutant: Mutant) -> "str | None":
    """The file's text with the mutant in it; None: its line is not there once."""
    lines = (ROOT / mutant.file).read_text().split("\n")
    text, wanted = [line.strip() for line in lines], [mutant.old, *mutant.after]
    places = [i for i in range(len(text)) if text[i:i + len(wanted)] == wanted]
    if len(places) != 1 or mutant.old == mutant.new:
        return None
    at = places[0]
    indent = lines[at][:len(lines[at]) - len(lines[at].lstrip())]
    lines[at] = indent + mutant.new
    return "\n".join(lines)


class Build:
    """How an object is compiled and the program linked, as the Makefile says."""

    # Quick to compile matters more than the sanitizers.
    RULE = ("print-mutants: ; @echo $(CC); echo $(HOST_CFLAGS) $(WARN_SAN); "
            "echo $(TEST_OBJS)")

    def __init__(self):
        subprocess.run(["make", "-s", "-j2", PROGRAM], cwd=ROOT, check=True)
        said = subprocess.run(["make", "-s", "--no-print-directory", "--eval", self.RULE,
                               "print-mutants"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                              check=True).stdout.splitlines()
        self.compiler = said[0].split()
        self.flags = [flag for flag in said[1].split() if flag not in ("-MMD", "-MP")]
        self.flags += ["-O0", "-g0", "-Wno-error", "-w"]
        self.objects = said[2].split()
        # Half of the time is the linker's; gold takes a third of it.
        self.quick = ["-fuse-ld=gold"] if shutil.which("ld.gold") else []

    def program(self, mutant: Mutant, text: str, place: pathlib.Path) -> "str | None":
        """The linked mutant, or None when it does not build."""
        changed = place / mutant.file
        changed.parent.mkdir(parents=True)
        changed.write_text(text)
        mutated, program = str(place / "mutant.o"), str(place / "hosted-tests")
        own = f"build/host-san/{mutant.source.rsplit('.', 1)[0]}.o"
        source = changed if mutant.source == mutant.file else ROOT / mutant.source
        # What it includes in quotes lies beside the original; a header that is mutated is
        # found before the original.
        compile_it = [*self.compiler, "-I", str(place / "include"), *self.flags,
                      "-iquote", str(pathlib.Path(mutant.source).parent),
                      "-c", str(source), "-o", mutated]
        link = [*self.compiler, *self.quick, "-fsanitize=address,undefined", "-Wl,-z,noexecstack",
                "-Wl,-S", "-o", program, *(mutated if one == own else one for one in self.objects)]
        assert own in self.objects, f"{mutant}: not among the objects of {PROGRAM}"
        for argv in (compile_it, link):
            done = subprocess.run(argv, cwd=ROOT, text=True, capture_output=True, check=False)
            if done.returncode:
                print("\n".join(done.stderr.splitlines()[:3]), file=sys.stderr)
                return None
        return program


def attempt(mutant: Mutant, text: str, build: Build, only: "list[str]") -> "tuple[str, set[str]]":
    """Builds and runs it; @only: its tests. What came of it, "" when a test failed as it
    must; which tests failed."""
    with tempfile.TemporaryDirectory(dir=PLACE) as place:
        program = build.program(mutant, text, pathlib.Path(place))
        if not program:
            return "does not build", set()
        try:
            done = subprocess.run([program, *mutant.tests], cwd=ROOT, capture_output=True,
                                  timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return "", set(only if len(only) == 1 else ())
        if b"\n0 passed, 0 failed" in done.stdout:
            return "has no test", set()
        if not done.returncode:
            return "SURVIVED", set()
        said = (done.stdout + done.stderr).decode(errors="replace")
        failed = set(re.findall(r"^FAIL (\w+) |^ +<0> (\w+): Kernel panic", said, re.M))
        # One that ends the process is known only when it is alone.
        return "", {a or b for a, b in failed} or set(only if len(only) == 1 else ())


def files_of_tests() -> "dict[str, str]":
    """Test → the file it stands in."""
    said = subprocess.run([PROGRAM, "-l"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                          check=True).stdout
    rows = (line.split() for line in said.splitlines())
    return {row[0]: row[1] for row in rows if len(row) == 2}


def names(glob: str, test: str, file: str) -> bool:
    """As the program takes its arguments: tests, or files of them."""
    return fnmatch.fnmatchcase(test, glob) or fnmatch.fnmatchcase(file, glob)


def key(mutant: Mutant, where: "dict[str, str]", build: Build) -> str:
    """What its verdict hangs on."""
    files = {mutant.file, mutant.source} | {file for test, file in where.items()
                             if any(names(glob, test, file) for glob in mutant.tests)}
    text = [mutant.old, *mutant.after, mutant.new, *mutant.tests, *build.flags]
    text += [(ROOT / file).read_text() for file in sorted(files)]
    return hashlib.sha256("\0".join(text).encode()).hexdigest()


def sound(mutants: "list[Mutant]", where: "dict[str, str]") -> bool:
    """The tests pass while nothing is wrong."""
    globs = sorted({glob for mutant in mutants for glob in mutant.tests})
    lost = [glob for glob in globs if not any(names(glob, *row) for row in where.items())]
    done = subprocess.run([PROGRAM, *globs], cwd=ROOT, capture_output=True, check=False)
    if lost:
        print("no test is named", *lost)
    if done.returncode:
        print("the tests fail without any mutant")
    return not lost and not done.returncode


def run(mutants: "list[Mutant]", anew: bool, jobs: int, all_of_them: bool) -> int:
    """Tries @mutants; how many were not killed, and how many rules' tests killed none."""
    build, where, bad, tried = Build(), files_of_tests(), 0, 0
    PLACE.mkdir(parents=True, exist_ok=True)
    if not sound(mutants, where):
        return len(mutants)
    lines = KILLED.read_text().splitlines() if KILLED.exists() and not anew else []
    known = {mark: set(by) for mark, *by in (line.split() for line in lines)}
    killers: "set[str]" = set()

    def one(mutant: Mutant) -> "tuple[Mutant, str, str, set[str]]":
        mark, text = key(mutant, where, build), mutate(mutant)
        if text is None:
            return mutant, "its line is not there once", "", set()
        if mark in known:
            return mutant, "", "", known[mark]
        only = [row[0] for row in where.items() if any(names(g, *row) for g in mutant.tests)]
        verdict, failed = attempt(mutant, text, build, only)
        return mutant, verdict, mark, failed

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool, \
            KILLED.open("w" if anew else "a") as killed:
        for mutant, verdict, mark, failed in pool.map(one, mutants):
            bad += bool(verdict)
            tried += bool(mark)
            killers |= failed
            if verdict or mark:
                print(f"{verdict or 'killed':10} {mutant}", flush=True)
            if mark and not verdict:
                print(mark, *sorted(failed), file=killed, flush=True)
    idle = [test for test in rules() if test not in killers] if all_of_them else []
    for test in idle:
        print(f"a rule's test that failed with no mutant: {test}")
    print(f"{tried} tried, {len(mutants) - tried} known", end="; ")
    return bad + len(idle)


def rules() -> "dict[str, str]":
    """Test that has a rule beside it → its file."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("*.c")):
        rows: "dict[tuple[str, str, str], conformance.Row]" = {}
        conformance.gather(path.read_text(), rows)
        found.update({test: str(path.relative_to(ROOT)) for row in rows.values()
                      for test in row.tests})
    return found


def look(mutants: "list[Mutant]", all_of_them: bool) -> int:
    """How many have lost their line, or, of rules, lack one."""
    lost = [mutant for mutant in mutants if mutate(mutant) is None]
    globs = {glob for mutant in mutants for glob in mutant.tests}
    lacking = [row[0] for row in (rules() if all_of_them else {}).items()
               if not any(names(glob, *row) for glob in globs)]
    for mutant in lost:
        print(f"its line is not there once: {mutant}")
    for test in lacking:
        print(f"a rule without a mutant: {test}")
    return len(lost) + len(lacking)


def main() -> int:
    parser = argparse.ArgumentParser(description="mutants of tests/mutants.txt")
    parser.add_argument("-n", dest="look", action="store_true", help="only look for their lines")
    parser.add_argument("-a", dest="anew", action="store_true", help="those killed before, too")
    parser.add_argument("-j", dest="jobs", type=int, default=2, help="so many at a time")
    parser.add_argument("word", nargs="*", help="those whose text has one of the words")
    args = parser.parse_args()
    mutants = [m for m in read(LIST.read_text())
               if not args.word or any(w in f"{m} {' '.join(m.tests)}" for w in args.word)]
    began = time.monotonic()
    bad = look(mutants, not args.word) if args.look else run(
        mutants, args.anew, args.jobs, not args.word)
    print(f"{len(mutants)} mutants, {bad} not killed, {time.monotonic() - began:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
