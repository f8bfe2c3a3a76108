# SPDX-License-Identifier: MIT
"""ICMP, refusals, queues that are full, cookies, deferred accept."""
from cases.common import MODERN, NO_TS, Table, active, passive

CASES = Table()
ICMP = [(3, code) for code in range(0, 16)] + [(4, 0), (5, 0), (11, 0), (11, 1), (12, 0), (8, 0)]

for kind, code in ICMP:
    more = " mtu 1000" if (kind, code) == (3, 4) else ""
    error = f"icmp {kind} {code}{more}"
    ask = "poll c\nget c SO_ERROR\nget c SO_ERROR\npoll c"
    CASES.case(f"icmp_{kind}_{code}_syn_sent", "connect c", error, ask, "connect c", "wait 1100")
    CASES.case(f"icmp_{kind}_{code}_established", passive(), "send c 1400", error, ask, "send c 100", "wait 20")
    CASES.case(f"icmp_{kind}_{code}_recverr", passive(), "set c IP_RECVERR 1", "send c 1400", error, ask, "send c 100")
CASES.case("icmp_out_of_window", passive(), "send c 1400", "icmp 3 1 seq 5000", "get c SO_ERROR", "icmp 3 1 seq -5000", "get c SO_ERROR")
CASES.case("icmp_soft_then_timeout", "sysctl tcp_syn_retries 1", "sysctl tcp_syn_linear_timeouts 0", "connect c", "icmp 3 1", "wait 4000", "get c SO_ERROR")
CASES.case("icmp_soft_then_rto", "sysctl tcp_retries2 3", passive(), "send c 1000", "wait 300", "icmp 3 1", "wait 8000", "get c SO_ERROR")
CASES.case("icmp_listen", "listen s 80", f"< S 0 win 65535 {NO_TS}", "icmp 3 1", "states 80", "wait 1100")
for mtu in (0, 68, 552, 576, 1000, 1492, 1499, 1500, 1501):
    CASES.case(f"pmtu_{mtu}", passive(), "send c 1460", "wait 20", f"icmp 3 4 mtu {mtu}", "wait 20", "info c snd_mss pmtu", "get c IP_MTU")
CASES.case("pmtu_off", passive(), "set c IP_MTU_DISCOVER 0", "send c 5840", "&icmp 3 4 mtu 1000", "info c snd_mss pmtu", "wait 20")

for abort in (0, 1):
    for size in (0, 1):
        flood = [f"<:{6000 + i} S 0 win 65535 {NO_TS}\n<:{6000 + i} . 1 ack 1 win 512" for i in range(size + 2)]
        CASES.case(f"accept_queue_{size}_abort_{abort}", f"sysctl tcp_abort_on_overflow {abort}", f"listen s 80 {size}", *flood, "states 80", "accept c s", "states 80")
for cookies in (0, 1, 2):
    flood = [f"<:{6000 + i} S 0 win 65535 {NO_TS}" for i in range(4)]
    CASES.case(f"syn_queue_cookies_{cookies}", f"sysctl tcp_syncookies {cookies}", "listen s 80 2", *flood, "states 80", *[f"<:{6000 + i} . 1 ack 1 win 512" for i in range(4)], "states 80", "accept c s", "info c snd_mss options wscale")
for options in ("mss 1460", "mss 1000 nop ws 3", MODERN, NO_TS, "mss 536 sackok ts 7 0"):
    ts = " nop nop ts 101 last" if " ts " in options else ""
    CASES.case("cookie_" + options.replace(" ", "_"), "sysctl tcp_syncookies 2", "listen s 80", f"< S 0 win 65535 {options}", "wait 20", f"< . 1 ack 1 win 512{ts}", "accept c s", "info c snd_mss options wscale advmss rcv_mss snd_wnd snd_cwnd", "send c 3000")
CASES.case("cookie_bad_ack", "sysctl tcp_syncookies 2", "listen s 80", f"< S 0 win 65535 {NO_TS}", "< . 1 ack 2 win 512", "accept c s")
CASES.case("cookie_data", "sysctl tcp_syncookies 2", "listen s 80", f"< S 0 win 65535 {NO_TS}", "< P. 1+100 ack 1 win 512", "accept c s", "recv c 200")
CASES.case("defer_accept", "socket s", "set s TCP_DEFER_ACCEPT 3", "get s TCP_DEFER_ACCEPT", "listen s 80", f"< S 0 win 65535 {NO_TS}", "< . 1 ack 1 win 512", "accept c s", "states 80", "wait 1200", "< P. 1+10 ack 1 win 512", "accept c s", "recv c 100")
CASES.case("defer_accept_gives_up", "socket s", "set s TCP_DEFER_ACCEPT 1", "get s TCP_DEFER_ACCEPT", "listen s 80", f"< S 0 win 65535 {NO_TS}", "< . 1 ack 1 win 512", "wait 1500", "< . 1 ack 1 win 512", "accept c s", "states 80")
CASES.case("refused", "connect c", "< R. 0 ack 1", "get c SO_ERROR", "connect c", "< R. 0 ack 1", "connect c", "poll c")
CASES.case("rst_without_ack", "connect c", "< R 0", "poll c")
CASES.case("reset_established", active(), "< R 1", "send c 10", "send c 10", "recv c 10")
CASES.case("reset_with_data_waiting", active(), "< P. 1+10 ack 1 win 512", "< R 11", "recv c 100", "recv c 100")
CASES.case("syn_in_established", passive(), "< S 1 win 512", "wait 600", "< S 1000 win 512")
CASES.case("challenge_rate", passive(), "< S 1 win 512", "< S 1 win 512", "< R 100", "wait 520", "< S 1 win 512")
CASES.case("out_of_window_rate", passive(), "< . 100001 ack 1 win 512", "< . 100001 ack 1 win 512", "< P. 100001+10 ack 1 win 512", "< P. 100001+10 ack 1 win 512", "wait 520", "< . 100001 ack 1 win 512")
CASES.case("ack_of_the_unsent", passive(), "< . 1 ack 1000 win 512", "< . 1 ack 1000 win 512", "wait 520", "< P. 1+10 ack 1000 win 512", "recv c 10")
CASES.case("checks_of_no_socket", "listen s 81", *[f"<80:5000 {flags} 5 ack 77" for flags in ("S", "S.", ".", "F.", "R", "R.", "P.", "SF.", "FPU.")], "<80:5000 - 5", "<80:5000 F 5", "<80:5000 P 5+10")
CASES.case("simultaneous_open", "connect c", f"< S 0 win 65535 {NO_TS}", f"< S. 0 ack 1 win 65535 {NO_TS}", "connect c", "info c state options", "send c 100")
CASES.case("simultaneous_open_ack", "connect c", f"< S 0 win 65535 {NO_TS}", "< . 1 ack 1 win 512", "connect c", "info c state options", "send c 100")
