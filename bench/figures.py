#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""The figures of the image, measured from outside; ./sojourn bench calls this.

Each is taken on this host in this run, with the accelerator and the network
named above the table; nothing is kept from earlier runs. JSON goes to
build/bench.json.
"""
from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import platform
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from typing import Iterator, NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "qemu")]

import clients  # noqa: E402
import frames  # noqa: E402
import namespace  # noqa: E402
from guest import Guest  # noqa: E402
from launcher.common import BUILD, ELF, note  # noqa: E402

NICS = ("virtio", "e1000")
PT_LOAD = 1


class Figure(NamedTuple):
    name: str
    value: float
    unit: str
    aim: str = ""

    def text(self) -> str:
        number = f"{self.value:,.0f}" if abs(self.value) >= 100 else f"{self.value:.3g}"
        return f"{number} {self.unit}"


@contextlib.contextmanager
def booted(nic: str, net: str, **options) -> "Iterator[Guest]":
    """A ready guest; over a tap, the caller is in its namespace meanwhile."""
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix="sojourn-bench-")))
        link = net
        if net == "tap":
            space = namespace.Namespace()
            stack.callback(space.close)
            link = space.tap()
            stack.enter_context(space.entered())
        guest = stack.enter_context(Guest(directory, nic=nic, net=link, record=False, **options))
        yield guest


def address_of(guest: Guest, port: int) -> "tuple[str, int]":
    if guest.user:
        return "127.0.0.1", guest.user.host_port("tcp", port)
    return guest.ip, port


# --------------------------------------------------------------------------

def first_arp_reply(nic: str) -> float:
    """Seconds from the start of QEMU to the first answer on the wire."""
    with booted(nic, "wire") as guest:
        wire = guest.wire
        box = wire.inbox(lambda found: found.arp_op == 2 and found.arp_spa == guest.ip)
        ask = frames.eth(frames.BROADCAST, wire.mac, frames.ETH_ARP, frames.arp(
            1, wire.mac, wire.ip, "00:00:00:00:00:00", guest.ip))
        while box.poll(0.002) is None:
            wire.send(ask)
            assert time.monotonic() - guest.started_at < 60, guest.log()
        return time.monotonic() - guest.started_at


def image_sizes() -> "list[Figure]":
    """The file as `strip` leaves it, and what it takes in memory."""
    with tempfile.NamedTemporaryFile(prefix="sojourn-bench-") as stripped:
        tool = shutil.which(os.environ.get("CROSS_COMPILE", "x86_64-linux-gnu-") + "strip")
        subprocess.run([tool or "strip", "-o", stripped.name, str(ELF)], check=True)
        data = pathlib.Path(stripped.name).read_bytes()
    headers_at, = struct.unpack_from("<Q", data, 32)
    headers, = struct.unpack_from("<H", data, 56)
    table = [struct.unpack_from("<IIQQQQQQ", data, headers_at + 56 * at)
             for at in range(headers)]
    in_memory = sum(size for kind, *_, size, _ in table if kind == PT_LOAD)
    return [Figure("image, stripped", len(data) / 1000, "kB", "under 400 kB"),
            Figure("image in memory", in_memory / 1000, "kB")]


def memory_figures(net: str, connections: int) -> "list[Figure]":
    with booted("virtio", net) as guest:
        guest.wait_ready()
        clients.echo_once(address_of(guest, 7))
        time.sleep(0.5)
        idle = guest.memory_kib()
        held = clients.open_at_once(address_of(guest, 7), connections)
        time.sleep(0.5)
        busy = guest.memory_kib()
        clients.close_all(held)
        guest.power_off()
    return [Figure("memory in use, idle", idle, "KiB"),
            Figure(f"memory per idle connection (of {connections})",
                   (busy - idle) / connections, "KiB")]


def cpu_seconds(pid: int) -> float:
    """CPU time of a process so far, user and system."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle_cpu(nic: str, seconds: float) -> Figure:
    with booted(nic, "user") as guest:
        guest.wait_ready()
        time.sleep(1)
        before, began = cpu_seconds(guest.process.pid), time.monotonic()
        time.sleep(seconds)
        used = cpu_seconds(guest.process.pid) - before
        share = used / (time.monotonic() - began) * 100
        guest.power_off()
    return Figure(f"{nic}: host CPU of an idle guest over {seconds:.0f} s", share, "%", "under 1 %")


def echo_figures(nic: str, net: str, seconds: float, megabytes: int) -> "list[Figure]":
    with booted(nic, net) as guest:
        guest.wait_ready()
        address = address_of(guest, 7)
        clients.echo_once(address)
        trips = clients.round_trips(address, seconds)
        took = clients.echo_streams(address, megabytes << 20)
        took_eight = clients.echo_streams(address, megabytes << 20, connections=8)
        guest.power_off()
    return [Figure(f"{nic}: echo round trips of 1 byte", trips, "/s"),
            Figure(f"{nic}: echo, 1 connection, each way", megabytes / took, "MiB/s"),
            Figure(f"{nic}: echo, 8 connections, each way", megabytes / took_eight, "MiB/s")]


# --------------------------------------------------------------------------

def choose_net(wanted: "str | None") -> "tuple[str, str]":
    """(user or tap, why)."""
    obstacle = namespace.obstacle()
    if wanted == "tap" and obstacle:
        raise SystemExit(f"sojourn: --net tap: {obstacle}; take --net user")
    if wanted:
        return wanted, "you asked for it"
    return ("user", obstacle) if obstacle else ("tap", "it can be made here")


def measure(args, net: str) -> "Iterator[Figure]":
    boots = 3 if args.quick else 7
    for nic in NICS:
        times = [first_arp_reply(nic) for _ in range(boots)]
        yield Figure(f"{nic}: QEMU start to first ARP reply (median of {boots})",
                     statistics.median(times) * 1e3, "ms")
    yield from image_sizes()
    yield from memory_figures(net, 100 if args.quick else 1000)
    for nic in NICS:
        yield idle_cpu(nic, 3 if args.quick else 10)
    for nic in NICS:
        yield from echo_figures(nic, net, 1 if args.quick else 5, 8 if args.quick else 64)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--net", choices=("user", "tap"))
    parser.add_argument("--accel", default="tcg")
    parser.add_argument("--accel-why", default="you asked for it")
    args = parser.parse_args()
    os.environ["SOJOURN_ACCEL"] = args.accel
    net, why = choose_net(args.net)
    print(f"accelerator: {args.accel} ({args.accel_why})")
    print(f"networking:  {net} ({why})")
    print(f"host:        {os.cpu_count()} CPUs, Linux {platform.release()}\n", flush=True)
    figures = []
    for figure in measure(args, net):
        figures.append(figure)
        aim = f"   (aim: {figure.aim})" if figure.aim else ""
        print(f"  {figure.name:<52} {figure.text():>16}{aim}", flush=True)
    target = BUILD / "bench.json"
    target.write_text(json.dumps({
        "accelerator": args.accel, "networking": net, "quick": args.quick,
        "figures": [figure._asdict() for figure in figures]}, indent=1) + "\n")
    note(f"also in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
