/* SPDX-License-Identifier: MIT */
/*
 * Hosted tests. A test is TEST(name_as_a_sentence) { ... } in any file that is
 * linked in. It runs in process context on thread 0 of a kernel that is up, in
 * virtual time (tests/host/host.h), and passes when no EXPECT_ failed, nothing
 * warned, and memory and timers are as before.
 */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../host/host.h"

struct unit_test {
	const char *name;
	const char *file;
	void (*fn)(void);
};

#define TEST(tname)							\
	static void test_##tname(void);					\
	static const struct unit_test unit_test_##tname			\
	__used __aligned(8) __section("unit_tests") =			\
		{ #tname, __FILE__, test_##tname };			\
	static void test_##tname(void)

/*
 * The rules that the next TEST() shows to be kept, for tools/conformance.py: a
 * row of docs/rfc.md each. @rfc: "RFC 9293"; @section: "3.10.7.4"; @text: the rule
 * in a sentence, after its label ("MUST-12: …") where the RFC has one. The same
 * rule at several tests is one row.
 */
#define RULE(rfc, section, text)					\
	_Static_assert(sizeof(rfc) > 1 && sizeof(section) > 1 && sizeof(text) > 1, text)
/* As RULE(); the RFC leaves a choice, or Linux goes another way: @linux_way says
 * which, and that is what the test shows. */
#define RULE_AS_LINUX(rfc, section, text, linux_way)			\
	_Static_assert(sizeof(linux_way) > 1, text)

/* Each reports and goes on. */
void test_fail(const char *file, int line, const char *fmt, ...) __printf(3, 4);
void test_compare_failed(const char *file, int line, const char *what, u64 a, u64 b);
void test_expect_str(const char *file, int line, const char *what, const char *a, const char *b);
void test_expect_mem(const char *file, int line, const char *what, const void *a,
		     const void *b, size_t len);

#define EXPECT_TRUE(c) do {						\
	if (!(c))							\
		test_fail(__FILE__, __LINE__, "%s", #c);		\
} while (0)
#define EXPECT_FALSE(c) EXPECT_TRUE(!(c))
#define __EXPECT_CMP(a, op, b) do {					\
	__typeof__(a) __ta = (a);					\
	__typeof__(b) __tb = (b);					\
	if (!(__ta op __tb))						\
		test_compare_failed(__FILE__, __LINE__, #a " " #op " " #b, \
				    (u64)__ta, (u64)__tb);		\
} while (0)
#define EXPECT_EQ(a, b) __EXPECT_CMP(a, ==, b)
#define EXPECT_NE(a, b) __EXPECT_CMP(a, !=, b)
#define EXPECT_LT(a, b) __EXPECT_CMP(a, <, b)
#define EXPECT_LE(a, b) __EXPECT_CMP(a, <=, b)
#define EXPECT_GT(a, b) __EXPECT_CMP(a, >, b)
#define EXPECT_GE(a, b) __EXPECT_CMP(a, >=, b)
#define EXPECT_STREQ(a, b) test_expect_str(__FILE__, __LINE__, #a " is " #b, a, b)
#define EXPECT_MEMEQ(a, b, len) \
	test_expect_mem(__FILE__, __LINE__, #a " is " #b, a, b, len)

/* @fn(@arg) panics, and says @text among other things. */
#define EXPECT_PANIC(fn, arg, text) do {				\
	const char *__tp_said = host_catch_panic(fn, arg);		\
	if (!__tp_said || !strstr(__tp_said, text))			\
		test_fail(__FILE__, __LINE__, "%s: expected a panic with \"%s\", got \"%s\"", \
			  #fn, text, __tp_said ? __tp_said : "none");	\
} while (0)

/* The test as a whole warns @n times, and shall. */
void test_expect_warnings(unsigned long n);

/* The seed of this run; get_random_*() follow from it anew in each test. */
u64 test_seed(void);

/*
 * Checks for the end of every test besides those of the runner: *@fn reports
 * with test_fail(). Put in a table by those who know what must hold (packets in
 * = delivered + dropped, for one).
 */
#define TEST_CHECK(cname)						\
	static void check_##cname(void);				\
	static const struct unit_test unit_check_##cname		\
	__used __aligned(8) __section("unit_checks") =			\
		{ #cname, __FILE__, check_##cname };			\
	static void check_##cname(void)

#endif
