# SPDX-License-Identifier: MIT
"""Who is measured: Sojourn, a Linux guest, and the bare ring loop.

Each is a guest of the same QEMU line but for the kernel (and Linux's initramfs);
arguments() of the head prints them. They are brought up one at a time on one tap
that stays.
"""
from __future__ import annotations

import contextlib
import pathlib
import re
import socket
import struct
import time
import urllib.request
from typing import Iterator

import frames
import linux_guest
import namespace
from guest import READY, Guest
from launcher import network
from launcher.common import BUILD, ELF, Problem

MEMORY = "256M"
BOOT_S = 180.0
#: A question so often, later less: within 2 % of the time, and few that wait in the
#: tap's queue while the guest does not look.
ARP_EVERY_S, ARP_SHARE = 0.005, 1 / 50
SETTLE_S = 0.5
ETH_P_ARP = 0x0806
FLOOR_ELF = BUILD / "bench" / "floor.elf"


# --------------------------------------------------------------------------
# The tap that stays.

class Lane:
    """A namespace with one tap, whose guests come and go."""

    #: So that a connection a second does not run out of ports: those in TIME_WAIT
    #: are used again after a second, and there are many.
    SYSCTLS = {"net/ipv4/tcp_tw_reuse": "1", "net/ipv4/ip_local_port_range": "1024 65535"}

    def __init__(self):
        self.space = namespace.Namespace()
        try:
            self.tap = self.space.tap()
            with self.space.entered():
                for name, value in self.SYSCTLS.items():
                    pathlib.Path("/proc/sys", name).write_text(value)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if getattr(self, "tap", None):
            self.tap.close()
        self.space.close()

    def entered(self):
        return self.space.entered()

    def packets(self) -> int:
        """Frames through the tap so far, both ways; call it inside."""
        for line in pathlib.Path("/proc/thread-self/net/dev").read_text().splitlines():
            name, _, numbers = line.partition(":")
            if name.strip() == self.tap.name:
                fields = numbers.split()
                return int(fields[1]) + int(fields[9])
        raise Problem(f"{self.tap.name} is gone")


class _Lent(network.Network):
    """The lane's tap as a guest has it: closing it leaves it open."""

    mode = "tap"

    def __init__(self, tap: network.TapNetwork):
        super().__init__(tap.address, "a benchmark")
        self.tap = tap
        self.pass_fds = tap.pass_fds

    def netdev(self) -> str:
        return self.tap.netdev()


# --------------------------------------------------------------------------
# The contestants.

class Contestant:
    """Base: Sojourn's way."""

    name = "sojourn"
    title = "Sojourn"
    ready = READY
    measures_memory = True

    def obstacle(self) -> "str | None":
        """Why it cannot take part, or None."""
        return None if ELF.exists() else f"{ELF} is not built: make"

    def release(self) -> str:
        return "this tree"

    def append(self, _lane: Lane) -> str:
        return ""

    def fields(self, _nic: str) -> "dict":
        """More for launcher.machine.Machine."""
        return {}

    def guest(self, directory, nic: str, lane: Lane, extra: "list[str]") -> Guest:
        fields = self.fields(nic)
        fields["extra"] = fields.get("extra", []) + extra
        return Guest(directory, nic=nic, net=_Lent(lane.tap), address=lane.tap.address,
                     record=False, memory=MEMORY, append=self.append(lane),
                     expect_trouble=self.name != "sojourn", **fields)

    def free_kib(self, guest: Guest) -> int:
        """Memory that the guest could still give away."""
        return guest.table("meminfo")["MemFree"]

    def clock(self, _guest: Guest) -> str:
        """What it tells the time by now."""
        return "tsc"


class Linux(Contestant):
    name = "linux"
    title = "Linux"
    ready = re.compile(r"linux: ready on [\d.]+\n")

    def obstacle(self) -> "str | None":
        return linux_guest.obstacle()

    def release(self) -> str:
        return linux_guest.fetch()

    def append(self, lane: Lane) -> str:
        address = lane.tap.address
        # Else it may find the TSC slower than the HPET while the host has other work,
        # and take the HPET for its clock, each reading of which is an exit.
        return (f"console=ttyS0 quiet tsc=reliable address={address.ip} "
                f"netmask={address.network.netmask}")

    def fields(self, nic: str) -> "dict":
        return {"kernel": str(linux_guest.KERNEL),
                "extra": ["-initrd", str(linux_guest.initramfs(nic))]}

    @staticmethod
    def read(guest: Guest, path: str) -> str:
        """A file of its /proc or /sys."""
        with urllib.request.urlopen(f"http://{guest.ip}{path}", timeout=30) as answer:
            return answer.read().decode()

    def clock(self, guest: Guest) -> str:
        return self.read(guest, "/sys/devices/system/clocksource/clocksource0/"
                                "current_clocksource").strip()

    def free_kib(self, guest: Guest) -> int:
        table = dict(re.findall(r"(\w+):\s+(\d+) kB", self.read(guest, "/proc/meminfo")))
        # What its page cache would give back counts for it.
        return max(int(table["MemFree"]), int(table["MemAvailable"]))


class Floor(Contestant):
    name = "floor"
    title = "floor"
    ready = re.compile(r"floor: ready\n")
    measures_memory = False

    def clock(self, _guest: Guest) -> str:
        return "none"

    def obstacle(self) -> "str | None":
        return None if FLOOR_ELF.exists() else f"{FLOOR_ELF} is not built: make bench"

    def fields(self, _nic: str) -> "dict":
        return {"kernel": str(FLOOR_ELF)}


ALL = (Contestant(), Linux(), Floor())


def by_name(name: str) -> Contestant:
    return next(one for one in ALL if one.name == name)


# --------------------------------------------------------------------------
# Bringing one up.

class _Asker:
    """Asks the tap who has the guest's address until someone answers."""

    def __init__(self, lane: Lane, guest_ip: str):
        self.guest_ip = guest_ip
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ARP))
        self.socket.bind((lane.tap.name, ETH_P_ARP))
        mac = ":".join(f"{byte:02x}" for byte in self.socket.getsockname()[4])
        self.question = frames.eth(frames.BROADCAST, mac, frames.ETH_ARP, frames.arp(
            1, mac, str(lane.tap.address.gateway), "00:00:00:00:00:00", guest_ip))
        self.answer = struct.pack("!H", 2), socket.inet_aton(guest_ip)

    def ask(self, patience_s: float) -> bool:
        """One question; True: it was answered within @patience_s."""
        try:
            self.socket.send(self.question)
        except OSError:
            pass                        # the tap's queue is full while nobody reads
        deadline = time.monotonic() + patience_s
        while (left := deadline - time.monotonic()) > 0:
            try:
                self.socket.settimeout(left)
                frame = self.socket.recv(2048)
            except socket.timeout:
                return False
            if (frame[20:22], frame[28:32]) == self.answer:
                return True
        return False

    def close(self) -> None:
        self.socket.close()


@contextlib.contextmanager
def visit(contestant: Contestant, nic: str, lane: Lane, directory,
          log: pathlib.Path) -> "Iterator[tuple[Guest, float]]":
    """A ready guest and the seconds from its start to its first ARP reply; the
    caller is inside the lane's namespace. @log: where QEMU's traces go."""
    guest = contestant.guest(directory, nic, lane, ["-D", str(log)])
    asker = _Asker(lane, guest.ip)
    try:
        with guest:
            while not asker.ask(max(ARP_EVERY_S, guest.age_s() * ARP_SHARE)):
                if guest.process.poll() is not None or guest.age_s() > BOOT_S:
                    raise Problem(f"{contestant.title} on {nic} answers no ARP: "
                                  f"{guest.qemu_said() or guest.log()[-800:]}")
            booted_s = guest.age_s()
            guest.console.wait(contestant.ready, BOOT_S)
            time.sleep(SETTLE_S)
            yield guest, booted_s
    finally:
        asker.close()


def vcpu_thread(guest: Guest) -> int:
    """The id of QEMU's thread that runs the guest's CPU."""
    match = re.search(r"thread_id=(\d+)", guest.monitor("info cpus"))
    if not match:
        raise Problem("QEMU's monitor tells no thread of its CPU")
    return int(match[1])
