# SPDX-License-Identifier: MIT
"""The checks themselves: what they must catch, and what they must leave alone."""
import importlib.util
import re
import shutil
import subprocess

import pytest
from conftest import ROOT
from launcher.common import ISO


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


layers, layout = load("check_layers"), load("check_format")


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """tree({path: text}) → the paths, with a tree of its own under the checks."""
    monkeypatch.setattr(layers, "ROOT", tmp_path)
    layers.resolve.cache_clear()

    def write(files):
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        return sorted(files)
    yield write
    layers.resolve.cache_clear()


HEADERS = {path: "" for path in (
    "include/linux/skbuff.h", "include/net/tcp.h", "include/net/dst.h", "include/asm/io.h",
    "include/uapi/linux/in.h", "include/platform.h", "apps/lib/lib.h")}


@pytest.mark.parametrize("path,include", [
    ("apps/echo.c", "<linux/skbuff.h>"), ("apps/echo.c", "<net/tcp.h>"),
    ("drivers/net/x.c", "<net/dst.h>"), ("drivers/net/x.c", "<asm/io.h>"),
    ("net/core/dev.c", "<net/tcp.h>"), ("net/sched/x.c", "<net/tcp.h>"),
    ("net/ipv4/tcp.c", "<asm/io.h>"), ("net/ipv4/tcp.c", "<platform.h>"),
    ("kernel/timer.c", "<net/dst.h>"), ("kernel/lib/x.c", "<asm/io.h>"),
    ("include/linux/x.h", "<asm/io.h>"), ("net/ipv4/tcp.c", "<stdio.h>"),
])
def test_an_include_across_a_layer_is_caught(tree, path, include):
    files = tree({**HEADERS, path: f"#include {include}\n"})
    assert len(layers.check_includes(files)) == 1


@pytest.mark.parametrize("path,include", [
    ("apps/echo.c", "<linux/in.h>"), ("apps/echo.c", '"lib/lib.h"'),
    ("drivers/net/x.c", "<linux/skbuff.h>"), ("net/core/dev.c", "<net/dst.h>"),
    ("net/ipv4/tcp.c", "<net/tcp.h>"), ("kernel/timer.c", "<platform.h>"),
    ("kernel/x86/apic.c", "<asm/io.h>"), ("net/ipv4/x.c", "<stdarg.h>"),
    ("tests/host/platform.c", "<stdio.h>"),
])
def test_an_include_within_its_layer_passes(tree, path, include):
    files = tree({**HEADERS, path: f"#include {include}\n"})
    assert layers.check_includes(files) == []


def test_a_ring_of_headers_is_caught(tree):
    ring = {f"include/linux/{a}.h": f"#include <linux/{b}.h>\n"
            for a, b in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))}
    found = layers.check_cycles(tree(ring))
    assert len(found) == 1 and found[0].count("->") == 3


def test_an_if_and_a_missing_licence_are_caught(tree):
    files = tree({"net/core/a.c": "// SPDX-License-Identifier: MIT\n#ifdef X\n#endif\n",
                  "net/core/b.c": "int x;\n"})
    assert len(layers.check_text(files)) == 2


def test_what_an_object_may_name_and_hold(tmp_path):
    if not shutil.which("gcc"):
        pytest.skip("no gcc here")

    def symbols(name, text):
        source, out = tmp_path / "x.c", tmp_path / "x.o"
        source.write_text(text)
        subprocess.run(["gcc", "-c", "-O1", "-fno-common", str(source), "-o", str(out)], check=True)
        return {name: layers.symbols(out)}

    core = symbols("net/core/dev.o", "void platform_idle(void); void tcp_x(void); void printf_(void);"
                   "int count; static const int ok = 1; const int *use(void);"
                   "int table[2] __attribute__((section(\"ro_after_init\")));"
                   "const int *use(void) { platform_idle(); tcp_x(); printf_();"
                   " count++; return &ok; }")
    ipv4 = symbols("net/ipv4/tcp.o", "void tcp_x(void); void tcp_x(void) { }")
    named = layers.check_symbols({**core, **ipv4})
    assert len(named) == 2
    assert any("tcp_x of net/ipv4/tcp.o" in line for line in named)
    assert any("printf_ is neither" in line for line in named)
    held = layers.check_state({**core, **ipv4})
    assert len(held) == 1 and "count" in held[0]


@pytest.mark.skipif(not shutil.which("xorriso"), reason="no xorriso here")
def test_the_cd_has_the_image_and_grub_and_nothing_that_grows():
    said = subprocess.run(["xorriso", "-indev", str(ISO), "-find", "/", "-type", "f"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=True).stdout.split()
    found = {name.strip("'") for name in said if not name.startswith("'/boot/grub/i386-pc/")}
    assert found - {"/boot.catalog", "/boot/boot.cat"} == {
        "/boot/sojourn.elf", "/boot/grub/grub.cfg"}


def test_the_table_of_old_bugs_names_tests_that_exist():
    page = (ROOT / "docs" / "testing.md").read_text()
    table = page[page.index("## Old bugs of others"):page.index("## Seeds")]
    rows = re.findall(r"^\| (\d+) \|.*\| (.*) \|$", table, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 21))
    sources = [path for kind in ("*.c", "*.py") for path in (ROOT / "tests").rglob(kind)]
    named = set(re.findall(r"^(?:TEST\(|def )(\w+)", "\n".join(
        path.read_text() for path in sources), re.MULTILINE))
    for number, tests in rows:
        names = re.findall(r"`([\w./]+)`", tests)
        assert names, f"bug {number} has no test"
        for name in names:
            assert (name in named or (ROOT / name).is_file()
                    or (ROOT / "tests" / "qemu" / name).is_file()), f"bug {number}: no {name}"


GOOD = """// SPDX-License-Identifier: MIT
#define A	1		/* by hand */
#define LONG(x)	do { \\
		use(x);	\\
	} while (0)
#define my_for_each(x)	for (; x; x--)

static const struct row rows[] = {
	{ "a",		1 },
	{ "long name",	2 },
};

static inline int one(void) { return 1; }

static int f(struct sk_buff *skb, int n)
{
	int a = 1,		/* one */
	    b = 2;		/* two */

	my_for_each(n) {
		f(skb, n);
	}
	if (a && skb &&
	    b) {
		for (a = 0; a < n; a++)
			b += a;
	} else {
		goto out;
	}
	switch (a) {
	case 1:
		return (u32)b;
	default:
		break;
	}
out:
	return n ? a : b;
}
"""


def complaints(text, tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "ROOT", tmp_path)
    shutil.copy(ROOT / ".clang-format", tmp_path)
    (tmp_path / "x.c").write_text(text)
    (tmp_path / "style").write_text(layout.style(["x.c"]))
    return layout.check("x.c", str(tmp_path / "style"))


@pytest.mark.skipif(not shutil.which("clang-format"), reason="no clang-format here")
def test_hand_aligned_code_in_kernel_layout_passes(tmp_path, monkeypatch):
    assert complaints(GOOD, tmp_path, monkeypatch) == []


@pytest.mark.skipif(not shutil.which("clang-format"), reason="no clang-format here")
@pytest.mark.parametrize("old,new", [
    ("\t\t\tb += a;", "\t\tb += a;"),
    ("\t\t\tb += a;", "\t\t\tb+=a;"),
    ("if (a && skb &&", "if(a && skb &&"),
    ("\tcase 1:", "\t\tcase 1:"),
    ("out:\n", "\tout:\n"),
    ("\treturn n", "        return n"),
    ("int n)\n{", "int n) {"),
    ("\t\tbreak;", "\t\tbreak; "),
    ("\t} else {\n\t\tgoto out;\n\t}\n", "\t}\n\telse {\n\t\tgoto out;\n\t}\n"),
    ("return n ? a : b", "f (skb, n); return n ? a : b"),
    ("/* one */", "/* " + "one " * 30 + "*/"),
])
def test_what_is_laid_out_otherwise_is_caught(tmp_path, monkeypatch, old, new):
    assert GOOD.count(old) == 1
    assert complaints(GOOD.replace(old, new), tmp_path, monkeypatch)


def test_a_file_that_passed_is_looked_at_again_when_it_or_a_rule_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "ROOT", tmp_path)
    (tmp_path / "a.c").write_text("int a;\n")
    first = layout.digests(["a.c"], "rules")
    assert layout.digests(["a.c"], "rules") == first
    assert layout.digests(["a.c"], "other rules") != first
    (tmp_path / "a.c").write_text("int  a;\n")
    assert layout.digests(["a.c"], "rules") != first
