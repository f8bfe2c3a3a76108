# SPDX-License-Identifier: MIT
"""How a guest ends, and what it says when it cannot begin."""
import re
import subprocess

import pytest
from conftest import BODIES
from launcher.machine import GUEST_DONE


@pytest.mark.parametrize("machine,nic", BODIES)
def test_poweroff_ends_qemu(boot, machine, nic):
    guest = boot(machine=machine, nic=nic)
    guest.power_off()


def test_poweroff_without_the_exit_device_ends_by_acpi_or_reset(boot, monkeypatch):
    """Without isa-debug-exit QEMU still ends, with its own status."""
    from launcher.machine import Machine
    whole = Machine.argv

    def without(self):
        line = whole(self)
        at = next(at for at, word in enumerate(line) if word.startswith("isa-debug-exit"))
        return line[:at - 1] + line[at + 1:]

    monkeypatch.setattr(Machine, "argv", without)
    guest = boot()
    guest.type("poweroff\n")
    assert guest.wait_exit() == 0


def test_an_unknown_kernel_parameter_gets_one_clear_message(boot):
    guest = boot(append="frobnicate=7")
    lines = [line for line in guest.log().splitlines()
             if "frobnicate" in line and "Command line:" not in line]
    assert len(lines) == 1 and re.search("unknown|not known", lines[0], re.IGNORECASE)
    guest.finish()


@pytest.mark.parametrize("word,named", [
    ("ip=10.0.2.999", "10.0.2.999"),
    ("ip=10.0.2.15::10.0.2.2:255.0.255.0::eth0:off", "255.0.255.0"),
    ("ip=10.0.2.15::10.9.9.9:255.255.255.0::eth0:off", "10.9.9.9"),
    ("ip=10.0.2.15::10.0.2.2:255.255.255.0::eth7:off", "eth7"),
    ("services=echo,pigeon", "pigeon"),
    ("loglevel=many", "many"),
    ("sysctl.net.ipv4.no_such=1", "no_such"),
    ("sysctl.net.ipv4.ip_default_ttl=many", "ip_default_ttl"),
])
def test_a_malformed_kernel_parameter_gets_one_clear_message(boot, word, named):
    guest = boot(append=word, ready=False)
    guest.console.wait("sojourn> ", 60)
    lines = [line for line in guest.log().splitlines()
             if named in line and "Command line:" not in line]
    assert len(lines) == 1, guest.log()
    guest.power_off()


def test_a_missing_nic_gets_one_clear_message(boot):
    guest = boot(nic="none", net="none", ready=False)
    guest.console.wait("sojourn> ", 60)
    lines = [line for line in guest.log().splitlines()
             if re.search("no (network|ethernet|NIC)", line, re.IGNORECASE)]
    assert len(lines) == 1, guest.log()
    guest.power_off()


@pytest.mark.parametrize("memory", ["4M", "3M"])
def test_too_little_memory_gets_one_clear_message(boot, memory):
    guest = boot(memory=memory, ready=False, expect_trouble=True)
    guest.console.wait(r"(?i)(too little|not enough|out of) memory", 60)
    assert guest.wait_exit() != GUEST_DONE


@pytest.mark.parametrize("memory,most", [("64M", 8192), ("256M", 16384)])
def test_tcp_has_half_of_a_small_memory_at_most(boot, memory, most):
    guest = boot(memory=memory)
    limits = [int(word) for word in guest.command("sysctl net.ipv4.tcp_mem").split()[-3:]]
    assert most * 7 // 8 <= limits[2] <= most, limits
    assert limits[0] < limits[1] < limits[2], limits
    guest.finish()


def test_a_seed_is_taken(boot):
    guest = boot(append="seed=42")
    guest.wire.ping(guest.ip)
    guest.finish()


@pytest.mark.parametrize("machine,nic", [("pc", "e1000"), ("microvm", "virtio")])
def test_an_exception_is_reported_with_the_names_of_the_callers(boot, machine, nic):
    """An NMI, as an exception that can be had from outside; nm knows the names."""
    guest = boot(machine=machine, nic=nic, expect_trouble=True)
    guest.monitor("nmi")
    assert guest.wait_exit() != GUEST_DONE
    report = guest.log().split("kernel exception 2: ", 1)[1]
    assert re.search(r"^rip [0-9a-f]{16}", report, re.MULTILINE)

    table = subprocess.run(["nm", "-n", guest.machine.kernel], check=True,
                           capture_output=True, text=True).stdout
    functions = {(int(fields[0], 16), fields[2].split(".")[0])
                 for fields in map(str.split, table.splitlines()) if fields[1] in "tT"}
    frames = re.findall(r"\[<([0-9a-f]+)>\] (\w+)\+(0x[0-9a-f]+)", report)
    assert len(frames) >= 2, report
    for address, name, offset in frames:
        assert (int(address, 16) - int(offset, 16), name) in functions
    assert frames[-1][1] in ("thread_start", "start_kernel"), report
