# SPDX-License-Identifier: MIT
"""Plays cases, each in a process of its own, on one of the bodies."""
from __future__ import annotations

import json
import os
import pathlib
import random
import time
import traceback
from typing import Callable, Iterable

from bodies import HostedBody, KernelBody
from script import Player
from transcript import same_line

#: Both bodies begin with these, whatever their defaults are.
SETTINGS = [("net.ipv4.tcp_congestion_control", "reno"),
            ("net.ipv4.tcp_rmem", "4096 131072 33554432"),
            ("net.ipv4.tcp_wmem", "4096 16384 4194304"),
            ("net.core.somaxconn", "4096"), ("net.core.rmem_max", "4194304"),
            ("net.core.wmem_max", "4194304"),
            ("net.ipv4.tcp_no_metrics_save", "1")]
JOBS = 8
TRIES = 8
#: A step that took so much longer than it should spoils a run.
DISTURBED_MS = 12
LATE = "!! disturbed:"


def obstacle() -> "str | None":
    """Why this machine's kernel cannot be recorded, or None."""
    if os.geteuid():
        return "it takes root"
    if not pathlib.Path("/dev/net/tun").exists():
        return "there is no /dev/net/tun"
    said = _child(lambda: KernelBody() and "")
    return said[0].strip().splitlines()[-1] if said else None


def _child(work: "Callable[[], list[str]]") -> "list[str]":
    return _join(_start(work))


def _start(work) -> "tuple[int, int]":
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    os.close(reader)
    try:
        said = work() or []
    except BaseException:                       # whatever it is, the parent shows it
        said = ["!! " + traceback.format_exc().replace("\n", " / ")]
    with os.fdopen(writer, "w") as pipe:
        json.dump(said, pipe)
    os._exit(0)


def _join(child: "tuple[int, int]") -> "list[str]":
    pid, reader = child
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    _, status = os.waitpid(pid, 0)
    return json.loads(text) if text else [f"!! the process ended with status {status:#x}"]


def _settle(body) -> None:
    for name, value in SETTINGS:
        body.set_sysctl(name, value)


def on_library(steps: "list[str]") -> "list[str]":
    """The transcript of the hosted library."""
    def work():
        body = HostedBody()
        _settle(body)
        lines = Player(body).play(steps)
        return lines + [f"!! {line}" for line in body.end()]

    return _child(work)


def on_kernel(steps: "list[str]") -> "list[str]":
    """The transcript of this machine's kernel, once."""
    def work():
        body = KernelBody()
        _settle(body)
        lines = Player(body).play(steps)
        return lines if body.late_ms < DISTURBED_MS else [f"{LATE} {body.late_ms:.0f} ms late"]

    return _child(work)


def disturbed(lines: "list[str]") -> bool:
    """A transcript of on_kernel() that says nothing but that the host was busy."""
    return bool(lines) and lines[0].startswith(LATE)


def agree(a: "list[str]", b: "list[str]") -> bool:
    """Two transcripts of the kernel: either may be the late one."""
    return len(a) == len(b) and all(same_line(x, y) or same_line(y, x) for x, y in zip(a, b))


def _twice(steps: "list[str]") -> "list[str]":
    """What the kernel says twice: one that was disturbed does not count."""
    seen: "list[list[str]]" = []
    for _ in range(TRIES):
        lines = on_kernel(steps)
        if lines[0].startswith("!!"):
            time.sleep(random.uniform(0.1, 1.0))
        elif any(agree(lines, other) for other in seen):
            return lines
        seen.append(lines)
    return ["!! no two runs agree"] + seen[-1]


def record(cases: "Iterable[tuple[str, list[str]]]", told: "Callable[[str], None]") \
        -> "dict[str, list[str]]":
    """Plays @cases on the kernel, some at a time."""
    found: "dict[str, list[str]]" = {}
    running: "list[tuple[str, tuple[int, int]]]" = []

    def finish() -> None:
        name, child = running.pop(0)
        found[name] = _join(child)
        told(name)

    for name, steps in cases:
        if len(running) >= JOBS:
            finish()
        running.append((name, _start(lambda steps=steps: _twice(steps))))
    while running:
        finish()
    return found
