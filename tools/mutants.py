#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""Does a test notice when the code of its rule is wrong?

tests/mutants.txt has the mutants: a line of a source file, what it becomes, and the
tests that must then fail:

    net/ipv4/tcp_input.c
    -	line as it stands, which must be there once
    +	line that takes its place
    ! glob of tests, more globs

Each is built in a copy of the tree under build/mutants, where only its object is
compiled anew, and its tests are run there.

    tools/mutants.py [-n] [WORD…]     those whose text has one of the words, or all;
                                      -n only looks whether the lines are still there

The exit status is 1 if a mutant survived, did not build, or its line has gone.
"""
from __future__ import annotations

import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "mutants.txt"
COPY = ROOT / "build" / "mutants"
PROGRAM = "build/host-san/hosted-tests"
# A mutant may make a test go round for ever.
SECONDS = 120


@dataclasses.dataclass
class Mutant:
    file: str
    old: str
    new: str
    tests: "list[str]"
    line: int               # of the list

    def __str__(self) -> str:
        return f"tests/mutants.txt:{self.line}: {self.file}: {self.new.strip() or '(removed)'}"


def read(text: str) -> "list[Mutant]":
    found, file, old, new = [], "", "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("-"):
            old = line[1:]
        elif line.startswith("+"):
            new = line[1:]
        elif line.startswith("!"):
            found.append(Mutant(file, old, new, line[1:].split(), number))
        else:
            file = line.strip()
    return found


def mutate(mutant: Mutant, tree: pathlib.Path) -> "str | None":
    """The file's text with the mutant in it; None: its line is not there once."""
    lines = (tree / mutant.file).read_text().split("\n")
    places = [i for i, line in enumerate(lines) if line.strip() == mutant.old.strip()]
    if len(places) != 1 or mutant.old.strip() == mutant.new.strip():
        return None
    at = places[0]
    indent = lines[at][:len(lines[at]) - len(lines[at].lstrip())]
    lines[at] = indent + mutant.new.strip()
    return "\n".join(lines)


# The object of a mutant: quick to compile matters more than the sanitizers.
QUICK = "SAN_CFLAGS=$(HOST_CFLAGS) -O0 -g0 $(WARN_SAN) -Wno-error"


def make(quiet: bool = True) -> bool:
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(["make", "-s", "-j2", PROGRAM, *([QUICK] if quiet else [])], cwd=COPY,
                          env=env, text=True, capture_output=quiet, check=False)
    if done.returncode and quiet:
        errors = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        print("\n".join(errors[:3]), file=sys.stderr)
    return done.returncode == 0


def copy_tree() -> bool:
    """A tree that is built: what git knows, and the objects that are there."""
    shutil.rmtree(COPY, ignore_errors=True)
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, text=True, capture_output=True,
                           check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, COPY / name)
    shutil.copytree(ROOT / "build" / "host-san", COPY / "build" / "host-san",
                    copy_function=shutil.copy2)
    return make(quiet=False)


def killed(mutant: Mutant, text: str) -> str:
    """Builds and runs it. What came of it; "" when a test failed as it must."""
    source = COPY / mutant.file
    objfile = COPY / "build" / "host-san" / (mutant.file.rsplit(".", 1)[0] + ".o")
    keep = objfile.with_suffix(".keep")
    was = source.stat()
    original = source.read_text()
    shutil.copy2(objfile, keep)
    source.write_text(text)
    try:
        if not make():
            return "does not build"
        try:
            done = subprocess.run([PROGRAM, *mutant.tests], cwd=COPY, capture_output=True,
                                  timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return ""
        if b"\n0 passed, 0 failed" in done.stdout:
            return "has no test"
        return "" if done.returncode else "SURVIVED"
    finally:
        source.write_text(original)
        os.utime(source, ns=(was.st_atime_ns, was.st_mtime_ns))
        shutil.copy2(keep, objfile)
        keep.unlink()


def main() -> int:
    words = [word for word in sys.argv[1:] if word != "-n"]
    mutants = [m for m in read(LIST.read_text())
               if not words or any(w in f"{m} {' '.join(m.tests)}" for w in words)]
    bad, look = 0, "-n" in sys.argv[1:]
    if not look and not copy_tree():
        return 1
    for mutant in mutants:
        text = mutate(mutant, ROOT if look else COPY)
        verdict = "its line is not there once" if text is None else ""
        if text is not None and not look:
            verdict = killed(mutant, text)
        if verdict or not look:
            print(f"{verdict or 'killed':10} {mutant}", flush=True)
        bad += bool(verdict)
    print(f"{len(mutants)} mutants, {bad} not killed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
