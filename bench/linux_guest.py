# SPDX-License-Identifier: MIT
"""The Linux guest: Debian's kernel, its network drivers, and bench/linux as /init.

The kernel package is fetched by apt-get download, unpacked and never installed;
kernel, modules and initramfs stay in build/bench/linux for the next run.
"""
from __future__ import annotations

import os
import pathlib
import platform
import re
import shutil
import stat
import subprocess
import tempfile

from launcher.common import BUILD, Problem, note

PLACE = BUILD / "bench" / "linux"
INIT = BUILD / "bench" / "linux-init"
KERNEL = PLACE / "vmlinuz"
#: Written last: with it, all is there.
RELEASE = PLACE / "release"
META_PACKAGE = "linux-image-amd64"
#: The drivers of each NIC; what they need is loaded before them.
DRIVERS = {"virtio": ("virtio_pci", "virtio_net"), "e1000": ("e1000",)}


# --------------------------------------------------------------------------
# The package.

def _tool(*words: str, cwd=None) -> str:
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, cwd=cwd)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Problem(f"{' '.join(words[:2])}: {last[-1] if last else done.returncode}")
    return done.stdout


def _package() -> str:
    """The package that Debian's metapackage depends on."""
    for line in _tool("apt-cache", "depends", META_PACKAGE).splitlines():
        match = re.match(r"\s*Depends: (linux-image-\S+)", line)
        if match:
            return match[1]
    raise Problem(f"apt-cache knows no kernel behind {META_PACKAGE}")


def _unpack(archive: pathlib.Path, into: pathlib.Path) -> None:
    """Kernel and modules of @archive to @into, flat; what is not needed is left."""
    with tempfile.TemporaryDirectory(dir=into, prefix="unpack-") as scratch:
        _tool("dpkg-deb", "--extract", str(archive), scratch)
        tree = pathlib.Path(scratch)
        kernel = next(tree.glob("boot/vmlinuz-*"), None)
        if not kernel:
            raise Problem(f"{archive.name} has no boot/vmlinuz")
        _unpack_modules(tree, into)
        shutil.copyfile(kernel, into / "vmlinuz")
        (into / RELEASE.name).write_text(kernel.name[len("vmlinuz-"):] + "\n")


def _unpack_modules(tree: pathlib.Path, into: pathlib.Path) -> None:
    """The DRIVERS and all that they need."""
    found = {path.name.split(".")[0].replace("-", "_"): path
             for path in tree.glob("lib/modules/*/kernel/**/*.ko*")}
    wanted = [name for names in DRIVERS.values() for name in names]
    while wanted:
        name = wanted.pop()
        if name not in found:
            raise Problem(f"the kernel's package has no module {name}")
        target = into / f"{name}.ko"
        if not target.exists():
            _module(found[name], target)
            wanted += needs(target.read_bytes())


def needs(module: bytes) -> "list[str]":
    """The modules that @module names in its .modinfo."""
    match = re.search(rb"\0depends=([^\0]*)\0", module)
    return [name.decode().replace("-", "_") for name in match[1].split(b",") if name] \
        if match else []


def load_order(drivers: "tuple[str, ...]", read) -> "list[str]":
    """@drivers, each after what it needs; @read: the bytes of a module."""
    order: "list[str]" = []

    def add(name: str) -> None:
        if name not in order:
            for needed in needs(read(name)):
                add(needed)
            order.append(name)

    for name in drivers:
        add(name)
    return order


def _module(source: pathlib.Path, target: pathlib.Path) -> None:
    """@source at @target, as the kernel takes it: not compressed."""
    if source.suffix == ".ko":
        shutil.copyfile(source, target)
        return
    tools = {".xz": "xz", ".zst": "zstd", ".gz": "gzip"}
    if source.suffix not in tools:
        raise Problem(f"{source.name}: no tool for {source.suffix}")
    with open(target, "wb") as out:
        subprocess.run([tools[source.suffix], "-dc", str(source)], stdout=out, check=True)


def fetch() -> str:
    """Has kernel and modules in PLACE; the kernel's release. Raises Problem."""
    if not RELEASE.exists():
        for tool in ("apt-get", "apt-cache", "dpkg-deb"):
            if not shutil.which(tool):
                raise Problem(f"{tool} is not here: a Linux guest is made of Debian's package")
        PLACE.mkdir(parents=True, exist_ok=True)
        package = _package()
        note(f"fetching {package}, once (70 MB; it is unpacked, not installed)")
        with tempfile.TemporaryDirectory(dir=PLACE, prefix="fetch-") as scratch:
            # apt's own user has to be able to write there, or it warns.
            os.chmod(scratch, 0o755)
            _tool("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", package,
                  cwd=scratch)
            archive = next(pathlib.Path(scratch).glob("*.deb"), None)
            if archive is None:
                raise Problem(f"apt-get download {package} left no package")
            _unpack(archive, PLACE)
    return RELEASE.read_text().strip()


# --------------------------------------------------------------------------
# The initramfs: cpio in the "newc" form of the kernel's
# Documentation/driver-api/early-userspace/buffer-format.rst.

def _entry(number: int, name: str, mode: int, data: bytes = b"",
           device: "tuple[int, int]" = (0, 0)) -> bytes:
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
    head += bytes(-len(head) % 4)
    return head + data + bytes(-len(data) % 4)


def archive(files: "list[tuple[str, int, bytes, tuple[int, int]]]") -> bytes:
    """A cpio of @files: (name, mode, data, device numbers)."""
    parts = [_entry(number, name, mode, data, device)
             for number, (name, mode, data, device) in enumerate(files, 1)]
    return b"".join(parts) + _entry(0, "TRAILER!!!", 0)


def initramfs(nic: str) -> pathlib.Path:
    """The initramfs for @nic, made anew when something in it is."""
    target = PLACE / f"initramfs-{nic}.cpio"
    modules = [PLACE / f"{name}.ko" for name in load_order(
        DRIVERS[nic], lambda name: (PLACE / f"{name}.ko").read_bytes())]
    newest = max(path.stat().st_mtime for path in [INIT, *modules])
    if target.exists() and target.stat().st_mtime >= newest:
        return target
    none = (0, 0)
    files = [(name, stat.S_IFDIR | 0o755, b"", none)
             for name in ("dev", "proc", "sys", "modules")]
    # The kernel opens the console for /init: 0, 1 and 2.
    files.append(("dev/console", stat.S_IFCHR | 0o600, b"", (5, 1)))
    files.append(("init", stat.S_IFREG | 0o755, INIT.read_bytes(), none))
    order = "".join(f"{path.name}\n" for path in modules)
    files.append(("modules/order", stat.S_IFREG | 0o644, order.encode(), none))
    files += [(f"modules/{path.name}", stat.S_IFREG | 0o644, path.read_bytes(), none)
              for path in modules]
    target.write_bytes(archive(files))
    return target


def obstacle() -> "str | None":
    """Why there can be no Linux guest here, or None: then it is all in place."""
    if not INIT.exists():
        return f"{INIT} is not built: make bench"
    if platform.machine() != "x86_64" and not RELEASE.exists():
        return f"this host is {platform.machine()}: its apt has no amd64 kernel"
    try:
        fetch()
    except (Problem, OSError, subprocess.CalledProcessError) as problem:
        return str(problem)
    return None
