# SPDX-License-Identifier: MIT
"""The command line of ./sojourn."""
from __future__ import annotations

import argparse

from . import bench, build, check, deps, fuzz, run, suite
from .common import Problem, note
from .machine import MACHINES, NICS

ABOUT = """\
Sojourn: a small kernel whose whole job is a TCP/IP stack in the shape of Linux's.

  ./sojourn run      boots it in QEMU, says what to type to reach it
  ./sojourn test     builds and runs every test
"""


class _Parser(argparse.ArgumentParser):
    """Bad options are one message and status 2."""

    def error(self, message: str):
        self.exit(2, f"sojourn: {message} (see {self.prog} --help)\n")


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-v", "--verbose", action="store_true", help="show what make does")


def _accel(parser: argparse.ArgumentParser, default: str = "auto") -> None:
    parser.add_argument("--accel", choices=("auto", "kvm", "tcg"), default=default,
                        help="auto takes kvm after a guest has booted under it, else tcg "
                             f"(default: {default})")


def _add_run(commands) -> None:
    parser = commands.add_parser("run", help="build, boot in QEMU, serve",
                                 description="Boots the kernel in QEMU with its console on this "
                                             "terminal and prints what to type to reach it.")
    parser.add_argument("--net", choices=("user", "tap", "socket"),
                        help="user: QEMU's NAT with forwarded ports, no privilege (default); "
                             "tap: an interface of this host, needs root; "
                             "socket: raw frames over a Unix socket")
    parser.add_argument("--nic", choices=NICS, default="virtio", help="default: virtio")
    parser.add_argument("--machine", choices=MACHINES, default="pc", help="default: pc")
    parser.add_argument("--iso", action="store_true", help="boot build/sojourn.iso by GRUB")
    parser.add_argument("--ip", metavar="ADDR/LEN[,GW]",
                        help="the guest's address (default: 10.0.2.15/24,10.0.2.2)")
    parser.add_argument("--append", default="", metavar="STR",
                        help="kernel parameters, as in --append 'loglevel=7 "
                             "services=echo sysctl.net.ipv4.tcp_sack=0'")
    parser.add_argument("--memory", default="128M", metavar="SIZE", help="default: 128M")
    parser.add_argument("--pcap", metavar="FILE", help="record every frame of the guest")
    parser.add_argument("--gdb", action="store_true",
                        help="wait for gdb before the first instruction; prints its line")
    _accel(parser)
    parser.add_argument("--ports", metavar="LIST",
                        help="ports of the user network: GUEST=HOST, tcp:GUEST=HOST or "
                             "udp:GUEST=HOST, with commas; or none (default: free ones near "
                             "5507 for echo, 5509 discard, 5519 chargen, 8080 http)")
    parser.add_argument("--socket", metavar="DIR",
                        help="with --net socket: the directory of the sockets (build/wire)")
    parser.add_argument("--dry-run", action="store_true",
                        help="print the QEMU line for a shell and stop")
    _common(parser)
    parser.set_defaults(function=run.cmd_run)


def _add_test(commands) -> None:
    parser = commands.add_parser("test", help="build and run every test",
                                 description="Runs the hosted suites under ASan and UBSan, "
                                             "the fuzzing, then the image in QEMU. The last "
                                             "line sums it up.")
    parser.add_argument("--full", action="store_true",
                        help="the longest tests at full size: 512 MiB each way on a clean link, "
                             "64 MiB each way on bad ones (else as large as fits in minutes)")
    parser.add_argument("--unit", action="store_true", help="only the hosted suites")
    parser.add_argument("--fuzz", action="store_true", help="only the fuzzing")
    parser.add_argument("--fuzz-time", type=int, metavar="S",
                        help="seconds a target, instead of a number of inputs that is the same "
                             "on every machine (0: only the inputs of the tree)")
    parser.add_argument("--qemu", action="store_true", help="only the image in QEMU")
    parser.add_argument("-k", metavar="EXPR", dest="select",
                        help="only the QEMU tests that match, as in pytest")
    _accel(parser, "tcg")
    _common(parser)
    parser.set_defaults(function=suite.cmd_test)


def _add_rest(commands) -> None:
    parser = commands.add_parser("bench", help="compare with a Linux guest; print the figures",
                                 description="Runs Sojourn, a Linux guest and a bare ring loop "
                                             "in turn on one tap with one client, then measures "
                                             "the image: boot, size, memory, idle CPU, echo.")
    bench.add_options(parser)
    _accel(parser)
    _common(parser)
    parser.set_defaults(function=bench.cmd_bench)

    parser = commands.add_parser("fuzz", help="look for inputs that break it",
                                 description="Runs the targets of tests/fuzz under libFuzzer, "
                                             "with their corpora; what is found goes to "
                                             "build/fuzz.")
    parser.add_argument("target", nargs="*", help="default: all")
    parser.add_argument("--time", type=int, default=60, metavar="S",
                        help="seconds a target (default: 60; 0: only the inputs of the tree)")
    parser.add_argument("--runs", type=int, metavar="N",
                        help="so many inputs instead, the same on every machine; what was found "
                             "before is left aside")
    parser.add_argument("--seed", type=int, default=1, metavar="N",
                        help="another seed, other inputs (default: 1)")
    _common(parser)
    parser.set_defaults(function=fuzz.cmd_fuzz)

    parser = commands.add_parser("build", help="build/sojourn.elf and the hosted library")
    _common(parser)
    parser.set_defaults(function=lambda args: (deps.require("build"), build.cmd_build(args))[1])

    parser = commands.add_parser("iso", help="build/sojourn.iso, booted by GRUB")
    _common(parser)
    parser.set_defaults(function=lambda args: (deps.require("iso"), build.cmd_iso(args))[1])

    parser = commands.add_parser("check", help="what a commit has to pass (make check)")
    _common(parser)
    parser.set_defaults(function=check.cmd_check)

    parser = commands.add_parser("deps", help="install what is missing")
    parser.add_argument("--list", action="store_true",
                        help="only list; print the line that installs what is missing")
    parser.add_argument("group", nargs="?", default="all",
                        choices=("build", "run", "test", "fuzz", "check", "bench", "iso", "gdb",
                                 "all"),
                        help="for which command (default: all)")
    parser.set_defaults(function=deps.cmd_deps)

    parser = commands.add_parser("clean", help="remove build/")
    parser.set_defaults(function=build.cmd_clean)


def parser() -> argparse.ArgumentParser:
    top = _Parser(prog="./sojourn", description=ABOUT,
                  formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True,
                                  parser_class=_Parser)
    _add_run(commands)
    _add_test(commands)
    _add_rest(commands)
    return top


def main(words: "list[str]") -> int:
    """Runs the command of @words; the status for the shell."""
    args = parser().parse_args(words)
    try:
        return args.function(args)
    except Problem as problem:
        note(problem)
        return problem.status
    except KeyboardInterrupt:
        note("stopped")
        return 130
    except BrokenPipeError:
        return 1
