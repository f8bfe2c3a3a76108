# SPDX-License-Identifier: MIT
"""bench/: what is computed there is right, and what is asked wrongly is refused."""
import json
import struct
import subprocess
import sys
import xml.dom.minidom

import pytest
from conftest import ROOT
from launcher.common import Problem

sys.path.insert(0, str(ROOT / "bench"))

import compare  # noqa: E402
import linux_guest  # noqa: E402
import profile_guest  # noqa: E402
import report  # noqa: E402
import rows  # noqa: E402
import wrk  # noqa: E402

PING, ECHO, STREAM = (next(row for row in rows.ROWS if row.key == key)
                      for key in ("ping", "echo64", "stream_in"))


# ---- statistics -----------------------------------------------------------------

def test_a_summary_is_the_median_and_half_the_range():
    found = report.summarize([10.0, 30.0, 20.0])
    assert (found.median, found.low, found.high, found.count) == (20, 10, 30, 3)
    assert found.spread == 0.5
    assert report.summarize([]) is None
    assert report.summarize([0.0, 0.0]).spread == 0


def test_a_ratio_says_how_many_times_better_whichever_way_the_row_goes():
    assert ECHO.ratio(1000, 100) == 10
    assert PING.ratio(100, 300) == 3
    assert ECHO.ratio(0, 100) == 0 and ECHO.ratio(100, 0) == 0


def test_ratios_are_taken_round_by_round():
    # The host was three times slower in the second round: for both.
    found = report.paired_ratio(ECHO, [900.0, 300.0, 600.0], [90.0, 30.0, 60.0])
    assert (found.median, found.low, found.high) == (10, 10, 10)
    assert report.paired_ratio(ECHO, [1.0], []) is None


def test_a_round_that_one_of_both_missed_is_no_pair():
    results = report.Results([ECHO], ["sojourn", "linux"])
    for turn, value in ((0, 100.0), (1, 200.0), (2, 400.0)):
        results.add("virtio", "value", ECHO, "sojourn", turn, value)
    for turn, value in ((0, 50.0), (2, 40.0)):
        results.add("virtio", "value", ECHO, "linux", turn, value)
    found = results.ratio("virtio", ECHO, "linux")
    assert (found.count, found.low, found.high) == (2, 2, 10)


def test_a_row_is_worth_its_unit():
    sample = {"ops": 500, "bytes": 8_000_000, "seconds": 2.0, "p50_us": 120.5}
    assert ECHO.value(sample) == 250 and ECHO.operations(sample) == 500
    assert STREAM.value(sample) == 4 and STREAM.operations(sample) == 8
    assert PING.value(sample) == 120.5


# ---- tables -----------------------------------------------------------------------

def filled():
    results = report.Results([PING, ECHO, rows.MEMORY], ["sojourn", "linux", "floor"])
    for turn in range(2):
        results.add("virtio", "value", ECHO, "sojourn", turn, 70000.0 + turn * 10000)
        results.add("virtio", "value", ECHO, "linux", turn, 7500.0)
        results.add("virtio", "value", PING, "sojourn", turn, 100.0)
        results.add("virtio", "cpu", ECHO, "sojourn", turn, 10.0)
        results.add("virtio", "cpu", ECHO, "linux", turn, 150.0)
    results.add("virtio", "exits", ECHO, "sojourn", 0, 0.25)
    return results


def test_the_table_has_what_was_measured_and_leaves_the_rest_empty():
    lines = filled().rate_table("virtio")
    assert lines[0].split() == ["virtio", "sojourn", "linux", "floor", "to", "linux", "to", "floor"]
    echo = next(line for line in lines if ECHO.title in line)
    assert "75,000 ±7%" in echo and "10× (aim 10)" in echo
    ping = next(line for line in lines if PING.title in line)
    assert ping.rstrip().endswith("100 ±0%"), "nobody to compare with"
    assert not any(rows.MEMORY.title in line for line in lines), "a row that nobody ran"


def test_cpu_time_is_of_those_who_sleep_when_idle():
    results = filled()
    results.add("virtio", "cpu", ECHO, "floor", 0, 5.0)
    lines = results.cpu_table("virtio")
    assert "floor" not in lines[0]
    echo = next(line for line in lines if ECHO.title in line)
    assert "15×" in echo and echo.split()[-2:] == ["±0%", "15×"]


def test_exits_have_a_table_and_no_table_is_empty():
    lines = filled().exits_table("virtio")
    assert [line.split()[-1] for line in lines if ECHO.title in line] == ["0.25"]
    assert len(lines) == 3, "only one row was counted"
    for table in ("rate_table", "cpu_table", "exits_table"):
        assert getattr(filled(), table)("e1000") == []


def test_the_head_tells_what_is_shared_and_what_differs():
    a = compare.options(["qemu", "-m", "256M", "-kernel", "a b", "-D", "/tmp/x",
                         "-chardev", "socket,id=monitor,path=/tmp/y", "-mon", "chardev=monitor"])
    assert a == ["qemu", "-m 256M", "-kernel 'a b'"]
    assert report.differences({"one": a, "two": ["qemu", "-m 256M", "-kernel c"]}) == [
        "qemu: qemu -m 256M", "  one: -kernel 'a b'", "  two: -kernel c"]
    assert report.differences({"one": a}) == ["qemu: qemu -m 256M -kernel 'a b'"]
    assert report.differences({}) == []


def test_columns_line_up():
    lines = report.columns([["a", "b"], ["long name", "1"], ["x", "1,000"]])
    assert lines[1] == "-" * len(lines[0])
    assert [line[-1] for line in lines[2:]] == ["1", "0"]
    assert len({len(line) for line in lines}) == 1


def test_the_json_has_every_sample():
    found = filled().as_json()
    echo = next(entry for entry in found if entry["row"] == "echo64")
    assert echo["contestants"]["sojourn"]["value"] == [70000, 80000]
    assert echo["ratio"]["linux"]["count"] == 2 and echo["aim"] == 10
    json.dumps(found)


def test_exits_are_counted_from_where_we_began(tmp_path):
    log = tmp_path / "trace"
    line = "memory_region_ops_{} cpu 0 mr 0x55 addr 0x{} value 0x0 size 2 name '{}'\n"
    log.write_text(line.format("write", "fe", "before"))
    start = log.stat().st_size
    with open(log, "a") as file:
        file.write(line.format("write", "fee000b0", "apic-msi") * 3 + "something else\n"
                   # The message of an interrupt: to CPU 0, and to CPU 1.
                   + line.format("write", "fee00000", "apic-msi")
                   + line.format("write", "fee0100c", "apic-msi")
                   + "virtio_queue_notify vdev 0x55 n 1 vq 0x66\n" * 2
                   + line.format("read", "febe0000", "e1000-mmio"))
    assert compare.count_exits(log, start) == {
        "apic-msi": 3, "interrupt": 2, "virtio-doorbell": 2, "e1000-mmio": 1}
    assert not compare.count_exits(tmp_path / "none", 0)


def test_wrk_is_understood(monkeypatch):
    text = """
  Latency Distribution
     50%    1.25ms
     75%    2.00ms
  40123 requests in 3.01s, 1.50GB read
Requests/sec:  13329.90
Transfer/sec:    510.3MB
"""
    found = wrk.parse(text)
    assert found == {"ops": 40123, "seconds": 3.01, "bytes": 1.5 * 2**30, "lost": 0,
                     "p50_us": 1250}
    assert rows.WRK[0].value(found) == pytest.approx(13329.9, rel=1e-3)
    with pytest.raises(Problem, match="no pages"):
        wrk.parse(text + "  Non-2xx or 3xx responses: 7\n")
    with pytest.raises(Problem, match="no sum"):
        wrk.parse("unable to connect")
    monkeypatch.setattr(wrk.shutil, "which", lambda _name: None)
    assert not wrk.here() and all(not row.wrk for row in rows.choose(None, wrk.here()))


# ---- the Linux guest's files --------------------------------------------------------

def cpio_names(data):
    """(name, mode, data) of a newc archive, read by the book."""
    at, found = 0, []
    while True:
        assert data[at:at + 6] == b"070701"
        fields = [int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        mode, size, name_size = fields[1], fields[6], fields[11]
        name = data[at + 110:at + 110 + name_size - 1].decode()
        body = (at + 110 + name_size + 3) // 4 * 4
        if name == "TRAILER!!!":
            return found
        found.append((name, mode, data[body:body + size], tuple(fields[9:11])))
        at = (body + size + 3) // 4 * 4


def test_the_initramfs_is_a_newc_archive():
    files = [("dev", 0o40755, b"", (0, 0)), ("dev/console", 0o20600, b"", (5, 1)),
             ("init", 0o100755, b"12345", (0, 0)), ("odd", 0o100644, b"x" * 7, (0, 0))]
    assert cpio_names(linux_guest.archive(files)) == files


def module(depends):
    return b"\x7fELF\0license=GPL\0depends=" + depends + b"\0name=x\0"


def test_modules_are_loaded_after_what_they_need():
    tree = {"net": module(b"ring,core-a"), "core_a": module(b"ring"), "ring": module(b""),
            "pci": module(b"ring")}
    order = linux_guest.load_order(("pci", "net"), tree.__getitem__)
    assert order == ["ring", "pci", "core_a", "net"]
    assert linux_guest.needs(b"no modinfo") == []


# ---- what is asked ----------------------------------------------------------------------

def test_rows_are_chosen_by_name_in_the_tables_order():
    assert [row.key for row in rows.choose("udp, ping")] == ["ping", "udp"]
    assert rows.choose(None)[0] is rows.BOOT
    with pytest.raises(ValueError, match="no row 'pong'; there are: boot, ping"):
        rows.choose("ping,pong")
    with pytest.raises(ValueError, match="no row is named"):
        rows.choose(",")


def test_quick_is_quicker_and_options_win():
    def pace(*words):
        return compare.pace_of(compare.parser().parse_args(words))
    assert pace() == compare.FULL
    assert pace("--quick") == compare.QUICK
    assert pace("--quick", "--rounds", "5", "--seconds", "9", "--idle", "7") == \
        compare.QUICK._replace(rounds=5, slice_s=9, idle=7)


@pytest.mark.parametrize("content, nice", [
    ("/autogroup-361 nice -5\n", "-5"), ("", ""), (None, "")],
    ids=["a group", "a cgroup of its own", "a kernel without"])
def test_the_nice_value_of_the_session_where_there_is_one(tmp_path, content, nice):
    group = tmp_path / "autogroup"
    if content is not None:
        group.write_text(content)
    assert compare.autogroup_nice(group) == nice


@pytest.mark.parametrize("words, says", [
    (("--rounds", "0"), "--rounds 0: a number from 1 to 100"),
    (("--seconds", "0.01"), "--seconds 0.01: from 0.1 to 600"),
    (("--idle", "60000"), "--idle 60000: from 1 to 50000"),
    (("--rows", "nope"), "--rows: no row 'nope'"),
    (("--nice", "-21"), "--nice -21: from -20"),
    (("--against", "bsd"), "--against: no contestant 'bsd'; there are: linux, floor"),
])
def test_a_wrong_option_is_one_line(words, says):
    done = subprocess.run([sys.executable, "-B", str(ROOT / "bench" / "compare.py"), *words],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 1 and not done.stdout
    assert done.stderr.count("\n") == 1 and says in done.stderr


def test_the_launcher_refuses_what_does_not_go_together():
    def sojourn(*words):
        return subprocess.run([str(ROOT / "sojourn"), "bench", *words],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=60)
    done = sojourn("--nic", "rtl8139")
    assert done.returncode == 2 and "invalid choice: 'rtl8139'" in done.stderr
    done = sojourn("--only", "figures", "--rounds", "2")
    assert done.returncode == 1 and "--rounds is of the comparison" in done.stderr


def test_a_contestant_that_cannot_take_part_is_left_out_and_named(monkeypatch, capsys):
    linux = next(one for one in compare.contestants.ALL if one.name == "linux")
    monkeypatch.setattr(linux, "obstacle", lambda: "no network here")
    monkeypatch.setattr(compare.contestants.ALL[0], "obstacle", lambda: None)
    chosen = compare.choose_contestants(["sojourn", "linux"])
    assert [one.name for one in chosen] == ["sojourn"]
    assert "going on without Linux: no network here" in capsys.readouterr().err
    monkeypatch.setattr(compare.contestants.ALL[0], "obstacle", lambda: "not built")
    with pytest.raises(Problem, match="not built"):
        compare.choose_contestants(["sojourn"])


def test_the_clients_histogram_is_close(tmp_path):
    """run_latency()'s buckets: what p50 tells is within 7 % of the truth."""
    source = tmp_path / "buckets.c"
    source.write_text("""
#include <stdio.h>
#include "client.h"
int main(void)
{
	static struct run r = { .row = "x", .phase = DONE };
	unsigned long long ns;
	while (scanf("%llu", &ns) == 1) {
		static const struct run none = { .row = "x", .phase = DONE };
		r = none;
		run_latency(&r, ns);
		run_report(&r);
	}
}
""")
    program = tmp_path / "buckets"
    client = ROOT / "bench" / "client"
    subprocess.run(["cc", "-I", str(client), "-o", str(program), str(source),
                    str(client / "measure.c")], check=True)
    truths = [17, 1000, 1023, 1024, 115_000, 115_001, 999_999_999, 30_000_000_000]
    done = subprocess.run([str(program)], input="\n".join(map(str, truths)), text=True,
                          stdout=subprocess.PIPE, check=True)
    for truth, line in zip(truths, done.stdout.splitlines(), strict=True):
        told = json.loads(line)["p50_us"] * 1000
        assert abs(told - truth) <= 0.07 * truth + 50, (truth, told)


# ---- the profile ---------------------------------------------------------------------------

LISTING = """0000000000100000 T _start
0000000000100040 t helper
0000000000100080 t .hidden
0000000000100100 T tcp_ack
0000000000200000 D data
"""


def test_an_address_has_the_name_of_the_function_before_it():
    symbols = profile_guest.Symbols(LISTING)
    assert symbols.name(0x100000) == "_start" and symbols.name(0x10003f) == "_start"
    assert symbols.name(0x1000ff) == "helper"
    assert symbols.name(0x100500) == "tcp_ack"
    assert symbols.name(0xfffff) == symbols.name(0x900000) == profile_guest.UNKNOWN
    assert profile_guest.Symbols("").name(1) == profile_guest.UNKNOWN


def test_a_stack_is_unwound_by_frame_pointers_and_never_beyond_itself():
    def unwind(rbp, words):
        return profile_guest.unwind(0x10, rbp, 0x1000, struct.pack(f"<{len(words)}Q", *words))
    # Two frames: at 0x1008 and 0x1018; the outermost has none before it.
    assert unwind(0x1008, [7, 0x1018, 0x21, 0x0, 0, 0x31]) == [0x20, 0x10]
    assert unwind(0x1008, [7, 0x1018, 0x21, 0, 0x31]) == [0x30, 0x20, 0x10]
    assert unwind(0x1008, [7, 0x1008, 0x21]) == [0x20, 0x10], "a frame that leads to itself"
    assert unwind(0x9000, [1, 2, 3]) == unwind(0x10, [1, 2, 3]) == [0x10]
    assert unwind(0x1008, []) == [0x10]


def test_shares_are_of_samples_and_recursion_counts_once():
    folded = profile_guest.fold([("a", "b"), ("a", "b"), ("a", "a"), ("c",)])
    assert profile_guest.shares(folded) == [
        ("b", 0.5, 0.5), ("a", 0.25, 0.75), ("c", 0.25, 0.25)]


def test_a_flame_is_as_wide_as_its_share():
    folded = profile_guest.fold([("a", "<b>")] * 3 + [("c",)])
    image = xml.dom.minidom.parseString(profile_guest.flame(folded, "x & y"))
    widths = {group.getElementsByTagName("title")[0].firstChild.data.split(":")[0]:
              float(group.getElementsByTagName("rect")[0].getAttribute("width"))
              for group in image.getElementsByTagName("g")}
    assert widths["a"] == widths["<b>"] == pytest.approx(900, abs=1)
    assert widths["c"] == pytest.approx(300, abs=1)


def test_registers_are_read_as_qemu_prints_them():
    text = "RSI=01 RDI=02 RBP=00000000001a2b30 RSP=00000000001a2b00\n" \
           "RIP=0000000000101234 RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\n"
    assert profile_guest.registers(text) == {
        "RBP": 0x1a2b30, "RSP": 0x1a2b00, "RIP": 0x101234, "HLT": 1}
