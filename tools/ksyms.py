#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns `nm -n` of the first link (stdin) into the assembler source of the
symbol table (stdout) that the second link carries for backtraces.

The table is two blobs that kernel/x86/symbols.c reads: the addresses of all
functions, ascending, 32 bits each, and their names in the same order, each
closed by a NUL. The text lies before the table in the image, so that the
addresses are the same in both links.
"""
import sys


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


def main():
    table = list(functions(sys.stdin))
    out = ['\t.section .ksyms, "a"', "\t.balign 4", "\t.globl ksyms_addresses",
           "ksyms_addresses:"]
    out += [f"\t.long {address:#x}" for address, _ in table]
    out += ["\t.globl ksyms_addresses_end", "ksyms_addresses_end:",
            "\t.globl ksyms_names", "ksyms_names:"]
    out += [f'\t.asciz "{name}"' for _, name in table]
    out += ["\t.globl ksyms_names_end", "ksyms_names_end:",
            '\t.section .note.GNU-stack, "", @progbits']
    print("\n".join(out))


if __name__ == "__main__":
    main()
