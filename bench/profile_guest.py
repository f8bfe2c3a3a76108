#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""Where the guest's time goes: its stack, looked at some hundred times a second.

    bench/profile_guest.py --nic virtio --row echo:64 --seconds 10

QEMU is asked (QMP) to hold the guest for a moment, to tell its registers and to
write down the top of its stack; frame pointers lead from call to call. The
client's row runs meanwhile. Prints the functions by their share, and writes
build/bench/profile-ROW.folded and .svg, a flame graph.

A sample falls where QEMU looks whether it is to stop, between two blocks of
translated code; what a device's emulation takes is counted at the access. What
stands next to a doorbell is shown too large: QEMU reads our request in the same
round of its loop in which it answers the doorbell.
"""
from __future__ import annotations

import argparse
import bisect
import collections
import html
import json
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "qemu"), str(ROOT / "bench")]

import contestants  # noqa: E402
import namespace  # noqa: E402
from launcher import child  # noqa: E402
from launcher.common import BUILD, ELF, Problem, note, say  # noqa: E402

CLIENT = BUILD / "bench" / "client"
STACK_BYTES = 4096
DEPTH_MAX = 64
IDLE = "(halted)"
UNKNOWN = "(unknown)"


# --------------------------------------------------------------------------
# Symbols and stacks.

class Symbols:
    """Names of the image's functions by address."""

    def __init__(self, listing: str):
        """@listing: what `nm -n` prints."""
        self.starts: "list[int]" = []
        self.names: "list[str]" = []
        for line in listing.splitlines():
            match = re.fullmatch(r"([0-9a-f]+) ([tTwW]) (\S+)", line)
            # file.c.0123abcd is no function, but gcc's for a debugger (-flto).
            if match and not re.match(r"\.|.*\.c\.[0-9a-f]{8}$", match[3]):
                self.starts.append(int(match[1], 16))
                self.names.append(match[3].split(".")[0])
        self.end = self.starts[-1] + 65536 if self.starts else 0

    @classmethod
    def of(cls, elf: pathlib.Path) -> "Symbols":
        tool = os.environ.get("CROSS_COMPILE", "x86_64-linux-gnu-") + "nm"
        return cls(subprocess.run([tool, "-n", str(elf)], check=True, stdout=subprocess.PIPE,
                                  text=True).stdout)

    def name(self, address: int) -> str:
        at = bisect.bisect_right(self.starts, address) - 1
        return self.names[at] if at >= 0 and address < self.end else UNKNOWN


def unwind(rip: int, rbp: int, rsp: int, stack: bytes) -> "list[int]":
    """Addresses from the outermost call to @rip. @stack: memory from @rsp on."""
    found = [rip]
    while len(found) < DEPTH_MAX and rsp <= rbp <= rsp + len(stack) - 16:
        outer, back = struct.unpack_from("<QQ", stack, rbp - rsp)
        if back:
            # Of a call that is the last of its function, what follows is another one's.
            found.append(back - 1)
        if outer <= rbp:
            break
        rbp = outer
    return found[::-1]


def fold(stacks: "list[tuple[str, ...]]") -> "collections.Counter[tuple[str, ...]]":
    return collections.Counter(stacks)


def shares(folded: "collections.Counter[tuple[str, ...]]") -> "list[tuple[str, float, float]]":
    """(function, share of samples in it alone, share in it or what it calls)."""
    total = sum(folded.values())
    alone: "collections.Counter[str]" = collections.Counter()
    within: "collections.Counter[str]" = collections.Counter()
    for stack, count in folded.items():
        alone[stack[-1]] += count
        for name in set(stack):
            within[name] += count
    return [(name, alone[name] / total, within[name] / total)
            for name in sorted(within, key=lambda one: (-alone[one], -within[one], one))]


# --------------------------------------------------------------------------
# The flame graph.

WIDTH, HEIGHT, LEAST = 1200, 16, 1.0


def _boxes(folded: dict, depth: int, left: float, scale: float) -> "list[tuple]":
    """(left, depth, width, name, count) of the calls at @depth and below."""
    groups: "dict[str, dict]" = {}
    for stack, count in sorted(folded.items()):
        if len(stack) > depth:
            groups.setdefault(stack[depth], {})[stack] = count
    found = []
    for name, members in groups.items():
        count = sum(members.values())
        if count * scale >= LEAST:
            found.append((left, depth, count * scale, name, count))
            found += _boxes(members, depth + 1, left, scale)
        left += count * scale
    return found


def flame(folded: "collections.Counter[tuple[str, ...]]", title: str) -> str:
    """An SVG: callers below, callees on them, as wide as their share."""
    total = sum(folded.values())
    boxes = _boxes(folded, 0, 0.0, WIDTH / total)
    height = (max(box[1] for box in boxes) + 2) * HEIGHT + 8
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
             'font-family="monospace" font-size="11">',
             f'<text x="4" y="12">{html.escape(title)}: {total} samples</text>']
    for left, depth, width, name, count in boxes:
        top = height - (depth + 1) * HEIGHT - 4
        hue = sum(name.encode()) % 50
        room = int(width / 6.7)
        label = name if len(name) <= room else name[:max(0, room - 1)]
        lines.append(
            f'<g><title>{html.escape(name)}: {count} ({count / total:.1%})</title>'
            f'<rect x="{left:.1f}" y="{top}" width="{max(width - 0.4, 0.3):.1f}" '
            f'height="{HEIGHT - 1}" fill="hsl({hue},75%,65%)"/>'
            f'<text x="{left + 2:.1f}" y="{top + 11}">{html.escape(label)}</text></g>')
    return "\n".join([*lines, "</svg>", ""])


# --------------------------------------------------------------------------
# Sampling.

class Qmp:
    """QEMU's machine protocol on a Unix socket."""

    def __init__(self, path: str, patience_s: float = 30):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(patience_s)
        self.socket.connect(path)
        self.file = self.socket.makefile("rwb")
        self.file.readline()                        # the greeting
        self.command("qmp_capabilities")

    def command(self, name: str, **arguments):
        self.file.write(json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n")
        self.file.flush()
        while True:
            line = self.file.readline()
            if not line:
                raise Problem("QEMU ended")
            answer = json.loads(line)
            if "error" in answer:
                raise Problem(f"QEMU: {name}: {answer['error'].get('desc')}")
            if "return" in answer:
                return answer["return"]

    def close(self) -> None:
        self.file.close()
        self.socket.close()


def registers(text: str) -> "dict[str, int]":
    """RIP, RBP, RSP and HLT of `info registers`."""
    return {name: int(value, 16)
            for name, value in re.findall(r"\b(RIP|RBP|RSP|HLT)\s*=\s*([0-9a-f]+)", text)}


def sample(qmp: Qmp, scratch: pathlib.Path) -> "list[int]":
    """The guest's calls now; []: it waits for an interrupt."""
    qmp.command("stop")
    try:
        found = registers(qmp.command("human-monitor-command",
                                      **{"command-line": "info registers"}))
        if found["HLT"]:
            return []
        try:
            qmp.command("memsave", val=found["RSP"], size=STACK_BYTES, filename=str(scratch))
            stack = scratch.read_bytes()
        except Problem:
            stack = b""                             # the stack ends at a page that is not there
        return unwind(found["RIP"], found["RBP"], found["RSP"], stack)
    finally:
        qmp.command("cont")


def collect(args, lane: contestants.Lane, place: str) -> "list[tuple[str, ...]]":
    """Boots Sojourn, runs the row and looks; the caller is inside the lane."""
    symbols, stacks = Symbols.of(ELF), []
    guest = contestants.by_name("sojourn").guest(
        place, args.nic, lane, ["-qmp", f"unix:{place}/qmp,server=on,wait=off"])
    with guest:
        guest.wait_ready()
        qmp = Qmp(f"{place}/qmp")
        client = child.spawn([str(CLIENT), "-w", "0.2", "-s", str(args.seconds + 1), guest.ip,
                              args.row], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        try:
            time.sleep(0.5)
            end = time.monotonic() + args.seconds
            while time.monotonic() < end and client.poll() is None:
                calls = sample(qmp, pathlib.Path(place, "stack"))
                stacks.append(tuple(map(symbols.name, calls)) or (IDLE,))
                time.sleep(1 / args.rate)
        finally:
            qmp.close()
            child.end(client)
            client.stdout.close()
    return stacks


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    found.add_argument("--nic", choices=("virtio", "e1000"), default="virtio")
    found.add_argument("--row", default="echo:64", help="of the client (default: echo:64)")
    found.add_argument("--seconds", type=float, default=10)
    found.add_argument("--rate", type=float, default=200, help="samples a second at most")
    found.add_argument("--top", type=int, default=25, help="functions to print")
    return found


def profile(args) -> None:
    obstacle = namespace.obstacle()
    if obstacle:
        raise Problem(f"this needs a tap: {obstacle}")
    for path in (ELF, CLIENT):
        if not path.exists():
            raise Problem(f"{path} is not built: make, make bench")
    lane = contestants.Lane()
    try:
        with tempfile.TemporaryDirectory(prefix="sojourn-bench-") as place, lane.entered():
            stacks = collect(args, lane, place)
    finally:
        lane.close()
    if not stacks:
        raise Problem("not one sample: the client ended at once")
    folded = fold(stacks)
    say(f"{args.row} on {args.nic}: {len(stacks)} samples\n{'alone':>7} {'with':>7}")
    for name, alone, within in shares(folded)[:args.top]:
        say(f"{alone:7.1%} {within:7.1%}  {name}")
    target = BUILD / "bench" / f"profile-{args.nic}-{args.row.replace(':', '-')}"
    target.with_suffix(".folded").write_text("".join(
        f"{';'.join(stack)} {count}\n" for stack, count in sorted(folded.items())))
    target.with_suffix(".svg").write_text(flame(folded, f"{args.row} on {args.nic}"))
    note(f"also in {target}.folded and .svg")


def main() -> int:
    try:
        profile(parser().parse_args())
    except Problem as problem:
        note(problem)
        return problem.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
