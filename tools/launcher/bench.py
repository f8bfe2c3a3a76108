# SPDX-License-Identifier: MIT
"""./sojourn bench: bench/figures.py with what it needs built."""
from __future__ import annotations

import subprocess
import sys

from . import accel, build, deps
from .common import ROOT


def cmd_bench(args) -> int:
    deps.require("bench")
    build.image(verbose=args.verbose)
    accelerator, why = accel.choose(args.accel)
    argv = [sys.executable, "-B", str(ROOT / "bench" / "figures.py"), "--accel", accelerator,
            "--accel-why", why]
    argv += ["--quick"] if args.quick else []
    argv += ["--net", args.net] if args.net else []
    return subprocess.run(argv).returncode
