// SPDX-License-Identifier: MIT
/*
 * Output, log, memory and text files for programs.
 *
 * Memory: blocks of powers of two from 64 bytes, on free lists, cut from areas
 * of 64 KiB; larger ones are mappings of their own. The caller knows a block's
 * size, so blocks have no headers. When the last block is given back, so are the
 * areas.
 */
#include "lib.h"

#define LINE_MAX	768
#define MIN_SHIFT	6			/* 64 bytes */
#define MAX_SHIFT	15			/* 32 KiB */
#define AREA_BYTES	65536UL

int app_errno;

/* ---- output ------------------------------------------------------------------- */

/**
 * app_write - write all of a text to standard output
 * @text: the text
 * @len: its bytes
 *
 * Context: process.
 */
void app_write(const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(STDOUT, text, len);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/**
 * app_printf - write a formatted text to standard output
 * @fmt: as printf()
 *
 * Context: process.
 */
void app_printf(const char *fmt, ...)
{
	char line[LINE_MAX];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	app_write(line, (size_t)len);
}

/**
 * app_log - write a line to the kernel log
 * @level: 3 error, 4 warning, 6 information
 * @fmt: as printf(), without newline
 *
 * Context: process.
 */
void app_log(int level, const char *fmt, ...)
{
	char line[240];
	va_list args;
	int len;

	len = scnprintf(line, sizeof(line), "<%d>", level);
	va_start(args, fmt);
	vscnprintf(line + len, sizeof(line) - (size_t)len, fmt, args);
	va_end(args);
	app_write_file("/dev/kmsg", line);
}

/* ---- memory ---------------------------------------------------------------------- */

struct free_block {
	struct free_block *next;
};

static struct free_block *free_lists[MAX_SHIFT + 1];
static struct free_block *areas;	/* all, linked by their first bytes */
static unsigned long blocks_out;	/* from areas */
static char *area;			/* what is left of the last one */
static size_t area_left;

static unsigned int size_shift(size_t size)
{
	unsigned int shift = MIN_SHIFT;

	while (shift <= MAX_SHIFT && (1UL << shift) < size)
		shift++;
	return shift;
}

/* What is left of the present area goes to the free lists. */
static void area_retire(void)
{
	unsigned int shift;

	for (shift = MAX_SHIFT + 1; shift-- > MIN_SHIFT;) {
		while (area_left >= 1UL << shift) {
			struct free_block *b = (struct free_block *)(void *)area;

			b->next = free_lists[shift];
			free_lists[shift] = b;
			area += 1UL << shift;
			area_left -= 1UL << shift;
		}
	}
}

static void *area_cut(unsigned int shift)
{
	size_t size = 1UL << shift;
	char *p;

	if (area_left < size) {
		p = mmap_anonymous(AREA_BYTES);
		if (!p)
			return NULL;
		area_retire();
		((struct free_block *)(void *)p)->next = areas;
		areas = (struct free_block *)(void *)p;
		area = p + (1UL << MIN_SHIFT);
		area_left = AREA_BYTES - (1UL << MIN_SHIFT);
	}
	p = area;
	area += size;
	area_left -= size;
	return p;
}

static void areas_release(void)
{
	struct free_block *next;

	memset(free_lists, 0, sizeof(free_lists));
	area_left = 0;
	for (; areas; areas = next) {
		next = areas->next;
		munmap(areas, AREA_BYTES);
	}
}

/**
 * app_malloc - memory
 * @size: bytes
 *
 * Context: process.
 * Return: memory aligned to 64 bytes, or NULL.
 */
void *app_malloc(size_t size)
{
	unsigned int shift = size_shift(size);
	struct free_block *b;

	if (shift > MAX_SHIFT)
		return mmap_anonymous(size);
	b = free_lists[shift];
	if (b)
		free_lists[shift] = b->next;
	else
		b = area_cut(shift);
	if (b)
		blocks_out++;
	return b;
}

/**
 * app_calloc - zeroed memory
 * @size: bytes
 *
 * Context: process.
 * Return: the memory, or NULL.
 */
void *app_calloc(size_t size)
{
	void *p = app_malloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

/**
 * app_free - give memory back
 * @p: from app_malloc(), or NULL
 * @size: the bytes that were asked for
 *
 * Context: process.
 */
void app_free(void *p, size_t size)
{
	unsigned int shift = size_shift(size);
	struct free_block *b = p;

	if (!p)
		return;
	if (shift > MAX_SHIFT) {
		munmap(p, size);
		return;
	}
	b->next = free_lists[shift];
	free_lists[shift] = b;
	if (!--blocks_out)
		areas_release();
}

/* ---- text files ---------------------------------------------------------------------- */

/**
 * app_cat - copy a text file to standard output
 * @path: its name
 *
 * Context: process.
 * Return: 0, or -1 with errno.
 */
int app_cat(const char *path)
{
	int fd = open(path, O_RDONLY);
	char chunk[LINE_MAX];
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		app_write(chunk, (size_t)n);
	close(fd);
	return n < 0 ? -1 : 0;
}

/**
 * app_read_file - read a small text file
 * @path: its name
 * @buf: for the text and a NUL
 * @size: its bytes
 *
 * Context: process.
 * Return: bytes read, at most @size - 1; or -1 with errno.
 */
ssize_t app_read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return n;
}

/**
 * app_write_file - write a line to a text file
 * @path: its name
 * @line: the line
 *
 * Context: process.
 * Return: 0, or -1 with errno.
 */
int app_write_file(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY), err;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, line, strlen(line));
	err = errno;
	close(fd);
	errno = err;
	return n < 0 ? -1 : 0;
}

/* ---- errors ----------------------------------------------------------------------------- */

/**
 * app_strerror - the name of an error
 * @err: errno
 *
 * Context: process; one at a time.
 * Return: its name.
 */
const char *app_strerror(int err)
{
	static const struct {
		int err;
		const char *name;
	} names[] = {
		{ EPERM, "not permitted" }, { ENOENT, "no such name" },
		{ EINTR, "interrupted" }, { EBADF, "bad descriptor" },
		{ ENOMEM, "out of memory" }, { EACCES, "not permitted" },
		{ EFAULT, "bad address" }, { ENODEV, "no such device" },
		{ EINVAL, "bad value" }, { EMFILE, "too many open files" },
		{ EADDRINUSE, "address in use" }, { EADDRNOTAVAIL, "address not ours" },
		{ ENOSYS, "no such system call" }, { EOPNOTSUPP, "not supported" },
		{ EFBIG, "too large" },
	};
	static char text[24];
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].err == err)
			return names[i].name;
	snprintf(text, sizeof(text), "error %d", err);
	return text;
}
