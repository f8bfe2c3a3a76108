# SPDX-License-Identifier: MIT
"""What every part of the launcher uses: the tree's paths, messages, failures."""
from __future__ import annotations

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
#: SOJOURN_ELF: another image, as build/llvm/sojourn.elf.
ELF = pathlib.Path(os.environ.get("SOJOURN_ELF", BUILD / "sojourn.elf"))
ISO = BUILD / "sojourn.iso"

#: What the guest takes without ip= (QEMU's user network).
GUEST_ADDRESS = "10.0.2.15"
GUEST_PREFIX = 24
GUEST_GATEWAY = "10.0.2.2"


class Problem(Exception):
    """Something the user has to know and can act on; printed as one message."""

    def __init__(self, message: str, status: int = 1):
        super().__init__(message)
        self.status = status


def say(*words: object) -> None:
    """A line for the person at the terminal."""
    print(*words, flush=True)


def note(*words: object) -> None:
    """A line about what the launcher itself does; kept out of stdout."""
    print("sojourn:", *words, file=sys.stderr, flush=True)


def relative(path: "os.PathLike[str] | str") -> str:
    """@path as typed from the current directory, when that is shorter."""
    rel = os.path.relpath(path)
    return rel if len(rel) < len(str(path)) else str(path)
