# SPDX-License-Identifier: MIT
"""./sojourn as a person uses it: what it prints works, and nothing stays behind."""
import os
import pathlib
import pty
import re
import select
import shlex
import signal
import socket
import subprocess
import sys
import time
import uuid

import pytest
from conftest import ROOT
from launcher import deps, network
from launcher.common import Problem
from launcher.machine import Address, Machine, outcome

SOJOURN = str(ROOT / "sojourn")


def sojourn(*words: str, **keywords) -> subprocess.CompletedProcess:
    return subprocess.run([SOJOURN, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=1800, **keywords)


def processes_with(word: str) -> "list[int]":
    """Ids of the processes that have @word in their command line."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if word.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def gone(word: str, timeout_s: float = 60) -> bool:
    """Waits until no process has @word any more."""
    deadline = time.monotonic() + timeout_s
    while processes_with(word):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class Session:
    """./sojourn run on a terminal of its own, as a person has it."""

    def __init__(self, *options: str, through: "tuple[str, ...]" = ()):
        self.mark = f"seed={uuid.uuid4().int % 10**9}"
        self.text = ""
        self.pid, self.fd = pty.fork()
        if not self.pid:
            argv = [*through, SOJOURN, "run", "--accel", "tcg", *options, "--append", self.mark]
            os.execvp(argv[0], argv)

    def read_until(self, pattern: str, timeout_s: float = 120) -> "re.Match":
        deadline = time.monotonic() + timeout_s
        while True:
            match = re.search(pattern, self.text)
            if match:
                return match
            assert time.monotonic() < deadline, f"no {pattern!r} in {self.text!r}"
            if select.select([self.fd], [], [], 0.5)[0]:
                try:
                    self.text += os.read(self.fd, 65536).decode(errors="replace") \
                        .replace("\r", "")
                except OSError:
                    assert re.search(pattern, self.text), f"no {pattern!r} in {self.text!r}"

    def type(self, text: bytes) -> None:
        os.write(self.fd, text)

    def status(self, timeout_s: float = 60) -> int:
        """Exit status once it ended by itself; its output is read meanwhile."""
        deadline = time.monotonic() + timeout_s
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            assert time.monotonic() < deadline, f"still running: {self.text!r}"
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    self.text += os.read(self.fd, 65536).decode(errors="replace")
                except OSError:
                    time.sleep(0.05)

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


@pytest.fixture
def session():
    """session(*options) → a running Session, up to the prompt of the guest."""
    running = []

    def start(*options: str, **keywords) -> Session:
        one = Session(*options, **keywords)
        running.append(one)
        one.read_until("sojourn> ")
        assert processes_with(one.mark)
        return one

    yield start
    for one in running:
        one.close()
        assert gone(one.mark), "a process was left behind"


# ---- help, errors -------------------------------------------------------

@pytest.mark.parametrize("command", ["", "run", "test", "bench", "build", "iso", "check", "deps",
                                     "clean"])
def test_help(command):
    done = sojourn(*command.split(), "--help")
    assert done.returncode == 0 and done.stdout.startswith("usage: ./sojourn")


@pytest.mark.parametrize("words,says", [
    (["--machine", "microvm", "--nic", "e1000"], "--nic virtio"),
    (["--machine", "microvm", "--nic", "e1000e"], "--nic e1000e needs a PCI bus"),
    (["--machine", "microvm", "--iso"], "--machine pc or q35"),
    (["--ip", "10.0.2.15"], "ADDRESS/LENGTH"),
    (["--ip", "10.0.2.300/24"], "10.0.2.300"),
    (["--ip", "10.0.2.255/24"], "broadcast"),
    (["--ip", "10.0.2.15/31"], "8 to 30"),
    (["--ip", "10.0.2.15/24,10.9.9.9"], "gateway"),
    (["--ip", "10.0.2.9/24", "--append", "ip=10.0.2.8::10.0.2.2:255.255.255.0::eth0:off",
      "--dry-run"], "keep one"),
    (["--net", "tap", "--ports", "80=8080", "--dry-run"], "--ports"),
    (["--ports", "http=8080", "--dry-run"], "GUEST=HOST"),
    (["--ports", "80=99999", "--dry-run"], "65535"),
    (["--socket", "/tmp/x", "--dry-run"], "--net socket"),
    (["--net", "socket", "--socket", "/tmp/" + "x" * 120, "--dry-run"], "too long"),
    (["--memory", "lots"], "128M"),
    (["--pcap", "/no/such/place/x.pcap"], "no such directory"),
])
def test_what_cannot_work_gets_one_clear_message(words, says):
    done = sojourn("run", *words)
    assert done.returncode == 1 and says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["run", "--nic", "ne2000"], ["fly"], [], ["run", "extra"]])
def test_bad_usage_is_status_2(words):
    done = sojourn(*words)
    assert done.returncode == 2 and done.stderr.startswith("sojourn: ")


# ---- --dry-run ----------------------------------------------------------

def dry(*words: str) -> "list[str]":
    done = sojourn("run", "--dry-run", "--accel", "tcg", *words)
    assert done.returncode == 0, done.stderr
    line = done.stdout[done.stdout.index("qemu-system"):]
    return shlex.split(line.replace("\\\n", " "))


@pytest.mark.parametrize("words,wanted", [
    ([], ["-machine pc", "-device virtio-net-pci", "-netdev user,id=n0,hostfwd=tcp:127.0.0.1:"]),
    (["--nic", "e1000"], ["-device e1000,netdev=n0"]),
    (["--nic", "e1000e"], ["-device e1000e,netdev=n0"]),
    (["--machine", "q35"], ["-machine q35"]),
    (["--machine", "microvm"], ["-machine microvm", "-device virtio-net-device"]),
    (["--net", "tap"], ["-netdev tap,id=n0,ifname=sojourn0"]),
    (["--net", "socket"], ["-netdev dgram,id=n0,local.type=unix"]),
    (["--net", "socket", "--socket", "/tmp/a,b"], ["local.path=/tmp/a,,b/guest"]),
    (["--iso"], ["-cdrom", "sojourn.iso"]),
    (["--iso", "--append", "loglevel=4"], ["-cdrom", "sojourn-run.iso"]),
    (["--ip", "10.9.0.4/16"], ["-append ip=10.9.0.4::10.9.0.2:255.255.0.0::eth0:off",
                               "net=10.9.0.0/16,host=10.9.0.2", "-10.9.0.4:7"]),
    (["--ip", "10.9.0.2/30"], ["ip=10.9.0.2::10.9.0.1:255.255.255.252"]),
    (["--append", "loglevel=7 services=echo"], ["-append loglevel=7 services=echo"]),
    (["--memory", "64M"], ["-m 64M"]),
    (["--pcap", "/tmp/x.pcap"], ["filter-dump,id=pcap0,netdev=n0,file=/tmp/x.pcap"]),
    (["--gdb"], ["-gdb tcp:127.0.0.1:", "-S"]),
    (["--ports", "none"], ["-netdev user,id=n0 -device"]),
])
def test_dry_run_prints_the_line(words, wanted):
    line = " ".join(dry(*words))
    for piece in wanted:
        assert piece in line
    assert "isa-debug-exit,iobase=0xf4" in line and "-no-reboot" in line


@pytest.mark.parametrize("words", [[], ["--nic", "e1000"], ["--machine", "q35"],
                                   ["--machine", "microvm"], ["--net", "socket"], ["--gdb"]])
def test_qemu_takes_the_line_as_printed(words, short_path):
    """Started stopped (-S) and told to quit by its monitor."""
    line = dry(*words, *(["--socket", str(short_path)] if "socket" in words else []))
    line = [word.replace(",mux=on,signal=on", "") for word in line]
    at = line.index("-serial")
    del line[at:at + 2]
    line[line.index("-mon") + 1] = "chardev=console,mode=readline"
    done = subprocess.run(line + ["-S"], input="quit\n", stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_dry_run_of_a_tap_prints_how_to_make_it():
    done = sojourn("run", "--dry-run", "--net", "tap")
    assert done.stdout.startswith("ip tuntap add sojourn0 mode tap")
    assert "ip addr add 10.0.2.2/24 dev sojourn0" in done.stdout


def test_a_taken_port_is_passed_over_and_a_named_one_is_an_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert network.choose_ports([("tcp", 7, port)])[0][2] > port
        with pytest.raises(Problem, match=f"tcp port {port} .* taken"):
            network.choose_ports([("tcp", 7, port)], exact=True)


# ---- running ------------------------------------------------------------

def test_what_it_prints_to_try_works_as_printed(session):
    one = session()
    for line in re.findall(r"^    (\S.*)$", one.text, re.MULTILINE):
        done = subprocess.run(line, shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=60)
        wanted = "hello\n" if line.startswith("echo") else "<html"
        assert wanted in done.stdout.lower(), f"{line}: {done}"
    assert "networking:  user (the default" in one.text
    assert "accelerator: tcg (you asked for it)" in one.text
    one.type(b"\x03")
    assert one.status() == 130


@pytest.mark.parametrize("options", [
    ("--machine", "q35"), ("--machine", "q35", "--nic", "e1000"), ("--machine", "q35", "--nic", "e1000e"), ("--machine", "microvm"),
    ("--memory", "32M"), ("--memory", "1G"), ("--ip", "10.9.8.7/16,10.9.0.1"),
    ("--ports", "7=15507,tcp:80=18080", "--nic", "e1000"),
], ids=" ".join)
def test_each_option_makes_a_guest_that_echoes(session, options):
    one = session(*options)
    if "e1000" in options or "e1000e" in options:
        time.sleep(1.5)     # QEMU's takes no frame in the first second of its receiver
    line = re.search(r"^    (echo .*)$", one.text, re.MULTILINE)[1]
    done = subprocess.run(line, shell=True, stdout=subprocess.PIPE, text=True, timeout=60)
    assert done.stdout == "hello\n"
    assert "15507" not in " ".join(options) or "127.0.0.1 15507" in line
    one.type(b"poweroff\n")
    assert one.status() == 0


def test_poweroff_at_the_prompt_ends_it(session):
    one = session("--nic", "e1000")
    one.type(b"poweroff\n")
    assert one.status() == 0 and "the guest powered off" in one.text


def test_the_prompt_takes_lines_on_the_terminal_of_another_session(session):
    """As behind `su -c`: the terminal is there, and is not the controlling one."""
    one = session("--ports", "none", through=("setsid", "--wait"))
    one.type(b"poweroff\n")
    assert one.status() == 0 and "the guest powered off" in one.text


def test_ctrl_a_x_ends_it(session):
    one = session()
    one.type(b"\x01x")
    assert one.status() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_launcher_ends_it(session, number):
    one = session("--ports", "none")
    os.kill(one.pid, number)
    assert one.status() == 128 + number


def test_a_killed_launcher_takes_qemu_with_it(session):
    one = session("--ports", "none")
    os.kill(one.pid, signal.SIGKILL)
    assert one.status() == -signal.SIGKILL
    assert gone(one.mark)


def test_the_iso_takes_the_command_line(session):
    one = session("--iso", "--ip", "10.0.2.20/24")
    one.read_until(r"sojourn: ready: .* on 10\.0\.2\.20")
    one.type(b"poweroff\n")
    assert one.status() == 0


def test_a_capture_has_the_traffic(session, tmp_path):
    from scapy.utils import rdpcap
    path = tmp_path / "a,b.pcap"
    one = session("--pcap", str(path))
    line = next(line for line in re.findall(r"^    (echo .*)$", one.text, re.MULTILINE))
    subprocess.run(line, shell=True, stdout=subprocess.DEVNULL, timeout=60)
    one.type(b"poweroff\n")
    one.status()
    assert any(b"hello" in bytes(packet) for packet in rdpcap(str(path)))


def test_socket_mode_lines_work_as_printed(session, short_path):
    one = session("--net", "socket", "--socket", str(short_path))
    lines = [line for line in re.findall(r"^    (\S.*)$", one.text, re.MULTILINE)
             if not line.endswith(" dump")]
    for line in lines:
        done = subprocess.run(line, shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=60)
        assert done.returncode == 0 and done.stdout, f"{line}: {done}"
    assert len(lines) == 3
    refused = sojourn("run", "--net", "socket", "--socket", str(short_path), "--accel", "tcg")
    assert refused.returncode == 1 and "already running" in refused.stderr
    one.type(b"poweroff\n")
    assert one.status() == 0
    assert not list(short_path.iterdir())


def test_tap_mode_makes_and_removes_its_tap(tap):
    with tap.entered():
        one = Session("--net", "tap")
        try:
            one.read_until("sojourn> ")
            name = re.search(r"made (sojourn\d+) with 10\.0\.2\.2/24", one.text)[1]
            assert name in network.ip_tool("link", "show")
            for line in re.findall(r"^    (\S.*)$", one.text, re.MULTILINE):
                done = subprocess.run(line, shell=True, stdout=subprocess.PIPE, text=True,
                                      timeout=60)
                assert done.returncode == 0 and done.stdout, line
            one.type(b"\x03")
            assert one.status() == 130
            assert f"removed {name}" in one.text
            assert name not in network.ip_tool("link", "show")
        finally:
            one.close()


def test_a_killed_launcher_leaves_no_tap(tap):
    with tap.entered():
        one = Session("--net", "tap")
        try:
            one.read_until("sojourn> ")
            os.kill(one.pid, signal.SIGKILL)
            one.status()
            deadline = time.monotonic() + 60
            while "sojourn" in network.ip_tool("link", "show") and time.monotonic() < deadline:
                time.sleep(0.1)
            assert "sojourn" not in network.ip_tool("link", "show")
        finally:
            one.close()


def test_a_tap_moves_aside_for_a_network_in_use(tap):
    with tap.entered():
        other, name = network.open_tap("other%d")
        network.ip_tool("addr", "add", "10.0.2.9/24", "dev", name)
        network.ip_tool("link", "set", name, "up")
        made = network.TapNetwork(None, "a test")
        assert str(made.address.ip) == "10.77.2.15"
        made.close()
        with pytest.raises(Problem, match=name):
            network.TapNetwork(Address.parse("10.0.2.15/24"), "a test")
        os.close(other)


def test_without_privilege_a_tap_is_refused_with_the_way_out(monkeypatch):
    monkeypatch.setattr(network, "may_admin_network", lambda: False)
    with pytest.raises(Problem, match="--net user"):
        network.TapNetwork(None, "a test")


def test_gdb_reaches_the_waiting_guest():
    import shutil
    if not shutil.which("gdb"):
        pytest.skip("no gdb here")
    one = Session("--gdb")
    try:
        line = one.read_until(r"    (gdb -q .*)\n")[1]
        one.read_until("Ctrl-A X")
        done = subprocess.run(line + " -batch -ex 'info registers rip' -ex 'sojourn-log' -ex kill",
                              shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=120)
        assert "rip" in done.stdout and "Error" not in done.stdout, done.stdout
        assert one.status() == 0
    finally:
        one.close()


# ---- parts --------------------------------------------------------------

def test_missing_packages_are_one_command_to_type(monkeypatch):
    need = deps.Need("no-such-package", "a test", lambda: False)
    monkeypatch.setattr(deps, "group", lambda name: [need, need])
    monkeypatch.setattr(deps, "_root_prefix", lambda: None)
    with pytest.raises(Problem) as caught:
        deps.require("run")
    lines = [line for line in str(caught.value).splitlines() if line.startswith("  ")]
    assert len(lines) == 1 and "no-such-package" in lines[0] and "apt-get install" in lines[0]
    assert shlex.split(lines[0])[-2] == "-c"


def test_what_can_be_done_without_is_told_and_no_error(monkeypatch, capsys):
    need = deps.Need("no-such-package", "a test", lambda: False)
    monkeypatch.setattr(deps, "group", lambda name: [need])
    monkeypatch.setattr(deps, "_root_prefix", lambda: None)
    deps.wish("gdb")
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and "going on without" in said[0] and "no-such-package" in said[0]


def test_what_is_missing_is_installed_when_it_may_be(monkeypatch):
    here = []
    need = deps.Need("a-package", "a test", lambda: bool(here))
    monkeypatch.setattr(deps, "group", lambda name: [need])
    monkeypatch.setattr(deps, "_root_prefix", lambda: [])
    ran = []

    def run(command, **_keywords):
        ran.append(command)
        here.append(1)
        return subprocess.CompletedProcess(command, 0, stdout="")

    monkeypatch.setattr(deps.subprocess, "run", run)
    deps.require("run")
    assert ran[0][:2] == ["sh", "-c"] and ran[0][2].endswith(" a-package")


@pytest.mark.parametrize("status,said,clean", [
    (1, "", True), (0, "", True), (1, "qemu: no such device", False), (3, "", False),
    (-9, "", False), (255, "", False)])
def test_exit_statuses_are_understood(status, said, clean):
    assert outcome(status, said)[0] is clean


def test_every_machine_has_a_line_and_bad_ones_none():
    for machine in ("pc", "q35", "microvm"):
        line = Machine(machine=machine, netdev="user,id=n0").argv()
        assert line[0] == "qemu-system-x86_64" and "-nodefaults" in line
    with pytest.raises(Problem):
        Machine(machine="microvm", nic="e1000").check()


def test_it_runs_under_any_python_from_3_9():
    assert sys.version_info >= (3, 9)
    for path in (ROOT / "tools" / "launcher").glob("*.py"):
        compile(path.read_text(), str(path), "exec", dont_inherit=True)
