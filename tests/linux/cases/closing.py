# SPDX-License-Identifier: MIT
"""Every order of closing, and what each call says afterwards."""
from cases.common import MODERN, NO_TS, Table, active, passive

CASES = Table()
OPEN = passive()
ASK = "poll c\nget c SO_ERROR\nsend c 10\nsend c 10\nrecv c 100\nrecv c 100\npoll c\nshutdown c wr\nstates 80"
ENDS = {
    "fin": "< F. 1 ack 1 win 512", "fin_data": "< FP. 1+100 ack 1 win 512", "rst": "< R 1",
    "rstack": "< R. 1 ack 1", "data_rst": "< P. 1+100 ack 1 win 512\n< R. 101 ack 1",
    "fin_rst": "< F. 1 ack 1 win 512\n< R. 2 ack 1",
    "shutdown_wr": "shutdown c wr", "shutdown_rd": "shutdown c rd", "shutdown_rdwr": "shutdown c rdwr",
    "shutdown_wr_acked": "shutdown c wr\n< . 1 ack 2 win 512",
    "shutdown_wr_fin": "shutdown c wr\n< F. 1 ack 2 win 512",
    "shutdown_wr_rst": "shutdown c wr\n< R. 1 ack 2",
    "fin_shutdown_wr": "< F. 1 ack 1 win 512\nwait 50\nshutdown c wr",
    "fin_shutdown_wr_acked": "< F. 1 ack 1 win 512\nwait 50\nshutdown c wr\n< . 2 ack 2 win 512",
    "simultaneous": "shutdown c wr\n< F. 1 ack 1 win 512\n< . 2 ack 2 win 512",
    "shutdown_rd_data": "shutdown c rd\n< P. 1+100 ack 1 win 512",
    "shutdown_rdwr_data": "shutdown c rdwr\n< P. 1+100 ack 2 win 512",
    "unconnect": "unconnect c",
}
for name, end in ENDS.items():
    CASES.case(f"calls_after_{name}", OPEN, end, "wait 50", ASK, "wait 50")
    CASES.case(f"close_after_{name}", OPEN, end, "wait 50", "close c", "wait 50", "states 80")
    CASES.case(f"recv_first_after_{name}", OPEN, end, "wait 50", "recv c 100", "recv c 100", "get c SO_ERROR", "poll c")
    CASES.case(f"linger_0_after_{name}", OPEN, end, "wait 50", "linger c 0", "close c", "wait 50", "states 80")
    CASES.case(f"again_after_{name}", OPEN, end, "wait 50", "connect c", "connect c", "accept d c", "get c SO_ERROR")

CASES.case("close_unread", OPEN, "< P. 1+100 ack 1 win 512", "close c", "states 80")
CASES.case("close_part_unread", OPEN, "< P. 1+100 ack 1 win 512", "recv c 50", "close c", "states 80")
CASES.case("close_unread_fin", OPEN, "< FP. 1+100 ack 1 win 512", "close c", "states 80")
CASES.case("close_unread_ofo", OPEN, "< P. 101+100 ack 1 win 512", "close c", "wait 20", "states 80")
CASES.case("close_unsent", OPEN, "send c 29000", "close c", "wait 20", "< . 1 ack 14601 win 512", "< . 1 ack 29002 win 512", "states 80")
CASES.case("close_unsent_unread", OPEN, "send c 29000", "< P. 1+100 ack 1 win 512", "close c", "states 80")
CASES.case("linger_0_unsent", OPEN, "send c 29000", "linger c 0", "close c", "states 80")
CASES.case("linger_5", OPEN, "linger c 5", "linger_close c", "wait 20", "< . 1 ack 2 win 512", "states 80", "< F. 1 ack 2 win 512", "states 80")
CASES.case("linger_1_unacked", OPEN, "send c 100", "linger c 1", "linger_close c", "wait 100", "< . 1 ack 102 win 512", "states 80")
CASES.case("data_after_close", OPEN, "close c", "< P. 1+100 ack 2 win 512", "states 80")
CASES.case("data_after_close_acked", OPEN, "close c", "< . 1 ack 2 win 512", "< P. 1+100 ack 2 win 512", "states 80")
CASES.case("data_fin_after_close", OPEN, "close c", "< FP. 1+100 ack 2 win 512", "states 80")
CASES.case("half_close_receives", OPEN, "shutdown c wr", "< . 1 ack 2 win 512", "< P. 1+100 ack 2 win 512", "wait 60",
           "< P. 101+1460 ack 2 win 512", "< . 1561+1460 ack 2 win 512", "recv c 5000", "wait 60", "&< F. 3021 ack 2 win 512", "wait 20", "recv c 10", "states 80")
CASES.case("half_close_other_way", OPEN, "&< F. 1 ack 1 win 512", "wait 50", "send c 5000", "< . 2 ack 2921 win 512", "< . 2 ack 5001 win 512", "close c", "< . 2 ack 5002 win 512", "states 80")
CASES.case("fin_again", OPEN, "shutdown c wr", "wait 1000", "< . 1 ack 2 win 512", "wait 100")
CASES.case("fin_again_with_data", OPEN, "send c 100", "shutdown c wr", "wait 1000", "< . 1 ack 102 win 512")
CASES.case("fin_of_peer_again", OPEN, "&< F. 1 ack 1 win 512", "wait 50", "< F. 1 ack 1 win 512", "wait 100", "< F. 1 ack 1 win 512")
CASES.case("fin_out_of_order", OPEN, "< F. 101 ack 1 win 512", "poll c", "< P. 1+100 ack 1 win 512", "poll c", "recv c 200", "recv c 200")
CASES.case("data_beyond_fin", OPEN, "&< F. 1 ack 1 win 512", "wait 50", "< P. 2+100 ack 1 win 512", "wait 50", "recv c 100")
CASES.case("time_wait_fin_again", OPEN, "close c", "< F. 1 ack 2 win 512", "< F. 1 ack 2 win 512", "wait 600", "< F. 1 ack 2 win 512")
CASES.case("time_wait_data", OPEN, "close c", "< F. 1 ack 2 win 512", "wait 600", "< P. 2+100 ack 2 win 512", "wait 600", "< P. 500+100 ack 2 win 512", "wait 600", "< . 2 ack 2 win 512", "< . 2 ack 1 win 512", "< . 2 ack 100 win 512")
CASES.case("time_wait_syn_new", OPEN, "close c", "< F. 1 ack 2 win 512", "wait 600", f"< S 100000 win 65535 {NO_TS}", "states 80")
CASES.case("time_wait_syn_old", OPEN, "close c", "< F. 1 ack 2 win 512", "wait 600", f"< S -100000 win 65535 {NO_TS}", "states 80")
OPEN_TS = passive(MODERN)
CASES.case("time_wait_ts_syn_new", OPEN_TS, "close c", "< F. 1 ack 2 win 512 nop nop ts 102 last", "wait 1200", "< S -100000 win 65535 mss 1460 sackok ts 5000 0 nop ws 7", "states 80")
CASES.case("time_wait_ts_syn_old", OPEN_TS, "close c", "< F. 1 ack 2 win 512 nop nop ts 102 last", "wait 1200", "< S -100000 win 65535 mss 1460 sackok ts 50 0 nop ws 7", "states 80")
CASES.case("time_wait_rst", OPEN, "close c", "< F. 1 ack 2 win 512", "< R 2", "states 80")
CASES.case("time_wait_rst_wrong", OPEN, "close c", "< F. 1 ack 2 win 512", "< R 3", "states 80")
CASES.case("time_wait_rst_rfc1337", "sysctl tcp_rfc1337 1", OPEN, "close c", "< F. 1 ack 2 win 512", "< R 2", "states 80")
CASES.case("fin_wait2_timeout", "sysctl tcp_fin_timeout 2", OPEN, "close c", "< . 1 ack 2 win 512", "states 80", "wait 1000", "states 80", "wait 2500", "states 80", "< F. 1 ack 2 win 512")
CASES.case("fin_wait2_fin", "sysctl tcp_fin_timeout 2", OPEN, "close c", "< . 1 ack 2 win 512", "wait 500", "< F. 1 ack 2 win 512", "states 80")
CASES.case("linger2_1", OPEN, "set c TCP_LINGER2 1", "close c", "< . 1 ack 2 win 512", "states 80", "wait 1500", "states 80")
CASES.case("linger2_off", OPEN, "set c TCP_LINGER2 -1", "close c", "< . 1 ack 2 win 512", "states 80")
CASES.case("reopen_listener", OPEN, "close s", "listen t 80", "close c", "states 80")
CASES.case("listener_closed_half_open", "listen s 80", f"< S 0 win 65535 {NO_TS}", "close s", "states 80", "< . 1 ack 1 win 512")
CASES.case("listener_closed_not_accepted", "listen s 80", f"< S 0 win 65535 {NO_TS}", "< . 1 ack 1 win 512", "close s", "states 80")
CASES.case("listener_shutdown", "listen s 80", f"< S 0 win 65535 {NO_TS}", "< . 1 ack 1 win 512", "shutdown s rd", "poll s", "accept c s", "states 80", "relisten s", "poll s", "states 80")
CASES.case("listener_calls", "listen s 80", "poll s", "send s 10", "recv s 10", "connect s", "shutdown s wr", "get s SO_ACCEPTCONN", "ioctl s SIOCINQ", "ioctl s SIOCOUTQ")
CASES.case("fresh_calls", "socket c", "poll c", "send c 10", "recv c 10", "shutdown c wr", "accept d c", "ioctl c SIOCINQ", "ioctl c SIOCOUTQ", "unconnect c", "poll c", "bind c 90", "bind c 91", "connect c")
CASES.case("syn_sent_calls", "connect c", "poll c", "send c 10", "recv c 10", "accept d c", "ioctl c SIOCINQ", "ioctl c SIOCOUTQ", "connect c", "shutdown c rd", "poll c", "shutdown c wr", "poll c", "connect c", "get c SO_ERROR")
CASES.case("syn_sent_shutdown", "connect c", "shutdown c wr", f"< S. 0 ack 1 win 65535 {NO_TS}", "poll c")
CASES.case("syn_sent_close", "connect c", "close c", f"< S. 0 ack 1 win 65535 {NO_TS}")
CASES.case("syn_sent_unconnect", "connect c", "unconnect c", "connect c", "get c SO_ERROR")
