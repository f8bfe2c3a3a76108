# SPDX-License-Identifier: MIT
"""What every test in here can ask for: paths, --full, a booted guest."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "qemu")]
