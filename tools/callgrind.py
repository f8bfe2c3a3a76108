#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""What a packet costs: instructions per operation, held to tests/callgrind/golden.txt.

    tools/callgrind.py                  compare; 1 when a script costs 2 % more
    tools/callgrind.py --golden         write the file anew
    tools/callgrind.py --profile N SCRIPT...     the N functions that cost most

build/callgrind/cost (tests/callgrind/) is the image's objects in a process; it
runs under valgrind, which counts. An instruction counts for the function in
whose object it stands, if that object is part of the image.
"""
from __future__ import annotations

import argparse
import bisect
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "callgrind" / "golden.txt"
LIMIT = 0.02                # so much more is too much
SHOWN = 60                  # functions of a script that the file names
BLAMED = 8                  # that a failure names
DEAR = ("clock_reads", "clock_arms", "interrupts", "register_accesses")


class Symbols:
    """Addresses to functions of the counted objects."""

    def __init__(self, program: pathlib.Path) -> None:
        counted = self._counted_ranges(program.with_name(program.name + ".map"))
        nm = subprocess.run(["nm", "-n", program], check=True, capture_output=True, text=True)
        found: "list[tuple[int, str]]" = []
        for line in nm.stdout.splitlines():
            address, kind, name = line.split()
            if kind in "tTwW":
                found.append((int(address, 16), name))
        self.starts = [address for address, _ in found]
        self.names = [self._name(name) if self._within(counted, address) else None
                      for address, name in found]

    @staticmethod
    def _name(symbol: str) -> str:
        """The function that the compiler made @symbol of."""
        return symbol.split(".")[0]

    @staticmethod
    def _within(ranges: "list[tuple[int, int]]", address: int) -> bool:
        return any(start <= address < end for start, end in ranges)

    @staticmethod
    def _counted_ranges(map_file: pathlib.Path) -> "list[tuple[int, int]]":
        """Of all text in the linker's map, what comes of the image's objects: of the
        one that gcc makes of all of them (-flto), and of the assembler's."""
        text = map_file.read_text()
        sections = re.findall(r"^ \.text\S*\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+(\S+)$", text, re.M)
        return [(int(start, 16), int(start, 16) + int(size, 16))
                for start, size, path in sections
                if ".ltrans" in path or "/metal/" in path or path.endswith("/callgrind/body.o")]

    def at(self, address: int) -> "str | None":
        i = bisect.bisect_right(self.starts, address) - 1
        return self.names[i] if i >= 0 else None


def read_dump(text: str, symbols: Symbols) -> "dict[str, int]":
    """Instructions by function, of one file of callgrind's."""
    cost: "dict[str, int]" = {}
    inclusive = False
    for line in text.splitlines():
        if line.startswith("calls="):
            inclusive = True
        elif line.startswith("0x"):
            words = line.split()
            name = None if inclusive else symbols.at(int(words[0], 16))
            inclusive = False
            if name:
                cost[name] = cost.get(name, 0) + int(words[-1])
    return cost


class Script:
    """A script's figures, all per operation."""

    def __init__(self, name: str, ops: int, dear: "dict[str, float]") -> None:
        self.name, self.ops, self.dear = name, ops, dear
        self.functions: "dict[str, float]" = {}
        self.total = 0.0


def count(program: pathlib.Path, names: "list[str]") -> "list[Script]":
    """Runs the scripts under valgrind."""
    with tempfile.TemporaryDirectory() as tmp:
        ran = subprocess.run(
            ["valgrind", "--tool=callgrind", "--collect-atstart=no", "--dump-instr=yes",
             "--dump-line=no", "--compress-strings=no", "--compress-pos=no",
             f"--callgrind-out-file={tmp}/out", program, *names],
            capture_output=True, text=True, check=False)
        if ran.returncode:
            sys.exit(f"callgrind: {program} failed:\n{ran.stdout}{ran.stderr}")
        symbols = Symbols(program)
        dumps = {}
        for path in pathlib.Path(tmp).iterdir():
            text = path.read_text()
            trigger = re.search(r"^desc: Trigger: Client Request: (\S+)$", text, re.M)
            if trigger:
                dumps[trigger[1]] = text
        scripts = []
        for line in ran.stdout.splitlines():
            name, *fields = line.split()
            values = {key: int(value) for key, value in (f.split("=") for f in fields)}
            ops = values.pop("ops")
            script = Script(name, ops, {key: value / ops for key, value in values.items()})
            script.functions = {function: cost / ops for function, cost
                                in read_dump(dumps[name], symbols).items()}
            script.total = sum(script.functions.values())
            scripts.append(script)
        return scripts


def top(functions: "dict[str, float]", n: int) -> "list[tuple[str, float]]":
    return sorted(functions.items(), key=lambda item: (-item[1], item[0]))[:n]


# ---- the file --------------------------------------------------------------------------

HEAD = """\
# What a packet costs: instructions per operation, by script and by function, and
# what costs more than an instruction. Written by `make callgrind-golden`;
# tools/callgrind.py compares. One operation is an echo of one byte (tcp_echo,
# udp_echo), a segment of 1448 bytes received or sent (tcp_in, tcp_out), a
# connection with one echo, opened by the peer or by us (tcp_accept, tcp_connect).
"""


def compiler_of(program: pathlib.Path) -> str:
    """Who made the counted objects, as they say."""
    dump = subprocess.run(["readelf", "-p", ".comment", program], check=True,
                          capture_output=True, text=True).stdout
    return "; ".join(re.findall(r"^\s*\[\s*[0-9a-f]+\]\s+(.*)$", dump, re.M))


def write_golden(path: pathlib.Path, compiler: str, scripts: "list[Script]") -> None:
    lines = [HEAD + f"compiler {compiler}"]
    for script in scripts:
        lines.append(f"\nscript {script.name} {script.total:.1f}")
        lines += [f"    {value:10.2f} {key}" for key, value in script.dear.items()]
        lines += [f"    {cost:10.1f} {name}" for name, cost in top(script.functions, SHOWN)]
    path.write_text("\n".join(lines) + "\n")


def read_golden(path: pathlib.Path) -> "tuple[str, dict[str, Script]]":
    compiler, scripts, script = "", {}, None
    for line in path.read_text().splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == "compiler":
            compiler = line.split(None, 1)[1]
        elif words[0] == "script":
            script = scripts[words[1]] = Script(words[1], 0, {})
            script.total = float(words[2])
        elif words[1] in DEAR:
            script.dear[words[1]] = float(words[0])
        else:
            script.functions[words[1]] = float(words[0])
    return compiler, scripts


# ---- the comparison ---------------------------------------------------------------------


def risen(now: Script, then: Script) -> "list[str]":
    """The functions whose cost rose most. Of one that the file does not name it is
    known that it cost no more than the last that it names."""
    least = min(then.functions.values(), default=0.0)
    rises = [(cost - then.functions.get(name, min(cost, least)), name, cost)
             for name, cost in now.functions.items()]
    return [f"    {cost:9.1f} {name} (+{rise:.1f})"
            for rise, name, cost in sorted(rises, reverse=True)[:BLAMED] if rise >= 0.1]


def compare(now: Script, then: Script) -> "list[str]":
    """What is worse than the file says."""
    worse = []
    if now.total > then.total * (1 + LIMIT):
        worse.append(f"{now.name}: {now.total:.1f} instructions per operation, "
                     f"{then.total:.1f} before (+{100 * (now.total / then.total - 1):.1f} %)")
        worse += risen(now, then)
    for key, value in now.dear.items():
        before = then.dear.get(key, 0.0)
        if value > before * (1 + LIMIT) + 0.02:
            worse.append(f"{now.name}: {value:.2f} {key} per operation, {before:.2f} before")
    return worse


def check(program: pathlib.Path, path: pathlib.Path) -> int:
    compiler, golden = read_golden(path)
    if compiler_of(program) != compiler:
        print(f"callgrind: not compared: built by {compiler_of(program)}, "
              f"{path.name} was by {compiler}")
        return 0
    worse, better = [], []
    scripts = count(program, [])
    for script in scripts:
        then = golden.get(script.name)
        if then is None:
            worse.append(f"{script.name}: not in {path.name}")
            continue
        worse += compare(script, then)
        if script.total < then.total * (1 - LIMIT):
            better.append(f"{script.name}: {script.total:.1f}, {then.total:.1f} before")
    worse += [f"{name}: was not run" for name in golden
              if name not in {script.name for script in scripts}]
    print("\n".join(worse + better))
    if worse or better:
        print("make callgrind-golden writes the file anew")
    return 1 if worse else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / "build/callgrind/cost", type=pathlib.Path)
    parser.add_argument("--file", default=GOLDEN, type=pathlib.Path)
    parser.add_argument("--golden", action="store_true")
    parser.add_argument("--profile", type=int, metavar="N")
    parser.add_argument("scripts", nargs="*")
    args = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("callgrind: valgrind is missing; ./sojourn deps check installs it")
    if args.golden:
        write_golden(args.file, compiler_of(args.program), count(args.program, []))
        return 0
    if args.profile is None:
        return check(args.program, args.file)
    for script in count(args.program, args.scripts):
        dear = ", ".join(f"{value:.2f} {key}" for key, value in script.dear.items())
        print(f"{script.name}: {script.total:.1f} ({script.ops} operations), {dear}")
        for name, cost in top(script.functions, args.profile):
            print(f"    {cost:9.1f} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
