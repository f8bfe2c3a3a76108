# SPDX-License-Identifier: MIT
"""./sojourn check: make check with its tools installed."""
from __future__ import annotations

import subprocess

from . import deps
from .common import ROOT


def cmd_check(args) -> int:
    deps.require("check")
    command = ["make", "-C", str(ROOT), "--no-print-directory", "check"]
    return subprocess.run(command, stdin=subprocess.DEVNULL).returncode
