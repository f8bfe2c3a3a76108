#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""Layout: is every .c and .h file laid out as .clang-format says?

clang-format knows no hand-aligned columns: trailing comments under each other,
tables, a #define's value. So files are not compared byte by byte but token by
token, and what has to agree is what makes code readable:

- a statement starts a line where clang-format starts one, at its indentation;
- tokens of a line are separated where clang-format separates them;
- no line is longer than the column limit, none ends in white space, indentation
  is tabs.

Free are: where a long line is broken and how deep it goes on, columns, macros,
initialisers and enumerations, a whole block on one line.

Usage: check_format.py [FILE…]; without files, all of the tree.
"""
from __future__ import annotations

import concurrent.futures
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLUMNS = 100

TOKEN = re.compile(r"""
    (?P<space>[ \t\r\f\v]+|\\\n)
  | (?P<newline>\n)
  | (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<directive>\#(?:\\\n|/\*.*?\*/|[^\n])*)
  | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
  | (?P<word>[A-Za-z0-9_.$]+)
  | (?P<sign><<=|>>=|->|\+\+|--|<<|>>|[-+*/%&|^!=<>]=|&&|\|\||.)
""", re.VERBOSE | re.DOTALL)


class Token(NamedTuple):
    text: str
    line: int           # from 1
    first: bool         # first of its line
    column: int         # of its first character, tabs to 8
    spaced: bool        # white space before it


def tokens(source: str) -> "list[Token]":
    """Code tokens of @source: no comments, no directives."""
    found = []
    line, start, first, spaced = 1, 0, True, False
    for match in TOKEN.finditer(source):
        kind, text = match.lastgroup, match.group()
        if kind == "newline":
            line, start, first, spaced = line + 1, match.end(), True, True
        elif kind in ("space", "comment", "directive"):
            if "\n" in text:
                line += text.count("\n")
                start = match.start() + text.rindex("\n") + 1
            spaced = True
        else:
            column = len(source[start:match.start()].expandtabs(8))
            found.append(Token(text, line, first, column, spaced))
            first = spaced = False
    return found


class Context(NamedTuple):
    kind: str           # "block", "list" (initialiser, enum), "paren"
    opened: Token
    before: str         # the token before it


def _brace_kind(before: "list[str]") -> str:
    """What the brace after the tokens @before opens."""
    if not before:
        return "block"
    if before[-1] in ("=", "(", ",", "{", "return") or before[-1] == "]":
        return "list"
    if before[-1] == ")" and _is_compound_literal(before):
        return "list"
    recent = before[-3:]
    return "list" if "enum" in recent else "block"


def _is_compound_literal(before: "list[str]") -> bool:
    """Does `(type)` before a brace make it a literal, not the body of something?"""
    depth = 0
    for at in range(len(before) - 1, -1, -1):
        depth += (before[at] == ")") - (before[at] == "(")
        if not depth:
            ahead = before[at - 1] if at else ""
            return not re.fullmatch(r"[A-Za-z_]\w*|\)|\}", ahead) or ahead == "return"
    return False


CONTROL = frozenset(("if", "for", "while", "switch"))


def roles(ours: "list[Token]") -> "list[str]":
    """For each token of a block whose layout counts: "start" where a statement,
    declaration or closing brace starts, "body" where the single statement of an
    if, else or loop does, "brace" for a brace and for what goes on behind one; else ""."""
    stack: "list[Context]" = []
    texts: "list[str]" = []
    found = []
    closed = ""                 # what stood before the parenthesis that just ended
    for token in ours:
        text, before = token.text, texts[-1] if texts else ";"
        role = ""
        if all(context.kind == "block" for context in stack):
            if text == "{" and _brace_kind(texts) == "block":
                role = "brace"
            elif before == "}" and text in ("else", "while"):
                role = "brace"
            elif before in (";", "{") or (before == "}" and text not in (";", ",", ")")):
                role = "start"
            elif text != ";" and (before in ("else", "do") and text != "if"
                                  or before == ")" and closed in CONTROL):
                role = "body"
        found.append(role)
        if text in "([":
            stack.append(Context("paren", token, before))
        elif text == "{":
            # A statement expression inside parentheses is laid out by hand.
            nested = stack and stack[-1].kind != "block"
            stack.append(Context("list" if nested else _brace_kind(texts), token, before))
        elif text in ")]}" and stack:
            closed = stack.pop().before
        texts.append(text)
    return found


def one_line_blocks(ours: "list[Token]") -> "set[int]":
    """Indices of tokens inside a block that stands whole on one line."""
    inside: "set[int]" = set()
    stack: "list[int]" = []
    for at, token in enumerate(ours):
        if token.text == "{":
            stack.append(at)
        elif token.text == "}" and stack:
            opened = stack.pop()
            if ours[opened].line == token.line:
                inside.update(range(opened, at + 1))
    return inside


#: Tokens around which people may align or not: bit fields, columns, pointers.
FREE_AFTER = frozenset(":,*")
FREE_BEFORE = frozenset(":*=~")


def compare(path: str, source: str, formatted: str) -> "list[str]":
    """Complaints about @source, whose clang-format is @formatted."""
    ours, theirs = tokens(source), tokens(formatted)
    if [token.text for token in ours] != [token.text for token in theirs]:
        return [f"{path}: clang-format changes more than its layout"]
    parts, short = roles(ours), one_line_blocks(ours)
    complaints = []
    for at, (our, their) in enumerate(zip(ours, theirs)):
        where = f"{path}:{our.line}"
        role = "" if at in short else parts[at]
        if role == "brace" and our.first != their.first:
            complaints.append(f"{where}: '{our.text}' belongs on "
                              f"{'a line of its own' if their.first else 'the line before'}")
        elif role and their.first and not our.first:
            complaints.append(f"{where}: '{our.text}' belongs on a line of its own")
        elif role and their.first and our.column != their.column:
            complaints.append(f"{where}: '{our.text}' is indented by {our.column} columns, "
                              f"not by {their.column}")
        elif not our.first and not their.first and our.spaced != their.spaced:
            before = ours[at - 1].text
            if before in FREE_AFTER or our.text in FREE_BEFORE or at in short:
                continue
            # clang-format takes (type)-x for a subtraction.
            if before == ")" and our.text == "-" or before == "-" and ours[at - 2].text == ")":
                continue
            complaints.append(f"{where}: {'no ' if our.spaced else ''}space wanted between "
                              f"'{before}' and '{our.text}'")
    return complaints


def plain_rules(path: str, source: str) -> "list[str]":
    """What needs no clang-format."""
    complaints = []
    for number, line in enumerate(source.splitlines(), 1):
        where = f"{path}:{number}"
        if line != line.rstrip():
            complaints.append(f"{where}: white space at the end of the line")
        if re.match(r"\t* {8}", line):
            complaints.append(f"{where}: eight spaces where a tab belongs")
        if len(line.expandtabs(8)) > COLUMNS and '"' not in line:
            complaints.append(f"{where}: {len(line.expandtabs(8))} columns, "
                              f"more than {COLUMNS}")
    if source and not source.endswith("\n"):
        complaints.append(f"{path}: no newline at the end")
    return complaints


WALK = re.compile(r"^#[ \t]*define[ \t]+(\w*(?:for_each|_walk)\w*)\(", re.MULTILINE)


def style(paths: "list[str]") -> str:
    """.clang-format, and every macro of @paths that heads a loop."""
    text = (ROOT / ".clang-format").read_text().rstrip() + "\n"
    walks = {name for path in paths for name in WALK.findall((ROOT / path).read_text())}
    return text + "".join(f"  - {name}\n" for name in sorted(walks) if f"- {name}\n" not in text)


def check(path: str, style_path: str) -> "list[str]":
    """Complaints about one file. @style_path: a file with style()."""
    source = (ROOT / path).read_text()
    done = subprocess.run(["clang-format", f"--style=file:{style_path}",
                           f"--assume-filename={path}"], input=source,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    if done.returncode:
        return [f"{path}: clang-format: {done.stderr.strip()}"]
    return plain_rules(path, source) + compare(path, source, done.stdout)


#: Digests of what had no complaints before: clang-format takes half a minute for all.
PASSED = ROOT / "build" / "format-passed"


def digests(paths: "list[str]", rules: str) -> "dict[str, str]":
    """Of each file, with the rules it is held to."""
    base = hashlib.sha256(rules.encode() + pathlib.Path(__file__).read_bytes())
    found = {}
    for path in paths:
        one = base.copy()
        one.update(path.encode() + b"\0" + (ROOT / path).read_bytes())
        found[path] = one.hexdigest()
    return found


def tree() -> "list[str]":
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "--cached", "*.c", "*.h"],
                            stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    # hosted_api.h is a contract and is taken as it stands.
    return [path for path in listed
            if (ROOT / path).exists() and path != "include/hosted_api.h"]


def main() -> int:
    wanted = [os.path.relpath(os.path.abspath(name), ROOT) for name in sys.argv[1:]] or tree()
    rules = style(tree())
    digest = digests(wanted, rules)
    passed = set(PASSED.read_text().split()) if PASSED.exists() else set()
    with tempfile.NamedTemporaryFile("w", suffix=".clang-format") as file, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        file.write(rules)
        file.flush()
        new = [path for path in wanted if digest[path] not in passed]
        found = dict(zip(new, pool.map(lambda path: check(path, file.name), new)))
    for line in (line for lines in found.values() for line in lines):
        print(line)
    passed |= {digest[path] for path, lines in found.items() if not lines}
    PASSED.parent.mkdir(exist_ok=True)
    # Of the whole tree: what no file is like any more is forgotten.
    PASSED.write_text("\n".join(sorted(passed & set(digest.values()) if len(sys.argv) == 1
                                       else passed)) + "\n")
    complaints = sum(map(len, found.values()))
    print(f"format: {len(wanted)} files, {complaints} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
