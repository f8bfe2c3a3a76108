# SPDX-License-Identifier: MIT
"""The image boots wherever it says it does, and a real client is served there."""
import re
import shutil
import subprocess
import urllib.request

import clients
import pytest
from conftest import BODIES


def serve(guest):
    """TCP and UDP echo and a page, by this host's own sockets and by curl."""
    tcp = ("127.0.0.1", guest.user.host_port("tcp", 7))
    clients.echo_once(tcp, b"hello\n")
    clients.echo_streams(tcp, 256 << 10)
    clients.udp_echo(("127.0.0.1", guest.user.host_port("udp", 7)), b"hello\n")
    page = f"http://127.0.0.1:{guest.user.host_port('tcp', 80)}"
    with urllib.request.urlopen(page + "/", timeout=30) as answer:
        assert answer.status == 200 and b"<html" in answer.read().lower()
    if shutil.which("curl"):
        done = subprocess.run(["curl", "-sS", "--max-time", "60", "-o", "/dev/null", "-w",
                               "%{http_code} %{size_download}", page + "/1m"],
                              stdout=subprocess.PIPE, text=True)
        assert done.stdout == f"200 {1 << 20}"


@pytest.mark.parametrize("machine,nic", BODIES)
def test_by_kernel_option(boot, machine, nic):
    guest = boot(machine=machine, nic=nic, net="user")
    serve(guest)
    guest.finish()


@pytest.mark.parametrize("machine,nic", [body for body in BODIES if body[0] != "microvm"])
def test_by_grub_from_the_iso(boot, iso, machine, nic):
    guest = boot(machine=machine, nic=nic, net="user", iso=iso)
    serve(guest)
    guest.finish()


def test_the_command_line_sets_the_address_and_the_services(boot):
    from launcher.machine import Address
    guest = boot(address=Address.parse("192.168.7.9/26,192.168.7.1"), append="services=echo")
    assert guest.console.wait(r"ready: (.*) on", 1)[1] == "echo"
    guest.wire.ping(guest.ip)
    guest.wire.udp(guest.ip, 7, b"hello")
    with guest.wire.connect(guest.ip, 7) as connection:
        connection.echo(b"hello")
    with pytest.raises(ConnectionResetError):
        guest.wire.connect(guest.ip, 80)
    guest.finish()


def test_the_gateway_is_used_for_what_is_far(boot):
    guest = boot()
    far = "203.0.113.9"
    from frames import ICMP, icmp_echo
    box = guest.wire.inbox(lambda found: found.icmp is not None and found.ip_dst == far)
    guest.wire.send_ip(guest.ip, ICMP, icmp_echo(1, 1, b"far"), src=far)
    reply = box.get(what="a reply to a host behind the gateway")
    assert reply.dst == guest.wire.mac and reply.data == b"far"
    guest.finish()


def test_the_quickest_way_to_copy_is_chosen(boot):
    guest = boot(machine="q35", nic="virtio", net="user")
    guest.wait_ready()
    log = guest.log()
    chosen, rates = re.search(r"copy: by ([a-z ]+); MB/s: (.*)", log).groups()
    found = {name: int(rate) for name, rate in re.findall(r"([a-z ]+?) (\d+)(?:, |\s|$)", rates)}
    assert set(found) == {"words", "rep movsq", "rep movsb"}
    assert found[chosen] == max(found.values())
    guest.finish()
