# SPDX-License-Identifier: MIT
"""make, by its targets; quiet unless something is wrong."""
from __future__ import annotations

import os
import subprocess
import time

from .common import BUILD, ELF, ROOT, Problem, note, relative, say

#: Compilers run side by side: never more than two by default.
JOBS = int(os.environ.get("SOJOURN_JOBS", str(min(2, os.cpu_count() or 1))))


def make(*targets: str, verbose: bool = False, quiet: bool = False) -> None:
    """Runs make for @targets; raises Problem with the compiler's words."""
    command = ["make", "-C", str(ROOT), "--no-print-directory", f"-j{JOBS}", *targets]
    if verbose:
        done = subprocess.run(command, stdin=subprocess.DEVNULL)
        output = ""
    else:
        started = time.monotonic()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace")
        output = done.stdout
        took = time.monotonic() - started
        if not done.returncode and not quiet and took > 1:
            note(f"built {' '.join(targets)} in {took:.0f} s")
    if done.returncode:
        tail = "\n".join(output.splitlines()[-40:])
        raise Problem(f"make {' '.join(targets)} failed\n{tail}".rstrip())


def image(iso: bool = False, verbose: bool = False) -> None:
    """Has build/sojourn.elf (and the ISO) up to date."""
    make("build/sojourn.elf", verbose=verbose)
    if iso:
        make("iso", verbose=verbose)


def cmd_build(args) -> int:
    """./sojourn build."""
    make("all", verbose=args.verbose)
    size = ELF.stat().st_size
    say(f"{relative(ELF)}: {size / 1000:.0f} kB")
    say(f"{relative(BUILD / 'host' / 'libsojourn.so')}")
    return 0


def cmd_iso(args) -> int:
    """./sojourn iso."""
    image(iso=True, verbose=args.verbose)
    path = BUILD / "sojourn.iso"
    say(f"{relative(path)}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


def cmd_clean(args) -> int:
    """./sojourn clean."""
    subprocess.run(["rm", "-rf", str(BUILD)], check=True)
    say("build/ is gone")
    return 0
