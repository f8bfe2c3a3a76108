#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""How cost grows: with active connections, with idle ones held beside, with the ring.

    bench/growth.py                     all three, a minute or two
    bench/growth.py --only idle --idle 0,10000,50000

One guest of Sojourn for each ring, the client's rows as ./sojourn bench has them.
Prints tables; writes build/bench/growth.json, and growth.svg where matplotlib is.
"""
from __future__ import annotations

import argparse
import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
from typing import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "qemu"), str(ROOT / "bench")]

import compare  # noqa: E402
import contestants  # noqa: E402
import namespace  # noqa: E402
from launcher import child  # noqa: E402
from launcher.common import BUILD, Problem, note, say  # noqa: E402

WARM_S, SLICE_S = 0.2, 1.0
#: What one process holds: the host's limit on descriptors is for each.
HELD_BY_ONE = 10000


class Ring(contestants.Contestant):
    """Sojourn with a receive ring of so many entries."""

    def __init__(self, size: int):
        self.size = size

    def fields(self, _nic: str) -> "dict":
        return {"nic_options": f"rx_queue_size={self.size}"}


@contextlib.contextmanager
def guest_of(contestant, lane) -> "Iterator[tuple]":
    """A guest and the thread of its CPU."""
    with tempfile.TemporaryDirectory(prefix="sojourn-growth-") as place, lane.entered(), \
            contestants.visit(contestant, "virtio", lane, place,
                              pathlib.Path(place, "trace")) as (guest, _):
        yield guest, contestants.vcpu_thread(guest)


def measure(guest, vcpu: int, row: str) -> "dict":
    """A slice of the client's @row: operations, or MB, a second; vCPU of each, µs."""
    done = subprocess.run(
        [str(compare.CLIENT), "-w", str(WARM_S), "-s", str(SLICE_S), "-p",
         str(guest.process.pid), "-t", str(vcpu), guest.ip, row],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=90)
    if done.returncode:
        raise Problem((done.stderr.strip().splitlines() or ["the client failed"])[-1])
    sample = json.loads(done.stdout)
    count = sample["ops"] or sample["bytes"] / 1e6
    return {"rate": count / sample["seconds"],
            "vcpu_us": sample["vcpu_s"] / count * 1e6 if count else 0.0}


@contextlib.contextmanager
def held(guest, count: int) -> "Iterator[None]":
    """@count idle connections meanwhile."""
    holders = []
    try:
        for first in range(0, count, HELD_BY_ONE):
            part = min(HELD_BY_ONE, count - first)
            holders.append(child.spawn([str(compare.CLIENT), guest.ip, f"idle:{part}"],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE))
            if not holders[-1].stdout.readline():
                raise Problem(holders[-1].stderr.read().decode().strip() or "the client ended")
        yield
    finally:
        for holder in holders:
            for pipe in (holder.stdin, holder.stdout, holder.stderr):
                pipe.close()
            child.end(holder)


def active(lane, counts: "list[int]") -> "dict[int, dict]":
    """Echo of a byte on so many connections at once."""
    with guest_of(contestants.Contestant(), lane) as (guest, vcpu):
        return {n: measure(guest, vcpu, f"echo:{n}") for n in counts}


def idle(lane, counts: "list[int]") -> "dict[int, dict]":
    """Echo on 64 connections while so many others are held; MiB in use."""
    found = {}
    for n in counts:
        with guest_of(contestants.Contestant(), lane) as (guest, vcpu), held(guest, n):
            found[n] = measure(guest, vcpu, "echo:64")
            table = guest.table("meminfo")
            found[n]["used_mib"] = (table["MemTotal"] - table["MemFree"]) / 1024
    return found


def ring(lane, sizes: "list[int]") -> "dict[int, dict]":
    """UDP echo, 64 on their way, with receive rings of so many entries."""
    found = {}
    for size in sizes:
        with guest_of(Ring(size), lane) as (guest, vcpu):
            found[size] = measure(guest, vcpu, "udp:64")
    return found


WHAT = {
    "active": (active, "active connections", [1, 4, 16, 64, 256, 1024]),
    "idle": (idle, "idle connections", [0, 1000, 10000]),
    "ring": (ring, "entries of the receive ring", [256, 512, 1024]),
}


def table(title: str, found: "dict[int, dict]") -> "list[str]":
    columns = list(next(iter(found.values())))
    lines = [f"| {title} | " + " | ".join(columns) + " |", "| --- " * (len(columns) + 1) + "|"]
    return lines + [f"| {n:,} | " + " | ".join(f"{row[one]:,.1f}" for one in columns) + " |"
                    for n, row in found.items()]


def plot(results: "dict[str, dict]", path: pathlib.Path) -> None:
    try:
        import matplotlib
    except ImportError:
        note("no plot: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(1, len(results), figsize=(5 * len(results), 4), squeeze=False)
    for axis, (what, found) in zip(axes[0], results.items()):
        axis.plot(list(found), [row["vcpu_us"] for row in found.values()], marker="o")
        axis.set_xscale("symlog")
        axis.set_ylim(bottom=0)
        axis.set_xlabel(WHAT[what][1])
        axis.set_ylabel("vCPU of an exchange, µs")
    figure.tight_layout()
    figure.savefig(path)
    say(f"plot: {path}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=WHAT)
    for what, (_, title, values) in WHAT.items():
        parser.add_argument(f"--{what}", metavar="LIST", help=title,
                            default=",".join(map(str, values)))
    parser.add_argument("--nice", type=int, default=0, metavar="N")
    args = parser.parse_args()
    if obstacle := namespace.obstacle():
        raise Problem(f"this needs a tap: {obstacle}")
    results: "dict[str, dict]" = {}
    lane = contestants.Lane()
    try:
        with compare.priority(args.nice):
            for what, (function, title, _) in WHAT.items():
                if args.only in (None, what):
                    results[what] = function(lane, [int(n) for n in
                                                    getattr(args, what).split(",")])
                    say("\n".join(table(title, results[what])) + "\n")
    finally:
        lane.close()
    (BUILD / "bench").mkdir(parents=True, exist_ok=True)
    (BUILD / "bench" / "growth.json").write_text(json.dumps(results, indent=1) + "\n")
    plot(results, BUILD / "bench" / "growth.svg")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Problem as problem:
        note(str(problem))
        sys.exit(1)
