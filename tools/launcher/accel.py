# SPDX-License-Identifier: MIT
"""Which accelerator runs the guest: KVM if it has proved that it does.

/dev/kvm may be missing, closed, or open and still not run a guest (nested
virtualisation that hangs). So KVM is used only after this image has printed its
first log line under it; the answer is kept in build/ until the next boot of the
host or another QEMU.
"""
from __future__ import annotations

import fcntl
import json
import os
import select
import subprocess
import time

from . import child
from .common import BUILD, ELF
from .machine import QEMU, Machine

KVM = "/dev/kvm"
KVM_GET_API_VERSION = 0xAE00
KVM_API_VERSION = 12
PROBE_S = 8.0
CACHE = BUILD / "accel.json"


def _device_obstacle() -> "str | None":
    """Why /dev/kvm is no use, before any guest is tried."""
    if os.uname().machine != "x86_64":
        return f"this host is {os.uname().machine}, the guest x86_64"
    if not os.path.exists(KVM):
        return f"{KVM} is not here"
    try:
        fd = os.open(KVM, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        return f"{KVM} does not open: {error.strerror}"
    try:
        version = fcntl.ioctl(fd, KVM_GET_API_VERSION)
    except OSError as error:
        return f"{KVM} does not answer: {error.strerror}"
    finally:
        os.close(fd)
    return None if version == KVM_API_VERSION else f"{KVM} speaks API {version}"


def _host_key() -> str:
    """What an answer holds for: this boot of the host, this QEMU."""
    with open("/proc/sys/kernel/random/boot_id") as file:
        boot = file.read().strip()
    version = subprocess.run([QEMU, "--version"], stdout=subprocess.PIPE, text=True).stdout
    return f"{boot} {version.splitlines()[0] if version else ''}"


def _boot_probe() -> "str | None":
    """Boots the image under KVM until its first log line; None if it came."""
    machine = Machine(accel="kvm", nic="none", console="pipe", append="loglevel=7")
    guest = child.spawn(machine.argv(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + PROBE_S
        seen = b""
        while time.monotonic() < deadline:
            ready, _, _ = select.select([guest.stdout], [], [], 0.2)
            if ready:
                piece = os.read(guest.stdout.fileno(), 4096)
                seen += piece
                if b"sojourn" in seen.lower():
                    return None
                if not piece:
                    break
            elif guest.poll() is not None:
                break
        if guest.poll() is None:
            return f"{KVM} opens, but the guest printed nothing in {PROBE_S:.0f} s under it"
        words = guest.stderr.read().decode(errors="replace").strip().splitlines()
        return f"QEMU ended under kvm: {words[-1] if words else guest.returncode}"
    finally:
        child.end(guest, 1.0)
        guest.stdout.close()
        guest.stderr.close()


def _proved(key: str) -> "str | None":
    """Runs the boot probe, or takes its kept answer; None: KVM works."""
    try:
        kept = json.loads(CACHE.read_text())
        if kept["key"] == key:
            return kept["obstacle"]
    except (OSError, ValueError, KeyError):
        pass
    obstacle = _boot_probe()
    CACHE.parent.mkdir(exist_ok=True)
    CACHE.write_text(json.dumps({"key": key, "obstacle": obstacle}))
    return obstacle


def choose(wanted: str = "auto", dry: bool = False) -> "tuple[str, str]":
    """(accelerator, why). @wanted: auto, kvm or tcg.

    @dry: no guest is booted; without a kept answer the choice is tcg.
    """
    if wanted != "auto":
        return wanted, "you asked for it"
    obstacle = _device_obstacle()
    if obstacle:
        return "tcg", obstacle
    if dry and not CACHE.exists():
        return "tcg", f"{KVM} was not tried yet: run once without --dry-run"
    if not ELF.exists():
        return "tcg", f"there is no image yet to try {KVM} with"
    obstacle = _proved(_host_key())
    if obstacle:
        return "tcg", obstacle
    return "kvm", "a guest has booted under it on this host"
