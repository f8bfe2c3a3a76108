# SPDX-License-Identifier: MIT
"""./sojourn run: the guest in QEMU, the console on this terminal."""
from __future__ import annotations

import os
import pathlib
import shutil
import socket
import subprocess

from . import accel, build, deps
from .child import Attended
from .common import BUILD, ELF, ISO, ROOT, Problem, note, relative, say
from .machine import Address, Machine, outcome, quoted
from .network import Network, open_network

GDB_HELPERS = ROOT / "tools" / "gdb" / "sojourn-gdb.py"


def command_line(args, network: Network) -> str:
    """The kernel's command line: ip= where it is not the default, --append."""
    words = args.append.split()
    if not network.address.is_default or args.ip:
        if any(word.startswith("ip=") for word in words):
            raise Problem("--ip and ip= in --append both set the address; keep one of them")
        words.insert(0, network.address.parameter())
    return " ".join(words)


def iso_with(append: str) -> pathlib.Path:
    """An ISO whose GRUB hands @append to the kernel; the plain one without."""
    if not append:
        return ISO
    if any(char in append for char in "\"'\\$;{}\n"):
        raise Problem(f"--append {append}: with --iso the line passes through GRUB's "
                      "configuration; leave quotes, \\, $, ; and braces away")
    target, stamp = BUILD / "sojourn-run.iso", BUILD / "sojourn-run.params"
    fresh = (target.exists() and stamp.exists() and stamp.read_text() == append
             and target.stat().st_mtime >= ISO.stat().st_mtime)
    if not fresh:
        done = subprocess.run(["sh", str(ROOT / "tools" / "mkiso.sh"), str(ELF),
                               str(ROOT / "boot" / "grub.cfg"), str(target), *append.split()],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise Problem(f"making {relative(target)} failed\n{done.stdout[-2000:]}")
        stamp.write_text(append)
    return target


def _gdb_port() -> int:
    for port in (1234, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
            except OSError:
                continue
    raise Problem("no free TCP port for gdb on 127.0.0.1")


def _machine(args, network: Network, accelerator: str) -> Machine:
    pcap = os.path.abspath(args.pcap) if args.pcap else None
    return Machine(machine=args.machine, nic=args.nic, accel=accelerator, memory=args.memory,
                   append=command_line(args, network), netdev=network.netdev(), pcap=pcap,
                   gdb_port=_gdb_port() if args.gdb else None)


def check_options(args) -> None:
    """Raises Problem for what cannot work, before anything is built."""
    Machine(machine=args.machine, nic=args.nic, memory=args.memory,
            iso="iso" if args.iso else None).check()
    if args.pcap and not os.path.isdir(os.path.dirname(os.path.abspath(args.pcap))):
        raise Problem(f"--pcap {args.pcap}: there is no such directory")
    if args.accel == "kvm" and not os.access(accel.KVM, os.R_OK | os.W_OK):
        raise Problem(f"--accel kvm: {accel.KVM} is not here or not open to you; "
                      "take --accel auto or tcg")


def _introduce(args, network: Network, machine: Machine, accelerated: str) -> None:
    """What runs, why so, and what to type."""
    say(f"machine:     {args.machine}, {args.nic}, {args.memory} of memory"
        + (", booted by GRUB" if args.iso else ""))
    say(f"accelerator: {machine.accel} ({accelerated})")
    say(f"networking:  {network.mode} ({network.why})")
    for line in network.report():
        say(f"             {line}")
    if args.pcap:
        say(f"capture:     every frame goes to {relative(machine.pcap)}")
    say(f"guest:       {network.address.ip}/{network.address.prefix}, "
        f"gateway {network.address.gateway}")
    lines = network.try_lines()
    if lines:
        say("\nTry, from another terminal of this host:\n")
        for line in lines:
            say(f"    {line}")
    if machine.gdb_port:
        say("\nThe guest waits for gdb:\n")
        say(f"    gdb -q {relative(ELF)} -ex 'source {relative(GDB_HELPERS)}' "
            f"-ex 'target remote 127.0.0.1:{machine.gdb_port}'")
    say("\nTo end it: poweroff at the prompt, Ctrl-C, or Ctrl-A X.\n")


def _dry_run(args, address: "Address | None") -> int:
    network = open_network(args.net, address, args.ports, args.socket, dry=True)
    accelerator, why = accel.choose(args.accel, dry=True)
    machine = _machine(args, network, accelerator)
    machine.netdev = network.typed_netdev()
    if args.iso:
        machine.iso = str(BUILD / "sojourn-run.iso" if machine.append else ISO)
    note(f"accelerator {accelerator} ({why}); networking {network.mode} ({network.why})")
    for line in network.setup_lines():
        say(line)
    say(quoted(machine.argv()))
    return 0


def cmd_run(args) -> int:
    """./sojourn run."""
    check_options(args)
    address = Address.parse(args.ip) if args.ip else None
    if args.dry_run:
        return _dry_run(args, address)
    deps.require("run", *(["iso"] if args.iso else []), *(["tap"] if args.net == "tap" else []),
                 *(["gdb"] if args.gdb else []))
    build.image(iso=args.iso, verbose=args.verbose)
    accelerator, why = accel.choose(args.accel)
    network = open_network(args.net, address, args.ports, args.socket)
    try:
        machine = _machine(args, network, accelerator)
        if args.iso:
            machine.iso = str(iso_with(machine.append))
        _introduce(args, network, machine, why)
        if not shutil.which(machine.argv()[0]):
            raise Problem(f"{machine.argv()[0]} is missing")
        return _attend(machine, network)
    finally:
        for line in network.close():
            note(line)


def _attend(machine: Machine, network: Network) -> int:
    """Runs it to its end and says how it ended."""
    attended = Attended(machine.argv(), network.pass_fds)
    status = attended.run()
    if attended.signalled is not None:
        note("stopped")
        return 128 + attended.signalled
    clean, words = outcome(status, attended.said)
    note(words)
    return 0 if clean else 1
