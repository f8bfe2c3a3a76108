# SPDX-License-Identifier: MIT
"""Fast Open: cookies asked for, given, used and refused; data on SYNs; what was learnt of a host."""
from cases.common import NO_TS, Table

CASES = Table()
KEY = "sysctl tcp_fastopen_key 00000001-00000002-00000003-00000004"
KEYS = "sysctl tcp_fastopen_key 00000005-00000006-00000007-00000008,00000001-00000002-00000003-00000004"
#: What Linux makes of KEY and both addresses.
COOKIE = "c1bbbe04307a53e1"
ASK = "raw 2202"
INFO = "info c state options fastopen_client_fail snd_cwnd unacked total_retrans bytes_received segs_in"


def server(setting: int = 3, more: str = "", keys: str = KEY) -> str:
    return f"sysctl tcp_fastopen {setting}\n{keys}\nsocket s\nset s TCP_FASTOPEN 5\n{more}\nlisten s 80"


def syn(option: str, length: int = 0, port: str = "", flags: str = "S") -> str:
    data = f"+{length}" if length else ""
    return f"<{port} {flags} 0{data} win 65535 mss 1460 nop nop sackok {option}".rstrip()


def given(cookie: str = COOKIE, nops: str = "nop nop") -> str:
    return f"raw 220a{cookie} {nops}"


# The side that is opened.
for setting in (0, 1, 2, 3):
    CASES.case(f"server_{setting}_asked", server(setting), syn(ASK), "< . 1 ack 1 win 512", "accept c s", INFO)
    CASES.case(f"server_{setting}_data_and_cookie", server(setting), syn(given(), 100), "accept c s", "recv c 200", "< . 101 ack 1 win 512", "accept c s", "recv c 200", INFO)
CASES.case("server_asked_twice", server(), syn(ASK), syn(ASK), "wait 1200")
CASES.case("server_asked_with_data", server(), syn(ASK, 100), "< P. 1+100 ack 1 win 512", "accept c s", "recv c 200")
CASES.case("server_data_no_cookie", server(), syn("", 100), "< P. 1+100 ack 1 win 512", "accept c s", "recv c 200")
CASES.case("server_cookie_no_data", server(), syn(given()), "accept c s", "send c 100", "< . 1 ack 101 win 512", INFO)
CASES.case("server_wrong_cookie", server(), syn(given("0011223344556677"), 100), "< P. 1+100 ack 1 win 512", "accept c s", "recv c 200", INFO)
for size in (4, 6, 12, 16):
    CASES.case(f"server_cookie_of_{size}", server(), syn(f"raw 22{size + 2:02x}{'ab' * size} nop nop", 100), "< . 1 ack 1 win 512", "accept c s", "recv c 200")
for size in (1, 3, 5, 17, 18):
    CASES.case(f"server_cookie_of_{size}", server(), syn(f"raw 22{size + 2:02x}{'ab' * size}", 100), "< . 1 ack 1 win 512", "accept c s")
CASES.case("server_experimental_asked", server(), syn("raw fe04f989"), "< . 1 ack 1 win 512", "accept c s")
CASES.case("server_experimental_cookie", server(), syn(f"raw fe0cf989{COOKIE}", 100), "accept c s", "recv c 200")
CASES.case("server_second_key", server(keys=KEYS), syn(given(), 100), "accept c s", "recv c 200", INFO)
CASES.case("server_second_key_asked", server(keys=KEYS), syn(ASK))
CASES.case("server_no_cookie_needed", server(0x203), syn("", 100), "accept c s", "recv c 200", INFO)
CASES.case("server_no_cookie_needed_option", server(3, "set s TCP_FASTOPEN_NO_COOKIE 1"), syn("", 100), "accept c s", "recv c 200", INFO)
CASES.case("server_all_listeners", "sysctl tcp_fastopen 1027", KEY, "listen s 80", syn(given(), 100), "accept c s", "recv c 200", INFO)
CASES.case("server_not_this_listener", "sysctl tcp_fastopen 3", KEY, "listen s 80", syn(given(), 100), "accept c s", "< . 1 ack 1 win 512", "accept c s", "recv c 200")
CASES.case("server_answers_at_once", server(), syn(given(), 100), "accept c s", "recv c 200", "send c 20000", "wait 20", "< . 101 ack 1 win 512", "< . 101 ack 14601 win 512", INFO)
CASES.case("server_closes_at_once", server(), syn(given(), 100), "accept c s", "recv c 200", "send c 50", "close c", "< . 101 ack 52 win 512", "< F. 101 ack 52 win 512", "states 80")
CASES.case("server_synack_again", server(), syn(given(), 100), "accept c s", "wait 3200", "info c retransmits total_retrans snd_cwnd", "< . 101 ack 1 win 512", INFO)
CASES.case("server_synack_gives_up", "sysctl tcp_synack_retries 1", server(), syn(given(), 100), "accept c s", "wait 8000", "poll c", "recv c 10", "recv c 200", "states 80")
CASES.case("server_data_lost_with_synack", server(), syn(given(), 100), "accept c s", "send c 1000", "wait 2500", "< . 101 ack 1001 win 512", INFO)
CASES.case("server_syn_again", server(), syn(given(), 100), syn(given(), 100), "accept c s", "< . 101 ack 1 win 512", "recv c 200", INFO)
CASES.case("server_reset", server(), syn(given(), 100), "accept c s", "< R 101 ack 1", "poll c", "recv c 200", "recv c 200", "states 80")
CASES.case("server_more_data", server(), syn(given(), 100), "accept c s", "< P. 101+100 ack 1 win 512", "recv c 300", INFO)
CASES.case("server_data_again", server(), syn(given(), 100), "accept c s", "< P. 1+100 ack 1 win 512", "recv c 300", "wait 60")
CASES.case("server_fin_with_syn", server(), f"< SF 0+100 win 65535 mss 1460 nop nop sackok {given()}", "accept c s", "recv c 300", "recv c 300", "states 80", "< . 102 ack 1 win 512", "states 80")
CASES.case("server_large_data", server(), syn(given(), 1400), "accept c s", "recv c 3000", "< . 1401 ack 1 win 512")
CASES.case("server_timestamps", server(), f"< S 0+100 win 65535 mss 1460 sackok ts 100 0 {given()}", "accept c s", "recv c 300", "< . 101 ack 1 win 512 nop nop ts 101 last", INFO)
CASES.case("server_queue_of_one", "sysctl tcp_fastopen 3", KEY, "socket s", "set s TCP_FASTOPEN 1", "listen s 80", syn(given(), 100), syn(given(), 100, ":5001"), "accept c s", "accept d s", "< . 101 ack 1 win 512", syn(given(), 100, ":5002"), "accept d s")
CASES.case("server_reset_counts", "sysctl tcp_fastopen 3", KEY, "socket s", "set s TCP_FASTOPEN 1", "listen s 80", syn(given(), 100), "accept c s", "< R 101", "close c", syn(given(), 100, ":5001"), "accept d s")

# The side that opens.
SYNACK = "< S. 0 ack {ack} win 65535 mss {mss} nop nop sackok {option}"


def synack(ack: int = 1, option: str = "", mss: int = 1460) -> str:
    return SYNACK.format(ack=ack, mss=mss, option=option).rstrip()


COLD = f"sendfo a 100\nwait 20\n{synack(1, given('0102030405060708'))}\nclose a\n< F. 1 ack 2 win 512\nwait 20\nnext\n"
CASES.case("client_asks", "sendfo c 100", "wait 20", synack(1, given("0102030405060708")), INFO, "< . 1 ack 101 win 512")
CASES.case("client_uses", COLD, "sendfo c 100", "wait 20", synack(101), INFO, "send c 50", "< . 1 ack 151 win 512")
CASES.case("client_uses_large", COLD, "sendfo c 5000", "wait 20", synack(1421), "connect c", INFO, "send c 50")
CASES.case("client_uses_smaller_mss", f"sendfo a 100\nwait 20\n{synack(1, given('0102030405060708'), 500)}\nclose a\n< F. 1 ack 2 win 512\nwait 20\nnext", "sendfo c 5000", "wait 20", synack(457, "", 500), INFO)
CASES.case("client_data_not_taken", COLD, "sendfo c 100", "wait 20", synack(1), INFO, "< . 1 ack 101 win 512", INFO)
CASES.case("client_cookie_refused", COLD, "sendfo c 100", "wait 20", synack(1, given("0807060504030201")), INFO, "close c", "< F. 1 ack 102 win 512", "next", "sendfo d 10")
CASES.case("client_part_taken", COLD, "sendfo c 1000", "wait 20", synack(501), INFO, "wait 300")
CASES.case("client_syn_again", COLD, "sendfo c 100", "wait 1200", synack(1), INFO, "close c", "< F. 1 ack 102 win 512", "next", "sendfo d 10")
CASES.case("client_refused", COLD, "sendfo c 100", "< R. 0 ack 101", "poll c", "get c SO_ERROR")
CASES.case("client_data_with_synack", COLD, "sendfo c 100", "wait 20", "< S. 0+50 ack 101 win 65535 mss 1460 nop nop sackok", "recv c 100", INFO)
CASES.case("client_fin_with_synack", COLD, "sendfo c 100", "wait 20", "< SF. 0 ack 101 win 65535 mss 1460 nop nop sackok", "poll c", "recv c 100", "states 5000")
CASES.case("client_asks_experimental", "sendfo c 100", "wait 20", synack(1), "close c", "< F. 1 ack 2 win 512", "next", "sendfo d 100", "wait 20", synack(1, "raw fe0cf9890102030405060708"), "close d", "< F. 1 ack 2 win 512", "next", "sendfo e 100")
CASES.case("client_asks_twice_in_vain", "sendfo c 100", "wait 20", synack(1), "close c", "< F. 1 ack 2 win 512", "next", "sendfo d 100", "wait 20", synack(1), "close d", "< F. 1 ack 2 win 512", "next", "sendfo e 100")
for setting in (0, 2, 5):
    CASES.case(f"client_setting_{setting}", f"sysctl tcp_fastopen {setting}", "sendfo c 100", "wait 20")
CASES.case("client_no_cookie_option", "set c TCP_FASTOPEN_NO_COOKIE 1", "sendfo c 100", "wait 20", synack(101), INFO)
CASES.case("client_option_connect", COLD, "set c TCP_FASTOPEN_CONNECT 1", "connect c", "poll c", "send c 100", "wait 20", synack(101), INFO)
CASES.case("client_option_connect_cold", "set c TCP_FASTOPEN_CONNECT 1", "connect c", "wait 20", synack(1, given("0102030405060708")), "connect c", "send c 10")
CASES.case("client_option_connect_closes", COLD, "set c TCP_FASTOPEN_CONNECT 1", "connect c", "close c", "wait 50")
CASES.case("client_option_connect_reads", COLD, "set c TCP_FASTOPEN_CONNECT 1", "connect c", "recv c 10", "poll c", "send c 10")
CASES.case("client_sends_twice", COLD, "sendfo c 100", "send c 100", "wait 20", synack(101), INFO)
CASES.case("client_sends_nothing", COLD, "sendfo c 0", "wait 20")
CASES.case("client_odd_cookies", "sendfo c 10", synack(1, "raw 2205010203 nop nop nop"), "close c", "< F. 1 ack 2 win 512", "next", "sendfo d 10")
CASES.case("client_long_cookie", "sendfo c 10", synack(1, "raw 2212" + "0a" * 16 + " nop nop"), "close c", "< F. 1 ack 2 win 512", "next", "sendfo d 10")

# Paths that lose what comes after data on a SYN.
HOLE = "sysctl tcp_fastopen_blackhole_timeout_sec 1\n"
CASES.case("blackhole_reset_after_syn_data", HOLE, COLD, "sendfo c 100", "wait 20", synack(101), "< R 1", "next", "sendfo d 100", "wait 20")
CASES.case("blackhole_fin_out_of_order", HOLE, COLD, "sendfo c 100", "wait 20", synack(101), "< F. 101 ack 101 win 512", "< R 1", "next", "sendfo d 100", "wait 20")
CASES.case("blackhole_after_timeouts", HOLE, COLD, "sendfo c 100", "wait 20", synack(101), "send c 100", "wait 4000", "close c", "next", "sendfo d 100")
CASES.case("blackhole_ends", HOLE, COLD, "sendfo c 100", "wait 20", synack(101), "< F. 101 ack 101 win 512", "< R 1", "wait 1200", "next", "sendfo d 100", "wait 20")
