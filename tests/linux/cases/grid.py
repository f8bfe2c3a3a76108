# SPDX-License-Identifier: MIT
"""The grid of states.py where more has happened: closed windows on either side, orphans,
crossing SYNs, gaps, data that nobody has read, timestamps; then calls in such states."""
from cases.common import MODERN, NO_TS, PLAIN, Table, passive

CASES = Table()
OPEN = passive()
TS = passive(MODERN)
#: Our window is closed: 4380 bytes of it are full.
FULL = passive(PLAIN, listener="set s SO_RCVBUF 4096") + "\n".join(
    f"< P. {1 + 1460 * n}+1460 ack 1 win 512" for n in range(3)) + "\nwait 60\n"
#: Theirs is, and there is something to send.
SHUT = OPEN + "< . 1 ack 1 win 0\nsend c 3000\n"
PEER_FIN = "&< F. 1 ack 1 win {win}\nwait 50\n"
CROSSED = f"bind c 80\nconnect c\n< S 0 win 65535 {NO_TS}\n"

#: State → (how to come there, what is next in sequence, what acknowledges nothing new,
#: what acknowledges all that was sent).
STATES = {
    "their_window": (SHUT, 1, 1, 1),
    "their_window_in_flight": (OPEN + "send c 1000\n< . 1 ack 501 win 0", 1, 501, 1001),
    "their_window_fin_wait1": (SHUT + "shutdown c wr", 1, 1, 1),
    "their_window_fin_wait1_dead": (SHUT + "close c", 1, 1, 1),
    "their_window_close_wait": (SHUT + PEER_FIN.format(win=0), 2, 1, 1),
    "their_window_last_ack": (SHUT + PEER_FIN.format(win=0) + "shutdown c wr", 2, 1, 1),
    "their_window_last_ack_dead": (SHUT + PEER_FIN.format(win=0) + "close c", 2, 1, 1),
    "their_window_closing": (SHUT + "shutdown c wr\n< F. 1 ack 1 win 0", 2, 1, 1),
    "our_window": (FULL, 4381, 1, 1),
    "our_window_fin_wait1": (FULL + "shutdown c wr", 4381, 1, 2),
    "our_window_fin_wait2": (FULL + "shutdown c wr\n< . 4381 ack 2 win 512", 4381, 2, 2),
    "our_window_close_wait": (FULL + "&< F. 4381 ack 1 win 512\nwait 50", 4382, 1, 1),
    "closing_dead": (OPEN + "close c\n< F. 1 ack 1 win 512", 2, 1, 2),
    "fin_wait1_dead_data": (OPEN + "send c 1000\nclose c", 1, 1, 1002),
    "last_ack_dead_data": (OPEN + PEER_FIN.format(win=512) + "send c 1000\nclose c", 2, 1, 1002),
    "fin_wait2_dead_long": (OPEN + "set c TCP_LINGER2 120\nclose c\n< . 1 ack 2 win 512", 1, 2, 2),
    "time_wait_dead": (OPEN + "close c\n< . 1 ack 2 win 512\n< F. 1 ack 2 win 512\nwait 600", 2, 2, 2),
    "not_accepted": (f"listen s 80\n< S 0 win 65535 {NO_TS}\n< . 1 ack 1 win 512", 1, 1, 1),
    "crossed_ts": (f"bind c 80\nconnect c\n< S 0 win 65535 {MODERN}", 1, 0, 1),
    "crossed_data": (f"bind c 80\nconnect c\n< S 0+100 win 65535 {NO_TS}", 1, 0, 1),
    "crossed_shut": (CROSSED + "shutdown c wr", 1, 0, 1),
    "crossed_dead": (CROSSED + "close c", 1, 0, 1),
    "gap": (OPEN + "< P. 501+100 ack 1 win 512", 1, 1, 1),
    "gap_fin": (OPEN + "< FP. 501+100 ack 1 win 512", 1, 1, 1),
    "gap_fin_wait2": (OPEN + "shutdown c wr\n< P. 501+100 ack 2 win 512", 1, 2, 2),
    "unread": (OPEN + "< P. 1+100 ack 1 win 512", 101, 1, 1),
    "unread_close_wait": (OPEN + "&< FP. 1+100 ack 1 win 512\nwait 50", 102, 1, 1),
    "half_read": (OPEN + "send c 1000\n< P. 1+100 ack 501 win 512\nrecv c 50", 101, 501, 1001),
    "read_shut": (OPEN + "shutdown c rd", 1, 1, 1),
    "both_shut": (OPEN + "shutdown c rdwr", 1, 1, 2),
    "urgent": (OPEN + "< PU. 1+100 ack 1 win 512 urg 200", 101, 1, 1),
}

#: Kind → flags, bytes of data.
KINDS = {
    "syn": ("S", 0), "synack": ("S.", 0), "ack": (".", 0), "rst": ("R", 0), "rstack": ("R.", 0),
    "finack": ("F.", 0), "data": ("P.", 100), "datafin": ("FP.", 100), "bare": ("-", 100),
    "fin": ("F", 0), "syndata": ("S", 100), "urg": ("PU.", 100),
}
PLACES = {"left": -1, "inside": 50, "right": 200000}
MOVED = ("syn", "ack", "rst", "finack", "data")


def segment(kind: str, seq: int, ack: int, options: str = "") -> str:
    flags, length = KINDS[kind]
    text = f"&< {flags} {seq}" + (f"+{length}" if length else "")
    if "." in flags:
        text += f" ack {ack}"
    return f"{text} win 512" + (" urg 50" if "U" in flags else "") + options


def pause(state: str) -> str:
    """Delayed ACKs, and the probe for a lost tail where something is in flight."""
    return "wait 120" if "their_window" in state or "dead_data" in state else "wait 50"


def after(state: str) -> str:
    """What can be asked then."""
    if state == "not_accepted":
        return "accept c s\nrecv c 200\nget c SO_ERROR\nstates 80"
    if "dead" in state or "time_wait" in state:
        return "states 80"
    return "poll c\nioctl c SIOCINQ\nget c SO_ERROR\nstates 80"


for state, (way, seq, none, everything) in STATES.items():
    for kind, (flags, _) in KINDS.items():
        acks = {"all": everything, "none": none, "future": everything + 5000, "old": none - 100}
        if none == everything:
            del acks["none"]
        for name, ack in acks.items() if "." in flags else [("", 0)]:
            CASES.case(f"{state}_{kind}" + (f"_ack_{name}" if name else ""), way,
                       segment(kind, seq, ack), pause(state), after(state))
        for place, offset in PLACES.items() if kind in MOVED else ():
            CASES.case(f"{state}_{kind}_{place}", way, segment(kind, seq + offset, everything),
                       pause(state), after(state))

# With timestamps: the last of theirs was 110.
TS_STATES = {
    "established": (TS + "< P. 1+10 ack 1 win 512 nop nop ts 110 last\nrecv c 10\n", 11, 1),
    "fin_wait1_dead": (TS + "< P. 1+10 ack 1 win 512 nop nop ts 110 last\nrecv c 10\nclose c\n",
                       11, 2),
    "fin_wait2_dead": (TS + "close c\n< . 1 ack 2 win 512 nop nop ts 110 last\n", 1, 2),
    "close_wait": (TS + "&< F. 1 ack 1 win 512 nop nop ts 110 last\nwait 50\n", 2, 1),
    "closing": (TS + "shutdown c wr\n< F. 1 ack 1 win 512 nop nop ts 110 last\n", 2, 2),
    "last_ack_dead": (TS + "&< F. 1 ack 1 win 512 nop nop ts 110 last\nwait 50\nclose c\n", 2, 2),
    "time_wait": (TS + "shutdown c wr\n< . 1 ack 2 win 512 nop nop ts 105 last\n"
                  "< F. 1 ack 2 win 512 nop nop ts 110 last\nwait 600\n", 2, 2),
}
STAMPS = {"older": 50, "tick": 109, "same": 110, "newer": 200, "wrapped": 110 + (1 << 31)}
for state, (way, seq, ack) in TS_STATES.items():
    for kind in ("syn", "ack", "rst", "rstack", "finack", "data", "syndata"):
        for name, value in STAMPS.items():
            echo = "last" if "." in KINDS[kind][0] else "0"
            CASES.case(f"ts_{state}_{kind}_{name}", way,
                       segment(kind, seq, ack, f" nop nop ts {value} {echo}"), "wait 50",
                       after(state))
        CASES.case(f"ts_{state}_{kind}_without", way, segment(kind, seq, ack), "wait 50",
                   after(state))
    for name, value in STAMPS.items():
        for place, offset in (("old_number", -1000), ("new_number", 100000)):
            CASES.case(f"ts_{state}_syn_{name}_{place}", way,
                       segment("syn", seq + offset, ack, f" nop nop ts {value} 0"), "wait 50",
                       after(state))

CALLS = {
    "send": "send c 10\nsend c 10 oob", "recv": "recv c 50\nrecv c 10000\nrecv c 10",
    "recv_oob": "recv c 1 oob\nrecv c 10000 peek", "shutdown_rd": "shutdown c rd\nrecv c 10\npoll c",
    "shutdown_wr": "shutdown c wr\nsend c 10\npoll c", "shutdown_rdwr": "shutdown c rdwr\npoll c",
    "close": "close c", "linger_0": "linger c 0\nclose c",
    "ioctls": "ioctl c SIOCINQ\nioctl c SIOCOUTQ\nioctl c SIOCOUTQNSD\nioctl c SIOCATMARK",
}
for state, (way, seq, none, everything) in STATES.items():
    if "dead" in state or state == "not_accepted":
        continue
    for call, steps in CALLS.items():
        CASES.case(f"{state}_{call}", way, steps, "wait 120", "states 80")
