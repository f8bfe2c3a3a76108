# SPDX-License-Identifier: MIT
"""gdb helpers: a packet, a socket, a ring, the log.

    (gdb) source tools/gdb/sojourn-gdb.py
    (gdb) sojourn-skb skb          headers, headroom, where it belongs
    (gdb) sojourn-sock sk          addresses, state, queues
    (gdb) sojourn-ring rq->vq      descriptors and indices (virtio or e1000)
    (gdb) sojourn-log              the kernel log

`print *skb` and `print *sk` show the same in short. Layouts come from the
image's debug information, so nothing in here knows an offset.
"""
import gdb

LOG_BUF = "log_buf"
STATES = ("", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
          "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV")
PROTOCOLS = {1: "ICMP", 6: "TCP", 17: "UDP"}
NOT_SET = 0xFFFF
#: Enough to see, not enough to flood a terminal when memory is garbage.
MOST_BYTES, MOST_PACKETS, MOST_ENTRIES = 256, 64, 64


def evaluate(text, struct):
    """The struct @struct that @text means: itself, a pointer to it, or an address."""
    value = gdb.parse_and_eval(text)
    wanted = gdb.lookup_type("struct " + struct)
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_PTR:
        target = kind.target().strip_typedefs()
        if target.code == gdb.TYPE_CODE_STRUCT:
            # Sockets and queues are embedded as first members: casts are right.
            return value.cast(wanted.pointer()).dereference()
    if kind.code in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_PTR):
        return value.cast(wanted.pointer()).dereference()
    return value.cast(wanted) if kind.code == gdb.TYPE_CODE_STRUCT and kind != wanted else value


def memory(address, count):
    return bytes(gdb.selected_inferior().read_memory(int(address), count))


def net16(value):
    return int.from_bytes(int(value).to_bytes(2, "little"), "big")


def ipv4(value):
    return ".".join(str(byte) for byte in int(value).to_bytes(4, "little"))


def dump(raw, offset=0):
    """Lines of a hex dump."""
    for at in range(0, len(raw), 16):
        piece = raw[at:at + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)
        yield f"    {offset + at:4} {piece.hex(' '):<47}  {text}"


# --------------------------------------------------------------------------

def skb_line(skb):
    """A packet in one line."""
    device = skb["dev"]
    name = device["name"].string() if int(device) else "no device"
    return (f"packet {int(skb['id'])}: {int(skb['len'])} bytes "
            f"({int(skb['data_len'])} in frags), "
            f"{name}, protocol {net16(skb['protocol']):#06x}, "
            f"{first(skb['users'])} users")


def has(value, field):
    kind = value.type.strip_typedefs()
    return kind.code == gdb.TYPE_CODE_STRUCT and any(one.name == field for one in kind.fields())


def first(value):
    """The number inside refcount_t, atomic_t and the like."""
    while value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        value = value[value.type.strip_typedefs().fields()[0]]
    return int(value)


class SkbCommand(gdb.Command):
    """sojourn-skb EXPRESSION: a struct sk_buff, its room, its headers, its bytes."""

    def __init__(self):
        super().__init__("sojourn-skb", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, _from_tty):
        skb = evaluate(argument, "sk_buff")
        head, data, tail, end = (int(skb[name]) for name in ("head", "data", "tail", "end"))
        print(skb_line(skb))
        if not head <= data <= tail <= end:
            print(f"  damaged: head {head:#x} data {data:#x} tail {tail:#x} end {end:#x}")
            return
        print(f"  head {head:#x}: {data - head} headroom, {tail - data} linear, "
              f"{end - tail} tailroom; truesize {int(skb['truesize'])}")
        for name in ("mac", "network", "transport"):
            offset = int(skb[name + "_header"])
            where = "not set" if offset == NOT_SET else f"data {head + offset - data:+}"
            print(f"  {name + ' header':<17} {where}")
        owner = int(skb["sk"])
        print(f"  socket            {owner:#x}" if owner else "  socket            none")
        for line in dump(memory(data, min(tail - data, MOST_BYTES))):
            print(line)


def sock_line(sock):
    """A socket in one line."""
    common = sock["__sk_common"]
    state = int(common["skc_state"])
    protocol = int(sock["sk_protocol"])
    return (f"{PROTOCOLS.get(protocol, f'protocol {protocol}')} "
            f"{ipv4(common['skc_rcv_saddr'])}:{int(common['skc_num'])} - "
            f"{ipv4(common['skc_daddr'])}:{net16(common['skc_dport'])} "
            f"{STATES[state] if state < len(STATES) else state}")


def queue(head):
    """The packets of a sk_buff_head."""
    packet, found = head["next"], []
    while int(packet) and int(packet) != int(head.address) and len(found) < MOST_PACKETS:
        found.append(packet.dereference())
        packet = packet.dereference()["next"]
    return found


class SockCommand(gdb.Command):
    """sojourn-sock EXPRESSION: a struct sock: addresses, state, its queues."""

    def __init__(self):
        super().__init__("sojourn-sock", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, _from_tty):
        sock = evaluate(argument, "sock")
        print(f"{sock_line(sock)}, {first(sock['__sk_common']['skc_refcnt'])} references, "
              f"{'owned' if int(sock['sk_lock']['owned']) else 'not owned'}")
        for name in ("sk_receive_queue", "sk_write_queue"):
            head = sock[name]
            print(f"  {name}: {int(head['qlen'])}")
            for packet in queue(head):
                print(f"    {skb_line(packet)}")
        backlog = sock["sk_backlog"]
        print(f"  sk_backlog: {int(backlog['len'])} bytes")
        if int(sock["sk_protocol"]) == 6:
            self.tcp(sock)

    @staticmethod
    def tcp(sock):
        tp = sock.cast(gdb.lookup_type("struct sock")).address.cast(
            gdb.lookup_type("struct tcp_sock").pointer()).dereference()
        for words in (("snd_una", "snd_nxt", "write_seq", "snd_wnd"),
                      ("rcv_nxt", "copied_seq", "rcv_wnd"),
                      ("snd_cwnd", "snd_ssthresh", "packets_out", "retrans_out"),
                      ("srtt_us", "rttvar_us", "mss_cache")):
            known = [f"{word} {int(tp[word])}" for word in words if has(tp, word)]
            if known:
                print("  " + ", ".join(known))


# --------------------------------------------------------------------------

class RingCommand(gdb.Command):
    """sojourn-ring EXPRESSION: a virtqueue or an e1000 ring: indices, descriptors."""

    def __init__(self):
        super().__init__("sojourn-ring", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, _from_tty):
        value = gdb.parse_and_eval(argument)
        kind = value.type.strip_typedefs()
        if kind.code == gdb.TYPE_CODE_PTR:
            value, kind = value.dereference(), kind.target().strip_typedefs()
        if kind.name in ("virtqueue", "vring_virtqueue"):
            self.virtio(evaluate(f"*(struct vring_virtqueue *){int(value.address)}",
                                 "vring_virtqueue"))
        elif has(value, "next_to_use"):
            self.e1000(value)
        else:
            raise gdb.GdbError(f"{argument} is a {kind}, not a virtqueue or an e1000 ring")

    @staticmethod
    def virtio(ring):
        size = int(ring["num"])
        if int(ring["ops"]) == int(gdb.parse_and_eval("&vring_packed_ops")):
            RingCommand.packed(ring, size)
            return
        avail, used = ring["avail"].dereference(), ring["used"].dereference()
        print(f"{ring['vq']['name'].string()}: {size} descriptors, "
              f"{int(ring['vq']['num_free'])} free"
              f"{', BROKEN' if int(ring['broken']) else ''}")
        print(f"  avail.idx {int(avail['idx'])}, used.idx {int(used['idx'])}, "
              f"taken up to {int(ring['last_used_idx'])}")
        shown = 0
        for at in range(size):
            state = ring["desc_state"][at]
            if not int(state["data"]):
                continue
            if shown == MOST_ENTRIES:
                print("  ...")
                break
            shown += 1
            desc = ring["desc"][at]
            print(f"  [{at:3}] addr {int(desc['addr']):#x} len {int(desc['len'])} "
                  f"flags {int(desc['flags']):#x} next {int(desc['next'])} "
                  f"token {int(state['data']):#x}")

    @staticmethod
    def packed(ring, size):
        print(f"{ring['vq']['name'].string()}: {size} descriptors, packed, "
              f"{int(ring['vq']['num_free'])} free"
              f"{', BROKEN' if int(ring['broken']) else ''}")
        print(f"  next to write {int(ring['next_avail_idx'])}, "
              f"taken up to {int(ring['last_used_idx'])}")
        for step in range(min(size, MOST_ENTRIES)):
            at = (int(ring["last_used_idx"]) + step) % size
            desc = ring["ring"][at]
            print(f"  [{at:3}] addr {int(desc['addr']):#x} len {int(desc['len'])} "
                  f"id {int(desc['id'])} flags {int(desc['flags']):#x}")

    @staticmethod
    def e1000(ring):
        count = ring["buffer"].type.range()[1] + 1
        clean, use = int(ring["next_to_clean"]), int(ring["next_to_use"])
        print(f"{ring.type.name}: {count} descriptors, next to clean {clean}, "
              f"next to use {use}")
        width = gdb.lookup_type("struct e1000_rx_desc").sizeof
        for step in range(min((use - clean) % count, MOST_ENTRIES)):
            at = (clean + step) % count
            raw = memory(int(ring["desc"]) + at * width, width)
            address = int.from_bytes(raw[:8], "little")
            print(f"  [{at:3}] addr {address:#x} {raw[8:].hex(' ')}")


def static(name):
    """A static variable. Of an image compiled as a whole gdb has two of the name: what
    the source says, without a place, and what became of it."""
    for symbol in gdb.lookup_static_symbols(name):
        value = symbol.value()
        if not value.is_optimized_out:
            return value
    return gdb.parse_and_eval(name)


class LogCommand(gdb.Command):
    """sojourn-log: the kernel log from its ring buffer, oldest line first."""

    def __init__(self):
        super().__init__("sojourn-log", gdb.COMMAND_DATA)

    def invoke(self, _argument, _from_tty):
        buffer = static(LOG_BUF)
        size = buffer.type.sizeof
        head, tail = (int(static(name)) for name in ("log_head", "log_tail"))
        if not 0 <= head - tail <= size:
            print("the log is not set up yet")
            return
        raw = memory(buffer.address, size)
        record = gdb.lookup_type("struct log_record")
        fields = {field.name: (field.bitpos // 8, field.type.sizeof)
                  for field in record.fields()}

        def take(position, count):
            at = position % size
            return (raw[at:at + count] + raw[:max(0, at + count - size)])[:count]

        def number(header, name):
            start, width = fields[name]
            return int.from_bytes(header[start:start + width], "little")

        while tail < head:
            header = take(tail, record.sizeof)
            length, time_ns = number(header, "len"), number(header, "time_ns")
            text = take(tail + record.sizeof, length).decode(errors="replace")
            print(f"[{time_ns // 10**9:5}.{time_ns // 1000 % 10**6:06}] {text}")
            tail += record.sizeof + length


# --------------------------------------------------------------------------

class Summary:
    """A struct as one line, then its fields."""

    def __init__(self, value, line):
        self.value, self.line = value, line

    def to_string(self):
        try:
            return self.line(self.value)
        except (gdb.error, UnicodeDecodeError):
            return "(not readable)"

    def children(self):
        for field in self.value.type.fields():
            if field.name:
                yield field.name, self.value[field]


def pretty_printer(value):
    kind = value.type.strip_typedefs().unqualified()
    if kind.code != gdb.TYPE_CODE_STRUCT:
        return None
    line = {"sk_buff": skb_line, "sock": sock_line}.get(kind.tag)
    return Summary(value, line) if line else None


SkbCommand()
SockCommand()
RingCommand()
LogCommand()
gdb.pretty_printers.append(pretty_printer)
print("sojourn: sojourn-skb, sojourn-sock, sojourn-ring, sojourn-log")
