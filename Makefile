# SPDX-License-Identifier: MIT
#
# make          build/sojourn.elf and build/host/libsojourn.so
# make iso      build/sojourn.iso (GRUB)
# make hosted   build/host/libsojourn.so; SAN=1: build/host-san/, ASan + UBSan
# make unit     the hosted tests under ASan and UBSan, run
# make fuzz     build/fuzz/<target>, libFuzzer's programs (clang)
# make fuzz-run TIME=3600   each of them for so many seconds, two at a time
# make conformance  docs/rfc.md: each rule of an RFC, its test, how it went
# make mutants  does a test notice when the code of its rule is wrong? (minutes)
# make golden   tests/sim/*.txt anew, from what the stack does now
# make callgrind  instructions per packet, against tests/callgrind/golden.txt;
#               make callgrind-golden writes it anew
# make bench    build/bench/: the client, the Linux guest's /init, the bare ring loop
# make check    everything a commit has to pass
#
# CROSS_COMPILE=x86_64-linux-gnu- picks gcc and binutils; LLVM=1 takes clang.

CROSS_COMPILE ?= x86_64-linux-gnu-
ifdef LLVM
CC      := clang --target=x86_64-linux-gnu
BUILD   := build/llvm
else
CC      := $(CROSS_COMPILE)gcc
BUILD   := build
endif
LD      := $(CROSS_COMPILE)ld
NM      := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy

# V=1 shows the commands.
Q := $(if $(V),,@)

# --------------------------------------------------------------------------
# What is built of what. PORTABLE goes into every body.

include objects.mk

# --------------------------------------------------------------------------

WARN := -Wall -Wextra -Wundef -Wshadow -Wpointer-arith -Wcast-qual \
	-Wcast-align -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wredundant-decls -Wvla \
	-Wframe-larger-than=1024 -Wimplicit-fallthrough -Wformat=2 \
	-Wno-unused-parameter -Wno-sign-compare -Wno-format-nonliteral -Werror
ifdef LLVM
WARN += -Wno-gnu-variable-sized-type-not-at-end -Wno-address-of-packed-member \
	-Wno-cast-align
else
# The sanitizers' own branches make gcc see paths that are none.
WARN_SAN := -Wno-maybe-uninitialized
endif

COMMON := -std=gnu11 -g -ffreestanding -nostdinc \
	-isystem $(shell $(CC) -print-file-name=include) \
	-Iinclude -Iinclude/uapi -fno-strict-aliasing -fno-common \
	-fno-delete-null-pointer-checks -fno-strict-overflow $(WARN) -MMD -MP

# The image is built for size, but for what is on a packet's way (HOT). String
# instructions are short, and slow under emulation: copies that are not a few
# moves are calls of memcpy(), which knows (kernel/x86/copy.c). gcc sees all C
# of the image at once (-flto): what costs most under emulation are returns and
# jumps to another page, and a call that is inlined has neither
# (docs/performance.md). clang builds file by file.
OPTIMISE     := -Os
OPTIMISE_HOT := -O2
ifndef LLVM
OPTIMISE     += -mstringop-strategy=libcall -flto
OPTIMISE_HOT += -mstringop-strategy=libcall -flto -finline-functions \
	-falign-functions=1 -falign-jumps=1 -falign-loops=1
# Names that gcc makes up are the same in each build.
SEED = -frandom-seed=$@
endif
METAL_CFLAGS := $(COMMON) -mno-red-zone -mgeneral-regs-only -mcmodel=small \
	-fno-pic -fno-pie -fno-stack-protector -fno-omit-frame-pointer \
	-fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections
HOST_CFLAGS := $(COMMON) -O2 -fPIC -fvisibility=hidden -fno-omit-frame-pointer \
	-fno-stack-protector
SAN_CFLAGS := $(HOST_CFLAGS) -fsanitize=address,undefined \
	-fno-sanitize-recover=all -fno-sanitize=alignment
SAN_CFLAGS := $(filter-out -Wframe-larger-than=1024,$(SAN_CFLAGS)) $(WARN_SAN)

METAL := $(PORTABLE) $(MACHINE) $(APPS)
METAL_OBJS := $(METAL:%=$(BUILD)/metal/%)
HOST_OBJS  := $(PORTABLE:%=$(BUILD)/host/%) $(HOSTED:%=$(BUILD)/host/%)
SAN_OBJS   := $(PORTABLE:%=$(BUILD)/host-san/%) $(HOSTED:%=$(BUILD)/host-san/%)
TEST_OBJS  := $(PORTABLE:%=$(BUILD)/host-san/%) $(HOSTTEST:%=$(BUILD)/host-san/%)

all: $(BUILD)/sojourn.elf hosted

$(HOT:%=$(BUILD)/metal/%): OPTIMISE = $(OPTIMISE_HOT)
# The flags are part of what is built.
$(BUILD)/metal/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(Q)$(CC) $(METAL_CFLAGS) $(OPTIMISE) $(SEED) -c $< -o $@
$(BUILD)/metal/%.o: %.S
	@mkdir -p $(@D)
	$(Q)$(CC) $(METAL_CFLAGS) -D__ASSEMBLY__ -c $< -o $@
$(BUILD)/host/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(HOST_CFLAGS) -c $< -o $@
$(BUILD)/host/%.o: %.S
	@mkdir -p $(@D)
	$(Q)$(CC) $(HOST_CFLAGS) -D__ASSEMBLY__ -c $< -o $@
$(BUILD)/host-san/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(SAN_CFLAGS) -c $< -o $@
$(BUILD)/host-san/%.o: %.S
	@mkdir -p $(@D)
	$(Q)$(CC) $(SAN_CFLAGS) -D__ASSEMBLY__ -c $< -o $@

# --------------------------------------------------------------------------
# The image, and into it the table of its functions' names for backtraces. gcc
# links what it compiles as a whole, clang's objects go to the linker as they are.

LDFLAGS := -nostdlib -static --gc-sections -z noexecstack -z max-page-size=4096 \
	--build-id=none
comma := ,
ifdef LLVM
LINK = $(LD) $(LDFLAGS)
else
LINK = $(CC) $(filter-out -W% -M%,$(METAL_CFLAGS)) $(OPTIMISE_HOT) $(SEED) \
	-flto-partition=one -Wframe-larger-than=1024 -Werror -no-pie \
	-nostdlib -static $(addprefix -Wl$(comma),$(filter-out -nostdlib -static,$(LDFLAGS)))
endif

$(BUILD)/sojourn.elf: $(METAL_OBJS) linker.ld tools/ksyms.py
	$(Q)$(LINK) -T linker.ld $(METAL_OBJS) -o $(BUILD)/sojourn.nosyms
	$(Q)$(NM) -n $(BUILD)/sojourn.nosyms | python3 -B tools/ksyms.py > $(BUILD)/ksyms
	$(Q)$(OBJCOPY) --update-section .ksyms=$(BUILD)/ksyms $(BUILD)/sojourn.nosyms $@

iso: $(BUILD)/sojourn.iso
$(BUILD)/sojourn.iso: $(BUILD)/sojourn.elf boot/grub.cfg
	sh tools/mkiso.sh $(BUILD)/sojourn.elf boot/grub.cfg $@

# --------------------------------------------------------------------------
# The hosted library and the hosted tests.

hosted: $(BUILD)/host/libsojourn.so $(BUILD)/host/libsojourn-views.so
# The second shows its text views too (tests/host/hosted_views.h).
$(BUILD)/host/libsojourn-views.so: $(BUILD)/host/tests/host/hosted_views.o
$(BUILD)/host/libsojourn.so $(BUILD)/host/libsojourn-views.so: $(HOST_OBJS)
	$(CC) -shared -Wl,-z,defs -Wl,-z,noexecstack \
		-Wl,--version-script=tests/host/libsojourn.map -o $@ $^
$(BUILD)/host-san/libsojourn.so: $(SAN_OBJS)
	$(CC) -shared -Wl,-z,noexecstack -fsanitize=address,undefined \
		-Wl,--version-script=tests/host/libsojourn.map -o $@ $(SAN_OBJS)
$(BUILD)/host-san/hosted-tests: $(TEST_OBJS)
	$(CC) -fsanitize=address,undefined -Wl,-z,noexecstack -o $@ $(TEST_OBJS)

# The map is part of its test.
$(BUILD)/host-san/tests/unit/test_map.o: docs/map.md

hosted-san: $(BUILD)/host-san/libsojourn.so
unit: $(BUILD)/host-san/hosted-tests
	$(BUILD)/host-san/hosted-tests
# Which rules are kept: tools/conformance.py.
conformance: $(BUILD)/host-san/hosted-tests
	python3 -B tools/conformance.py $<
# The tables that simulations are held to (tests/sim/table.c), written anew: of
# each the lines of comment stay, its tests give the others.
golden: $(BUILD)/host-san/hosted-tests
	set -e; for table in golden:sim_goodput matrix:sim_matrix short_flows:sim_short_flows; do \
	  file=tests/sim/$${table%:*}.txt; new=$(BUILD)/$${table%:*}.txt; \
	  sed -n '/^#/p' $$file > $$new; \
	  GOLDEN_FD=4 $< "$${table#*:}*" 4>> $$new; \
	  mv $$new $$file; done
$(BUILD)/host-san/tests/sim/golden.o: $(wildcard tests/sim/*.txt)

# --------------------------------------------------------------------------
# What a packet costs: the image's own objects in a process, counted by callgrind.

COUNTING_OBJS := $(COUNTING:%=$(BUILD)/callgrind/%)
COUNTED_OBJS  := $(PORTABLE:%=$(BUILD)/metal/%) $(COUNTED:%=$(BUILD)/metal/%)
$(BUILD)/callgrind/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -Wframe-larger-than=1024,$(METAL_CFLAGS)) -O2 -c $< -o $@
$(BUILD)/callgrind/cost: $(COUNTED_OBJS) $(COUNTING_OBJS)
	$(Q)$(LINK) -save-temps -Wl,-Map=$@.map -o $@ $^
callgrind: $(BUILD)/callgrind/cost
	python3 -B tools/callgrind.py --program $<
callgrind-golden: $(BUILD)/callgrind/cost
	python3 -B tools/callgrind.py --program $< --golden

# --------------------------------------------------------------------------
# libFuzzer's programs: clang's, whatever CC is.

FUZZ_CC  := clang --target=x86_64-linux-gnu
FUZZ_OBJ := build/fuzz/obj
FUZZ_CFLAGS := -std=gnu11 -O2 -g1 -ffreestanding -nostdinc \
	-isystem $(shell clang -print-resource-dir 2>/dev/null)/include \
	-Iinclude -Iinclude/uapi -fno-strict-aliasing -fno-common \
	-fno-delete-null-pointer-checks -fno-strict-overflow -fno-omit-frame-pointer \
	-fno-stack-protector -fPIC -fvisibility=hidden $(filter-out -Wframe-larger-than=1024 \
	-Wno-maybe-uninitialized,$(WARN)) -Wno-gnu-variable-sized-type-not-at-end \
	-Wno-address-of-packed-member -Wno-cast-align -MMD -MP \
	-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-fno-sanitize=alignment
# Random numbers are no code path, and each input's host begins with 8 kB of them; nor
# are the bytes of datagrams.
$(FUZZ_OBJ)/kernel/random.o $(FUZZ_OBJ)/tests/fuzz/datagrams.o: FUZZ_CFLAGS := $(filter-out -fsanitize=%,$(FUZZ_CFLAGS))
FUZZ_OBJS := $(PORTABLE:%=$(FUZZ_OBJ)/%) $(FUZZ:%=$(FUZZ_OBJ)/%)
FUZZ_BINS := $(FUZZ_TARGETS:%=build/fuzz/%)

fuzz: $(FUZZ_BINS)
TIME ?= 60
fuzz-run: fuzz
	./sojourn fuzz --time $(TIME)
$(FUZZ_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -c $< -o $@
$(FUZZ_OBJ)/%.o: %.S
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -D__ASSEMBLY__ -c $< -o $@
$(FUZZ_BINS): build/fuzz/%: $(FUZZ_OBJ)/tests/fuzz/fuzz_%.o $(FUZZ_OBJS)
	$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -Wl,-z,noexecstack -o $@ $^

# --------------------------------------------------------------------------
# What ./sojourn bench measures with: programs of this host, over libc.

HOSTCC ?= cc
BENCH_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Wshadow -Wmissing-prototypes -Wcast-qual \
	-Wwrite-strings -Werror
BENCH_CLIENT := $(wildcard bench/client/*.c)
BENCH_LINUX  := $(wildcard bench/linux/*.c)

bench: build/bench/client build/bench/linux-init build/bench/floor.elf
build/bench/client: $(BENCH_CLIENT) bench/client/client.h
	@mkdir -p $(@D)
	$(HOSTCC) $(BENCH_CFLAGS) -o $@ $(BENCH_CLIENT)
# The guest is x86_64, whatever this host is.
build/bench/linux-init: $(BENCH_LINUX) bench/linux/server.h
	@mkdir -p $(@D)
	$(CC) $(BENCH_CFLAGS) -static -o $@ $(BENCH_LINUX)

# The bare ring loop: an image of its own.
FLOOR := boot/header.o boot/head_64.o bench/floor/main.o bench/floor/answer.o \
	bench/floor/virtio.o bench/floor/e1000.o kernel/x86/string.o kernel/lib/checksum.o
FLOOR_OBJS := $(FLOOR:%=$(BUILD)/metal/%)
$(filter $(BUILD)/metal/bench/%,$(FLOOR_OBJS)): OPTIMISE = $(OPTIMISE_HOT)
build/bench/floor.elf: $(FLOOR_OBJS) linker.ld
	@mkdir -p $(@D)
	$(Q)$(LINK) -T linker.ld $(FLOOR_OBJS) -o $@

check:
	@MAKE="$(MAKE)" sh tools/check.sh

clean:
	rm -rf build

.PHONY: all iso hosted hosted-san unit conformance mutants golden callgrind \
	callgrind-golden fuzz fuzz-run bench check clean
.DELETE_ON_ERROR:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
