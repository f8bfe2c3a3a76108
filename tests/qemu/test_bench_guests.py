# SPDX-License-Identifier: MIT
"""What ./sojourn bench measures with, at work: its client against the image and the
bare ring loop, and the Linux guest's services beside the image's."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import xml.dom.minidom

import pytest
from conftest import ROOT
from guest import Guest
from launcher import child

sys.path.insert(0, str(ROOT / "bench"))

import rows  # noqa: E402
from contestants import FLOOR_ELF  # noqa: E402

BUILT = ROOT / "build" / "bench"
NICS = ["virtio", "e1000"]


@pytest.fixture(scope="module", autouse=True)
def built():
    subprocess.run(["make", "-s", "-C", str(ROOT), "bench"], check=True,
                   stdin=subprocess.DEVNULL, timeout=300)


def measured(ip, words):
    """The client's lines for the rows @words, by word."""
    done = subprocess.run([str(BUILT / "client"), "-w", "0.1", "-s", "0.8", ip, *words],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["row"] for line in lines] == words
    return dict(zip(words, lines))


def assert_sound(row, line):
    assert line["seconds"] >= 0.8
    assert row.value(line) > 0 and row.operations(line) > 0, line
    if row.key not in ("stream_in", "stream_out", "udp"):
        assert 0 < line["p50_us"] <= line["p99_us"]


@pytest.mark.parametrize("nic", NICS)
def test_the_client_runs_every_row_against_the_image(nic, tap, short_path):
    guest = Guest(short_path, nic=nic, net=tap.tap(), record=False)
    with tap.entered(), guest:
        guest.wait_ready()
        lines = measured(guest.ip, [row.client for row in rows.ROWS])
        for row in rows.ROWS:
            assert_sound(row, lines[row.client])
        body = lines["http_1m:4"]
        assert body["ops"] == 0 or body["bytes"] >= body["ops"] * 0.2e6
        guest.finish()


@pytest.mark.parametrize("nic", NICS)
def test_the_bare_ring_loop_answers_every_row_that_it_has(nic, tap, short_path):
    guest = Guest(short_path, nic=nic, net=tap.tap(), record=False, kernel=str(FLOOR_ELF),
                  memory="256M", expect_trouble=True)
    with tap.entered(), guest:
        guest.console.wait("floor: ready\n", 60)
        has = [row for row in rows.ROWS if row.floor]
        lines = measured(guest.ip, [row.client for row in has])
        for row in has:
            assert_sound(row, lines[row.client])
        # A stream in that were acknowledged without end would not be one.
        assert lines["stream_in"]["bytes"] / lines["stream_in"]["seconds"] < 1e11


def test_connections_are_held_until_stdin_ends(tap, short_path):
    guest = Guest(short_path, net=tap.tap(), record=False)
    with tap.entered(), guest:
        guest.wait_ready()
        holder = child.spawn([str(BUILT / "client"), guest.ip, "idle:300"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            assert json.loads(holder.stdout.readline())["held"] == 300
            assert guest.counters()["TcpCurrEstab"] == 300
            holder.stdin.close()
            assert holder.wait(30) == 0
        finally:
            child.end(holder)
            holder.stdout.close()
        guest.finish()


@pytest.mark.parametrize("words, says", [
    ((), "rows: ping:1 echo:64"), (("10.0.2.15", "nothing"), "rows:"),
    (("10.0.2.15", "echo:0"), "rows:"), (("host.name", "echo"), "rows:"),
    (("-s", "-1", "10.0.2.15", "echo"), "rows:"),
])
def test_the_client_says_how_it_is_used(words, says):
    done = subprocess.run([str(BUILT / "client"), *words], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=20)
    assert done.returncode == 2 and says in done.stderr and not done.stdout


def test_the_client_says_what_failed():
    done = subprocess.run([str(BUILT / "client"), "127.0.0.1", "http:1"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=60)
    if done.returncode == 0:
        pytest.skip("this host serves port 80")
    assert done.stderr.startswith("client: http:1: ")


# ---- the Linux guest's services -------------------------------------------------

SERVER_MAIN = """
#include <stdio.h>
#include "server.h"
int main(void)
{
	if (server_open())
		return 1;
	puts("open");
	fflush(stdout);
	return server_run();
}
"""


@pytest.fixture
def linux_server(tap, tmp_path):
    """bench/linux's services on 127.0.0.1 of the namespace."""
    source = tmp_path / "main.c"
    source.write_text(SERVER_MAIN)
    linux = ROOT / "bench" / "linux"
    program = tmp_path / "server"
    subprocess.run(["cc", "-I", str(linux), "-o", str(program), str(source),
                    str(linux / "server.c"), str(linux / "http.c")], check=True)
    with tap.entered():
        server = child.spawn([str(program)], stdout=subprocess.PIPE)
        try:
            assert server.stdout.readline() == b"open\n"
            yield "127.0.0.1"
        finally:
            child.end(server)
            server.stdout.close()


def said(ip, port, question, least=0):
    """What comes back until the end, or @least bytes."""
    with socket.create_connection((ip, port), 20) as connection:
        connection.sendall(question)
        if not least:
            connection.shutdown(socket.SHUT_WR)
        came = b""
        while not least or len(came) < least:
            piece = connection.recv(65536)
            if not piece:
                break
            came += piece
        return came[:least] if least else came


@pytest.mark.parametrize("port, question, least", [
    (7, b"echo this\n" * 5000, 50000),
    (19, b"", 40000),
    (80, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 0),
    (80, b"GET /1m HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 0),
    (80, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 3, 1000),
    (80, b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 0),
])
def test_linux_serves_the_same_bytes(boot_once, linux_server, port, question, least):
    ours = said(boot_once.ip, port, question, least)
    assert ours and said(linux_server, port, question, least) == ours


@pytest.fixture
def boot_once(tap, short_path):
    guest = Guest(short_path, net=tap.tap(), record=False)
    with tap.entered(), guest:
        guest.wait_ready()
        yield guest


def test_linux_tells_of_itself_and_of_nothing_else(linux_server):
    def get(path):
        return said(linux_server, 80, b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    % path)
    assert b"MemFree" in get(b"/proc/meminfo")
    assert get(b"/proc/../etc/passwd").startswith(b"HTTP/1.1 404 ")
    assert get(b"/etc/passwd").startswith(b"HTTP/1.1 404 ")


def test_linux_init_runs_nowhere_else():
    done = subprocess.run([str(BUILT / "linux-init")], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=20)
    assert done.returncode == 2 and "first program" in done.stderr


# ---- the comparison itself ---------------------------------------------------------

def test_a_comparison_that_is_stopped_tells_what_there_is_and_leaves_nothing(tap, tmp_path):
    results = tmp_path / "results.json"
    with tap.entered():
        run = child.spawn(
            [sys.executable, "-B", str(ROOT / "bench" / "compare.py"), "--nic", "virtio",
             "--rows", "echo1", "--rounds", "99", "--seconds", "0.2", "--against", "",
             "--no-exits", "--json", str(results)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(tmp_path)})
        try:
            while not (line := run.stdout.readline().decode()).startswith("  2/99"):
                assert line, run.stderr.read().decode()
            run.send_signal(signal.SIGTERM)
            out, err = (text.decode() for text in run.communicate(timeout=60))
        finally:
            child.end(run)
    assert run.returncode == 1 and "stopped; this is what there is so far" in err
    assert "TCP echo, 1 byte, 1 connection, /s" in out
    row, = json.loads(results.read_text())["rows"]
    assert len(row["contestants"]["sojourn"]["value"]) >= 1 and "linux" not in row["contestants"]
    assert not list(tmp_path.glob("sojourn-bench-*")), "its scratch directory"
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert str(tmp_path).encode() not in entry.read_bytes(), entry
        except OSError:
            continue


def test_a_profile_finds_the_stack_at_work(tap):
    with tap.entered():
        done = subprocess.run(
            [sys.executable, "-B", str(ROOT / "bench" / "profile_guest.py"), "--seconds", "2",
             "--row", "stream_out", "--top", "400"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert " __tcp_transmit_skb\n" in done.stdout and "(unknown)" not in done.stdout
    picture = BUILT / "profile-virtio-stream_out.svg"
    assert xml.dom.minidom.parse(str(picture)).getElementsByTagName("rect")
