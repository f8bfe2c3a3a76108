# SPDX-License-Identifier: MIT
"""Packages: what each command needs, what is missing, how it gets here.

A need is looked for by what it provides (a program, a file, a Python module),
not by its package name: a compiler from elsewhere is as good. What is missing
is installed by apt-get when we are root or sudo asks no password; else the one
command to type is printed.
"""
from __future__ import annotations

import glob
import importlib.util
import os
import platform
import shutil
import subprocess
from typing import Callable, NamedTuple

from .common import Problem, note, say


class Need(NamedTuple):
    package: str
    why: str
    present: Callable[[], bool]


def _program(name: str) -> Callable[[], bool]:
    def look() -> bool:
        return bool(shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin"))
    return look


def _file(pattern: str) -> Callable[[], bool]:
    return lambda: bool(glob.glob(pattern))


def _module(name: str) -> Callable[[], bool]:
    return lambda: importlib.util.find_spec(name) is not None


def _compiler_needs() -> list[Need]:
    prefix = os.environ.get("CROSS_COMPILE", "x86_64-linux-gnu-")
    native = platform.machine() == "x86_64"
    cross = "" if native else "-x86-64-linux-gnu"
    libc = "libc6-dev" if native else "libc6-dev-amd64-cross"
    header = "/usr/include/stdio.h" if native else "/usr/x86_64-linux-gnu/include/stdio.h"
    return [
        Need("make", "builds", _program("make")),
        Need(f"gcc{cross}", "compiles", _program(f"{prefix}gcc")),
        Need(f"binutils{cross}", "links", _program(f"{prefix}ld")),
        Need(libc, "the hosted library stands on libc", _file(header)),
    ]


_QEMU = [
    Need("qemu-system-x86", "the machine", _program("qemu-system-x86_64")),
]
_CLIENTS = [
    Need("netcat-openbsd", "nc, to talk to echo", _program("nc")),
    Need("curl", "to get a page", _program("curl")),
]
_TAP = [
    Need("iproute2", "ip, to set up a tap", _program("ip")),
    Need("iputils-ping", "ping over a tap", _program("ping")),
]
_WRK = [
    Need("wrk", "a second client for HTTP", _program("wrk")),
]
_ISO = [
    Need("grub-common", "grub-mkrescue", _program("grub-mkrescue")),
    Need("grub-pc-bin", "GRUB for the BIOS", _file("/usr/lib/grub/i386-pc/multiboot2.mod")),
    Need("xorriso", "writes ISO images", _program("xorriso")),
    Need("mtools", "used by grub-mkrescue", _program("mformat")),
]
_TEST = [
    Need("python3-pytest", "runs the tests", _module("pytest")),
    Need("python3-scapy", "crafts frames", _module("scapy")),
]
_CHECK = [
    Need("git", "lists the files of the tree", _program("git")),
    Need("clang", "the second compiler", _program("clang")),
    Need("clang-format", "the layout", _program("clang-format")),
    Need("sparse", "byte orders", _program("sparse")),
    Need("valgrind", "counts instructions", _program("valgrind")),
]
_FUZZ = [
    Need("clang", "libFuzzer's compiler", _program("clang")),
    Need("libclang-rt-dev", "libFuzzer and the sanitizers of clang",
         _file("/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-x86_64.a")),
]
_GDB = [
    Need("gdb", "the debugger", _program("gdb")),
]


def group(name: str) -> list[Need]:
    """The needs of @name: build, iso, run, tap, test, bench, fuzz, check, gdb, all; parts of them."""
    build = _compiler_needs()
    groups = {
        "build": build,
        "iso": build + _ISO,
        "qemu": _QEMU,
        "run": build + _QEMU + _CLIENTS,
        "tap": _TAP,
        "gdb": _GDB,
        "wrk": _WRK,
        "measure": build + _QEMU + _TAP,
        "bench": build + _QEMU + _TAP + _WRK,
        "test": build + _ISO + _QEMU + _CLIENTS + _TAP + _TEST + _FUZZ,
        "fuzz": build + _FUZZ,
        "check": build + _CHECK,
    }
    if name == "all":
        return build + _ISO + _QEMU + _CLIENTS + _TAP + _TEST + _FUZZ + _CHECK + _GDB + _WRK
    return groups[name]


def missing(needs: list[Need]) -> list[Need]:
    """Those of @needs that are not here, each package once."""
    found: dict[str, Need] = {}
    for need in needs:
        if need.package not in found and not need.present():
            found[need.package] = need
    return list(found.values())


def install_line(packages: list[str]) -> str:
    """The shell command that installs @packages, to be run as root."""
    return ("apt-get update && DEBIAN_FRONTEND=noninteractive "
            "apt-get install -y --no-install-recommends " + " ".join(packages))


def _root_prefix() -> "list[str] | None":
    """How to become root without asking: [] as root, sudo -n, None if not at all."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        probe = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if probe.returncode == 0:
            return ["sudo", "-n"]
    return None


def require(*names: str) -> None:
    """Has every need of the groups @names here, or raises Problem.

    Installs what is missing where it may.
    """
    lacking = missing([need for name in names for need in group(name)])
    if not lacking:
        return
    packages = [need.package for need in lacking]
    reasons = ", ".join(f"{need.package} ({need.why})" for need in lacking)
    if not shutil.which("apt-get"):
        raise Problem(f"missing: {reasons}.\nThis is no Debian or Ubuntu: install them by "
                      "your system's means (the names are Debian's) and come again.")
    line = install_line(packages)
    prefix = _root_prefix()
    if prefix is None:
        become = "sudo sh -c" if shutil.which("sudo") else "su -c"
        raise Problem(f"missing: {reasons}. Type this once, then come again:\n\n"
                      f"  {become} '{line}'\n")
    note(f"installing {reasons}")
    done = subprocess.run(prefix + ["sh", "-c", line], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    importlib.invalidate_caches()
    left = missing([need for name in names for need in group(name)])
    if done.returncode or left:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise Problem("installing did not work: "
                      f"{' '.join(need.package for need in left) or line}\n{tail}")


def wish(name: str) -> None:
    """As require() for what can be done without: says what is missing and goes on."""
    try:
        require(name)
    except Problem as problem:
        note(f"going on without: {str(problem).splitlines()[0]}")


def cmd_deps(args) -> int:
    """./sojourn deps: says what is here, installs the rest."""
    needs = group(args.group)
    for need in {n.package: n for n in needs}.values():
        say(f"  {need.package:<22} {'here' if need.present() else 'missing':<9} {need.why}")
    lacking = [need.package for need in missing(needs)]
    if args.list:
        if lacking:
            say(install_line(lacking))
        return 1 if lacking else 0
    require(args.group)
    say("everything is here" if not lacking else f"installed: {' '.join(lacking)}")
    return 0
