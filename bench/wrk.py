# SPDX-License-Identifier: MIT
"""wrk, the HTTP client that others measure with, as the judge of our own."""
from __future__ import annotations

import math
import pathlib
import re
import shutil
import subprocess

from launcher.common import Problem

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
TIMES_US = {"us": 1, "ms": 1e3, "s": 1e6}


def here() -> bool:
    return shutil.which("wrk") is not None


def parse(text: str) -> "dict[str, float]":
    """What wrk printed, as the lines of bench/client have it."""
    total = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m), ([\d.]+)([KMGT]?)B read", text)
    median = re.search(r"50%\s+([\d.]+)(us|ms|s)", text)
    if not total:
        raise Problem("wrk printed no sum of its requests")
    if re.search(r"Non-2xx", text):
        raise Problem("wrk got answers that are no pages")
    scale = {**TIMES_US, "m": 60e6}[total[3]]
    return {"ops": int(total[1]), "seconds": float(total[2]) * scale / 1e6,
            "bytes": float(total[4]) * UNITS[total[5]], "lost": 0,
            "p50_us": float(median[1]) * TIMES_US[median[2]] if median else 0.0}


def _cpu_s(pid: int) -> "dict[str, float]":
    """Seconds on a CPU so far, by thread."""
    found = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            found[task.name] = int((task / "schedstat").read_text().split()[0]) / 1e9
        except OSError:
            continue                    # it ended
    return found


def run(url: str, connections: int, seconds: float, qemu: int, vcpu: int) -> "dict[str, float]":
    """A run of wrk, with QEMU's CPU time over it."""
    before = _cpu_s(qemu)
    done = subprocess.run(
        ["wrk", "--latency", "-t1", f"-c{connections}", f"-d{max(1, math.ceil(seconds))}s", url],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        timeout=seconds + 90)
    after = _cpu_s(qemu)
    if done.returncode:
        raise Problem(f"wrk: {done.stderr.strip() or done.returncode}")
    used = {thread: after[thread] - before.get(thread, 0.0) for thread in after}
    return {**parse(done.stdout), "vcpu_s": used.get(str(vcpu), 0.0),
            "qemu_s": sum(used.values()), "client_s": 0.0}
