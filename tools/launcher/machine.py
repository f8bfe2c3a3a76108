# SPDX-License-Identifier: MIT
"""The virtual machine as a value, and the QEMU command line it stands for.

The launcher, the tests and the benchmarks all start QEMU through argv(): what
is tested is what is run. Nothing in here touches the host.
"""
from __future__ import annotations

import dataclasses
import ipaddress
import re
import shlex

from .common import ELF, GUEST_ADDRESS, GUEST_GATEWAY, GUEST_PREFIX, ISO, Problem

QEMU = "qemu-system-x86_64"
MACHINES = ("pc", "q35", "microvm")
NICS = ("virtio", "e1000", "e1000e")

#: isa-debug-exit makes QEMU end with (code << 1) | 1: the guest's 0 is 1.
DEBUG_EXIT_PORT = 0xF4
GUEST_DONE = 1


@dataclasses.dataclass(frozen=True)
class Address:
    """The guest's end: its address, the prefix length, its gateway."""

    ip: ipaddress.IPv4Address = ipaddress.IPv4Address(GUEST_ADDRESS)
    prefix: int = GUEST_PREFIX
    gateway: ipaddress.IPv4Address = ipaddress.IPv4Address(GUEST_GATEWAY)

    @property
    def network(self) -> ipaddress.IPv4Network:
        return ipaddress.IPv4Network((self.ip, self.prefix), strict=False)

    @classmethod
    def parse(cls, text: str) -> "Address":
        """--ip ADDR/LEN[,GW]; without GW the first free address of the network."""
        match = re.fullmatch(r"([0-9.]+)/(\d+)(?:,([0-9.]+))?", text)
        if not match:
            raise Problem(f"--ip {text}: write ADDRESS/LENGTH or ADDRESS/LENGTH,GATEWAY, "
                          f"as in --ip {GUEST_ADDRESS}/{GUEST_PREFIX},{GUEST_GATEWAY}")
        try:
            ip = ipaddress.IPv4Address(match[1])
            prefix = int(match[2])
            network = ipaddress.IPv4Network((ip, prefix), strict=False)
            gateway = ipaddress.IPv4Address(match[3]) if match[3] else None
        except ValueError as error:
            raise Problem(f"--ip {text}: {error}") from None
        if not 8 <= prefix <= 30:
            raise Problem(f"--ip {text}: a length from 8 to 30 leaves room for the guest, "
                          "a gateway and broadcast; choose one")
        if ip in (network.network_address, network.broadcast_address):
            raise Problem(f"--ip {text}: {ip} is the network's or its broadcast address, "
                          "not a host's")
        if gateway is None:
            hosts = [network.network_address + 2, network.network_address + 1]
            gateway = next(host for host in hosts
                           if host != ip and host != network.broadcast_address)
        if gateway not in network or gateway == ip or gateway in (
                network.network_address, network.broadcast_address):
            raise Problem(f"--ip {text}: the gateway {gateway} has to be another host "
                          f"of {network}")
        return cls(ip, prefix, gateway)

    def parameter(self) -> str:
        """As the kernel's ip= parameter."""
        return f"ip={self.ip}::{self.gateway}:{self.network.netmask}::eth0:off"

    @property
    def is_default(self) -> bool:
        return self == Address()


@dataclasses.dataclass
class Machine:
    """One guest. Fields are the launcher's options of the same names."""

    machine: str = "pc"
    nic: str = "virtio"                 # or "none": a guest without one
    accel: str = "tcg"
    memory: str = "128M"
    kernel: str = str(ELF)
    iso: "str | None" = None            # boots this by GRUB instead of @kernel
    append: str = ""                    # kernel command line
    netdev: str = ""                    # value of -netdev; its id is n0
    mac: str = "52:54:00:12:34:56"
    nic_options: str = ""               # more of the NIC's -device, as "packed=on,mq=on"
    pcap: "str | None" = None
    gdb_port: "int | None" = None
    # Where COM1 goes: "terminal" (with the QEMU monitor behind Ctrl-A), "pipe".
    console: str = "terminal"
    monitor: "str | None" = None        # path of a Unix socket for QEMU's monitor
    extra: list[str] = dataclasses.field(default_factory=list)

    def check(self) -> None:
        """Raises Problem for a combination that cannot work."""
        if self.machine == "microvm" and self.nic.startswith("e1000"):
            raise Problem(f"--nic {self.nic} needs a PCI bus and --machine microvm has none; "
                          "take --nic virtio, or --machine pc or q35")
        if self.machine == "microvm" and self.iso:
            raise Problem("--iso boots from a CD by the BIOS and --machine microvm has no "
                          "CD drive; leave --iso away, or take --machine pc or q35")
        if not re.fullmatch(r"[1-9]\d*[MG]?", self.memory):
            raise Problem(f"--memory {self.memory}: write a size in MiB, or with M or G, "
                          "as in --memory 128M")

    def argv(self) -> list[str]:
        """The QEMU command line."""
        line = [QEMU, "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"]
        line += ["-machine", self._machine()]
        line += ["-accel", self.accel, "-cpu", "host" if self.accel == "kvm" else "max"]
        line += ["-m", self.memory]
        line += ["-device", f"isa-debug-exit,iobase={DEBUG_EXIT_PORT:#x},iosize=0x04"]
        line += self._console()
        line += self._boot()
        line += self._network()
        if self.gdb_port is not None:
            line += ["-gdb", f"tcp:127.0.0.1:{self.gdb_port}", "-S"]
        return line + self.extra

    def _machine(self) -> str:
        if self.machine == "microvm":
            # Without ACPI, QEMU tells the virtio-mmio slots in the command line.
            return "microvm,acpi=off,auto-kernel-cmdline=on"
        return self.machine

    def _console(self) -> list[str]:
        if self.console == "terminal":
            line = ["-chardev", "stdio,id=console,mux=on,signal=on",
                    "-serial", "chardev:console", "-mon", "chardev=console"]
        else:
            line = ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
        if self.monitor:
            line += ["-chardev", f"socket,id=monitor,server=on,wait=off,path={self.monitor}",
                     "-mon", "chardev=monitor,mode=readline"]
        return line

    def _boot(self) -> list[str]:
        if self.iso:
            return ["-boot", "d", "-cdrom", self.iso]
        line = ["-kernel", self.kernel]
        return line + (["-append", self.append] if self.append else [])

    def _network(self) -> list[str]:
        if self.nic == "none":
            return []
        more = f",{self.nic_options}" if self.nic_options else ""
        line = ["-netdev", self.netdev]
        if self.nic.startswith("e1000"):
            line += ["-device", f"{self.nic},netdev=n0,mac={self.mac},romfile={more}"]
        elif self.machine == "microvm":
            line += ["-global", "virtio-mmio.force-legacy=false",
                     "-device", f"virtio-net-device,netdev=n0,mac={self.mac}{more}"]
        else:
            line += ["-device", "virtio-net-pci,disable-legacy=on,netdev=n0,"
                                f"mac={self.mac},romfile={more}"]
        if self.pcap:
            # In a QEMU option a comma is written twice.
            path = self.pcap.replace(",", ",,")
            line += ["-object", f"filter-dump,id=pcap0,netdev=n0,file={path}"]
        return line


def quoted(argv: list[str]) -> str:
    """@argv for a shell, an option a line."""
    lines: list[str] = []
    for word in argv:
        if word.startswith("-") or not lines:
            lines.append(shlex.quote(word))
        else:
            lines[-1] += " " + shlex.quote(word)
    return " \\\n  ".join(lines)


def outcome(status: int, qemu_said: str) -> "tuple[bool, str]":
    """What QEMU's exit status means: (was it a clean end, in words).

    @qemu_said: what QEMU itself wrote to stderr. Status 1 is both the guest's
    clean end and QEMU's refusal to start; only the latter says something.
    """
    if status == GUEST_DONE and not qemu_said.strip():
        return True, "the guest powered off"
    if status == 0:
        return True, "QEMU was ended"
    if status < 0:
        return False, f"QEMU was killed by signal {-status}"
    if status & 1 and not qemu_said.strip():
        return False, f"the guest stopped with status {status >> 1} (a panic?)"
    return False, f"QEMU failed (status {status}): {qemu_said.strip()}"


def iso_path() -> str:
    return str(ISO)
