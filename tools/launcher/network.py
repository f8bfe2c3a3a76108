# SPDX-License-Identifier: MIT
"""The guest's wire: QEMU's user network, a tap, or a Unix socket.

A Network is made, tells the value of QEMU's -netdev and what a person can type
to reach the guest, and is closed. Nothing it makes outlives the launcher: a tap
is not persistent and lives as long as its file descriptor does.
"""
from __future__ import annotations

import fcntl
import ipaddress
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile

from .common import BUILD, ROOT, Problem, relative
from .machine import Address

#: Guest port, host port tried first. The services of the guest.
SERVICES = (("tcp", 7, 5507), ("udp", 7, 5507), ("tcp", 9, 5509), ("udp", 9, 5509),
            ("tcp", 19, 5519), ("udp", 19, 5519), ("tcp", 80, 8080))
TUN = "/dev/net/tun"
TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR, IFF_MULTI_QUEUE = 0x0002, 0x1000, 0x4000, 0x0100
CAP_NET_ADMIN = 12
#: Tried in turn for a tap when the host already has a route to the default.
TAP_ADDRESSES = ("10.0.2.15/24,10.0.2.2", "10.77.2.15/24,10.77.2.2",
                 "172.31.77.15/24,172.31.77.2", "192.168.77.15/24,192.168.77.2")


class Network:
    """The default: no network at all; base of the others."""

    mode = "none"

    def __init__(self, address: Address, why: str):
        self.address = address
        self.why = why
        self.pass_fds: tuple[int, ...] = ()

    def netdev(self) -> str:
        """Value of QEMU's -netdev, with id n0."""
        return ""

    def typed_netdev(self) -> str:
        """The same for a line that a person can paste."""
        return self.netdev()

    def setup_lines(self) -> list[str]:
        """Commands that have to come before a pasted line."""
        return []

    def report(self) -> list[str]:
        """What was done to the host, in words."""
        return []

    def try_lines(self) -> list[str]:
        """Exact commands that reach the guest."""
        return []

    def close(self) -> "list[str]":
        """Undoes what was made; tells what."""
        return []


# --------------------------------------------------------------------------
# User networking.

def port_is_free(proto: str, port: int) -> bool:
    """Can 127.0.0.1:@port be bound?"""
    kind = socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as probe:
        if proto == "tcp":
            # As QEMU does: a port in TIME_WAIT is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def parse_ports(text: str) -> "list[tuple[str, int, int]]":
    """--ports: [tcp:|udp:]GUEST=HOST,… or GUEST=HOST for both; "none"."""
    if text == "none":
        return []
    forwards = []
    for word in text.split(","):
        proto, _, rest = word.rpartition(":")
        guest, _, host = rest.partition("=")
        if proto not in ("", "tcp", "udp") or not (guest.isdigit() and host.isdigit()):
            raise Problem(f"--ports {word}: write GUEST=HOST, tcp:GUEST=HOST or "
                          "udp:GUEST=HOST, as in --ports tcp:80=8080,udp:7=5507, or none")
        if not (0 < int(guest) < 65536 and 0 < int(host) < 65536):
            raise Problem(f"--ports {word}: a port is a number from 1 to 65535")
        for kind in ([proto] if proto else ["tcp", "udp"]):
            forwards.append((kind, int(guest), int(host)))
    return forwards


def choose_ports(wanted=SERVICES, exact: bool = False) -> "list[tuple[str, int, int]]":
    """Free host ports for @wanted, each as near above the wished one as can be."""
    chosen: list[tuple[str, int, int]] = []
    for proto, guest, host in wanted:
        port = host
        while (proto, port) in {(p, h) for p, _, h in chosen} or not port_is_free(proto, port):
            if exact:
                raise Problem(f"--ports: {proto} port {host} of this host is taken; name another, "
                              "or leave --ports away and free ones are picked")
            port = port + 1 if port < 65535 else 20000
            if port == host:
                raise Problem(f"no free {proto} port on this host for the guest's port {guest}")
        chosen.append((proto, guest, port))
    return chosen


class UserNetwork(Network):
    """QEMU's own NAT: no privilege, TCP and UDP by forwarded ports."""

    mode = "user"

    def __init__(self, address: Address, why: str, forwards=None):
        super().__init__(address, why)
        self.forwards = choose_ports() if forwards is None else choose_ports(forwards, exact=True)

    def netdev(self) -> str:
        words = ["user", "id=n0"]
        if not self.address.is_default:
            others = (host for host in self.address.network.hosts()
                      if host not in (self.address.ip, self.address.gateway))
            words += [f"net={self.address.network}", f"host={self.address.gateway}",
                      f"dns={next(others, self.address.gateway)}", f"dhcpstart={self.address.ip}"]
        words += [f"hostfwd={proto}:127.0.0.1:{host}-{self.address.ip}:{guest}"
                  for proto, guest, host in self.forwards]
        return ",".join(words)

    def host_port(self, proto: str, guest: int) -> "int | None":
        for kind, inside, outside in self.forwards:
            if (kind, inside) == (proto, guest):
                return outside
        return None

    def try_lines(self) -> list[str]:
        lines = []
        echo, udp, http = (self.host_port("tcp", 7), self.host_port("udp", 7),
                           self.host_port("tcp", 80))
        if echo:
            lines.append(f"echo hello | nc -w 1 127.0.0.1 {echo}")
        if udp:
            lines.append(f"echo hello | nc -u -w 1 127.0.0.1 {udp}")
        if http:
            lines.append(f"curl http://127.0.0.1:{http}/")
        return lines

    def report(self) -> list[str]:
        ways: "dict[tuple[int, int], list[str]]" = {}
        for proto, guest, host in self.forwards:
            ways.setdefault((host, guest), []).append(proto)
        lines = [f"127.0.0.1:{host} is the guest's port {guest} ({', '.join(protos)})"
                 for (host, guest), protos in ways.items()]
        return lines + ["(ping does not pass QEMU's user network; --net tap carries it)"]


# --------------------------------------------------------------------------
# Tap.

def may_admin_network() -> bool:
    """Do we hold CAP_NET_ADMIN?"""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("CapEff:"):
                return bool(int(line.split()[1], 16) >> CAP_NET_ADMIN & 1)
    return False


def tap_obstacle() -> "str | None":
    """Why a tap cannot be made here, or None."""
    if not os.path.exists(TUN):
        return f"{TUN} is not here (modprobe tun; in a container: --device {TUN})"
    if not may_admin_network():
        return "creating a tap needs root or CAP_NET_ADMIN"
    try:
        os.close(os.open(TUN, os.O_RDWR))
    except OSError as error:
        return f"{TUN} does not open: {error.strerror}"
    return None


def open_tap(name: str = "sojourn%d", more_flags: int = 0) -> "tuple[int, str]":
    """A tap of the current network namespace, or another queue of it: (descriptor, name).

    Not persistent: it goes when its last descriptor is closed.
    """
    fd = os.open(TUN, os.O_RDWR)
    request = struct.pack("16sH22x", name.encode(),
                          IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | more_flags)
    try:
        answer = fcntl.ioctl(fd, TUNSETIFF, request)
    except OSError as error:
        os.close(fd)
        raise Problem(f"creating a tap: {error.strerror}") from None
    os.set_inheritable(fd, True)
    return fd, answer[:16].rstrip(b"\0").decode()


def ip_tool(*words: str) -> str:
    """Runs ip(8); raises Problem with its own words."""
    tool = shutil.which("ip") or shutil.which("ip", path="/usr/sbin:/sbin") or "ip"
    done = subprocess.run([tool, *words], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Problem(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def routed_networks() -> "list[tuple[ipaddress.IPv4Network, str]]":
    """What the host has a route to beside the default: (network, device)."""
    found = []
    for route in json.loads(ip_tool("-j", "-4", "route", "show") or "[]"):
        if route.get("dst") not in (None, "default"):
            network = ipaddress.IPv4Network(route["dst"], strict=False)
            found.append((network, route.get("dev", "?")))
    return found


class TapNetwork(Network):
    """A tap with the gateway's address on the host's end; of several @queues, if asked."""

    mode = "tap"

    def __init__(self, address: "Address | None", why: str, dry: bool = False,
                 queues: int = 1):
        obstacle = None if dry else tap_obstacle()
        if obstacle:
            raise Problem(f"--net tap: {obstacle}; sudo ./sojourn run --net tap, "
                          "or --net user, which needs nothing")
        super().__init__(address or Address() if dry else self._choose(address), why)
        self.fd, self.name = -1, "sojourn0"
        if not dry:
            self._create(queues)

    @staticmethod
    def _choose(address: "Address | None") -> Address:
        taken = routed_networks()
        wanted = [address] if address else [Address.parse(text) for text in TAP_ADDRESSES]
        for candidate in wanted:
            clash = [dev for net, dev in taken if net.overlaps(candidate.network)]
            if not clash:
                return candidate
        raise Problem(f"--net tap: {wanted[0].network} is already reached through {clash[0]} "
                      "here; choose another network with --ip ADDRESS/LENGTH")

    def _create(self, queues: int) -> None:
        more = IFF_MULTI_QUEUE if queues > 1 else 0
        self.fd, self.name = open_tap(more_flags=more)
        self.pass_fds = (self.fd,)
        try:
            for _ in range(1, queues):
                self.pass_fds += (open_tap(self.name, more)[0],)
            for command in self._commands():
                ip_tool(*command)
        except Problem:
            self.close()
            raise

    def _commands(self) -> list[list[str]]:
        host = f"{self.address.gateway}/{self.address.prefix}"
        return [["addr", "add", host, "dev", self.name],
                ["link", "set", self.name, "up"]]

    def netdev(self) -> str:
        if len(self.pass_fds) > 1:
            return "tap,id=n0,fds=" + ":".join(map(str, self.pass_fds))
        return f"tap,id=n0,fd={self.fd}"

    def typed_netdev(self) -> str:
        return f"tap,id=n0,ifname={self.name},script=no,downscript=no"

    def setup_lines(self) -> list[str]:
        return [f"ip tuntap add {self.name} mode tap vnet_hdr",
                *("ip " + " ".join(command) for command in self._commands())]

    def report(self) -> list[str]:
        return [f"made {self.name} with {self.address.gateway}/{self.address.prefix} "
                "on this host; it goes when this ends"]

    def try_lines(self) -> list[str]:
        ip = self.address.ip
        return [f"ping -c 3 {ip}", f"echo hello | nc -w 1 {ip} 7",
                f"echo hello | nc -u -w 1 {ip} 7", f"curl http://{ip}/"]

    def close(self) -> list[str]:
        if self.fd < 0:
            return []
        for fd in self.pass_fds:
            os.close(fd)
        self.fd = -1
        return [f"removed {self.name}"]


# --------------------------------------------------------------------------
# A Unix datagram socket, a frame a datagram.

class SocketNetwork(Network):
    """QEMU's dgram netdev: frames for a program that plays the other end."""

    mode = "socket"

    def __init__(self, address: Address, why: str, directory: "str | None" = None,
                 dry: bool = False):
        super().__init__(address, why)
        self.made_directory = False
        self.directory = pathlib.Path(directory) if directory else BUILD / "wire"
        if len(bytes(self.guest)) > 100:
            # sun_path holds 107 bytes.
            if directory:
                raise Problem(f"--socket {directory}: the path is too long for a Unix socket; "
                              "choose a shorter one")
            self.directory = pathlib.Path(tempfile.gettempdir()) / f"sojourn-wire-{os.getuid()}"
        if not dry:
            if not self.directory.is_dir():
                self.directory.mkdir(parents=True)
                self.made_directory = True
            self._refuse_second()

    @property
    def guest(self) -> pathlib.Path:
        return self.directory / "guest"

    @property
    def host(self) -> pathlib.Path:
        return self.directory / "host"

    def _refuse_second(self) -> None:
        """Two guests on one wire would fight for its guest end."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(str(self.guest))
            except OSError:
                return
        raise Problem(f"--net socket: a guest is already running on {self.directory}; "
                      "name another directory with --socket DIR")

    def netdev(self) -> str:
        local, remote = (str(path).replace(",", ",,") for path in (self.guest, self.host))
        return ("dgram,id=n0,"
                f"local.type=unix,local.path={local},"
                f"remote.type=unix,remote.path={remote}")

    def report(self) -> list[str]:
        return [f"frames leave to the datagram socket {relative(self.host)} and are taken "
                f"from {relative(self.guest)}, one frame a datagram"]

    def try_lines(self) -> list[str]:
        tool = relative(ROOT / "tests" / "qemu" / "wire.py")
        at = relative(self.directory)
        ip, ours = self.address.ip, f"{self.address.gateway}/{self.address.prefix}"
        call = f"{'' if tool.startswith(('/', '.')) else './'}{tool} --at {at} --ip {ours}"
        return [f"{call} ping {ip}", f"{call} echo {ip} hello",
                f"{call} get {ip} /", f"{call} dump"]

    def close(self) -> list[str]:
        for path in (self.guest, self.host):
            path.unlink(missing_ok=True)
        if self.made_directory:
            try:
                self.directory.rmdir()
            except OSError:
                pass
        return []


def open_network(mode: str, address: "Address | None", ports: "str | None" = None,
                 directory: "str | None" = None, dry: bool = False) -> Network:
    """The network of --net @mode; @mode None is the default."""
    if ports is not None and mode not in (None, "user"):
        raise Problem(f"--ports forwards ports of QEMU's user network; with --net {mode} "
                      "the guest is reached at its own address: leave --ports away")
    if directory is not None and mode != "socket":
        raise Problem("--socket DIR goes with --net socket")
    if mode == "tap":
        return TapNetwork(address, "you asked for it", dry)
    if mode == "socket":
        return SocketNetwork(address or Address(), "you asked for it", directory, dry)
    why = ("you asked for it" if mode == "user" else
           "the default: it needs no privilege; --net tap gives the guest an address "
           "of its own and carries ping")
    forwards = parse_ports(ports) if ports is not None else None
    return UserNetwork(address or Address(), why, forwards)
