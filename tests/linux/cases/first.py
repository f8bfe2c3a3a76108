# SPDX-License-Identifier: MIT
"""The first dozen: one of each kind."""
from cases.common import MODERN, NO_TS, PLAIN, Table, active, passive

CASES = Table()
CASES.case("passive_open", passive(), "info c state snd_mss rcv_mss advmss snd_cwnd options rto", "poll c")
CASES.case("passive_open_ts", passive(MODERN), "info c state snd_mss rcv_mss advmss snd_cwnd options rto")
CASES.case("active_open", active(), "info c state snd_mss rcv_mss advmss snd_cwnd options rto", "poll c")
CASES.case("echo", passive(), "< P. 1+100 ack 1 win 512", "recv c 1000", "send c 100", "wait 20",
           "< . 101 ack 101 win 512", "wait 100")
CASES.case("delayed_ack", passive(), "< P. 1+100 ack 1 win 512", "wait 60", "< P. 101+100 ack 1 win 512", "wait 60")
CASES.case("burst", passive(), "send c 20000", "wait 20", "< . 1 ack 2921 win 512", "< . 1 ack 14601 win 512")
CASES.case("rto", passive(), "send c 1000", "wait 3000", "info c rto retransmits backoff total_retrans")
CASES.case("sack_recovery", passive(), "send c 14600", "wait 20", "< . 1 ack 1 win 512 nop nop sack 1461-2921",
           "< . 1 ack 1 win 512 nop nop sack 1461-4381", "< . 1 ack 1 win 512 nop nop sack 1461-5841",
           "wait 50", "< . 1 ack 14601 win 512", "info c ca_state snd_cwnd snd_ssthresh")
CASES.case("ooo", passive(), "< . 1461+1460 ack 1 win 512", "< . 4381+1460 ack 1 win 512", "< . 1+1460 ack 1 win 512",
           "< . 2921+1460 ack 1 win 512", "recv c 10000", "wait 60")
CASES.case("close_unread", passive(), "< P. 1+10 ack 1 win 512", "close c", "states 80")
CASES.case("close_active", passive(), "close c", "< . 1 ack 2 win 512", "states 80", "< F. 1 ack 2 win 512", "states 80",
           "< F. 1 ack 2 win 512", "wait 100")
CASES.case("close_passive", passive(), "< F. 1 ack 1 win 512", "poll c", "recv c 10", "send c 10", "close c",
           "< . 2 ack 12 win 512", "states 80")
CASES.case("refused", "connect c", "< R. 0 ack 1", "connect c", "get c SO_ERROR", "poll c")
CASES.case("closed_port", "listen s 81", "< S 0 win 100", "<80:5000 S 0 win 100 mss 1460", "<80:5000 . 5 ack 77", "<80:5000 P. 5+10 ack 77", "<80:5000 F 5", "<80:5000 R 5")
