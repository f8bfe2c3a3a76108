// SPDX-License-Identifier: MIT
/*
 * Segments as text: "P. 1:1001(1000) ack 1 win 100 <nop,nop,TS val 3 ecr 4>".
 * segtest.h has the grammar.
 */
#include "segtext.h"

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

/* ---- reading ------------------------------------------------------------------- */

static const char flag_letters[] = "FSRP.UEW";

static bool parse_flags(const char **p, struct seg_spec *s)
{
	u8 *flags = &s->flags;

	if (**p == '-') {
		++*p;
		return true;
	}
	for (; **p && **p != ' '; ++*p) {
		const char *at = strchr(flag_letters, **p);

		if (**p == 'p') {
			s->any_psh = true;
			continue;
		}
		if (!at)
			return false;
		*flags |= (u8)(1U << (at - flag_letters));
	}
	return true;
}

static bool parse_number(const char **p, u32 *n)
{
	bool negative = **p == '-';
	u32 value = 0;

	if (negative)
		++*p;
	if (**p < '0' || **p > '9')
		return false;
	while (**p >= '0' && **p <= '9')
		value = value * 10 + (u32)(*(*p)++ - '0');
	*n = negative ? -value : value;
	return true;
}

/* @word and a number behind it. */
static bool parse_word(const char **p, const char *word, u32 *n)
{
	size_t len = strlen(word);

	if (strncmp(*p, word, len))
		return false;
	*p += len;
	return !n || parse_number(p, n);
}

static void put(struct seg_spec *s, u8 byte, u8 mask)
{
	if (s->opts_len < SEG_OPTS_MAX) {
		s->opts[s->opts_len] = byte;
		s->mask[s->opts_len++] = mask;
	}
}

static void put32(struct seg_spec *s, u32 value, u8 mask)
{
	put(s, (u8)(value >> 24), mask);
	put(s, (u8)(value >> 16), mask);
	put(s, (u8)(value >> 8), mask);
	put(s, (u8)value, mask);
}

/* A timestamp's value; "*": any. @base is added when @relative. */
static bool parse_ts(const char **p, struct seg_spec *s, u32 base, bool relative)
{
	u32 n;

	if (**p == '*') {
		++*p;
		put32(s, 0, 0);
		return true;
	}
	if (!parse_number(p, &n))
		return false;
	put32(s, relative ? n + base : n, 0xff);
	return true;
}

static bool parse_sack(const char **p, struct seg_spec *s, u32 base)
{
	unsigned int at = s->opts_len;
	u32 start, end;

	put(s, TCPOPT_SACK, 0xff);
	put(s, 0, 0xff);
	while (**p == ' ') {
		++*p;
		if (!parse_number(p, &start) || *(*p)++ != ':' || !parse_number(p, &end))
			return false;
		put32(s, start + base, 0xff);
		put32(s, end + base, 0xff);
	}
	if (at + 1 < SEG_OPTS_MAX)
		s->opts[at + 1] = (u8)(s->opts_len - at);
	return true;
}

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	return -1;
}

static bool parse_raw(const char **p, struct seg_spec *s)
{
	while (hex_digit(**p) >= 0) {
		int high = hex_digit(*(*p)++);

		if (hex_digit(**p) < 0)
			return false;
		put(s, (u8)(high << 4 | hex_digit(*(*p)++)), 0xff);
	}
	return true;
}

static bool parse_option(const struct seg_conn *c, bool in, const char **p, struct seg_spec *s)
{
	u32 n;

	if (parse_word(p, "nop", NULL)) {
		put(s, TCPOPT_NOP, 0xff);
	} else if (parse_word(p, "eol", NULL)) {
		put(s, TCPOPT_EOL, 0xff);
	} else if (parse_word(p, "sackOK", NULL)) {
		put(s, TCPOPT_SACK_PERM, 0xff);
		put(s, TCPOLEN_SACK_PERM, 0xff);
	} else if (parse_word(p, "mss ", &n)) {
		put(s, TCPOPT_MSS, 0xff);
		put(s, TCPOLEN_MSS, 0xff);
		put(s, (u8)(n >> 8), 0xff);
		put(s, (u8)n, 0xff);
	} else if (parse_word(p, "wscale ", &n)) {
		put(s, TCPOPT_WINDOW, 0xff);
		put(s, TCPOLEN_WINDOW, 0xff);
		put(s, (u8)n, 0xff);
	} else if (parse_word(p, "sack", NULL)) {
		return parse_sack(p, s, in ? c->lisn : c->risn);
	} else if (parse_word(p, "raw ", NULL)) {
		return parse_raw(p, s);
	} else if (parse_word(p, "TS val ", NULL)) {
		put(s, TCPOPT_TIMESTAMP, 0xff);
		put(s, TCPOLEN_TIMESTAMP, 0xff);
		return parse_ts(p, s, c->ts_base, !in && c->ts_known) &&
		       parse_word(p, " ecr ", NULL) &&
		       parse_ts(p, s, c->ts_base, in && c->ts_known);
	} else {
		return false;
	}
	return true;
}

static bool parse_options(const struct seg_conn *c, bool in, const char **p,
			  struct seg_spec *s)
{
	if (**p == '*') {
		s->any_opts = true;
		++*p;
	}
	while (**p && **p != '>') {
		if (!parse_option(c, in, p, s))
			return false;
		if (**p == ',')
			++*p;
	}
	if (*(*p)++ != '>')
		return false;
	while (in && s->opts_len % 4)
		put(s, TCPOPT_EOL, 0xff);
	return true;
}

static bool parse_rest(const struct seg_conn *c, bool in, const char **p, struct seg_spec *s)
{
	u32 n;

	for (;;) {
		while (**p == ' ')
			++*p;
		if (!**p)
			return true;
		if (parse_word(p, "ack ", &n)) {
			s->ack = n + (in ? c->lisn : c->risn);
		} else if (parse_word(p, "win ", &n)) {
			s->win = (u16)n;
			s->has_win = true;
		} else if (parse_word(p, "urg ", &n)) {
			s->urg = (u16)n;
		} else if (parse_word(p, "ecn ", &n)) {
			s->ecn = n & 3;
		} else if (**p != '<') {
			return false;
		} else {
			++*p;
			if (!parse_options(c, in, p, s))
				return false;
		}
	}
}

/**
 * seg_parse - text to a segment
 * @c: connection: what numbers are relative to
 * @in: sent by the peer
 * @text: the segment
 * @spec: filled in
 *
 * Return: false when it is none.
 */
bool seg_parse(const struct seg_conn *c, bool in, const char *text, struct seg_spec *spec)
{
	const char *p = text;
	u32 seq, end;

	memset(spec, 0, sizeof(*spec));
	if (!parse_flags(&p, spec) || *p++ != ' ')
		return false;
	if (!parse_number(&p, &seq) || *p++ != ':' || !parse_number(&p, &end) || *p++ != '(' ||
	    !parse_number(&p, &spec->len) || *p++ != ')')
		return false;
	if (end - seq != spec->len)
		return false;
	spec->seq = seq + (in ? c->risn : c->lisn);
	return parse_rest(c, in, &p, spec);
}

/* ---- writing ------------------------------------------------------------------------ */

struct text {
	char *buf;
	size_t size, len;
};

static void say(struct text *t, const char *fmt, ...) __printf(2, 3);
static void say(struct text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->len += (size_t)vscnprintf(t->buf + t->len, t->size - t->len, fmt, args);
	va_end(args);
}

static void format_option(const struct seg_conn *c, const u8 *opt, unsigned int len,
			  struct text *t)
{
	unsigned int i;

	switch (opt[0]) {
	case TCPOPT_MSS:
		say(t, "mss %u", get_unaligned_be16(opt + 2));
		break;
	case TCPOPT_WINDOW:
		say(t, "wscale %u", opt[2]);
		break;
	case TCPOPT_SACK_PERM:
		say(t, "sackOK");
		break;
	case TCPOPT_TIMESTAMP:
		say(t, "TS val %u ecr %u", get_unaligned_be32(opt + 2) - c->ts_base,
		    get_unaligned_be32(opt + 6));
		break;
	case TCPOPT_SACK:
		say(t, "sack");
		for (i = 2; i + 8 <= len; i += 8)
			say(t, " %d:%d", (int)(get_unaligned_be32(opt + i) - c->risn),
			    (int)(get_unaligned_be32(opt + i + 4) - c->risn));
		break;
	default:
		say(t, "kind %u", opt[0]);
		break;
	}
}

static void format_options(const struct seg_conn *c, const struct tcphdr *th, struct text *t)
{
	const u8 *opt = (const u8 *)(th + 1), *end = (const u8 *)th + th->doff * 4U;
	const char *comma = "";

	say(t, " <");
	while (opt < end) {
		unsigned int len = 1;

		if (*opt > TCPOPT_NOP) {
			len = end - opt > 1 ? opt[1] : 0;
			if (len < 2 || len > (size_t)(end - opt)) {
				say(t, "%sbroken", comma);
				break;
			}
		}
		say(t, "%s", comma);
		if (*opt > TCPOPT_NOP)
			format_option(c, opt, len, t);
		else
			say(t, "%s", *opt ? "nop" : "eol");
		comma = ",";
		opt += len;
	}
	say(t, ">");
}

/**
 * seg_format - a segment of the host's to text
 * @c: connection: what numbers are relative to
 * @th: header
 * @len: bytes, header included
 * @buf: for the text
 * @size: its bytes
 */
void seg_format(const struct seg_conn *c, const struct tcphdr *th, unsigned int len, char *buf,
		size_t size)
{
	struct text t = { .buf = buf, .size = size };
	u8 flags = ((const u8 *)th)[13];
	unsigned int payload = len - th->doff * 4U, i;
	u32 seq = ntohl(th->seq) - c->lisn;

	for (i = 0; i < 8; i++)
		if (flags & (1U << i))
			say(&t, "%c", flag_letters[i]);
	if (!flags)
		say(&t, "-");
	say(&t, " %d:%d(%u)", (int)seq, (int)(seq + payload), payload);
	if (th->ack)
		say(&t, " ack %d", (int)(ntohl(th->ack_seq) - c->risn));
	say(&t, " win %u", ntohs(th->window));
	if (th->urg)
		say(&t, " urg %u", ntohs(th->urg_ptr));
	if (th->doff > 5)
		format_options(c, th, &t);
}

/* ---- comparing --------------------------------------------------------------------------- */

static bool opts_differ(const struct seg_spec *spec, const struct tcphdr *th)
{
	const u8 *opts = (const u8 *)(th + 1);
	unsigned int i;

	if (spec->any_opts)
		return false;
	if (th->doff * 4U - sizeof(*th) != spec->opts_len)
		return true;
	for (i = 0; i < spec->opts_len; i++)
		if ((opts[i] ^ spec->opts[i]) & spec->mask[i])
			return true;
	return false;
}

/**
 * seg_differs - compare what was sent with what was expected
 * @spec: expected
 * @iph: IP header sent
 * @th: header sent
 * @len: bytes, header included
 *
 * Return: NULL, or what differs.
 */
const char *seg_differs(const struct seg_spec *spec, const struct iphdr *iph,
			const struct tcphdr *th, unsigned int len)
{
	if ((iph->tos & 3) != spec->ecn)
		return "ECN field";
	if ((((const u8 *)th)[13] ^ spec->flags) & ~(spec->any_psh ? TCPHDR_PSH : 0))
		return "flags";
	if (ntohl(th->seq) != spec->seq)
		return "seq";
	if (len - th->doff * 4U != spec->len)
		return "length";
	if (th->ack ? ntohl(th->ack_seq) != spec->ack : th->ack_seq != 0)
		return "ack";
	if (spec->has_win && ntohs(th->window) != spec->win)
		return "win";
	if (ntohs(th->urg_ptr) != spec->urg)
		return "urg";
	return opts_differ(spec, th) ? "options" : NULL;
}
