# SPDX-License-Identifier: MIT
"""./sojourn test: the hosted suites, Linux's record, then the image in QEMU; one sum."""
from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from typing import NamedTuple

from . import accel, build, child, deps, fuzz
from .common import BUILD, ROOT, Problem, note, say

QEMU_TESTS = ROOT / "tests" / "qemu"
LINUX_TESTS = ROOT / "tests" / "linux"
SUM = re.compile(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?")


class Count(NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(*(a + b for a, b in zip(self, other)))


def read_sum(output: str) -> "Count | None":
    """The last `N passed, N failed[, N skipped]` in @output."""
    found = SUM.findall(output)
    if not found:
        return None
    return Count(*(int(number or 0) for number in found[-1]))


def _streamed(argv: "list[str]", env=None) -> "tuple[int, str]":
    """Runs @argv with its output shown as it comes; (status, output)."""
    process = child.spawn(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=env, cwd=str(ROOT))
    pieces: "list[str]" = []
    try:
        while True:
            piece = os.read(process.stdout.fileno(), 65536)
            if not piece:
                break
            text = piece.decode(errors="replace")
            pieces.append(text)
            sys.stdout.write(text)
            sys.stdout.flush()
        return process.wait(), "".join(pieces)
    finally:
        child.end(process, 20.0)


def run_unit(args) -> Count:
    """The hosted suites; a suite that dies without its sum is one failure."""
    say("== hosted suites, ASan and UBSan ==")
    try:
        build.make("build/host-san/hosted-tests", verbose=args.verbose)
    except Problem as problem:
        note(problem)
        return Count(failed=1)
    status, output = _streamed(["make", "--no-print-directory", "-s", "unit"])
    count = read_sum(output) or Count()
    if status and not count.failed:
        note(f"the hosted suites ended with status {status}")
        count += Count(failed=1)
    return count


#: Seconds of new inputs for each target of ./sojourn test.
FUZZ_SECONDS = 20


def run_fuzz(args) -> Count:
    """Each target's corpus and new inputs for a while."""
    seconds = FUZZ_SECONDS if args.fuzz_time is None else args.fuzz_time
    say(f"\n== fuzzing: the corpora, then {seconds} s a target ==")
    try:
        names = fuzz.prepare(args.verbose)
    except Problem as problem:
        note(problem)
        return Count(failed=1)
    outcomes = fuzz.run(names, seconds)
    failed = sum(bool(outcome.status) for outcome in outcomes)
    return Count(len(outcomes) - failed, failed)


def run_qemu(args) -> Count:
    """pytest over tests/qemu; counted by its JUnit report."""
    say("\n== the image in QEMU ==")
    try:
        build.make("all", verbose=args.verbose)
        build.image(iso=True, verbose=args.verbose)
    except Problem as problem:
        note(problem)
        return Count(failed=1)
    accelerator, why = accel.choose(args.accel)
    say(f"accelerator: {accelerator} ({why})")
    options = ["-v", "--full"] if args.full else ["-v"]
    return _pytest(QEMU_TESTS, options, args, SOJOURN_ACCEL=accelerator)


def run_linux(args) -> Count:
    """pytest over tests/linux: the hosted library says what Linux was recorded to say."""
    say("\n== TCP beside Linux's ==")
    try:
        build.make("hosted", verbose=args.verbose)
    except Problem as problem:
        note(problem)
        return Count(failed=1)
    return _pytest(LINUX_TESTS, ["-q"], args)


def _pytest(directory, options: "list[str]", args, **variables: str) -> Count:
    report = BUILD / f"{directory.name}-tests.xml"
    report.unlink(missing_ok=True)
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
               **variables)
    argv = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", "--tb=short",
            "--color=no", f"--junitxml={report}",
            f"--basetemp={BUILD / 'pytest'}", *options, str(directory)]
    argv += ["-k", args.select] if args.select else []
    status, _ = _streamed(argv, env)
    return count_report(report, status)


def count_report(report, status: int) -> Count:
    """Sums a JUnit report; a run that left none, or failed without one, is a failure."""
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        note(f"pytest left no report (status {status})")
        return Count(failed=1)
    count = Count()
    for suite in suites:
        total, failures, errors, skipped = (int(suite.get(name, 0)) for name in
                                            ("tests", "failures", "errors", "skipped"))
        count += Count(total - failures - errors - skipped, failures + errors, skipped)
    if status not in (0, 1, 5) and not count.failed:
        note(f"pytest ended with status {status}")
        count += Count(failed=1)
    return count


def cmd_test(args) -> int:
    all_of_them = not (args.unit or args.fuzz or args.qemu)
    deps.require("test")
    deps.wish("gdb")
    count = Count()
    if args.unit or all_of_them:
        count += run_unit(args)
        count += run_linux(args)
    if args.fuzz or all_of_them:
        count += run_fuzz(args)
    if args.qemu or all_of_them:
        count += run_qemu(args)
    say(f"\n{count.passed} passed, {count.failed} failed, {count.skipped} skipped")
    return 1 if count.failed or not count.passed else 0
