// SPDX-License-Identifier: MIT
/*
 * Runs the hosted tests.
 *
 *   hosted-tests [-v] [-l] [seed=N] [glob ...]
 *
 * All tests, or those whose name or file matches a glob. One line a failure and
 * a last line "N passed, N failed"; the exit status is 1 if any failed. -v
 * shows the kernel log and names, -l lists the tests.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/trace.h>

#include "../host/invariants.h"
#include "../host/libc.h"
#include "test.h"

#define DEFAULT_SEED	1
#define START_NS	(10 * 1000000000ULL)

/* Nothing to check, but the table exists. */
static const struct unit_test check_anchor
	__used __aligned(8) __section("unit_checks") = { "", "", NULL };
DECLARE_TABLE(const struct unit_test, unit_tests);
DECLARE_TABLE(const struct unit_test, unit_checks);

static const struct unit_test *running;
static unsigned int failures;		/* of the running test */
static unsigned long warnings_expected;
static u64 seed = DEFAULT_SEED;
static bool verbose;

int main(int argc, char **argv);

static void say(const char *fmt, ...) __printf(1, 2);
static void say(const char *fmt, ...)
{
	char text[1024];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (write(STDOUT_FILENO, text, (size_t)len) != len)
		abort();
}

/* ---- what tests call ---------------------------------------------------- */

/**
 * test_fail - report that something is not as it should be
 * @file: source file
 * @line: line in it
 * @fmt: what
 */
void test_fail(const char *file, int line, const char *fmt, ...)
{
	char text[768];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	failures++;
	say("FAIL %s  %s:%d: %s\n", running ? running->name : "-", file, line, text);
}

/**
 * test_compare_failed - report a comparison of numbers
 * @file: source file
 * @line: line in it
 * @what: the comparison
 * @a: left value
 * @b: right value
 */
void test_compare_failed(const char *file, int line, const char *what, u64 a, u64 b)
{
	test_fail(file, line, "%s  (%ld, 0x%lx  and  %ld, 0x%lx)", what, (s64)a, a,
		  (s64)b, b);
}

/**
 * test_expect_str - compare strings
 * @file: source file
 * @line: line in it
 * @what: the comparison
 * @a: what is
 * @b: what should be
 */
void test_expect_str(const char *file, int line, const char *what, const char *a,
		     const char *b)
{
	if (!a || !b || strcmp(a, b))
		test_fail(file, line, "%s  (\"%s\" and \"%s\")", what, a, b);
}

/**
 * test_expect_mem - compare bytes
 * @file: source file
 * @line: line in it
 * @what: the comparison
 * @a: what is
 * @b: what should be
 * @len: bytes
 */
void test_expect_mem(const char *file, int line, const char *what, const void *a,
		     const void *b, size_t len)
{
	const u8 *p = a, *q = b;
	size_t i = 0;
	int show;

	while (i < len && p[i] == q[i])
		i++;
	if (i == len)
		return;
	show = (int)min_t(size_t, len - i, 16);
	test_fail(file, line, "%s  (from byte %zu: %*ph and %*ph)", what, i, show, p + i,
		  show, q + i);
}

/**
 * test_expect_warnings - this test shall warn
 * @n: so many times
 */
void test_expect_warnings(unsigned long n)
{
	warnings_expected = n;
}

/**
 * test_seed - the seed of this run
 *
 * Return: the seed.
 */
u64 test_seed(void)
{
	return seed;
}

/* ---- leaks -------------------------------------------------------------- */

static void check_end(const struct host_snapshot *before)
{
	const struct unit_test *check;

	slab_fail_after(0, 0);
	host_run();
	rcu_barrier();
	host_run();
	for (check = TABLE_BEGIN(unit_checks); check < TABLE_END(unit_checks); check++)
		if (check->fn)
			check->fn();
	host_snapshot_check(before, warnings_expected, running->file);
}

/* ---- running ------------------------------------------------------------ */

/* With -v everything; else only what is said before the process dies. */
static void log_line(void *ctx, int level, const char *line)
{
	if (verbose || (!level && !host_catching_panic()))
		say("    <%d> %s: %s\n", level, running ? running->name : "-", line);
}

static bool run_test(const struct unit_test *test)
{
	static struct host_snapshot before;

	if (verbose)
		say("%s\n", test->name);
	running = test;
	failures = 0;
	warnings_expected = 0;
	random_seed(seed);
	log_set_sink(log_line, NULL);
	host_snapshot_take(&before);
	test->fn();
	check_end(&before);
	running = NULL;
	return !failures;
}

static bool is_option(const char *arg)
{
	return arg[0] == '-' || !strncmp(arg, "seed=", 5);
}

static bool wanted(const struct unit_test *test, int argc, char **argv)
{
	bool any = false;
	int i;

	for (i = 1; i < argc; i++) {
		if (is_option(argv[i]))
			continue;
		any = true;
		if (glob_match(argv[i], test->name) || glob_match(argv[i], test->file))
			return true;
	}
	return !any;
}

static void console_null(const char *text, size_t len)
{
	/* Failures are what is to be seen; -v shows the log by log_line(). */
}

static void parse_options(int argc, char **argv, bool *list)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-v"))
			verbose = true;
		else if (!strcmp(argv[i], "-l"))
			*list = true;
		else if (!strncmp(argv[i], "seed=", 5) && kstrtoull(argv[i] + 5, 0, &seed))
			say("%s: not a number\n", argv[i]);
	}
}

int main(int argc, char **argv)
{
	const struct unit_test *test;
	unsigned int passed = 0, failed = 0;
	bool list = false;

	parse_options(argc, argv, &list);
	host_set_console(console_null);
	host_clock_ns = START_NS;
	host_set_seed(seed);
	host_set_idle_advances(true);
	log_set_sink(log_line, NULL);
	host_boot();
	say("seed=%lu\n", seed);
	for (test = TABLE_BEGIN(unit_tests); test < TABLE_END(unit_tests); test++) {
		if (!wanted(test, argc, argv))
			continue;
		if (list)
			say("%s  %s\n", test->name, test->file);
		else if (run_test(test))
			passed++;
		else
			failed++;
	}
	say("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
