# SPDX-License-Identifier: MIT
"""What ./sojourn test and fuzz say in the end: who has only that knows what failed."""
import base64
import re
import subprocess
import types

import pytest
from conftest import ROOT
from launcher import fuzz, suite
from launcher.suite import Count

SOJOURN = str(ROOT / "sojourn")


def sojourn(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([SOJOURN, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=1800)


# ---- the stages ---------------------------------------------------------

REPORT = """\
<testsuites><testsuite tests="9" failures="2" errors="1" skipped="2">
<testcase classname="tests.qemu.test_launcher" name="test_a[pc-e1000]">
<failure message="AssertionError: no echo&#10;assert 1 == 2">trace</failure></testcase>
<testcase classname="tests.qemu.test_launcher.TestPart" name="test_b">
<error message="failed on teardown">trace</error></testcase>
<testcase classname="tests.qemu.test_launcher" name="test_c"><failure>trace</failure></testcase>
<testcase classname="tests.qemu.test_launcher" name="test_d"/>
</testsuite></testsuites>"""


def test_a_report_is_counted_and_its_failures_named(tmp_path):
    report = tmp_path / "r.xml"
    report.write_text(REPORT)
    assert suite.count_report(report, 1) == Count(4, 3, 2, (
        "tests/qemu/test_launcher.py::test_a[pc-e1000]: AssertionError: no echo",
        "tests/qemu/test_launcher.py::TestPart::test_b: failed on teardown",
        "tests/qemu/test_launcher.py::test_c: failure"))


def test_a_run_without_a_report_is_a_failure_with_a_name(tmp_path, capsys):
    count = suite.count_report(tmp_path / "qemu-tests.xml", 2)
    assert count[:3] == (0, 1, 0)
    assert count.failures == ("pytest left no report qemu-tests.xml (status 2)",)
    report = tmp_path / "linux-tests.xml"
    report.write_text('<testsuites><testsuite tests="1" failures="0" errors="0" skipped="0"/>'
                      "</testsuites>")
    assert suite.count_report(report, -9) == Count(1, 1, 0, (
        "pytest ended with status -9 (linux-tests.xml)",))
    assert "status -9" in capsys.readouterr().err


def test_the_hosted_suites_name_each_test_that_failed_once():
    said = ("seed=1\n"
            "FAIL tcp_a  tests/unit/x.c:12: a == b  (1 and 2)\n"
            "FAIL tcp_a  tests/unit/x.c:13: the next of it\n"
            "FAIL udp_b  tests/unit/y.c:3: c\n"
            "10 passed, 2 failed\n")
    assert suite.count_unit(1, said) == Count(10, 2, 0, (
        "hosted tcp_a: tests/unit/x.c:12: a == b  (1 and 2)",
        "hosted udp_b: tests/unit/y.c:3: c"))
    assert suite.count_unit(0, "12 passed, 0 failed\n") == Count(12)


def test_hosted_suites_that_die_say_where(capsys):
    said = ("seed=1\n=====\n==77==ERROR: AddressSanitizer: heap-use-after-free on address 1\n"
            "    #0 0x1 in tcp_ack net/ipv4/tcp_ack.c:3\n"
            "    #1 0x2 in test_acks_are_taken tests/behaviour/acks.c:9\n")
    count = suite.count_unit(2, said)
    assert count[:3] == (0, 1, 0) and len(count.failures) == 1
    assert "AddressSanitizer: heap-use-after-free" in count.failures[0]
    assert "test_acks_are_taken tests/behaviour/acks.c:9" in count.failures[0]
    panicked = suite.count_unit(2, "seed=1\n    <0> tcp_c: BUG at net/core/dev.c:1\n")
    assert "tcp_c: BUG at net/core/dev.c:1" in panicked.failures[0]
    assert "status 2: it does not say why" in suite.count_unit(2, "").failures[0]
    assert "status 2" in capsys.readouterr().err


def test_what_does_not_build_is_named(capsys):
    count = suite.failed_stage("make fuzz failed\nmany lines\n")
    assert count == Count(0, 1, 0, ("make fuzz failed",))
    assert "many lines" in capsys.readouterr().err


def test_a_sum_is_read():
    assert suite.read_sum("x\n12 passed, 0 failed\n") == Count(12)
    assert suite.read_sum("12 passed, 3 failed, 4 skipped") == Count(12, 3, 4)
    assert suite.read_sum("") is None


# ---- the end ------------------------------------------------------------

def run_of(monkeypatch, *, unit, linux, fuzzing, qemu) -> int:
    for name, count in (("run_unit", unit), ("run_linux", linux), ("run_fuzz", fuzzing),
                        ("run_qemu", qemu)):
        monkeypatch.setattr(suite, name, lambda _args, count=count: count)
    monkeypatch.setattr(suite.deps, "require", lambda _name: None)
    monkeypatch.setattr(suite.deps, "wish", lambda _name: None)
    return suite.cmd_test(types.SimpleNamespace(unit=False, fuzz=False, qemu=False))


def test_the_last_lines_are_what_failed_in_any_stage_and_the_sum(monkeypatch, capsys):
    status = run_of(monkeypatch, unit=Count(5, 1, 0, ("hosted a: x.c:1: b",)), linux=Count(7),
                    fuzzing=Count(8, 1, 0, ("fuzz pair: y.c:2: c; input crash-1 AAA=",)),
                    qemu=Count(3, 2, 4, ("tests/qemu/t.py::d: e", "tests/qemu/t.py::f: g")))
    assert status == 1
    assert capsys.readouterr().out == (
        "\nfailed:\n  hosted a: x.c:1: b\n  fuzz pair: y.c:2: c; input crash-1 AAA=\n"
        "  tests/qemu/t.py::d: e\n  tests/qemu/t.py::f: g\n\n"
        "23 passed, 4 failed, 4 skipped\n")


def test_where_nothing_failed_there_is_but_the_sum(monkeypatch, capsys):
    assert run_of(monkeypatch, unit=Count(5), linux=Count(1), fuzzing=Count(9),
                  qemu=Count(2, 0, 1)) == 0
    assert capsys.readouterr().out == "\n17 passed, 0 failed, 1 skipped\n"


# ---- fuzzing ------------------------------------------------------------

FOUND = """\
#1234	NEW    cov: 10 ft: 20 corp: 3/4b
FAIL tests/host/invariants.c:163: TCP socket 80, state 1: c
==42== ERROR: libFuzzer: deadly signal
SUMMARY: libFuzzer: deadly signal
artifact_prefix='{0}/pair-'; Test unit written to {0}/pair-crash-1
"""


def test_a_failure_of_a_target_is_one_line_that_is_enough_to_repeat_it(tmp_path, capsys):
    data = bytes(range(256)) * 3
    (tmp_path / "pair-crash-1").write_bytes(data)
    log = tmp_path / "pair.log"
    log.write_text(FOUND.format(tmp_path))
    outcome = fuzz.Outcome("pair", 77, 100, 1234, log)
    line = fuzz.failure(outcome)
    assert "\n" not in line
    assert line.startswith("fuzz pair: tests/host/invariants.c:163: TCP socket 80, state 1: c; "
                           "input pair-crash-1 ")
    assert base64.b64decode(line.split()[-1]) == data
    fuzz.report(outcome)
    said = capsys.readouterr().out
    assert "FAILED" in said and "invariants.c:163" in said and str(tmp_path) in said


@pytest.mark.parametrize("log,says", [
    ("net/a.c:3:4: runtime error: shift exponent 40\n==1==ERROR: x\n", "shift exponent 40"),
    ("==7==ERROR: AddressSanitizer: heap-buffer-overflow\n", "heap-buffer-overflow"),
    ("ALARM: working\n==7== ERROR: libFuzzer: timeout after 61 seconds\n", "timeout after 61"),
    ("==7== ERROR: libFuzzer: out-of-memory (used: 1501Mb)\n", "out-of-memory"),
    ("<0> BUG at net/core/dev.c:1\n==7== ERROR: libFuzzer: deadly signal\n", "net/core/dev.c:1"),
    ("FAIL an input that is\rlogged\x1b[2J\n", "an input that is?logged?[2J"),
    ("#12 NEW\n", "ended with status 70"),
])
def test_the_reason_is_found_whatever_ended_it(tmp_path, log, says):
    path = tmp_path / "nic.log"
    path.write_text(log)
    assert says in fuzz.why(log, 70)
    line = fuzz.failure(fuzz.Outcome("nic", 70, 1, 2, path))
    assert line.startswith("fuzz nic: ") and "nic.log" in line and "\n" not in line


def test_the_runs_of_a_fuzzing_program_are_counted():
    assert fuzz.count_runs("INFO: seed\n#12\tINITED cov: 1\n#345\tNEW    cov: 2\n") == 345
    assert fuzz.count_runs("#345\tDONE\nDone 400 runs in 61 second(s)\n") == 400
    assert fuzz.count_runs("no program ran\n") == 0


def test_every_fuzzing_target_has_its_program_its_corpus_and_its_number_of_runs():
    names = fuzz.targets()
    assert len(names) == len(set(names)) >= 9
    assert set(fuzz.RUNS) == set(names)
    for name in names:
        assert (ROOT / "tests" / "fuzz" / f"fuzz_{name}.c").exists()
        assert 10 < len(list((fuzz.CORPUS / name).iterdir())) < fuzz.RUNS[name]


def test_the_inputs_of_the_tree_pass():
    done = sojourn("fuzz", "arp", "frame", "--time", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("2 passed, 0 failed\n")
    assert sojourn("fuzz", "nothing").returncode == 2


def test_so_many_runs_are_the_same_inputs_each_time_whatever_was_found_before():
    """The log's lines tell what each new input reached; only speed, memory and the pulse differ."""
    fuzz.prepare()
    courses = []
    for _ in range(2):
        done = sojourn("fuzz", "arp", "--runs", "1500")
        assert done.returncode == 0 and "1500 runs" in done.stdout, done.stdout + done.stderr
        log = (fuzz.PROGRAMS / "arp.log").read_text()
        courses.append(re.findall(r"^#\d+\s+(?!pulse).*?lim: \d+|L: \d+/\d+ MS:.*$", log,
                                  re.MULTILINE))
        (fuzz.PROGRAMS / "found" / "arp").mkdir(parents=True, exist_ok=True)
        (fuzz.PROGRAMS / "found" / "arp" / "odd").write_bytes(b"\x01\x02\x03")
    (fuzz.PROGRAMS / "found" / "arp" / "odd").unlink()
    assert len(courses[0]) > 2 and courses[0] == courses[1]


def test_the_stage_of_the_tests_counts_runs_and_a_time_is_a_time(monkeypatch):
    ran = []
    monkeypatch.setattr(fuzz, "prepare", lambda _verbose: ["arp", "pair"])
    monkeypatch.setattr(fuzz, "run", lambda efforts: ran.append(efforts) or [])
    suite.run_fuzz(types.SimpleNamespace(fuzz_time=None, verbose=False))
    suite.run_fuzz(types.SimpleNamespace(fuzz_time=7, verbose=False))
    assert ran == [{name: fuzz.Effort(runs=fuzz.RUNS[name]) for name in ("arp", "pair")},
                   {name: fuzz.Effort(seconds=7) for name in ("arp", "pair")}]
