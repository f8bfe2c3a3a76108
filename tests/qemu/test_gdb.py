# SPDX-License-Identifier: MIT
"""tools/gdb/sojourn-gdb.py at work: gdb stops a guest while it echoes, and shows a
packet, a socket, a ring and the log."""
import re
import shutil
import socket
import subprocess
import threading

import pytest
from conftest import ROOT
from launcher.common import ELF

HELPERS = ROOT / "tools" / "gdb" / "sojourn-gdb.py"
#: Where a ring is at hand, and its expression there.
RINGS = {"virtio": ("virtqueue_kick_prepare", "vq"), "e1000": ("e1000_clean_rx_irq", "adapter->rx")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop_at(function: str, *commands: str) -> "list[str]":
    """Words for gdb: on to @function, and @commands there."""
    steps = [f"tbreak {function}", "continue", f"echo ---- {function}\\n", *commands]
    return [word for step in steps for word in ("-ex", step)]


def keep_talking(guest, ended: threading.Event) -> None:
    """Echoes until the test has seen enough; gdb may stop the guest at any place."""
    guest.console.wait(r"sojourn: ready", 120)
    with guest.wire.connect(guest.ip, 7, patience_s=120) as connection:
        while not ended.is_set():
            connection.echo(b"watch me")


@pytest.mark.skipif(not shutil.which("gdb"), reason="no gdb here: ./sojourn deps gdb")
@pytest.mark.parametrize("nic", RINGS)
def test_gdb_prints_a_packet_a_socket_a_ring_and_the_log(boot, nic):
    port = free_port()
    guest = boot(ready=False, nic=nic, gdb_port=port)
    ended = threading.Event()
    talker = threading.Thread(target=keep_talking, args=(guest, ended), daemon=True)
    talker.start()
    where, ring = RINGS[nic]
    words = [*stop_at("tcp_recvmsg", "sojourn-sock sk", "print *sk"),
             *stop_at("tcp_v4_rcv", "sojourn-skb skb", "print *skb"),
             *stop_at(where, f"sojourn-ring {ring}"),
             "-ex", "echo ---- log\\n", "-ex", "sojourn-log"]
    try:
        done = subprocess.run(
            ["gdb", "-q", "-nx", "-batch", str(ELF), "-ex", "set pagination off",
             "-ex", f"source {HELPERS}", "-ex", f"target remote 127.0.0.1:{port}", *words,
             "-ex", "detach"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=120)
    finally:
        ended.set()
        talker.join(30)
    said = dict(re.findall(r"^---- (\w+)\n(.*?)(?=^---- |\Z)", done.stdout, re.M | re.S))
    assert set(said) == {"tcp_recvmsg", "tcp_v4_rcv", where, "log"}, done.stdout
    assert "Error" not in done.stdout and "Python Exception" not in done.stdout, done.stdout
    here = re.escape(guest.ip)
    assert re.search(rf"^TCP {here}:7 - 10\.0\.2\.2:\d+ ESTABLISHED, \d+ references, (not )?owned$",
                     said["tcp_recvmsg"], re.M), said["tcp_recvmsg"]
    assert re.search(r"snd_una \d+, snd_nxt \d+", said["tcp_recvmsg"])
    assert re.search(r"^packet \d+: \d+ bytes \(\d+ in frags\), eth0, protocol 0x0800, 1 users",
                     said["tcp_v4_rcv"], re.M), said["tcp_v4_rcv"]
    assert re.search(r"network header +data -20$", said["tcp_v4_rcv"], re.M)
    assert re.search(r"256 descriptors", said[where]), said[where]
    assert len(re.findall(r"^  \[ *\d+\] addr 0x", said[where], re.M)) >= 1, said[where]
    assert "IP-Config: eth0" in said["log"]
    guest.finish()
