# SPDX-License-Identifier: MIT
"""Fuzzing: libFuzzer's programs over the corpora of tests/fuzz.

Each target first runs the inputs that the tree holds, which are a regression
test, and then new ones for a time, from a seed that is the same every time: what
is found today is found tomorrow. New inputs that reach new code go to
build/fuzz/found/<target>, never into the tree; those that end the process to
build/fuzz/<target>-*.
"""
from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import time
from typing import NamedTuple

from . import build, child, deps
from .common import BUILD, ROOT, Problem, note, relative, say

CORPUS = ROOT / "tests" / "fuzz" / "corpus"
PROGRAMS = BUILD / "fuzz"
#: Programs side by side: as many as compilers.
JOBS = build.JOBS

#: The longest input that is made, in bytes; the rest have 400.
LENGTHS = {"session": 600, "frame": 1000, "nic": 200}
#: Leaks are found by the harness, which knows every object by its name.
OPTIONS = ["-timeout=60", "-rss_limit_mb=1500", "-detect_leaks=0", "-len_control=10",
           "-print_final_stats=1", "-verbosity=1"]
SANITIZERS = {"ASAN_OPTIONS": "malloc_context_size=8:quarantine_size_mb=16"}


class Outcome(NamedTuple):
    target: str
    status: int
    inputs: int         # of the tree
    runs: int           # all together
    log: pathlib.Path


def targets() -> "list[str]":
    """FUZZ_TARGETS of objects.mk."""
    done = subprocess.run(["make", "-s", "-f", "objects.mk", "--eval",
                           "print-fuzz: ; @echo $(FUZZ_TARGETS)", "print-fuzz"],
                          cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.split()


def command(target: str, seconds: int, seed: int) -> "list[str]":
    """What is run: the corpus alone when there are no @seconds."""
    found, inputs = PROGRAMS / "found" / target, CORPUS / target
    found.mkdir(parents=True, exist_ok=True)
    argv = [str(PROGRAMS / target), f"-artifact_prefix={PROGRAMS}/{target}-", f"-seed={seed}",
            f"-max_len={LENGTHS.get(target, 400)}", *OPTIONS]
    dictionary = ROOT / "tests" / "fuzz" / f"{target}.dict"
    argv += [f"-dict={dictionary}"] if dictionary.exists() else []
    argv += [f"-max_total_time={seconds}"] if seconds else ["-runs=0"]
    return argv + [str(found)] + ([str(inputs)] if inputs.is_dir() else [])


def count_runs(log: str) -> int:
    """How many inputs libFuzzer says it ran."""
    found = re.findall(r"^(?:#(\d+)\s|stat::number_of_executed_units:\s*(\d+)|Done (\d+) runs)",
                       log, re.MULTILINE)
    return max((int(number) for row in found for number in row if number), default=0)


def _start(target: str, seconds: int, seed: int) -> "tuple[str, subprocess.Popen, pathlib.Path]":
    log = PROGRAMS / f"{target}.log"
    with log.open("wb") as out:
        process = child.spawn(["nice", "-n", "10", *command(target, seconds, seed)],
                              stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                              env=dict(os.environ, **SANITIZERS), cwd=str(ROOT))
    return target, process, log


def _ended(target: str, process: subprocess.Popen, log: pathlib.Path) -> Outcome:
    inputs = len(list((CORPUS / target).glob("*")))
    return Outcome(target, process.wait(), inputs, count_runs(log.read_text(errors="replace")),
                   log)


def report(outcome: Outcome) -> None:
    """A line, and of a failure what stands in its log before the trace."""
    verdict = "ok" if not outcome.status else "FAILED"
    say(f"fuzz {outcome.target:<10} {verdict:<7} {outcome.inputs} inputs of the tree, "
        f"{outcome.runs} runs")
    if not outcome.status:
        return
    text = outcome.log.read_text(errors="replace")
    lines = [line for line in text.splitlines()
             if re.match(r"FAIL |<0>|==\d+==ERROR|SUMMARY|.*runtime error|.*Test unit written|ALARM",
                         line)]
    for line in lines[:12]:
        say(f"    {line}")
    say(f"    the whole of it: {relative(outcome.log)}")


def run(names: "list[str]", seconds: int, seed: int = 1) -> "list[Outcome]":
    """Runs each of @names for @seconds, JOBS at a time; all are ended when we are."""
    waiting, running, outcomes = list(names), [], []
    try:
        while waiting or running:
            while waiting and len(running) < JOBS:
                running.append(_start(waiting.pop(0), seconds, seed))
            time.sleep(0.1)
            for one in [one for one in running if one[1].poll() is not None]:
                running.remove(one)
                outcomes.append(_ended(*one))
                report(outcomes[-1])
    finally:
        for _, process, _ in running:
            child.end(process)
    return outcomes


def prepare(verbose: bool = False) -> "list[str]":
    """Has the programs built; their names."""
    build.make("fuzz", verbose=verbose)
    return targets()


def cmd_fuzz(args) -> int:
    """./sojourn fuzz."""
    deps.require("fuzz")
    names = prepare(args.verbose)
    unknown = [name for name in args.target if name not in names]
    if unknown:
        raise Problem(f"no such target: {' '.join(unknown)}; there are {' '.join(names)}", 2)
    chosen = args.target or names
    note(f"{len(chosen)} targets, {args.time} s each, seed {args.seed}")
    outcomes = run(chosen, args.time, args.seed)
    failed = sum(bool(outcome.status) for outcome in outcomes)
    say(f"{len(outcomes) - failed} passed, {failed} failed")
    sys.stdout.flush()
    return 1 if failed else 0
