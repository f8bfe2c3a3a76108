# SPDX-License-Identifier: MIT
"""What each call says in each state, and to arguments that are none."""
from cases.common import MODERN, NO_TS, Table, active, passive

CASES = Table()
OPEN = passive()
STATES = {
    "fresh": "socket c", "bound": "bind c 80", "listening": "listen c 80", "syn_sent": "connect c",
    "refused": "connect c\n< R. 0 ack 1", "refused_and_told": "connect c\n< R. 0 ack 1\nget c SO_ERROR",
    "established": OPEN, "active": active(), "peer_closed": OPEN + "< F. 1 ack 1 win 512\nwait 50",
    "peer_closed_data": OPEN + "< FP. 1+10 ack 1 win 512\nwait 50",
    "half_closed": OPEN + "shutdown c wr\n< . 1 ack 2 win 512", "fin_unacked": OPEN + "shutdown c wr",
    "reading_closed": OPEN + "shutdown c rd", "last_ack": OPEN + "< F. 1 ack 1 win 512\nwait 50\nshutdown c wr",
    "closing": OPEN + "shutdown c wr\n< F. 1 ack 1 win 512",
    "over": OPEN + "shutdown c wr\n< F. 1 ack 2 win 512", "reset": OPEN + "< R 1",
    "reset_and_told": OPEN + "< R 1\nget c SO_ERROR", "reset_data": OPEN + "< P. 1+10 ack 1 win 512\n< R 11",
    "unconnected": OPEN + "unconnect c", "timed_out": "set c TCP_SYNCNT 1\nsysctl tcp_syn_linear_timeouts 0\nconnect c\nwait 3500",
    "listen_shut": "listen c 80\nshutdown c rd", "crossing": f"connect c\n< S 0 win 65535 {NO_TS}",
    "urgent": OPEN + "< PU. 1+10 ack 1 win 512 urg 5", "soft_error": OPEN + "send c 10\nicmp 3 1",
}
CALLS = {
    "names": "getsockname c\ngetpeername c", "connect": "connect c\nconnect c", "connect_other": "connect c 6000\nconnect c 6000",
    "listen": "relisten c\nrelisten c 0\nstates 80", "accept": "accept d c", "bind": "bind c 80\nbind c 81\nbind c 0", "send": "send c 10\nsend c 0\nsend c 10 oob\nsend c 10 nosignal",
    "recv": "recv c 100 peek\nrecv c 100\nrecv c 0\nrecv c 100\nrecv c 10 oob", "ioctls": "ioctl c SIOCINQ\nioctl c SIOCOUTQ\nioctl c SIOCOUTQNSD\nioctl c SIOCATMARK\nioctl c UNKNOWN",
    "shutdown_rd": "shutdown c rd\npoll c", "shutdown_wr": "shutdown c wr\npoll c", "shutdown_rdwr": "shutdown c rdwr\npoll c", "shutdown_wrong": "shutdown c wrong",
    "poll": "poll c\nget c SO_ERROR\npoll c\nget c SO_ERROR", "unconnect": "unconnect c\nget c SO_ERROR\npoll c\ngetsockname c\nconnect c 6000",
    "info": "info c state ca_state retransmits options wscale snd_mss rcv_mss advmss pmtu unacked snd_cwnd snd_ssthresh bytes_acked bytes_received segs_out segs_in data_segs_in data_segs_out delivered snd_wnd total_retrans",
    "close": "close c\nwait 20\nstates 80\nclose c", "linger_0": "linger c 0\nclose c\nwait 20\nstates 80",
    "fastopen": "sendfo c 10\nwait 20", "sendto": "sendtoaddr c 10\nwait 20",
}
for state, way in STATES.items():
    for call, steps in CALLS.items():
        CASES.case(f"{state}_{call}", way, steps)

for family, length in ((2, 0), (2, 2), (2, 8), (2, 15), (2, 16), (2, 28), (2, 128), (2, 129), (2, -1), (0, 16), (0, 1), (10, 16), (10, 28), (1, 16), (255, 16)):
    CASES.case(f"address_{family}_{length}", "socket c", f"rawbind c {family} {length}", "getsockname c", "socket d", f"rawconnect d {family} {length}", "getsockname d")
for ip in ("0.0.0.0", "127.0.0.1", "255.255.255.255", "224.0.0.1", "10.0.0.255", "10.0.0.9", "10.0.0.1", "192.0.2.1"):
    CASES.case(f"bind_to_{ip}", "socket c", f"bindip c {ip} 90", "getsockname c")
    CASES.case(f"connect_to_{ip}", "socket c", f"connectip c {ip} 90", "getpeername c", "get c SO_ERROR", "poll c")
CASES.case("connect_to_port_0", "socket c", "connect c 0", "wait 20", "getpeername c")
for first in ("none", "reuse", "port"):
    for second in ("none", "reuse", "port"):
        how = {"none": "", "reuse": "set {} SO_REUSEADDR 1", "port": "set {} SO_REUSEPORT 1"}
        for listening in (0, 1):
            CASES.case(f"bind_twice_{first}_{second}_{listening}", "socket c", how[first].format("c"), "bindip c 0.0.0.0 90", "relisten c" if listening else "",
                       "socket d", how[second].format("d"), "bindip d 0.0.0.0 90", "relisten d", "bindip d 10.0.0.1 90")
CASES.case("bind_over_time_wait", OPEN, "close s", "shutdown c wr", "< F. 1 ack 2 win 512", "close c", "socket d", "bindip d 0.0.0.0 80", "set d SO_REUSEADDR 1", "bindip d 0.0.0.0 80", "relisten d")
CASES.case("bind_over_connection", OPEN, "close s", "socket d", "bindip d 0.0.0.0 80", "set d SO_REUSEADDR 1", "bindip d 0.0.0.0 80", "set c SO_REUSEADDR 1", "bindip d 0.0.0.0 80", "relisten d")
for backlog in (-1, 0, 1, 5000):
    CASES.case(f"listen_backlog_{backlog}", f"listen s 80 {backlog}", "info s unacked sacked")
for family, kind, protocol in ((2, 1, 0), (2, 1, 6), (2, 1, 17), (2, 1, 255), (2, 1, 256), (2, 1, -1), (2, 2, 6), (2, 5, 0), (2, 10, 0), (2, 0, 0), (2, 11, 0), (2, 15, 0), (-1, 1, 0), (46, 1, 0), (200, 1, 0), (0, 1, 0), (2, 4097, 0)):
    CASES.case(f"socket_{family}_{kind}_{protocol}", f"rawsocket c {family} {kind} {protocol}")
CASES.case("bad_descriptor", "badfd c", "poll c", "send c 10", "recv c 10", "connect c", "bind c 80", "relisten c", "accept d c", "shutdown c rd", "getsockname c", "getpeername c", "get c SO_ERROR", "set c SO_KEEPALIVE 1", "ioctl c SIOCINQ", "close c")
