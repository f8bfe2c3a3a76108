#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns `nm -n` of the linked image (stdin) into its symbol table for backtraces
(stdout), which `objcopy --update-section .ksyms=` puts where linker.ld has left
room for it.

The table, which kernel/x86/symbols.c reads; numbers are little endian:

  u32 base       where the first function begins
  u32 functions  how many there are
  u32 names      bytes of names
  u8 pairs       what a byte from 0x80 on in a name stands for: two bytes, which
                 may again be such bytes (byte pair encoding); 128 times
  u16 sizes      for each function, ascending: from it to the next; of the last,
                 which has none, 0xffff
  u8 names       in the same order, each closed by a NUL
"""
import collections
import re
import struct
import sys

FIRST_TOKEN, TOKENS = 0x80, 128
#: How deep pairs of pairs may go: the reader's stack.
DEPTH_MAX = 8


def read(lines):
    """(room for the table in bytes, [(address, name)] of functions, one name an address)."""
    room, found = {}, {}
    for line in lines:
        fields = line.split()
        if len(fields) != 3:
            continue
        address, kind, name = int(fields[0], 16), fields[1], fields[2]
        if name in ("ksyms", "ksyms_end"):
            room[name] = address
        # gcc's -flto has symbols of its own for debuggers: file.c.0123abcd.
        if kind in "tTwW" and not re.match(r"\.L|\$|\w[\w-]*\.c\.[0-9a-f]{8}$", name):
            # gcc's clones of a function are the function to a reader.
            for suffix in (".part", ".constprop", ".isra", ".cold", ".lto_priv"):
                name = name.split(suffix)[0]
            found.setdefault(address, name)
    return room["ksyms_end"] - room["ksyms"], sorted(found.items())


def replace(name, pair, token):
    """@name with @token for each @pair, from the left."""
    out, at = [], 0
    while at < len(name):
        if tuple(name[at:at + 2]) == pair:
            out.append(token)
            at += 2
        else:
            out.append(name[at])
            at += 1
    return out


def compress(names):
    """(@names as lists of bytes and tokens, the pairs the tokens stand for)."""
    names = [list(name.encode("ascii")) for name in names]
    pairs, depth = [], collections.Counter()
    for token in range(FIRST_TOKEN, FIRST_TOKEN + TOKENS):
        counts = collections.Counter(pair for name in names for pair in zip(name, name[1:])
                                     if max(depth[pair[0]], depth[pair[1]]) < DEPTH_MAX)
        if not counts:
            break
        pair = max(sorted(counts), key=counts.get)
        depth[token] = 1 + max(depth[pair[0]], depth[pair[1]])
        pairs.append(pair)
        names = [replace(name, pair, token) for name in names]
    return names, pairs


def main():
    room, table = read(sys.stdin)
    addresses = [address for address, _ in table]
    names, pairs = compress([name for _, name in table])
    sizes = [end - start for start, end in zip(addresses, addresses[1:])]
    if max(sizes) > 0xffff:
        sys.exit("ksyms: a function of more than 64 KiB")
    sizes.append(0xffff)

    pairs += [(0, 0)] * (TOKENS - len(pairs))
    text = b"".join(bytes(name) + b"\0" for name in names)
    out = struct.pack("<3I", addresses[0], len(sizes), len(text))
    out += b"".join(map(bytes, pairs)) + struct.pack(f"<{len(sizes)}H", *sizes) + text
    if len(out) > room:
        sys.exit(f"ksyms: the table takes {len(out)} bytes and linker.ld leaves {room}: "
                 "let it leave more")
    sys.stdout.buffer.write(out.ljust(room, b"\0"))


if __name__ == "__main__":
    main()
