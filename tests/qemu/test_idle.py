# SPDX-License-Identifier: MIT
"""The idle loop: no interrupt is lost between the last look and hlt, and an idle
guest sleeps."""
import random
import re
import shutil
import struct
import subprocess
import time

import frames
import pytest
from launcher.common import ELF

NICS = ["virtio", "e1000"]


def test_sti_stands_right_before_hlt():
    """Its shadow covers one instruction: with another between, an interrupt could
    come before hlt, which then waits for the next one."""
    tool = shutil.which("x86_64-linux-gnu-objdump") or shutil.which("objdump")
    if not tool:
        pytest.skip("no objdump here")
    text = subprocess.run([tool, "-d", str(ELF)], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    code = re.findall(r"^\s+[0-9a-f]+:\t(?:[0-9a-f]{2} )+\s*\t(\w+)", text, re.MULTILINE)
    halts = [at for at, name in enumerate(code) if name == "hlt"]
    # The others are ends: they jump back to themselves.
    waits = [at for at in halts if code[at + 1] != "jmp"]
    assert len(waits) == 1 and code[waits[0] - 1] == "sti", [code[at - 1:at + 2] for at in halts]


@pytest.mark.parametrize("nic", NICS)
def test_no_packet_finds_the_guest_asleep_for_good(boot, nic):
    """The second of two datagrams comes while the guest, done with the first, falls
    asleep: each time at another moment of it. Nothing is sent twice: a lost wake-up
    is an answer that does not come."""
    guest = boot(nic=nic, record=False)
    wire = guest.wire
    wire.udp(guest.ip, 7, b"x")
    box = wire.inbox(lambda found: found.ip_proto == frames.UDP and found.dport == 40001)
    chance = random.Random(1)

    def frame(data: bytes) -> bytes:
        packet = frames.ipv4(wire.ip, guest.ip, frames.UDP,
                             frames.udp(wire.ip, guest.ip, 40001, 7, data))
        return frames.eth(wire.resolve(guest.ip), wire.mac, frames.ETH_IP, packet)

    for number in range(3000):
        first, second = (frame(struct.pack("!II", number, which)) for which in (0, 1))
        wire.send(first)
        until = time.perf_counter() + chance.uniform(0, 300e-6)
        while time.perf_counter() < until:
            pass
        wire.send(second)
        for which in (0, 1):
            assert box.get().data == struct.pack("!II", number, which)
    guest.finish()


def asleep(guest) -> bool:
    """Does its processor stand at hlt?"""
    return "HLT=1" in guest.monitor("info registers")


def timer_softirqs(guest) -> int:
    return guest.table("interrupts")["TIMER"]


@pytest.mark.parametrize("nic", NICS)
def test_an_idle_guest_sleeps_and_nothing_ticks(boot, nic):
    """`./sojourn bench` says how much time it uses, which is the host's affair too."""
    guest = boot(nic=nic)
    guest.wire.udp(guest.ip, 7, b"x")
    before = timer_softirqs(guest)
    looks = 20
    slept = 0
    for _ in range(looks):
        time.sleep(0.25)
        slept += asleep(guest)
    # A look in five may meet a timer, or the host in the middle of something.
    assert slept >= looks * 4 // 5, f"asleep at {slept} of {looks} looks"
    ticks = timer_softirqs(guest) - before
    # Five seconds have a few timers; the slowest clock there ever was ticks 18 times in one.
    assert ticks < 60, f"{ticks} of the clock"
    guest.finish()
