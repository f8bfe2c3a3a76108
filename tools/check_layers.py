#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""Who may know whom: holds the table of docs/design.md.

- includes: each directory sees only what the table lets it see, and headers
  include each other without cycles;
- symbols: the portable objects need nothing but the platform seam, the device
  seam and mem*/str*; net/core, net/sched and net/ethernet name nothing of
  net/ipv4;
- state: net/ has no mutable file-scope objects;
- text: no #if in .c files, an SPDX line in every file.

Usage: check_layers.py [OBJDIR]: the objects of the hosted library
(build/host). Without it, or for objects not there yet, only text is looked at.
"""
from __future__ import annotations

import functools
import pathlib
import re
import struct
import subprocess
import sys
from typing import Iterator, NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent

# --------------------------------------------------------------------------
# Includes.

#: What headers of the compiler itself may be used anywhere.
COMPILER_HEADERS = {"stdarg.h", "stddef.h", "stdint.h", "stdbool.h", "stdatomic.h"}

#: Headers of one transport or of IPv4: not for what stands below or beside it.
IPV4_HEADERS = (r"include/net/(tcp|udp|udplite|raw|ping|icmp|arp|ip|ip_fib|route|protocol|"
                r"inet_\w+|inetpeer|secure_seq|transp_v4|snmp_text)\.h")


#: What may stand over libc: tests, and what measures from outside.
OVER_LIBC = ("tests/", "bench/client/", "bench/linux/")


class Rule(NamedTuple):
    where: str          # files, as a pattern of the whole path
    allowed: str        # what they may include, as a pattern of the whole path
    denied: str         # and of that, what not
    says: str


RULES = (
    Rule(r"apps/.*", r"include/uapi/.*|apps/.*", r"$^",
         "apps know the system call interface (uapi/) and apps/ alone"),
    Rule(r"drivers/.*", r"include/linux/.*|include/uapi/.*|drivers/.*", r"$^",
         "drivers know linux/ alone"),
    Rule(r"net/(core|sched|ethernet|netfilter)/.*", r"include/(linux|uapi|net)/.*|net/.*",
         IPV4_HEADERS + r"|net/ipv4/.*", "below IP nothing knows of tcp, udp, ip or routes"),
    Rule(r"net/[^/]*|net/ipv4/.*", r"include/(linux|uapi|net)/.*|net/.*", r"$^",
         "net/ knows linux/, uapi/ and net/; never asm/ or the platform"),
    Rule(r"kernel/(lib/)?[^/]*", r"include/(linux|uapi)/.*|include/platform\.h|kernel/[^/]*\.h|"
         r"kernel/lib/.*|include/net/checksum\.h", r"$^", "the portable kernel knows linux/ and the platform seam"),
    Rule(r"include/uapi/.*", r"include/uapi/.*|include/linux/types\.h|"
         r"include/linux/byteorder\.h|include/linux/compiler\.h", r"$^",
         "the system call interface knows only itself and the base types"),
    Rule(r"include/(linux|net)/.*", r"include/(linux|uapi|net)/.*|include/platform\.h", r"$^",
         "only the machine half sees asm/"),
)

#: A long header in several files: the parts include the whole, so that each of
#: them compiles alone and in any order.
PARTS = {f"include/linux/skb_{part}.h": "include/linux/skbuff.h"
         for part in ("data", "frag", "queue")}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


@functools.lru_cache(None)
def resolve(path: str, quote: str, name: str) -> "str | None":
    """The file in the tree that an include of @name in @path means."""
    places = ["include", "include/uapi"]
    if quote == '"':
        places.insert(0, str(pathlib.PurePath(path).parent))
    for place in places:
        candidate = (ROOT / place / name)
        if candidate.exists():
            return str(candidate.resolve().relative_to(ROOT))
    return None


def includes(path: str) -> "Iterator[tuple[int, str, str | None]]":
    """(line, name, file in the tree) of each include of @path."""
    text = (ROOT / path).read_text()
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[2], resolve(path, match[1], match[2])


def check_includes(files: "list[str]") -> "list[str]":
    complaints = []
    for path in files:
        if not path.endswith((".c", ".h", ".S")):
            continue
        rule = next((rule for rule in RULES if re.fullmatch(rule.where, path)), None)
        machine = re.match(r"kernel/(x86|mm)/|kernel/main\.c|boot/|tests/|include/asm/", path)
        for line, name, target in includes(path):
            if target is None:
                if name not in COMPILER_HEADERS and not path.startswith(OVER_LIBC):
                    complaints.append(f"{path}:{line}: <{name}> is not in the tree")
            elif rule and not machine and (not re.fullmatch(rule.allowed, target)
                                           or re.fullmatch(rule.denied, target)):
                complaints.append(f"{path}:{line}: includes {target}: {rule.says}")
    return complaints


def check_cycles(files: "list[str]") -> "list[str]":
    """Headers that include each other in a ring (depth first, without recursion)."""
    graph = {path: [target for _, _, target in includes(path)
                    if target and PARTS.get(path) != target]
             for path in files if path.endswith(".h")}
    state: "dict[str, int]" = {}            # 1: on the way, 2: done
    complaints = []
    for root in sorted(graph):
        if root in state:
            continue
        way, work = [root], [iter(graph[root])]
        state[root] = 1
        while work:
            target = next(work[-1], None)
            if target is None:
                state[way.pop()] = 2
                work.pop()
            elif state.get(target) == 1:
                ring = way[way.index(target):] + [target]
                complaints.append("headers include each other: " + " -> ".join(ring))
            elif target in graph and target not in state:
                state[target] = 1
                way.append(target)
                work.append(iter(graph[target]))
    return complaints


# --------------------------------------------------------------------------
# Objects. ELF64, little endian, read by hand: nm tells no section names.

SHT_SYMTAB = 2
SHF_WRITE, SHF_ALLOC = 1, 2
STT_SECTION, STT_FILE, STT_TLS = 3, 4, 6
SHN_UNDEF, SHN_LORESERVE, SHN_COMMON = 0, 0xFF00, 0xFFF2


class Symbol(NamedTuple):
    name: str
    section: str        # "" when undefined
    writable: bool
    local: bool
    size: int


def symbols(path: pathlib.Path) -> "list[Symbol]":
    """The symbols of the object at @path."""
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        raise SystemExit(f"{path}: no ELF64 object")
    table, = struct.unpack_from("<Q", data, 40)
    count, names_at = struct.unpack_from("<HH", data, 60)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + 64 * at) for at in range(count)]

    def text(section: int, offset: int) -> str:
        start = sections[section][4] + offset
        return data[start:data.index(b"\0", start)].decode()

    found = []
    for header in sections:
        if header[1] != SHT_SYMTAB:
            continue
        for at in range(header[4], header[4] + header[5], 24):
            name, info, _, index, _, size = struct.unpack_from("<IBBHQQ", data, at)
            if not name or info & 0xF in (STT_SECTION, STT_FILE):
                continue
            section, writable = "", index == SHN_COMMON
            if index != SHN_UNDEF and index < SHN_LORESERVE:
                section = text(names_at, sections[index][0])
                writable = sections[index][2] & (SHF_WRITE | SHF_ALLOC) == SHF_WRITE | SHF_ALLOC
            elif index != SHN_UNDEF:
                section = "common" if writable else "absolute"
            found.append(Symbol(text(header[6], name), section, writable, info >> 4 == 0, size))
    return found


def portable() -> "list[str]":
    """PORTABLE of objects.mk."""
    done = subprocess.run(["make", "-s", "-f", "objects.mk", "--eval",
                           "print-portable: ; @echo $(PORTABLE)", "print-portable"],
                          cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.split()


def declared(header: str) -> "set[str]":
    """Names of the functions (no inlines) and variables that @header declares."""
    path = ROOT / header
    if not path.exists():
        return set()
    text = re.sub(r"/\*.*?\*/|^[ \t]*#(?:\\\n|[^\n])*", "", path.read_text(), flags=re.S | re.M)
    functions = re.findall(r"\b(\w+)\s*\([^;{}]*\)\s*(?:__\w+(?:\([^)]*\))?\s*)*;", text)
    return set(functions + re.findall(r"^extern [^;()]*?(\w+);", text, re.M))


#: mem* and str* of kernel/lib or libc; what the compiler itself may call.
LIBRARY = re.compile(r"(mem(cpy|move|set|cmp|chr|scan)|str\w+|_GLOBAL_OFFSET_TABLE_|"
                     r"__(start|stop)_\w+)")
#: The device seam: implemented by each body.
DEVICE_SEAM = ("include/linux/io.h", "include/linux/dma-mapping.h", "include/linux/pci.h",
               "include/linux/pci_config.h", "include/linux/ioport.h",
               "include/linux/interrupt.h", "include/linux/irq.h", "include/linux/msi.h")


def check_symbols(objects: "dict[str, list[Symbol]]") -> "list[str]":
    defined = {symbol.name: name for name, found in objects.items() for symbol in found
               if symbol.section and not symbol.local}
    seam = declared("include/platform.h").union(*map(declared, DEVICE_SEAM))
    complaints = []
    for name, found in sorted(objects.items()):
        for symbol in found:
            if symbol.section:
                continue
            owner = defined.get(symbol.name)
            if owner is None and symbol.name not in seam and not LIBRARY.fullmatch(symbol.name):
                complaints.append(f"{name}: {symbol.name} is neither portable nor in the seam")
            if owner and owner.startswith("net/ipv4/") and re.match(
                    r"net/(core|sched|ethernet)/|kernel/|drivers/", name):
                complaints.append(f"{name}: names {symbol.name} of {owner}")
    return complaints


#: Sections for file-scope objects that net/ may have, and the once-only states.
FREE_SECTIONS = re.compile(r"ro_after_init|initcall\d|setup_params|syscall_entries|tracepoints|\.data\.rel\.ro(\..*)?")
FREE_NAMES = re.compile(r"__(rs|warned)(\.\d+)?")


def check_state(objects: "dict[str, list[Symbol]]") -> "list[str]":
    return [f"{name}: {symbol.name} ({symbol.section}) is mutable and not in struct net"
            for name, found in sorted(objects.items()) if name.startswith("net/")
            for symbol in found
            if symbol.writable and not FREE_SECTIONS.fullmatch(symbol.section)
            and not FREE_NAMES.fullmatch(symbol.name)]


# --------------------------------------------------------------------------
# Text.

CONDITIONAL = re.compile(r"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else)\b", re.MULTILINE)
SOURCES = re.compile(r"(.*/)?(Makefile|sojourn|run|linker\.ld|[^/]+\.(c|h|S|py|sh|mk|cfg))")


def check_text(files: "list[str]") -> "list[str]":
    complaints = []
    for path in files:
        if not SOURCES.fullmatch(path):
            continue
        text = (ROOT / path).read_text(errors="replace")
        if text.strip() and "SPDX-License-Identifier: MIT" not in text[:300] \
                and path != "include/hosted_api.h":
            complaints.append(f"{path}: no SPDX line")
        if path.endswith(".c"):
            for match in CONDITIONAL.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                complaints.append(f"{path}:{line}: #{match[1]} in a .c file")
    return complaints


def tree() -> "list[str]":
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "--cached"],
                            stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    return [path for path in listed if (ROOT / path).is_file()]


def main() -> int:
    files = tree()
    objects = {}
    wanted = portable() if len(sys.argv) > 1 else []
    absent = []
    for name in wanted:
        path = ROOT / sys.argv[1] / name
        if path.exists():
            objects[name] = symbols(path)
        else:
            absent.append(f"{path}: not built")
    complaints = absent + check_text(files) + check_includes(files) + check_cycles(files)
    if not absent:
        complaints += check_symbols(objects)
    complaints += check_state(objects)
    for line in complaints:
        print(line)
    print(f"layers: {len(files)} files, {len(objects)} objects, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
