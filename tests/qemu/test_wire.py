# SPDX-License-Identifier: MIT
"""The wire itself, without a guest: two of them face each other."""
import random
import socket
import struct

import frames
import pytest
from scapy.layers import inet, l2
from scapy.utils import rdpcap
from wire import Impairment, Timeout, Wire

HOST, GUEST = "10.0.2.2", "10.0.2.15"
HOST_MAC, GUEST_MAC = "52:55:0a:00:02:02", "52:54:00:12:34:56"


@pytest.fixture
def pair(tmp_path):
    """(host's end, a Wire that stands where the guest would)."""
    with Wire(tmp_path, ip=HOST, mac=HOST_MAC, pcap=tmp_path / "host.pcap") as host, \
            Wire(tmp_path, ip=GUEST, mac=GUEST_MAC, swap=True) as guest:
        yield host, guest


def test_both_ends_resolve_each_other_by_arp(pair):
    host, guest = pair
    assert host.resolve(GUEST) == GUEST_MAC
    assert guest.resolve(HOST) == HOST_MAC


def test_an_address_nobody_plays_stays_unanswered(pair):
    host, _ = pair
    with pytest.raises(Timeout):
        host.resolve("10.0.2.99", timeout_s=0.6)


def test_a_receive_times_out_with_what_was_waited_for(pair):
    with pytest.raises(Timeout, match="a pigeon"):
        pair[0].recv(0.05, lambda found: found.ip_proto == 99, "a pigeon")


def test_our_frames_read_the_same_in_scapy():
    data = bytes(range(251))
    for proto, payload, layer in (
            (frames.ICMP, frames.icmp_echo(7, 9, data), inet.ICMP),
            (frames.UDP, frames.udp(HOST, GUEST, 4000, 7, data), inet.UDP),
            (frames.TCP, frames.tcp(HOST, GUEST, 4000, 7, 1 << 31, 5, frames.SYN | frames.ACK,
                                    data, options=struct.pack("!BBH", 2, 4, 1460)), inet.TCP)):
        frame = frames.eth(GUEST_MAC, HOST_MAC, frames.ETH_IP,
                           frames.ipv4(HOST, GUEST, proto, payload))
        theirs = l2.Ether(frame)
        sums = theirs[inet.IP].chksum, theirs[layer].chksum
        del theirs[inet.IP].chksum, theirs[layer].chksum
        again = l2.Ether(bytes(theirs))
        assert (again[inet.IP].chksum, again[layer].chksum) == sums
        assert bytes(again) == frame


def test_what_scapy_makes_reads_without_faults():
    frame = bytes(l2.Ether(dst=GUEST_MAC, src=HOST_MAC)
                  / inet.IP(src=HOST, dst=GUEST, options=[inet.IPOption_NOP()] * 4)
                  / inet.TCP(sport=1, dport=7, flags="SA", options=[("MSS", 1400)]) / b"abc")
    found = frames.parse(frame)
    assert (found.flags, found.data, found.bad) == (frames.SYN | frames.ACK, b"abc", [])


@pytest.mark.parametrize("at", range(14, 57))
def test_a_flipped_bit_shows_in_a_checksum(at):
    whole = frames.eth(GUEST_MAC, HOST_MAC, frames.ETH_IP, frames.ipv4(
        HOST, GUEST, frames.TCP, frames.tcp(HOST, GUEST, 4000, 7, 1, 0, frames.ACK, b"abc")))
    broken = bytearray(whole)
    broken[at] ^= 0x10
    found = frames.parse(bytes(broken))
    assert found.bad or found.ip_proto != frames.TCP


def test_noise_never_breaks_the_reader():
    noise = random.Random(5)
    for _ in range(3000):
        frame = bytearray(noise.randbytes(noise.randrange(0, 90)))
        if len(frame) > 14:
            frame[12:15] = noise.choice((b"\x08\x00\x45", b"\x08\x06\x00", b"\x08\x00\x4f"))
        found = frames.parse(bytes(frame))
        assert found is None or str(found)


def test_the_cable_is_as_bad_as_asked_and_the_same_for_one_seed():
    def run(seed):
        cable = Impairment(seed, loss=0.2, duplicate=0.1, corrupt=0.1, reorder=0.1)
        return [cable.apply(bytes([n % 256]) * 60) for n in range(2000)]
    first = run(3)
    assert first == run(3) != run(4)
    lost = sum(not copies for copies in first)
    doubled = sum(len(copies) == 2 for copies in first)
    late = sum(delay > 0 for copies in first for delay, _ in copies)
    assert 300 < lost < 500 and 100 < doubled < 220 and 100 < late < 260


def test_delay_keeps_and_reorder_changes_the_order(tmp_path):
    frame = [frames.eth(GUEST_MAC, HOST_MAC, 0x88B5, bytes([n])) for n in range(20)]
    with Wire(tmp_path, to_guest=Impairment(delay_s=0.02)) as host, \
            Wire(tmp_path, ip=GUEST, swap=True) as guest:
        for one in frame:
            host.send(one)
        assert [guest.recv(2).raw for _ in frame] == frame
        host.to_guest = Impairment(seed=2, reorder=0.3, reorder_s=0.05)
        for one in frame:
            host.send(one)
        came = [guest.recv(2).raw for _ in frame]
        assert came != frame and sorted(came) == sorted(frame)


def test_the_record_holds_every_frame_of_both_directions(pair, tmp_path):
    host, guest = pair
    host.resolve(GUEST)
    guest.send(frames.eth(HOST_MAC, GUEST_MAC, 0x88B5, b"last"))
    host.recv(2, lambda found: found.proto == 0x88B5)
    host.close()
    recorded = rdpcap(str(tmp_path / "host.pcap"))
    assert [packet.type for packet in recorded] == [frames.ETH_ARP, frames.ETH_ARP, 0x88B5]


def test_the_program_refuses_a_silent_wire(tmp_path):
    import subprocess
    import sys
    import wire
    done = subprocess.run([sys.executable, wire.__file__, "--at", str(tmp_path), "--timeout", "0.6",
                           "ping", GUEST], stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 1 and "no ARP reply from 10.0.2.15" in done.stderr


def test_nobody_at_the_other_end_is_silence_not_an_error(tmp_path):
    with Wire(tmp_path) as host:
        host.send(frames.eth(GUEST_MAC, HOST_MAC, 0x88B5, b""))
    assert not (tmp_path / "host").exists()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe, pytest.raises(OSError):
        probe.connect(str(tmp_path / "host"))
