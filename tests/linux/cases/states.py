# SPDX-License-Identifier: MIT
"""Each kind of segment, at each place, in each state (RFC 9293 3.10.7, RFC 5961)."""
from cases.common import NO_TS, Table, active, passive

CASES = Table()

#: State → (how to come there, what is next in sequence, what acknowledges all of ours).
OPEN = passive()
STATES = {
    "listen": ("listen s 80", 1, 0),
    "syn_sent": ("connect c", 1, 1),
    "syn_recv": (f"listen s 80\n< S 0 win 65535 {NO_TS}", 1, 1),
    "syn_recv_crossed": (f"connect c\n< S 0 win 65535 {NO_TS}", 1, 1),
    "established": (OPEN, 1, 1),
    "fin_wait1": (OPEN + "shutdown c wr", 1, 2),
    "fin_wait1_dead": (OPEN + "close c", 1, 2),
    "fin_wait2": (OPEN + "shutdown c wr\n< . 1 ack 2 win 512", 1, 2),
    "fin_wait2_dead": (OPEN + "close c\n< . 1 ack 2 win 512", 1, 2),
    "close_wait": (OPEN + "&< F. 1 ack 1 win 512\nwait 50", 2, 1),
    "closing": (OPEN + "shutdown c wr\n< F. 1 ack 1 win 512", 2, 2),
    "last_ack": (OPEN + "&< F. 1 ack 1 win 512\nwait 50\nclose c", 2, 2),
    "time_wait": (OPEN + "shutdown c wr\n< . 1 ack 2 win 512\n< F. 1 ack 2 win 512\nwait 600", 2, 2),
    "closed": (OPEN + "close c\n< R. 1 ack 2", 1, 2),
}

#: Kind → flags, bytes of data, has an ACK number.
KINDS = {
    "syn": ("S", 0), "synack": ("S.", 0), "ack": (".", 0), "rst": ("R", 0), "rstack": ("R.", 0),
    "finack": ("F.", 0), "data": ("P.", 100), "datafin": ("FP.", 100), "bare": ("-", 100),
    "fin": ("F", 0), "synfin": ("SF", 0), "syndata": ("S", 100), "urg": ("U.", 100),
}
PLACES = {"exact": 0, "inside": 1000, "left": -500, "edge": 64076, "right": 200000}
ACKS = {"good": 0, "old": -100, "older": -100000, "future": 5000}


def segment(kind: str, seq: int, ack: int) -> str:
    flags, length = KINDS[kind]
    text = f"&< {flags} {seq}" + (f"+{length}" if length else "")
    if "." in flags:
        text += f" ack {ack}"
    text += " win 512"
    return text + (" urg 50" if "U" in flags else "")


def after(state: str) -> str:
    """What can be asked then."""
    if state in ("listen", "syn_recv"):
        return "accept c s\nstates 80"
    if state.endswith("_dead") or state in ("last_ack", "closed"):
        return "states 80"
    if state in ("syn_sent", "syn_recv_crossed"):
        return "poll c\nget c SO_ERROR"
    return "poll c\nioctl c SIOCINQ\nget c SO_ERROR\nstates 80"


for state, (way, seq, ack) in STATES.items():
    for kind in KINDS:
        for place, offset in PLACES.items():
            if place == "edge" and kind not in ("rst", "data", "finack"):
                continue
            for ack_name, ack_offset in ACKS.items():
                with_ack = "." in KINDS[kind][0]
                if ack_name != "good" and not (with_ack and place in ("exact", "inside")):
                    continue
                if ack_name == "older" and kind != "ack":
                    continue
                CASES.case(f"{state}_{kind}_{place}" + (f"_{ack_name}_ack" if with_ack else ""),
                           way, segment(kind, seq + offset, ack + ack_offset), "wait 50",
                           after(state))
