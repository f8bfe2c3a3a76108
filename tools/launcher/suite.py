# SPDX-License-Identifier: MIT
"""./sojourn test: the hosted suites, Linux's record, then the image in QEMU; one sum.

What failed is said where it fails, and once more in a line each before the sum: of
a long log often no more than the end is seen.
"""
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
#: The longest reason that is repeated beside a name.
REASON = 160


class Count(NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: "tuple[str, ...]" = ()    #: a line each, at least one for what failed

    def __add__(self, other: "Count") -> "Count":
        return Count(*(a + b for a, b in zip(self, other)))


def failed_stage(why: object) -> Count:
    """One failure that is no test's: @why."""
    note(why)
    return Count(failed=1, failures=(str(why).splitlines()[0],))


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
        return failed_stage(problem)
    return count_unit(*_streamed(["make", "--no-print-directory", "-s", "unit"]))


def count_unit(status: int, output: str) -> Count:
    """Sums what the hosted suites said: a line for each test that failed, its first."""
    first: "dict[str, str]" = {}
    for name, reason in re.findall(r"^FAIL (\S+)  (.*)$", output, re.MULTILINE):
        first.setdefault(name, f"hosted {name}: {reason[:REASON]}")
    count = (read_sum(output) or Count())._replace(failures=tuple(first.values()))
    if status and not count.failed:
        count += failed_stage(f"the hosted suites ended with status {status}: {died(output)}")
    return count


def died(output: str) -> str:
    """Where a program of tests ended that did not get to its sum, as far as it says."""
    wanted = (r"^ +(<0> .*)$", r"^(.*runtime error: .*)$", r"^==\d+==(ERROR: .*)$",
              r"^ +#\d+ \S+ in (test_\w+ .*)$")
    found = [re.search(pattern, output, re.MULTILINE) for pattern in wanted]
    return "; ".join(match[1][:REASON] for match in found if match) or "it does not say why"


def run_fuzz(args) -> Count:
    """Each target's corpus and new inputs, the same everywhere unless a time is asked for."""
    if args.fuzz_time is None:
        say("\n== fuzzing: the corpora, then new inputs ==")
    else:
        say(f"\n== fuzzing: the corpora, then {args.fuzz_time} s a target ==")
    try:
        names = fuzz.prepare(args.verbose)
    except Problem as problem:
        return failed_stage(problem)
    if args.fuzz_time is None:
        efforts = {name: fuzz.Effort(runs=fuzz.RUNS[name]) for name in names}
    else:
        efforts = {name: fuzz.Effort(seconds=args.fuzz_time) for name in names}
    failures = tuple(fuzz.failure(outcome) for outcome in fuzz.run(efforts) if outcome.status)
    return Count(len(names) - len(failures), len(failures), failures=failures)


def run_qemu(args) -> Count:
    """pytest over tests/qemu; counted by its JUnit report."""
    say("\n== the image in QEMU ==")
    try:
        build.make("all", verbose=args.verbose)
        build.image(iso=True, verbose=args.verbose)
    except Problem as problem:
        return failed_stage(problem)
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
        return failed_stage(problem)
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


def node(case: ElementTree.Element) -> str:
    """The id that pytest takes for @case of its report."""
    parts, inner = case.get("classname", "").split("."), []
    while len(parts) > 1 and not (ROOT / "/".join(parts)).with_suffix(".py").exists():
        inner.insert(0, parts.pop())
    return "::".join(["/".join(parts) + ".py", *inner, case.get("name", "")])


def failed_cases(suite: ElementTree.Element) -> "tuple[str, ...]":
    """A line for each case of @suite that failed, or whose ends did."""
    lines = []
    for case in suite.iter("testcase"):
        for kind in ("failure", "error"):
            for found in case.findall(kind):
                reason = (found.get("message") or "").strip() or kind
                lines.append(f"{node(case)}: {reason.splitlines()[0][:REASON]}")
    return tuple(lines)


def count_report(report, status: int) -> Count:
    """Sums a JUnit report; a run that left none, or failed without one, is a failure."""
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return failed_stage(f"pytest left no report {report.name} (status {status})")
    count = Count()
    for suite in suites:
        total, failures, errors, skipped = (int(suite.get(name, 0)) for name in
                                            ("tests", "failures", "errors", "skipped"))
        count += Count(total - failures - errors - skipped, failures + errors, skipped,
                       failed_cases(suite))
    if status not in (0, 1, 5) and not count.failed:
        count += failed_stage(f"pytest ended with status {status} ({report.name})")
    return count


def say_sum(count: Count) -> None:
    """What failed, a line each, and the sum: always the last of the output."""
    if count.failures:
        say("\nfailed:")
    for line in count.failures:
        say(f"  {line}")
    say(f"\n{count.passed} passed, {count.failed} failed, {count.skipped} skipped")


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
    say_sum(count)
    return 1 if count.failed or not count.passed else 0
