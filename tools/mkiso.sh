#!/bin/sh
# SPDX-License-Identifier: MIT
#
# mkiso.sh IMAGE GRUB.CFG OUT.ISO [KERNEL PARAMETERS]
#
# Puts the image and GRUB on a CD that BIOS machines boot. The image goes in
# without its debug information. Needs grub-mkrescue (grub-pc-bin), xorriso
# and mtools.
set -eu

if [ $# -lt 3 ]; then
	echo "usage: $0 IMAGE GRUB.CFG OUT.ISO [KERNEL PARAMETERS]" >&2
	exit 2
fi
image=$1
config=$2
out=$3
shift 3

for tool in grub-mkrescue xorriso mformat; do
	if ! command -v "$tool" >/dev/null; then
		echo "$0: $tool is missing: apt-get install grub-pc-bin grub-common xorriso mtools" >&2
		exit 1
	fi
done

# The log grows while the CD is written: it must not be on it.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
dir=$work/cd
log=$work/log
mkdir -p "$dir/boot/grub"
"${OBJCOPY:-${CROSS_COMPILE:-x86_64-linux-gnu-}objcopy}" --strip-debug \
	"$image" "$dir/boot/sojourn.elf"
# Quoted for GRUB; then & and \ and | mean something to sed.
words=
for word; do
	words="$words '$(printf '%s' "$word" | sed "s/'/'\\\\''/g")'"
done
words=$(printf '%s' "$words" | sed 's/[&\\|]/\\&/g')
sed "s|\(multiboot2 /boot/sojourn.elf\)|\1$words|" "$config" \
	>"$dir/boot/grub/grub.cfg"

# Only what a BIOS boot from CD needs: the ISO stays small.
# What it leaves behind when it fails goes with ours.
if ! TMPDIR=$work grub-mkrescue -d /usr/lib/grub/i386-pc -o "$out" \
	--install-modules="multiboot2 normal serial terminal iso9660 biosdisk" \
	--locales= --fonts= --themes= "$dir" \
	-- -volid SOJOURN >"$log" 2>&1; then
	cat "$log" >&2
	exit 1
fi
