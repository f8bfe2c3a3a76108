# SPDX-License-Identifier: MIT
"""Fuzzing: libFuzzer's programs over the corpora of tests/fuzz.

Each target first runs the inputs that the tree holds, which are a regression
test, and then new ones. `./sojourn test` counts them: so many, from the inputs of
the tree in the order of their names and a seed that is always the same, are the
same inputs on every machine, whatever its speed and whatever it found before.
`./sojourn fuzz` looks further, for a time; what reaches new code it keeps in
build/fuzz/found/<target>, and goes on from there. Inputs that end the process go
to build/fuzz/<target>-*, and into what is printed.
"""
from __future__ import annotations

import base64
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
#: Inputs of each target in ./sojourn test, those of the tree among them: about half a
#: minute on a core of 2020.
RUNS = {"frame": 50000, "segment": 30000, "options": 22000, "icmp": 18000, "arp": 40000,
        "session": 25000, "pair": 10000, "udp": 5000, "params": 30000, "nic": 3500}
#: Leaks are found by the harness, which knows every object by its name. The entropic
#: schedule keeps books of each feature of each run, in lists that it walks: of inputs
#: that reach thousands it made 3 a second where there are 10 without, and those got
#: further.
OPTIONS = ["-timeout=60", "-rss_limit_mb=1500", "-detect_leaks=0", "-len_control=10",
           "-entropic=0", "-print_final_stats=1", "-verbosity=1"]
SANITIZERS = {"ASAN_OPTIONS": "malloc_context_size=8:quarantine_size_mb=16"}


class Effort(NamedTuple):
    """How far a target is driven: for a time, or by a number of inputs; 0 and 0 is the
    inputs of the tree."""
    seconds: int = 0
    runs: int = 0
    seed: int = 1


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


def _inputs(target: str) -> "list[pathlib.Path]":
    """Those of the tree, in an order that no file system has a say in."""
    return sorted((CORPUS / target).glob("*"))


def command(target: str, effort: Effort) -> "list[str]":
    """What is run."""
    argv = [str(PROGRAMS / target), f"-artifact_prefix={PROGRAMS}/{target}-",
            f"-seed={effort.seed}", f"-max_len={LENGTHS.get(target, 400)}", *OPTIONS]
    dictionary = ROOT / "tests" / "fuzz" / f"{target}.dict"
    argv += [f"-dict={dictionary}"] if dictionary.exists() else []
    if effort.seconds:
        found, inputs = PROGRAMS / "found" / target, CORPUS / target
        found.mkdir(parents=True, exist_ok=True)
        return argv + [f"-max_total_time={effort.seconds}", str(found)] + \
            ([str(inputs)] if inputs.is_dir() else [])
    listed = PROGRAMS / f"{target}.inputs"
    listed.write_text(",".join(str(path.relative_to(ROOT)) for path in _inputs(target)))
    return argv + [f"-runs={effort.runs}", f"-seed_inputs=@{listed}"]


def count_runs(log: str) -> int:
    """How many inputs libFuzzer says it ran."""
    found = re.findall(r"^(?:#(\d+)\s|stat::number_of_executed_units:\s*(\d+)|Done (\d+) runs)",
                       log, re.MULTILINE)
    return max((int(number) for row in found for number in row if number), default=0)


def why(log: str, status: int) -> str:
    """What a program that ended with @status said of it, in a line."""
    for pattern in (r"^FAIL (.*)", r"^<0> (.*)", r"^(.*runtime error.*)", r"^==\d+== ?(ERROR.*)"):
        found = re.search(pattern, log, re.MULTILINE)
        if found:
            return "".join(c if c.isprintable() else "?" for c in found[1].strip())
    return f"ended with status {status}"


def culprit(log: str) -> "pathlib.Path | None":
    """The input that ended it, as far as libFuzzer could still write it."""
    found = re.findall(r"Test unit written to (.+)", log)
    return pathlib.Path(found[-1]) if found and pathlib.Path(found[-1]).is_file() else None


def failure(outcome: Outcome) -> str:
    """All of a failure in one line: who has no more than that can repeat it."""
    text = outcome.log.read_text(errors="replace")
    path = culprit(text)
    if not path:
        return f"fuzz {outcome.target}: {why(text, outcome.status)}; log {relative(outcome.log)}"
    data = base64.b64encode(path.read_bytes()).decode()
    return f"fuzz {outcome.target}: {why(text, outcome.status)}; input {path.name} {data}"


def _start(target: str, effort: Effort) -> "tuple[str, subprocess.Popen, pathlib.Path]":
    log = PROGRAMS / f"{target}.log"
    with log.open("wb") as out:
        process = child.spawn(["nice", "-n", "10", *command(target, effort)],
                              stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                              env=dict(os.environ, **SANITIZERS), cwd=str(ROOT))
    return target, process, log


def _ended(target: str, process: subprocess.Popen, log: pathlib.Path) -> Outcome:
    return Outcome(target, process.wait(), len(_inputs(target)),
                   count_runs(log.read_text(errors="replace")), log)


def report(outcome: Outcome) -> None:
    """A line, and of a failure what stands in its log before the trace."""
    verdict = "ok" if not outcome.status else "FAILED"
    say(f"fuzz {outcome.target:<10} {verdict:<7} {outcome.inputs} inputs of the tree, "
        f"{outcome.runs} runs")
    if not outcome.status:
        return
    text = outcome.log.read_text(errors="replace")
    lines = [line for line in text.splitlines()
             if re.match(r"FAIL |<0>|==\d+== ?ERROR|SUMMARY|.*runtime error|.*Test unit written|ALARM",
                         line)]
    for line in lines[:12]:
        say(f"    {line}")
    say(f"    the whole of it: {relative(outcome.log)}")


def run(efforts: "dict[str, Effort]") -> "list[Outcome]":
    """Drives each target of @efforts, JOBS at a time; all are ended when we are."""
    waiting, running, outcomes = list(efforts), [], []
    try:
        while waiting or running:
            while waiting and len(running) < JOBS:
                target = waiting.pop(0)
                running.append(_start(target, efforts[target]))
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
    if args.runs is None:
        note(f"{len(chosen)} targets, {args.time} s each, seed {args.seed}")
        efforts = {name: Effort(seconds=args.time, seed=args.seed) for name in chosen}
    else:
        note(f"{len(chosen)} targets, {args.runs} runs each, seed {args.seed}")
        efforts = {name: Effort(runs=args.runs, seed=args.seed) for name in chosen}
    failed = [failure(outcome) for outcome in run(efforts) if outcome.status]
    for line in failed:
        say(line)
    say(f"{len(chosen) - len(failed)} passed, {len(failed)} failed")
    sys.stdout.flush()
    return 1 if failed else 0
