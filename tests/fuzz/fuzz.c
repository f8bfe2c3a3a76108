// SPDX-License-Identifier: MIT
/*
 * Between libFuzzer and a target: one boot for all inputs, and for each the same
 * beginning. The virtual clock is set back, which only works while no timer is
 * armed: at the beginning nothing is in use but what boot left, at the end
 * nothing more.
 *
 * SOJOURN_FUZZ_LOG=1 shows the kernel log, to look at one input.
 */
#include "fuzz.h"

#include <linux/interrupt.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <net/net_namespace.h>

#include "../host/invariants.h"
#include "../host/libc.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static bool verbose;
static struct host_snapshot base;

static void say(const char *fmt, ...) __printf(1, 2);
static void say(const char *fmt, ...)
{
	char text[1024];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (write(STDERR_FILENO, text, (size_t)len) != len)
		abort();
}

/* ---- what tests call ---------------------------------------------------- */

/** test_fail() - see test.h; here it is the end, with a trace of the stack */
void test_fail(const char *file, int line, const char *fmt, ...)
{
	char text[768];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	say("FAIL %s:%d: %s\n", file, line, text);
	abort();
}

/** test_compare_failed() - see test.h */
void test_compare_failed(const char *file, int line, const char *what, u64 a, u64 b)
{
	test_fail(file, line, "%s  (%ld, 0x%lx  and  %ld, 0x%lx)", what, (s64)a, a, (s64)b, b);
}

/** test_expect_str() - see test.h */
void test_expect_str(const char *file, int line, const char *what, const char *a, const char *b)
{
	if (!a || !b || strcmp(a, b))
		test_fail(file, line, "%s  (\"%s\" and \"%s\")", what, a, b);
}

/** test_expect_mem() - see test.h */
void test_expect_mem(const char *file, int line, const char *what, const void *a,
		     const void *b, size_t len)
{
	if (memcmp(a, b, len))
		test_fail(file, line, "%s", what);
}

/** test_seed() - see test.h */
u64 test_seed(void)
{
	return 1;
}

/* ---- boot ---------------------------------------------------------------- */

/* A warning is a finding, and it is best seen where it is made. It is known by the
 * count: an input that is logged can read like one. */
static void log_line(void *ctx, int level, const char *line)
{
	if (verbose || !level)
		say("<%d> %s\n", level, line);
	if (warn_count() != base.warnings) {
		say("FAIL %s\n", line);
		abort();
	}
}

static void console_null(const char *text, size_t len)
{
	/* log_line() has seen it. */
}

/**
 * LLVMFuzzerInitialize - boot
 * @argc: of the process
 * @argv: of the process
 *
 * Return: 0.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	verbose = getenv("SOJOURN_FUZZ_LOG") != NULL;
	host_clock_ns = FUZZ_START_NS;
	host_set_seed(1);
	host_set_console(console_null);
	log_set_sink(log_line, NULL);
	host_boot();
	/* A close() that lingers does not wait, as in a program that ends. */
	current->flags |= PF_EXITING;
	fuzz_target_init();
	host_run();
	host_snapshot_take(&base);
	BUG_ON(base.timers);
	return 0;
}

/**
 * LLVMFuzzerTestOneInput - run the target once
 * @data: the input
 * @size: its bytes
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz_input in = { .p = data, .left = size };

	host_clock_restart(FUZZ_START_NS);
	random_seed(1);
	fuzz_target(&in);
	slab_fail_after(0, 0);
	host_run();
	rcu_barrier();
	host_run();
	host_snapshot_check(&base, 0, __FILE__);
	invariants_conserved(init_net);
	return 0;
}
