# SPDX-License-Identifier: MIT
"""./sojourn bench: what is in bench/, with what it needs built."""
from __future__ import annotations

import subprocess
import sys

from . import accel, build, deps
from .common import ROOT, Problem

#: Options that go to bench/compare.py as they are: (attribute, option).
PASSED = (("rows", "--rows"), ("nic", "--nic"), ("rounds", "--rounds"),
          ("seconds", "--seconds"), ("against", "--against"), ("idle", "--idle"),
          ("nice", "--nice"), ("json", "--json"))
#: bench/compare.py's status where no tap can be made.
NOT_HERE = 3


def add_options(parser) -> None:
    """Those of the comparison; bench/compare.py has the same."""
    parser.add_argument("--quick", action="store_true", help="short slices, under three minutes")
    parser.add_argument("--rows", metavar="LIST",
                        help="only these rows of the comparison, with commas: boot, ping, echo1, "
                             "echo64, connect, stream_in, stream_out, udp, http, http_1m, wrk, wrk_1m, memory")
    parser.add_argument("--nic", choices=("virtio", "e1000", "both"), help="default: both")
    parser.add_argument("--rounds", type=int, metavar="N",
                        help="each boots every contestant once (default: 3)")
    parser.add_argument("--seconds", type=float, metavar="S",
                        help="of each row's slice (default: 3)")
    parser.add_argument("--against", metavar="LIST",
                        help="linux, floor, both (default) or '' for Sojourn alone")
    parser.add_argument("--idle", type=int, metavar="N",
                        help="connections of the memory row (default: 10000)")
    parser.add_argument("--no-exits", action="store_true", help="do not count exits")
    parser.add_argument("--nice", type=int, metavar="N",
                        help="priority of guests and client, -20 to 19; below 0 as root, where "
                             "other work on this host is in the way (default: 0)")
    parser.add_argument("--json", metavar="FILE", help="default: build/bench/results.json")
    parser.add_argument("--only", choices=("compare", "figures"),
                        help="the comparison alone, or Sojourn's own figures alone")
    parser.add_argument("--net", choices=("user", "tap"),
                        help="of the figures: tap where it can be made (default), else user")


def _figures(args, common: "list[str]") -> int:
    argv = [sys.executable, "-B", str(ROOT / "bench" / "figures.py"), *common]
    argv += ["--net", args.net] if args.net else []
    return subprocess.run(argv).returncode


def _compare(args, common: "list[str]") -> int:
    build.make("bench", verbose=args.verbose)
    argv = [sys.executable, "-B", str(ROOT / "bench" / "compare.py"), *common]
    for attribute, option in PASSED:
        value = getattr(args, attribute)
        argv += [option, str(value)] if value is not None else []
    argv += ["--no-exits"] if args.no_exits else []
    return subprocess.run(argv).returncode


def cmd_bench(args) -> int:
    chosen = [option for attribute, option in PASSED if getattr(args, attribute) is not None]
    if args.only == "figures" and chosen:
        raise Problem(f"{chosen[0]} is of the comparison: leave it or --only figures away")
    deps.require("measure")
    if not args.quick and args.only != "figures":
        deps.wish("wrk")
    build.image(verbose=args.verbose)
    accelerator, why = accel.choose(args.accel)
    common = ["--accel", accelerator, "--accel-why", why]
    common += ["--quick"] if args.quick else []
    status = 0
    if args.only != "figures":
        status = _compare(args, common)
        if status == NOT_HERE and not args.only and not chosen:
            status = 0              # it was said why; the figures need no tap
    # Who asks for certain rows does not ask for the rest.
    if args.only == "figures" or (not args.only and not chosen):
        status = _figures(args, common) or status
    return status
