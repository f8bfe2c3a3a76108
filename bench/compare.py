#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""Sojourn, a Linux guest and a bare ring loop, in turn on one tap.

./sojourn bench calls this. Each round boots each contestant once and takes every
row from it; a ratio is that of one round, and the median of all rounds is told.
Results go to build/bench/results.json, and as plots beside it.
"""
from __future__ import annotations

import argparse
import collections
import contextlib
import json
import os
import pathlib
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from typing import Iterator, NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "qemu"), str(ROOT / "bench")]

import contestants  # noqa: E402
import namespace  # noqa: E402
import report  # noqa: E402
import rows as row_table  # noqa: E402
import wrk  # noqa: E402
from guest import GuestFailed  # noqa: E402
from launcher import child  # noqa: E402
from launcher.common import BUILD, Problem, note, say  # noqa: E402
from launcher.machine import quoted  # noqa: E402

CLIENT = BUILD / "bench" / "client"
NICS = ("virtio", "e1000")
#: What QEMU counts for the exits: every access of the guest to a device; virtio's
#: doorbells pass these by, so they are counted where they are answered.
EXIT_EVENTS = ("memory_region_ops_read", "memory_region_ops_write", "virtio_queue_notify")
EXIT_LINE = re.compile(rb"memory_region_ops_\w+ .* addr 0x([0-9a-f]+) .* name '([^']*)'"
                       rb"|virtio_queue_notify vdev")
#: An interrupt is a message that the device writes where the APICs are, at the
#: beginning of a page; their registers begin behind that.
INTERRUPT, APIC_REGISTERS = "interrupt", 0x20
MEMORY_MIB = 256
#: Our status where there can be no comparison; tools/launcher/bench.py knows it.
NOT_HERE = 3


class Pace(NamedTuple):
    """How long things take."""

    rounds: int
    warm_s: float
    slice_s: float
    exits_s: float
    idle: int               # connections of the memory row


FULL = Pace(rounds=3, warm_s=0.5, slice_s=3.0, exits_s=0.5, idle=10000)
QUICK = Pace(rounds=2, warm_s=0.1, slice_s=0.5, exits_s=0.2, idle=1000)


# --------------------------------------------------------------------------
# One visit.

class Visit:
    """What is taken from one guest while it is up."""

    def __init__(self, run: "Run", contestant, nic: str, turn: int):
        self.run, self.contestant, self.nic, self.turn = run, contestant, nic, turn
        self.guest = None
        self.vcpu = 0

    def add(self, what: str, row, value: float) -> None:
        self.run.results.add(self.nic, what, row, self.contestant.name, self.turn, value)

    def tell(self, text: str) -> None:
        say(f"  {self.turn + 1}/{self.run.pace.rounds} {self.nic:<7}"
            f"{self.contestant.name:<8} {text}")

    def fail(self, row, why: str) -> None:
        self.run.results.failures.append(
            f"{self.nic} {self.contestant.name} {row.key}: {why}")
        self.tell(f"{row.title}: FAILED: {why}")

    def take(self, rows) -> None:
        with tempfile.TemporaryDirectory(prefix="sojourn-bench-") as place, \
                self.run.lane.entered():
            log = pathlib.Path(place, "trace")
            with contestants.visit(self.contestant, self.nic, self.run.lane, place,
                                   log) as (self.guest, booted_s):
                self.run.commands.setdefault(
                    (self.nic, self.contestant.name), self.guest.machine.argv())
                if row_table.BOOT in rows:
                    self.add("value", row_table.BOOT, booted_s * 1e3)
                    self.tell(f"{row_table.BOOT.title}: {booted_s * 1e3:.0f} ms")
                self.vcpu = contestants.vcpu_thread(self.guest)
                for row in rows:
                    self._take_row(row, log)
                self.run.clocks.setdefault(self.contestant.name, set()).add(
                    self.contestant.clock(self.guest))

    def _take_row(self, row, log: pathlib.Path) -> None:
        try:
            if row is row_table.MEMORY:
                self._memory(row)
            elif (row.client or row.wrk) and (row.floor or self.contestant.name != "floor"):
                self._slice(row)
                if self.turn == 0 and self.run.exits:
                    self._exits(row, log)
        except (Problem, GuestFailed, OSError) as problem:
            if self.guest.process.poll() is not None:
                raise
            self.fail(row, str(problem).splitlines()[0])

    def _client(self, row, warm_s: float, slice_s: float) -> "dict":
        if row.wrk:
            path, connections = row.wrk
            return wrk.run(f"http://{self.guest.ip}{path}", connections, slice_s,
                           self.guest.process.pid, self.vcpu)
        argv = [str(CLIENT), "-w", str(warm_s), "-s", str(slice_s),
                "-p", str(self.guest.process.pid), "-t", str(self.vcpu),
                self.guest.ip, row.client]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True,
                              timeout=warm_s + slice_s + 90)
        if done.returncode:
            said = done.stderr.strip().splitlines()
            raise Problem(said[-1] if said else f"the client's status is {done.returncode}")
        return json.loads(done.stdout)

    def _slice(self, row) -> None:
        sample = self._client(row, self.run.pace.warm_s, self.run.pace.slice_s)
        value, operations = row.value(sample), row.operations(sample)
        if not operations:
            raise Problem("not one exchange in the slice")
        self.add("value", row, value)
        for what, used in (("cpu", "vcpu_s"), ("qemu", "qemu_s"), ("client", "client_s")):
            self.add(what, row, sample[used] / operations * 1e6)
        self.add("busy", row, sample["vcpu_s"] / sample["seconds"])
        lost = f", {sample['lost']} lost" if sample["lost"] else ""
        self.tell(f"{row.title}: {report.number(value)} {row.unit}, vCPU "
                  f"{report.number(sample['vcpu_s'] / operations * 1e6)} µs/{row.per} "
                  f"({sample['vcpu_s'] / sample['seconds']:.0%} busy){lost}")

    def _exits(self, row, log: pathlib.Path) -> None:
        """The same row for a moment with QEMU telling each access to a device."""
        start = log.stat().st_size if log.exists() else 0
        for event in EXIT_EVENTS:
            self.guest.monitor(f"trace-event {event} on")
        try:
            packets = self.run.lane.packets()
            sample = self._client(row, 0, self.run.pace.exits_s)
            packets = self.run.lane.packets() - packets
        finally:
            for event in EXIT_EVENTS:
                self.guest.monitor(f"trace-event {event} off")
        found = count_exits(log, start)
        operations = row.operations(sample)
        if packets and operations:
            self.add("interrupts", row, found[INTERRUPT] / packets)
            self.add("exits", row, (sum(found.values()) - found[INTERRUPT]) / packets)
            self.add("frames", row, packets / operations)
        self.run.exits_by_device[(self.nic, self.contestant.name, row.key)] = {
            name: round(count / packets, 4) for name, count in found.most_common()} \
            if packets else {}

    def _memory(self, row) -> None:
        """With so many connections held; each was used once."""
        if self.turn or not self.contestant.measures_memory or self.nic != self.run.nics[0]:
            return
        count = self.run.pace.idle
        before = self.contestant.free_kib(self.guest)
        holder = child.spawn([str(CLIENT), self.guest.ip, f"idle:{count}"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        try:
            if not holder.stdout.readline():
                raise Problem(holder.stderr.read().decode().strip() or "the client ended")
            time.sleep(0.5)
            after = self.contestant.free_kib(self.guest)
        finally:
            holder.stdin.close()
            holder.stdout.close()
            holder.stderr.close()
            child.end(holder)
        used = MEMORY_MIB - after / 1024
        self.add("value", row, used)
        self.add("each", row, (before - after) / count)
        self.tell(f"{row.title} ({count:,}): {used:.1f} MiB, "
                  f"{(before - after) / count:.2f} KiB each")


def _event(match: "re.Match[bytes]") -> str:
    if match[2] is None:
        return "virtio-doorbell"
    name = match[2].decode()
    is_message = int(match[1], 16) & 0xFFF < APIC_REGISTERS
    return INTERRUPT if name == "apic-msi" and is_message else name


def count_exits(log: pathlib.Path, start: int) -> "collections.Counter[str]":
    """Accesses to devices in @log from @start on, by the device's name; and
    INTERRUPT, which is the device's own."""
    found: "collections.Counter[str]" = collections.Counter()
    if not log.exists():
        return found
    with open(log, "rb") as file:
        file.seek(start)
        for line in file:
            match = EXIT_LINE.search(line)
            if match:
                found[_event(match)] += 1
    return found


# --------------------------------------------------------------------------
# The whole run.

class Run:
    """The rounds and what they gave."""

    def __init__(self, args, pace: Pace, rows, who):
        self.pace, self.rows, self.who = pace, rows, who
        self.nics = NICS if args.nic == "both" else (args.nic,)
        self.exits = args.exits
        self.results = report.Results(rows, [one.name for one in who])
        self.commands: "dict[tuple[str, str], list[str]]" = {}
        self.exits_by_device: "dict[tuple[str, str, str], dict[str, float]]" = {}
        #: What each tells the time by, at the end of its visits.
        self.clocks: "dict[str, set[str]]" = {}
        self.lane: "contestants.Lane | None" = None

    def go(self) -> None:
        self.lane = contestants.Lane()
        try:
            for turn in range(self.pace.rounds):
                for nic in self.nics:
                    for contestant in self.who:
                        self._visit(contestant, nic, turn)
        except KeyboardInterrupt:
            note("stopped; this is what there is so far")
            self.results.failures.append("it was stopped")
        finally:
            self.lane.close()

    def _visit(self, contestant, nic: str, turn: int) -> None:
        try:
            Visit(self, contestant, nic, turn).take(self.rows)
        except (Problem, GuestFailed, OSError) as problem:
            self.results.failures.append(f"{nic} {contestant.name}: {problem}")
            note(f"{contestant.title} on {nic}: {str(problem).splitlines()[0]}")

    def head(self, args) -> "list[str]":
        """What was compared, so that everyone can judge whether it is fair."""
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        lines = [f"accelerator: {args.accel} ({args.accel_why})",
                 f"host:        {os.cpu_count()} CPUs, Linux {platform.release()}, load {load}"
                 f"{f', nice {args.nice}' if args.nice else ''}",
                 f"rounds:      {self.pace.rounds}, each row {self.pace.warm_s:g} s to warm up "
                 f"and {self.pace.slice_s:g} s measured; median ± half the range",
                 f"memory:      {MEMORY_MIB} MiB each; its row with {self.pace.idle:,} connections",
                 "offloads:    as each driver negotiates them with QEMU; the tap has vnet_hdr"]
        for one in self.who:
            clocks = " and ".join(sorted(self.clocks.get(one.name, {"?"})))
            lines.append(f"{one.name + ':':<12} {one.release()}; clock: {clocks}")
        for nic in self.nics:
            lines += report.differences({
                name: options(argv) for (at, name), argv in self.commands.items() if at == nic})
        return lines


def options(argv: "list[str]") -> "list[str]":
    """QEMU's options, each with its value; without those that only serve us."""
    lines = [line.removesuffix(" \\").strip() for line in quoted(argv).splitlines()]
    return [line for line in lines
            if not line.startswith("-D ") and "monitor" not in line]


def contestant_names(text: str) -> "list[str]":
    """Sojourn and those of --against @text."""
    names = ["sojourn"] + [name.strip() for name in text.split(",") if name.strip()]
    known = {one.name for one in contestants.ALL}
    for name in names:
        if name not in known:
            raise Problem(f"--against: no contestant {name!r}; there are: linux, floor")
    return names


def choose_contestants(names: "list[str]") -> list:
    """Those of @names that can take part; says who cannot."""
    chosen = []
    for one in contestants.ALL:
        if one.name in names:
            obstacle = one.obstacle()
            if obstacle and one.name == "sojourn":
                raise Problem(obstacle)
            if obstacle:
                note(f"going on without {one.title}: {obstacle}")
            else:
                chosen.append(one)
    return chosen


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(found)
    found.add_argument("--accel", default="tcg")
    found.add_argument("--accel-why", default="you asked for it")
    return found


def add_options(found: argparse.ArgumentParser) -> None:
    """The options that ./sojourn bench has too."""
    found.add_argument("--quick", action="store_true")
    found.add_argument("--rows", metavar="LIST")
    found.add_argument("--nic", choices=(*NICS, "both"), default="both")
    found.add_argument("--rounds", type=int, metavar="N")
    found.add_argument("--seconds", type=float, metavar="S")
    found.add_argument("--against", default="linux,floor", metavar="LIST")
    found.add_argument("--idle", type=int, metavar="N")
    found.add_argument("--no-exits", dest="exits", action="store_false")
    found.add_argument("--nice", type=int, metavar="N", default=0)
    found.add_argument("--json", metavar="FILE")


def pace_of(args) -> Pace:
    pace = QUICK if args.quick else FULL
    if args.rounds is not None:
        if not 1 <= args.rounds <= 100:
            raise Problem(f"--rounds {args.rounds}: a number from 1 to 100")
        pace = pace._replace(rounds=args.rounds)
    if args.seconds is not None:
        if not 0.1 <= args.seconds <= 600:
            raise Problem(f"--seconds {args.seconds:g}: from 0.1 to 600")
        pace = pace._replace(slice_s=args.seconds)
    if args.idle is not None:
        if not 1 <= args.idle <= 50000:
            raise Problem(f"--idle {args.idle}: from 1 to 50000")
        pace = pace._replace(idle=args.idle)
    return pace


def autogroup_nice(group: pathlib.Path) -> str:
    """The nice value of our session's group; empty where the scheduler has none: the
    file is missing without CONFIG_SCHED_AUTOGROUP and empty in a cgroup of one's own."""
    try:
        return "".join(group.read_text().split()[-1:])
    except OSError:
        return ""


@contextlib.contextmanager
def priority(nice: int) -> "Iterator[None]":
    """@nice, for us and all that we start meanwhile."""
    # Where sessions are groups to the scheduler (sched(7), autogroup), a nice value
    # counts only inside one's own, and the group has another.
    group = pathlib.Path("/proc/self/autogroup")
    before = autogroup_nice(group)
    try:
        if nice:
            os.setpriority(os.PRIO_PROCESS, 0, nice)
            if before:
                group.write_text(str(nice))
    except PermissionError:
        raise Problem(f"--nice {nice} needs root") from None
    try:
        yield
    finally:
        if nice and before:
            group.write_text(before)


def write_json(target: pathlib.Path, run: Run, args) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({
        "accelerator": args.accel, "host_cpus": os.cpu_count(),
        "host_release": platform.release(), "load": os.getloadavg(), "nice": args.nice,
        "pace": run.pace._asdict(), "releases": {one.name: one.release() for one in run.who},
        "commands": {f"{nic} {name}": argv for (nic, name), argv in run.commands.items()},
        "rows": run.results.as_json(),
        "exits_per_frame": [{"nic": nic, "contestant": name, "row": row, "by_device": found}
                            for (nic, name, row), found in run.exits_by_device.items()],
        "failures": run.results.failures}, indent=1, ensure_ascii=False) + "\n")


def print_tables(run: Run) -> None:
    for nic in run.nics:
        for table in (run.results.rate_table(nic), run.results.cpu_table(nic),
                      run.results.exits_table(nic)):
            for line in ["", *table] if table else []:
                say(line)


def compare(args) -> int:
    try:
        rows = row_table.choose(args.rows, with_wrk=wrk.here() and not args.quick)
    except ValueError as error:
        raise Problem(f"--rows: {error}") from None
    if any(row.wrk for row in rows) and not wrk.here():
        raise Problem("--rows: wrk is not here; ./sojourn deps bench installs it")
    pace, names = pace_of(args), contestant_names(args.against)
    if not -20 <= args.nice <= 19:
        raise Problem(f"--nice {args.nice}: from -20 (before all others) to 19")
    obstacle = namespace.obstacle()
    if obstacle:
        raise Problem(f"the comparison needs a tap: {obstacle}", status=NOT_HERE)
    if not CLIENT.exists():
        raise Problem(f"{CLIENT} is not built: make bench")
    os.environ["SOJOURN_ACCEL"] = args.accel
    run = Run(args, pace, rows, choose_contestants(names))
    began = time.monotonic()
    with priority(args.nice):
        run.go()
    say()
    for line in run.head(args):
        say(line)
    print_tables(run)
    target = pathlib.Path(args.json) if args.json else BUILD / "bench" / "results.json"
    write_json(target, run, args)
    say()
    for path in [str(target), *report.plot(run.results, list(run.nics), target.parent)]:
        note(f"also in {path}")
    note(f"the comparison took {time.monotonic() - began:.0f} s")
    for failure in run.results.failures:
        note(f"FAILED: {failure.splitlines()[0]}")
    return 1 if run.results.failures else 0


def _stop(_number, _frame) -> None:
    raise KeyboardInterrupt


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        return compare(parser().parse_args())
    except KeyboardInterrupt:
        note("stopped")
        return 130
    except Problem as problem:
        note(problem)
        return problem.status


if __name__ == "__main__":
    sys.exit(main())
