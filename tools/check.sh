#!/bin/sh
# SPDX-License-Identifier: MIT
#
# make check: everything a commit has to pass. Each step is run whether or not
# those before it passed, and says in one line how it went; what it complains
# about stands above that line.

cd "$(dirname "$0")/.." || exit 1
make=${MAKE:-make}
log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
failed=0

# step NAME COMMAND...: quiet when it passes.
step() {
	name=$1
	shift
	start=$(date +%s)
	if "$@" >"$log" 2>&1; then
		verdict=ok
	else
		verdict=FAILED
		failed=$((failed + 1))
		grep -v '^make\[' "$log" | tail -n 60
	fi
	printf '%-28s %-7s %3d s\n' "$name" "$verdict" $(($(date +%s) - start))
}

for tool in clang clang-format sparse git valgrind; do
	if ! command -v "$tool" >/dev/null; then
		echo "check: $tool is missing; ./sojourn deps check installs it" >&2
		exit 1
	fi
done

jobs=${SOJOURN_JOBS:-2}
step "format" python3 -B tools/check_format.py
step "build with gcc" "$make" -s -k -j"$jobs" all build/host-san/hosted-tests
step "build with clang" "$make" -s -k -j"$jobs" LLVM=1 all
step "docs/map.md" python3 -B tools/map_table.py
step "lines of tests/mutants.txt" python3 -B tools/mutants.py -n
step "layers" python3 -B tools/check_layers.py build/host
step "sparse, headers by themselves" "$make" -s -k -j"$jobs" -f tools/check.mk check-all
step "hosted suites, ASan and UBSan" "$make" -s unit
step "instructions per packet" "$make" -s callgrind

if [ "$failed" -ne 0 ]; then
	echo "check: $failed of the steps failed"
	exit 1
fi
echo "check: everything passed"
