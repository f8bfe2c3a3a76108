# SPDX-License-Identifier: MIT
#
# The incremental part of `make check`: sparse over every source, every header
# by itself. A stamp in build/check/ stands for a file that passed.

check-all: check-sparse check-headers

include Makefile

SPARSE := sparse -m64 -D__CHECKER__ -Wbitwise -Wcontext -Wsparse-error \
	-Wno-cast-truncate -Wno-declaration-after-statement -Wno-transparent-union -Wno-decl
SPARSE_CFLAGS := $(filter-out -M% -W%,$(COMMON))

SPARSE_SRC := $(wildcard $(patsubst %.o,%.c,$(PORTABLE) $(MACHINE) $(APPS)))
HEADERS := $(shell find include -name '*.h')

check-sparse: $(SPARSE_SRC:%.c=build/check/%.sparse)
check-headers: $(HEADERS:%.h=build/check/%.header)

# The object stands for the headers that its source includes.
build/check/%.sparse: %.c build/metal/%.o
	@mkdir -p $(@D)
	@$(SPARSE) $(SPARSE_CFLAGS) $<
	@touch $@

build/check/%.header: %.h
	@mkdir -p $(@D)
	@echo '#include "$<"' | $(CC) $(filter-out -MMD -MP,$(METAL_CFLAGS)) -I. \
		-MMD -MP -MT $@ -MF $(@:.header=.d) -fsyntax-only -x c -
	@touch $@

.PHONY: check-all check-sparse check-headers
-include $(shell find build/check -name '*.d' 2>/dev/null)
