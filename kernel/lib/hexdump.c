// SPDX-License-Identifier: MIT
/*
 * Memory as text.
 *
 * Linux: lib/hexdump.c
 */
#include <linux/kernel.h>

#define BYTES_PER_LINE	16

/* A view like that of `hexdump -C`: the bytes, and as characters what is one. */
static void format_ascii(char *text, const u8 *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		text[i] = p[i] >= 0x20 && p[i] < 0x7f ? (char)p[i] : '.';
	text[n] = '\0';
}

/**
 * print_hex_dump - log some memory, 16 bytes a line with their offset
 * @level: KERN_*
 * @prefix: in front of each line
 * @data: the memory
 * @len: bytes
 *
 * Context: any.
 */
void print_hex_dump(const char *level, const char *prefix, const void *data, size_t len)
{
	char ascii[BYTES_PER_LINE + 1], hex[BYTES_PER_LINE * 3 + 1];
	const u8 *p = data;
	size_t at, n;

	for (at = 0; at < len; at += n) {
		n = min_t(size_t, len - at, BYTES_PER_LINE);
		format_ascii(ascii, p + at, n);
		scnprintf(hex, sizeof(hex), "%*ph", (int)n, p + at);
		printk("%s%s%04zx: %-47s |%s|\n", level, prefix, at, hex, ascii);
	}
}
