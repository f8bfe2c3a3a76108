#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns `nm -n` of the first link (stdin) into the assembler source of the
symbol table (stdout) that the second link carries for backtraces.

The table, which kernel/x86/symbols.c reads:

  ksyms_base     where the first function begins, 32 bits
  ksyms_sizes    for each function, ascending: from it to the next, 16 bits;
                 of the last, which has none, 0xffff
  ksyms_names    their names in the same order, each closed by a NUL
  ksyms_pairs    what a byte from 0x80 on in a name stands for: two bytes,
                 which may again be such bytes (byte pair encoding)

The text lies before the table in the image, so that the addresses are the same
in both links.
"""
import collections
import sys

FIRST_TOKEN, TOKENS = 0x80, 128
#: How deep pairs of pairs may go: the reader's stack.
DEPTH_MAX = 8


def functions(lines):
    """Yields (address, name) for each function, one name an address."""
    last = None
    for line in lines:
        fields = line.split()
        if len(fields) != 3 or fields[1] not in "tTwW":
            continue
        address, name = int(fields[0], 16), fields[2]
        if name.startswith((".L", "$")) or address == last:
            continue
        last = address
        # gcc's clones of a function are the function to a reader.
        for suffix in (".part", ".constprop", ".isra", ".cold", ".lto_priv"):
            name = name.split(suffix)[0]
        yield address, name


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
    table = list(functions(sys.stdin))
    addresses = [address for address, _ in table]
    names, pairs = compress([name for _, name in table])
    sizes = [end - start for start, end in zip(addresses, addresses[1:])]
    if max(sizes) > 0xffff:
        sys.exit("ksyms: a function of more than 64 KiB")
    sizes.append(0xffff)

    def label(name):
        return [f"\t.globl {name}", f"{name}:"]

    out = ['\t.section .ksyms, "a"', "\t.balign 4", *label("ksyms_base")]
    out += [f"\t.long {addresses[0]:#x}", *label("ksyms_sizes")]
    out += [f"\t.short {size}" for size in sizes]
    out += [*label("ksyms_sizes_end"), *label("ksyms_pairs")]
    out += [f"\t.byte {first}, {second}" for first, second in pairs]
    out += label("ksyms_names")
    out += ["\t.byte " + ", ".join(map(str, name + [0])) for name in names]
    out += [*label("ksyms_names_end"), '\t.section .note.GNU-stack, "", @progbits']
    print("\n".join(out))


if __name__ == "__main__":
    main()
