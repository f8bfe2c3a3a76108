# SPDX-License-Identifier: MIT
"""A guest under test: booted, spoken to on its console, asked at its end
whether anything was lost, and never left behind.

    with Guest(machine="q35", nic="e1000", directory=tmp_path) as guest:
        guest.wait_ready()
        guest.wire.ping(guest.ip)
        assert "eth0" in guest.command("ifconfig")
        guest.finish()

finish() checks conservation and leaks, powers off and asserts a clean end; a
panic or a warning in the log fails the test with the log.
"""
from __future__ import annotations

import os
import pathlib
import re
import socket
import subprocess
import tempfile
import threading
import time

from launcher import child, network
from launcher.common import GUEST_ADDRESS
from launcher.machine import GUEST_DONE, Address, Machine
from wire import PATIENCE_S, Wire

PROMPT = "sojourn> "
READY = re.compile(r"sojourn: ready: (?P<services>[\w ]*)on (?P<ip>[\d.]+)\n")
#: A line of the kernel log: time since boot in front.
LOG_LINE = re.compile(r"^\[ *\d+\.\d+\]")
TROUBLE = re.compile(r"panic|WARNING|\bBUG\b|Oops|general protection|page fault|double fault",
                     re.IGNORECASE)
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class GuestFailed(AssertionError):
    """The guest did what it must not; carries its console."""


class Console:
    """The guest's COM1: what came so far, and waiting for more."""

    def __init__(self, process: subprocess.Popen):
        self._process = process
        self._wake = threading.Condition()
        self._text = ""
        self._raw = b""
        self.closed = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while True:
            piece = os.read(self._process.stdout.fileno(), 65536)
            with self._wake:
                if piece:
                    self._raw += piece
                    clean = self._raw.decode(errors="replace").replace("\r", "")
                    self._text = CONTROL.sub("", clean)
                else:
                    self.closed = True
                self._wake.notify_all()
            if not piece:
                return

    @property
    def text(self) -> str:
        with self._wake:
            return self._text

    def mark(self) -> int:
        """Where the text ends now; a start for wait()."""
        with self._wake:
            return len(self._text)

    def wait(self, pattern: "str | re.Pattern", timeout_s: float, start: int = 0) -> "re.Match":
        """Waits for @pattern in what came since @start."""
        wanted = re.compile(pattern)
        deadline = time.monotonic() + timeout_s
        with self._wake:
            while True:
                match = wanted.search(self._text, start)
                if match:
                    return match
                rest = deadline - time.monotonic()
                if self.closed or rest <= 0:
                    how = "QEMU ended" if self.closed else f"nothing in {timeout_s} s"
                    raise GuestFailed(f"waiting for {wanted.pattern!r}: {how}\n"
                                      f"---- console ----\n{self._text[-6000:]}")
                self._wake.wait(rest)

    def join(self) -> None:
        self._thread.join(5)


class Guest:
    """One QEMU with one guest.

    @net: "wire" (a Wire of the test's), "user" (ports of 127.0.0.1) or "none";
    or an open launcher network (a tap). @record: keep every frame in
    @directory. Other words are fields of launcher.machine.Machine.
    """

    def __init__(self, directory, machine: str = "pc", nic: str = "virtio", net="wire",
                 append: str = "", address: "Address | None" = None,
                 wire_options: "dict | None" = None, expect_trouble: bool = False,
                 record: bool = True, **fields):
        self.directory = pathlib.Path(directory)
        self.address = address or Address()
        self.expect_trouble = expect_trouble
        self.record = record
        self.wire: "Wire | None" = None
        self.user: "network.UserNetwork | None" = None
        self.network = self._open_network(net, wire_options or {})
        words = append.split()
        if not self.address.is_default:
            words.insert(0, self.address.parameter())
        self.monitor_path = self.directory / "monitor"
        self.machine = Machine(
            machine=machine, nic=nic, append=" ".join(words),
            accel=os.environ.get("SOJOURN_ACCEL", "tcg"), console="pipe",
            netdev=self.network.netdev() if self.network else "",
            monitor=str(self.monitor_path), pcap=str(self.directory / "guest.pcap")
            if record and nic != "none" else None, **fields)
        self.machine.check()
        self.process: "subprocess.Popen | None" = None
        self.console: "Console | None" = None
        self.started_at = 0.0
        self._ended = False

    def _open_network(self, net, wire_options: dict):
        if net == "wire":
            opened = network.SocketNetwork(self.address, "a test", str(self.directory / "w"))
            self.wire = Wire(self.directory / "w", **{
                "ip": str(self.address.gateway),
                "pcap": self.directory / "wire.pcap" if self.record else None, **wire_options})
            return opened
        if net == "user":
            self.user = network.UserNetwork(self.address, "a test")
            return self.user
        return None if net == "none" else net

    @property
    def ip(self) -> str:
        return str(self.address.ip)

    # ---- life -----------------------------------------------------------

    def start(self) -> "Guest":
        if not pathlib.Path(self.machine.kernel).exists():
            raise GuestFailed(f"{self.machine.kernel} is not built: make")
        self.started_at = time.monotonic()
        self.process = child.spawn(
            self.machine.argv(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=open(self.directory / "qemu.stderr", "wb"),
            pass_fds=self.network.pass_fds if self.network else ())
        self.console = Console(self.process)
        return self

    def __enter__(self) -> "Guest":
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, kind, value, _trace) -> None:
        self.close()
        if kind is not None and issubclass(kind, (AssertionError, OSError)) \
                and not issubclass(kind, GuestFailed):
            # What the guest said belongs to any failure.
            print(f"---- console ----\n{self.log()[-6000:]}")
        elif kind is None:
            self.assert_no_trouble()

    def close(self) -> None:
        """Ends QEMU, however it stands."""
        if self.process:
            child.end(self.process, 2.0)
            self.console.join()
            self.process.stdin.close()
            self.process.stdout.close()
        if self.wire:
            self.wire.close()
        if self.network:
            self.network.close()

    def age_s(self) -> float:
        """Since QEMU was started."""
        return time.monotonic() - self.started_at

    def log(self) -> str:
        return self.console.text if self.console else ""

    def qemu_said(self) -> str:
        """What QEMU itself wrote to stderr."""
        path = self.directory / "qemu.stderr"
        return path.read_text(errors="replace").strip() if path.exists() else ""

    def assert_no_trouble(self) -> None:
        if self.expect_trouble:
            return
        lines = [line for line in self.log().splitlines() if TROUBLE.search(line)]
        if lines:
            raise GuestFailed(f"the log has {lines[0]!r}\n---- console ----\n{self.log()[-8000:]}")

    def wait_ready(self, timeout_s: float = PATIENCE_S) -> "Guest":
        """Until the services listen and the prompt stands there."""
        ready = self.console.wait(READY, timeout_s)
        assert ready["ip"] == self.ip, f"ready on {ready['ip']}, not on {self.ip}"
        self.console.wait(re.escape(PROMPT), timeout_s)
        return self

    def wait_exit(self, timeout_s: float = PATIENCE_S) -> int:
        """QEMU's exit status, once it ended by itself."""
        try:
            status = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise GuestFailed(f"QEMU still runs after {timeout_s} s\n---- console ----\n"
                              f"{self.log()[-6000:]}") from None
        self.console.join()
        return status

    # ---- the console ----------------------------------------------------

    def type(self, text: str) -> None:
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def command(self, line: str, timeout_s: float = PATIENCE_S, log: bool = False) -> str:
        """Types @line; what it printed, without log lines that fell in between
        (unless @log)."""
        start = self.console.mark()
        self.type(line + "\n")
        # The echo of the line ends with its newline; then comes the output.
        echo = self.console.wait(re.escape(line) + r"\n", timeout_s, start)
        end = self.console.wait(r"(?:^|\n)" + re.escape(PROMPT), timeout_s, echo.end() - 1)
        output = self.log()[echo.end():end.start() + 1]
        return "\n".join(one for one in output.splitlines()
                         if log or not LOG_LINE.match(one))

    def table(self, line: str) -> "dict[str, int]":
        """A command that prints `name value` lines, as numbers by name."""
        found = {}
        for one in self.command(line).splitlines():
            match = re.match(r"\s*([A-Za-z_][\w.]*)[:\s]+(\d+)\b", one)
            if match:
                found[match[1]] = int(match[2])
        return found

    def counters(self) -> "dict[str, int]":
        return self.table("netstat -s")

    def memory_kib(self) -> int:
        """KiB in use beside the image."""
        lines = self.table("meminfo")
        return lines["MemTotal"] - lines["MemFree"]

    def objects(self) -> "dict[str, int]":
        """Objects in use by cache."""
        return {name: count for name, count in self.table("meminfo").items()
                if not name.startswith(("Mem", "Slab", "KernelImage"))}

    def drops(self) -> "dict[str, int]":
        return self.table("drops")

    def wait_counter(self, read, name: str, least: int,
                     timeout_s: float = PATIENCE_S) -> int:
        """Until read()[name] reached @least; the value."""
        deadline = time.monotonic() + timeout_s
        while True:
            value = read().get(name, 0)
            if value >= least:
                return value
            if time.monotonic() > deadline:
                raise GuestFailed(f"{name} is {value}, not {least}: {read()}")
            time.sleep(0.05)

    def monitor(self, line: str) -> str:
        """A command of QEMU's own monitor; its answer."""
        with socket.socket(socket.AF_UNIX) as talk:
            talk.settimeout(PATIENCE_S)
            talk.connect(str(self.monitor_path))
            answer = b""
            while not answer.endswith(b"(qemu) "):
                answer += talk.recv(65536)
            talk.sendall(line.encode() + b"\n")
            answer = b""
            while not answer.endswith(b"(qemu) "):
                piece = talk.recv(65536)
                if not piece:
                    break
                answer += piece
        return answer.decode(errors="replace")

    # ---- the end --------------------------------------------------------

    def check_conservation(self, timeout_s: float = PATIENCE_S) -> str:
        """Asks the guest whether every packet is accounted for.

        What is still on its way (a delayed ACK, ARP) may take a moment.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            answer = self.command("conserve")
            if "conservation: ok" in answer:
                return answer
            if time.monotonic() > deadline:
                raise GuestFailed(f"packets are not accounted for:\n{answer}")
            time.sleep(0.5)

    def check_leaks(self, timeout_s: float = PATIENCE_S) -> str:
        deadline = time.monotonic() + timeout_s
        while True:
            answer = self.command("leaks")
            if re.search(r"leaks: (none|ok|0)\b", answer):
                return answer
            if time.monotonic() > deadline:
                raise GuestFailed(f"leaked:\n{answer}")
            time.sleep(0.5)

    def power_off(self) -> None:
        """poweroff at the prompt; asserts that QEMU ended as it should."""
        self.type("poweroff\n")
        status = self.wait_exit()
        assert status == GUEST_DONE, f"QEMU's status is {status}: {self.qemu_said()}"
        assert not self.qemu_said(), self.qemu_said()
        self.assert_no_trouble()

    def finish(self) -> None:
        """The end of a good test: nothing lost, nothing leaked, a clean end."""
        self.assert_no_trouble()
        self.check_conservation()
        self.check_leaks()
        self.power_off()


class Shared:
    """One guest for many tests: booted for the first, and again for the next one
    after a test that it did not survive. finish() holds the last to a clean end."""

    def __init__(self, **options):
        self.options = options
        self._guest: "Guest | None" = None
        self._directory: "tempfile.TemporaryDirectory | None" = None

    def get(self) -> Guest:
        if self._guest and self._guest.process.poll() is not None:
            self.drop()
        if not self._guest:
            self._directory = tempfile.TemporaryDirectory(prefix="sojourn-")
            self._guest = Guest(pathlib.Path(self._directory.name), **self.options)
            try:
                self._guest.start().wait_ready()
            except BaseException:
                self.drop()
                raise
        return self._guest

    def drop(self) -> None:
        """Ends it, however it stands."""
        self._guest.close()
        self._guest = None
        self._directory.cleanup()

    def finish(self) -> None:
        if not self._guest:
            return
        try:
            if self._guest.process.poll() is None:
                self._guest.finish()
        finally:
            self.drop()
