// SPDX-License-Identifier: MIT
/*
 * Text that is parsed: the kernel command line, sysctls, formats of printk(),
 * numbers, and requests to the HTTP server. The first byte chooses which.
 *
 * RFC: 9110, 9112 (HTTP)
 */
#include "fuzz.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/net.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sysctl.h>
#include <linux/syscalls.h>
#include <net/net_namespace.h>
#include <uapi/linux/in.h>
#include <uapi/linux/unistd.h>

#include "../host/invariants.h"
#include "../unit/net/sockhost.h"
#include "peer.h"
#include "service.h"

#define TEXT	2100

static char text[TEXT];

/** fuzz_target_init() - servers wait, and time goes on */
void fuzz_target_init(void)
{
	host_set_idle_advances(true);
}

/* What is left of the input, as a string. */
static size_t rest(struct fuzz_input *in, char *buf, size_t size)
{
	size_t n = fuzz_bytes(in, buf, size - 1);

	buf[n] = '\0';
	return n;
}

/* ---- the command line ---------------------------------------------------------------- */

static void try_command_line(struct fuzz_input *in)
{
	int level = console_loglevel;

	rest(in, text, sizeof(text));
	parse_command_line(text);
	peer_begin();
	apply_boot_sysctls(peer.net);
	peer_end_now();
	text[0] = '\0';
	parse_command_line(text);
	console_loglevel = level;
}

/* ---- settings -------------------------------------------------------------------------- */

struct choice {
	unsigned int left;
	const char *name;
};

static void choose(const struct ctl_table *t, void *ctx)
{
	struct choice *c = ctx;

	if (t->data)		/* of all namespaces: not ours to change */
		return;
	if (!c->left--)
		c->name = t->procname;
}

static void count(const struct ctl_table *t, void *ctx)
{
	if (!t->data)
		++*(unsigned int *)ctx;
}

/* Written, read back, written again: the second time changes nothing. */
static void try_setting(struct fuzz_input *in, unsigned int all)
{
	struct choice c = { .left = fuzz_u8(in) % all };
	char value[80], now[300], again[300];
	unsigned int len = fuzz_u8(in) % (sizeof(value) - 1);
	int ret;

	sysctl_for_each(choose, &c);
	fuzz_bytes(in, value, len);
	value[len] = '\0';
	ret = sysctl_write(peer.net, c.name, value);
	if (sysctl_read(peer.net, c.name, now, sizeof(now)) < 0 || ret)
		return;
	EXPECT_EQ(sysctl_write(peer.net, c.name, now), 0);
	EXPECT_GE(sysctl_read(peer.net, c.name, again, sizeof(again)), 0);
	EXPECT_STREQ(again, now);
}

/* Settings that are allowed must leave a stack that works. */
static void try_settings(struct fuzz_input *in)
{
	unsigned int all = 0, n = fuzz_u8(in) % 8 + 1;
	struct peer_conn *c = &peer.conn[0];
	struct peer_segment s;
	int fd;

	sysctl_for_each(count, &all);
	peer_begin();
	while (n--)
		try_setting(in, all);
	fd = peer_listen(PEER_PORT, 3);
	peer_good(c, &s, TCPHDR_SYN, 0);
	peer_send(c, &s);
	peer_good(c, &s, TCPHDR_ACK, 0);
	peer_send(c, &s);
	fd = __sys_accept4(fd, NULL, NULL, SOCK_NONBLOCK);
	for (n = 0; n < 4 && fd >= 0; n++) {
		peer_write(fd, 3000, 0);
		peer_good(c, &s, TCPHDR_ACK, 1000);
		peer_send(c, &s);
		peer_read(fd, 4000, 0);
		peer_sleep(fuzz_span_ns(in));
	}
	peer_end_now();
}

/* ---- formats -------------------------------------------------------------------------------- */

static int format(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

/* One conversion: flags, width, precision, length, and what. */
static void choose_format(struct fuzz_input *in, char *fmt, size_t size)
{
	static const char flags[] = "-+ #0", lengths[][4] = { "", "h", "hh", "l", "ll", "z" };
	static const char what[] = "diuxXoc%";
	u8 b = fuzz_u8(in), w = fuzz_u8(in), p = fuzz_u8(in);
	char width[8] = "", precision[8] = "";

	if (w < 200)
		scnprintf(width, sizeof(width), "%u", w);
	if (p < 100)
		scnprintf(precision, sizeof(precision), ".%u", p);
	scnprintf(fmt, size, "<%%%c%s%s%s%c>", flags[b % 5], width, precision,
		  lengths[(b >> 3) % 6], what[fuzz_u8(in) % 8]);
}

/* However small the buffer is: the beginning of the same text, and its length. */
static void try_format(struct fuzz_input *in)
{
	u8 small[32], size = fuzz_u8(in) % sizeof(small);
	char fmt[64], whole[512];
	u64 value = (u64)fuzz_u32(in) << (fuzz_u8(in) & 31);
	int len;

	choose_format(in, fmt, sizeof(fmt));
	if (strchr(fmt, 'c') && !(u8)value)
		value = 'x';		/* a NUL would end the text */
	memset(small, 0xee, sizeof(small));
	len = format(whole, sizeof(whole), fmt, value);
	EXPECT_EQ((size_t)len, strlen(whole));
	EXPECT_EQ(format((char *)small, size, fmt, value), len);
	if (size) {
		EXPECT_EQ(strlen((char *)small), (size_t)min(len, size - 1));
		EXPECT_MEMEQ(small, whole, strlen((char *)small));
	}
	EXPECT_EQ(small[size], 0xee);
	rest(in, text, 64);
	format(whole, 8, "%s %.*s %*ph", text, size, text, size, small);
}

/* A number that is read is printed, and read again. */
static void try_number(struct fuzz_input *in)
{
	unsigned int base = fuzz_u8(in) % 17;
	char again[32];
	s64 value, back;

	if (base == 1)
		base = 10;
	rest(in, text, 80);
	if (kstrtoll(text, base, &value))
		return;
	scnprintf(again, sizeof(again), "%ld", value);
	EXPECT_EQ(kstrtoll(again, 10, &back), 0);
	EXPECT_EQ(back, value);
}

/* ---- HTTP ---------------------------------------------------------------------------------- */

static int dial(void)
{
	struct sockaddr_in to = LOOPBACK(80);
	int fd = __sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	EXPECT_GE(fd, 0);
	__sys_connect(fd, (struct sockaddr *)&to, sizeof(to));
	host_run();
	return fd;
}

static void hear(int fd)
{
	char buf[512];
	ssize_t n;
	bool first = true;

	while ((n = __sys_recvfrom(fd, buf, sizeof(buf), 0, NULL, NULL)) > 0) {
		if (first)
			EXPECT_TRUE(n >= 12 && !memcmp(buf, "HTTP/1.1 ", 9));
		first = false;
		host_run();
	}
}

/* Pieces of a request, as long as the input says. */
static void try_http(struct fuzz_input *in)
{
	struct sockhost host;
	int fd;

	sockhost_enter(&host);
	service_begin();
	fd = dial();
	while (fuzz_more(in)) {
		size_t len = fuzz_len(in, TEXT), n = fuzz_bytes(in, text, len);

		__sys_sendto(fd, text, n, 0, NULL, 0);
		host_run();
	}
	hear(fd);
	invariants_check(host.net);
	close_fd((unsigned int)fd);
	host_run();
	service_end();
	sockhost_leave(&host);
}

/** fuzz_target() - see above */
void fuzz_target(struct fuzz_input *in)
{
	u8 which = fuzz_u8(in);

	switch (which % 5) {
	case 0:
		try_command_line(in);
		break;
	case 1:
		try_settings(in);
		break;
	case 2:
		try_format(in);
		break;
	case 3:
		try_number(in);
		break;
	default:
		try_http(in);
		break;
	}
}
