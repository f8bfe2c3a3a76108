// SPDX-License-Identifier: MIT
/*
 * The kernel log. Every line goes into a ring buffer, to the sink if there is
 * one, and, when it is important enough, to the console.
 *
 * The ring holds records back to back, each with its length in front; the
 * oldest make room for a new one. head and tail count bytes since boot, so
 * head - tail is what is in use, and the index is the count modulo the size:
 *
 *     | ... | len ts level text | len ts level text | ... |
 *             ^ tail (oldest)                         ^ head (next)
 *
 * Linux: kernel/printk/printk.c, lib/ratelimit.c
 */
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/printk.h>
#include <linux/string.h>

#define LOG_BUF_LEN	65536		/* bytes, a power of two */
#define LOG_LINE_MAX	480		/* bytes of one line, longer ones are cut */
#define STAMP_MAX	32		/* "[18446744073.709551] " */

#define DEFAULT_MESSAGE_LOGLEVEL 4

struct log_record {
	u64 time_ns;
	u16 len;			/* of the text behind it */
	u8 level;
};

int console_loglevel = 7;

/* Guarded by interrupts off. */
static char log_buf[LOG_BUF_LEN];
static u64 log_head, log_tail;

static log_sink_t log_sink;
static void *log_sink_ctx;

/* ---- the ring ----------------------------------------------------------- */

static void ring_write(u64 pos, const void *src, size_t len)
{
	size_t at = pos % LOG_BUF_LEN;
	size_t first = min(len, LOG_BUF_LEN - at);

	memcpy(log_buf + at, src, first);
	memcpy(log_buf, (const char *)src + first, len - first);
}

static void ring_read(u64 pos, void *dst, size_t len)
{
	size_t at = pos % LOG_BUF_LEN;
	size_t first = min(len, LOG_BUF_LEN - at);

	memcpy(dst, log_buf + at, first);
	memcpy((char *)dst + first, log_buf, len - first);
}

static u64 ring_next(u64 pos)
{
	struct log_record rec;

	ring_read(pos, &rec, sizeof(rec));
	return pos + sizeof(rec) + rec.len;
}

static void log_store(const struct log_record *rec, const char *text)
{
	size_t size = sizeof(*rec) + rec->len;
	unsigned long flags;

	local_irq_save(flags);
	while (log_head + size - log_tail > LOG_BUF_LEN)
		log_tail = ring_next(log_tail);
	ring_write(log_head, rec, sizeof(*rec));
	ring_write(log_head + sizeof(*rec), text, rec->len);
	log_head += size;
	local_irq_restore(flags);
}

/* "[    0.123456] "; returns its length. @buf has STAMP_MAX bytes. */
static size_t print_stamp(char *buf, u64 time_ns)
{
	u64 us = time_ns / NSEC_PER_USEC;

	return (size_t)scnprintf(buf, STAMP_MAX, "[%5lu.%06lu] ",
				 us / USEC_PER_SEC, us % USEC_PER_SEC);
}

static size_t record_text_len(u64 pos)
{
	char stamp[STAMP_MAX];
	struct log_record rec;

	ring_read(pos, &rec, sizeof(rec));
	return print_stamp(stamp, rec.time_ns) + rec.len + 1;
}

/**
 * dmesg_read - the text of the ring buffer
 * @buf: for the text and a closing NUL
 * @size: bytes of @buf
 *
 * If not all fits, the oldest lines are left out.
 *
 * Context: any.
 * Return: the length of the text.
 */
size_t dmesg_read(char *buf, size_t size)
{
	struct log_record rec;
	size_t total = 0, done = 0;
	unsigned long flags;
	u64 pos;

	if (!size)
		return 0;
	local_irq_save(flags);
	for (pos = log_tail; pos != log_head; pos = ring_next(pos))
		total += record_text_len(pos);
	for (pos = log_tail; pos != log_head && total > size - 1; pos = ring_next(pos))
		total -= record_text_len(pos);
	for (; pos != log_head; pos = ring_next(pos)) {
		char stamp[STAMP_MAX];
		size_t len;

		ring_read(pos, &rec, sizeof(rec));
		len = print_stamp(stamp, rec.time_ns);
		memcpy(buf + done, stamp, len);
		ring_read(pos + sizeof(rec), buf + done + len, rec.len);
		done += len + rec.len;
		buf[done++] = '\n';
	}
	local_irq_restore(flags);
	buf[done] = '\0';
	return done;
}

/* ---- lines -------------------------------------------------------------- */

static noinline void console_line(const struct log_record *rec, const char *text)
{
	char line[STAMP_MAX + LOG_LINE_MAX + 1];
	size_t len = print_stamp(line, rec->time_ns);

	memcpy(line + len, text, rec->len);
	len += rec->len;
	line[len++] = '\n';
	platform_console_write(line, len);
}

/* @text ends with a NUL behind @len bytes. */
static void log_line(int level, const char *text, size_t len)
{
	struct log_record rec = {
		.time_ns = ktime_get_ns(),
		.len = (u16)len,
		.level = (u8)level,
	};

	log_store(&rec, text);
	if (level < console_loglevel)
		console_line(&rec, text);
	if (log_sink)
		log_sink(log_sink_ctx, level, text);
}

static int vprintk(const char *fmt, va_list args)
{
	char buf[LOG_LINE_MAX], *text = buf, *line, *end;
	int level = DEFAULT_MESSAGE_LOGLEVEL;
	int len;

	len = vscnprintf(buf, sizeof(buf), fmt, args);
	/* KERN_*; looked for in the text, since it may come as a "%s". */
	if (text[0] == '\001' && text[1] >= '0' && text[1] <= '7') {
		level = text[1] - '0';
		text += 2;
		len -= 2;
	}
	/* A line each; a last "\n" ends the line and begins no empty one. */
	for (line = text; line < text + len || line == text; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			end = text + len;
		*end = '\0';
		log_line(level, line, (size_t)(end - line));
	}
	return len;
}

/**
 * printk - log a line
 * @fmt: KERN_* and a format (kernel/lib/vsprintf.c); "\n" at its end
 *
 * Context: any.
 * Return: length of the text.
 */
int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}

/**
 * log_set_sink - have every line handed to a function
 * @fn: called in the context of whoever logs, with the line without time stamp
 *	and "\n"; must not log; NULL: nobody
 * @ctx: for @fn
 *
 * Context: process.
 */
void log_set_sink(log_sink_t fn, void *ctx)
{
	log_sink = fn;
	log_sink_ctx = ctx;
}

/* ---- rate limits -------------------------------------------------------- */

#define RATELIMIT_WINDOW_NS	(5 * NSEC_PER_SEC)
#define RATELIMIT_BURST		10

/**
 * ___ratelimit - may this place log once more?
 * @rs: the place's window
 * @func: its name, for the line that says how many were left out
 *
 * Context: any.
 * Return: whether it may.
 */
bool ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	u64 now_ns = ktime_get_ns();

	if (!rs->begin_ns || now_ns - rs->begin_ns >= RATELIMIT_WINDOW_NS) {
		if (rs->missed)
			printk(KERN_WARNING "%s: %u messages suppressed\n", func,
			       rs->missed);
		/* 0 means "no window yet". */
		rs->begin_ns = now_ns ? now_ns : 1;
		rs->printed = 0;
		rs->missed = 0;
	}
	if (rs->printed < RATELIMIT_BURST) {
		rs->printed++;
		return true;
	}
	rs->missed++;
	return false;
}

/* loglevel=0 (nothing but panics) .. 8 (everything) */
static int __init loglevel_setup(char *value)
{
	unsigned int level;

	if (kstrtouint(value, 10, &level) || level > 8) {
		pr_warn("loglevel=%s: not a number from 0 to 8\n", value);
		return 0;
	}
	console_loglevel = (int)level;
	return 1;
}
__setup("loglevel=", loglevel_setup);

static int __init quiet_setup(char *value)
{
	console_loglevel = 4;
	return 1;
}
__setup("quiet", quiet_setup);
