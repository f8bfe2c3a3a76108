// SPDX-License-Identifier: MIT
/*
 * kernel/x86/string.c, which hosted bodies do without: its functions are built
 * here under other symbols, "metal_memcpy" for memcpy, and compared with loops
 * that are too simple to be wrong. AddressSanitizer watches the edges.
 */
#include <linux/types.h>

#define METAL(name) __asm__("metal_" #name)

void *memcpy(void *dst, const void *src, size_t n) METAL(memcpy);
void *memmove(void *dst, const void *src, size_t n) METAL(memmove);
void *memset(void *dst, int c, size_t n) METAL(memset);
int memcmp(const void *a, const void *b, size_t n) METAL(memcmp);
void *memchr(const void *s, int c, size_t n) METAL(memchr);
size_t strlen(const char *s) METAL(strlen);
size_t strnlen(const char *s, size_t max) METAL(strnlen);
int strcmp(const char *a, const char *b) METAL(strcmp);
int strncmp(const char *a, const char *b, size_t n) METAL(strncmp);
int strcasecmp(const char *a, const char *b) METAL(strcasecmp);
int strncasecmp(const char *a, const char *b, size_t n) METAL(strncasecmp);
char *strchr(const char *s, int c) METAL(strchr);
char *strrchr(const char *s, int c) METAL(strrchr);
char *strstr(const char *haystack, const char *needle) METAL(strstr);
size_t strspn(const char *s, const char *accept) METAL(strspn);
size_t strcspn(const char *s, const char *reject) METAL(strcspn);
char *strsep(char **s, const char *delims) METAL(strsep);

#pragma GCC diagnostic ignored "-Wredundant-decls"
#include "../../../kernel/x86/string.c"

#include <linux/slab.h>

#include "../test.h"

#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strcmp

#define ROOM 1400

static u8 from[ROOM], to[ROOM], want[ROOM];

static void fill(void)
{
	unsigned int i;

	for (i = 0; i < ROOM; i++) {
		from[i] = (u8)(i * 7 + 1);
		to[i] = want[i] = (u8)(i * 13 + 5);
	}
}

static bool differs(void)
{
	unsigned int i;

	for (i = 0; i < ROOM; i++)
		if (to[i] != want[i])
			return true;
	return false;
}

TEST(string_metal_memcpy_for_all_lengths_and_alignments)
{
	unsigned int n, d, s, i, wrong = 0;

	for (n = 0; n <= 140; n++)
		for (d = 0; d < 9; d++)
			for (s = 0; s < 9; s++) {
				fill();
				for (i = 0; i < n; i++)
					want[d + i] = from[s + i];
				wrong += memcpy(to + d, from + s, n) != to + d;
				wrong += differs();
			}
	EXPECT_EQ(wrong, 0U);
}

TEST(string_metal_memcpy_of_long_ranges_in_every_way)
{
	unsigned int n, d, i, wrong = 0;

	for (copy_way = COPY_WORDS; copy_way < COPY_WAYS; copy_way++)
		for (n = COPY_LONG - 20; n <= COPY_LONG + 60; n++)
			for (d = 0; d < 9; d++) {
				fill();
				for (i = 0; i < n; i++)
					want[d + i] = from[8 - d + i];
				wrong += memcpy(to + d, from + 8 - d, n) != to + d;
				wrong += differs();
			}
	copy_way = COPY_WORDS;
	EXPECT_EQ(wrong, 0U);
}

TEST(string_metal_memmove_with_every_overlap)
{
	unsigned int n, d, s, i, wrong = 0;

	for (n = 0; n <= 100; n++)
		for (d = 0; d < 70; d += 3)
			for (s = 0; s < 70; s += 3) {
				fill();
				for (i = 0; i < n; i++)
					want[d + i] = to[s + i];
				wrong += memmove(to + d, to + s, n) != to + d;
				wrong += differs();
			}
	EXPECT_EQ(wrong, 0U);
}

TEST(string_metal_memset_and_memcmp)
{
	unsigned int n, d, i, wrong = 0;

	for (n = 0; n <= 140; n++)
		for (d = 0; d < 9; d++) {
			fill();
			for (i = 0; i < n; i++)
				want[d + i] = 0xa5;
			wrong += memset(to + d, 0x3a5, n) != to + d;
			wrong += differs();
		}
	for (n = 1; n <= 40; n++)
		for (i = 0; i < n; i++) {
			fill();
			memcpy(to, from, n);
			wrong += memcmp(to, from, n) != 0;
			to[i] = 0xff;
			from[i] = 0x01;
			wrong += memcmp(to, from, n) <= 0;
			wrong += memcmp(from, to, n) >= 0;
			wrong += memcmp(from, to, i) != 0;
		}
	EXPECT_EQ(wrong, 0U);
}

TEST(string_metal_stays_within_its_bytes)
{
	unsigned int n;

	/* From and to the very end of an allocation. */
	for (n = 1; n <= 70; n++) {
		u8 *a = kmalloc(n, GFP_KERNEL), *b = kmalloc(n, GFP_KERNEL);

		memset(a, 'x', n);
		memcpy(b, a, n);
		memmove(a, b, n);
		EXPECT_EQ(memcmp(a, b, n), 0);
		EXPECT_TRUE(memchr(a, 'y', n) == NULL);
		EXPECT_EQ(strnlen((char *)a, n), (size_t)n);
		kfree(a);
		kfree(b);
	}
}

TEST(string_metal_strings)
{
	char text[] = "net.ipv4.tcp_sack", *rest = text;

	EXPECT_EQ(strlen("abc"), 3UL);
	EXPECT_EQ(strlen(""), 0UL);
	EXPECT_TRUE(strcmp("abc", "abd") < 0 && strcmp("abc", "ab") > 0);
	EXPECT_EQ(strcmp("", ""), 0);
	EXPECT_TRUE(strcmp("\xff", "a") > 0);
	EXPECT_EQ(strncmp("abcX", "abcY", 3), 0);
	EXPECT_TRUE(strncmp("ab", "abc", 3) < 0);
	EXPECT_EQ(strcasecmp("Content-Length", "content-length"), 0);
	EXPECT_NE(strncasecmp("[", "{", 1), 0);
	EXPECT_STREQ(strchr("a=b=c", '='), "=b=c");
	EXPECT_STREQ(strrchr("a=b=c", '='), "=c");
	EXPECT_STREQ(strchr("abc", '\0'), "");
	EXPECT_TRUE(strchr("abc", 'x') == NULL && strrchr("abc", 'x') == NULL);
	EXPECT_STREQ(strstr("one two", "tw"), "two");
	EXPECT_STREQ(strstr("aab", "ab"), "ab");
	EXPECT_STREQ(strstr("abc", ""), "abc");
	EXPECT_TRUE(strstr("ab", "abc") == NULL);
	EXPECT_EQ(strspn("aabbc", "ab"), 4UL);
	EXPECT_EQ(strcspn("aabbc", "cb"), 2UL);
	EXPECT_STREQ(strsep(&rest, "./"), "net");
	EXPECT_STREQ(strsep(&rest, "./"), "ipv4");
	EXPECT_STREQ(strsep(&rest, "./"), "tcp_sack");
	EXPECT_TRUE(strsep(&rest, "./") == NULL);
}
