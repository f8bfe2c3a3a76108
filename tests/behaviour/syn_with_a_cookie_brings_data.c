// SPDX-License-Identifier: MIT
/*
 * Fast Open, the side that is opened: a SYN asks for a cookie; with it, data on a SYN is
 * taken, once, and the program may read and write before the third ACK; whatever is wrong,
 * the connection opens in the ordinary way.
 *
 * RFC: 7413; Linux: TCP_FASTOPEN, TCP_FASTOPEN_KEY, tcp_fastopen, tcp_fastopen_key
 */
#include <linux/siphash.h>
#include <linux/string.h>
#include <linux/sysctl.h>

#include "../host/segtest.h"

#define KEY	"00010203-04050607-08090a0b-0c0d0e0f"
#define OLD_KEY	"10111213-14151617-18191a1b-1c1d1e1f"

/* The cookie of our peer, by a key of four words, as an option of this kind. */
static const char *cookie(const char *key_text, bool experimental)
{
	static char text[64];
	siphash_key_t key;
	u32 words[4], i, digit;
	const __be32 addresses[2] = { htonl(SEG_PEER), htonl(SEG_HOST) };
	const char *p = key_text;
	u64 hash;
	int len;

	for (i = 0; i < 4; i++, p++)
		for (words[i] = 0, digit = 0; digit < 8; digit++, p++)
			words[i] = words[i] << 4 | (u32)hex_to_bin(*p);
	memcpy(&key, words, sizeof(key));
	hash = siphash(addresses, sizeof(addresses), &key);
	/* On the wire the least byte comes first. */
	len = scnprintf(text, sizeof(text), "raw %s", experimental ? "fe0cf989" : "220a");
	for (i = 0; i < 8; i++, hash >>= 8)
		len += scnprintf(text + len, sizeof(text) - (size_t)len, "%02x", (u8)hash);
	return text;
}

static int listener(int qlen)
{
	int fd;

	seg_begin();
	seg_sysctl(tcp_fastopen) = TFO_CLIENT_ENABLE | TFO_SERVER_ENABLE;
	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_fastopen_key", KEY), 0);
	fd = seg_listen(SEG_PORT, 5);
	if (qlen)
		EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_FASTOPEN, qlen), 0);
	return fd;
}

/* A SYN with a good cookie and 100 bytes, taken. */
static int opened(struct seg_conn *c, int qlen)
{
	int fd = listener(qlen);

	seg_conn_init(c);
	seg_in(c, "S 0:100(100) <mss 1000,nop,nop,%s>", cookie(KEY, false));
	seg_out(c, "S. 0:0(0) ack 101 <mss 1460>");
	return fd;
}

RULE("RFC 7413", "4.1.2", "a SYN that asks for a cookie gets one");
TEST(syn_that_asks_for_a_cookie_gets_one)
{
	struct seg_conn c;
	int fd = listener(5);

	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000,nop,nop,raw 2202>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460,%s,nop,nop>", cookie(KEY, false));
	EXPECT_EQ(seg_accept(fd, &c), -EAGAIN);
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(fd, &c), 0);
	EXPECT_EQ(seg_mib(TCPFASTOPENCOOKIEREQD), 1);
	EXPECT_EQ(seg_mib(TCPFASTOPENPASSIVE), 0);
	seg_end();
}

/* RFC 6994: before it had a number of its own. */
TEST(experimental_option_is_answered_by_the_same)
{
	struct seg_conn c;

	listener(5);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000,raw fe04f989>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460,%s>", cookie(KEY, true));
	seg_end();
}

RULE("RFC 7413", "4.2.2", "data on a SYN with a good cookie is acknowledged and handed over");
RULE("RFC 7413", "4.2.2", "the server may answer before the handshake is over");
TEST(data_of_a_syn_can_be_read_and_answered_at_once)
{
	struct tcp_info info;
	struct seg_conn c;
	int fd = opened(&c, 5);

	EXPECT_EQ(seg_poll(fd) & POLLIN, POLLIN);
	EXPECT_GE(seg_accept(fd, &c), 0);
	EXPECT_EQ(seg_state(c.fd), TCP_SYN_RECV);
	EXPECT_EQ(seg_poll(c.fd) & (POLLIN | POLLOUT), POLLIN | POLLOUT);
	EXPECT_EQ(seg_read(&c, 1000), 100);
	EXPECT_EQ(seg_write(&c, 300, 0), 300);
	seg_out(&c, "P. 1:301(300) ack 101");
	seg_in(&c, ". 101:101(0) ack 301");
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_in(&c, "P. 101:201(100) ack 301");
	EXPECT_EQ(seg_read(&c, 1000), 100);
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_options, TCPI_OPT_SYN_DATA | TCPI_OPT_TFO_CHILD);
	EXPECT_EQ(info.tcpi_bytes_received, 200);
	EXPECT_EQ(info.tcpi_data_segs_in, 2);
	EXPECT_EQ(seg_mib(TCPFASTOPENPASSIVE), 1);
	EXPECT_EQ(seg_mib(TCPFASTOPENPASSIVEFAIL), 0);
	seg_flush();
	seg_end();
}

RULE("RFC 7413", "4.2.2", "a SYN that comes again is answered again, its data taken once");
TEST(syn_that_comes_again_brings_its_data_once)
{
	struct seg_conn c;
	int fd = opened(&c, 5);

	seg_sleep(seg_ms(600));
	seg_in(&c, "S 0:100(100) <mss 1000,nop,nop,%s>", cookie(KEY, false));
	seg_out(&c, "S. 0:0(0) ack 101 <mss 1460>");
	seg_in(&c, ". 101:101(0) ack 1");
	EXPECT_GE(seg_accept(fd, &c), 0);
	EXPECT_EQ(seg_read(&c, 1000), 100);
	EXPECT_EQ(seg_read(&c, 1000), -EAGAIN);
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_end();
}

RULE("RFC 7413", "4.2.2", "a cookie that is wrong: data is not taken, a good one is sent");
TEST(wrong_cookie_opens_in_the_ordinary_way)
{
	struct seg_conn c;
	int fd = listener(5);

	seg_conn_init(&c);
	seg_in(&c, "S 0:100(100) <mss 1000,nop,nop,raw 220a0102030405060708>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460,%s,nop,nop>", cookie(KEY, false));
	EXPECT_EQ(seg_accept(fd, &c), -EAGAIN);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 101");
	EXPECT_GE(seg_accept(fd, &c), 0);
	EXPECT_EQ(seg_read(&c, 1000), 100);
	EXPECT_EQ(seg_mib(TCPFASTOPENPASSIVEFAIL), 1);
	seg_end();
}

TEST(options_of_odd_lengths_are_none)
{
	static const char * const bad[] = {
		"raw 2203aa", "raw 220501020304", "raw 2204aabb", "raw fe03f9", "raw fe04f98a",
	};
	unsigned int i;
	struct seg_conn c;

	listener(5);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		seg_conn_init(&c);
		seg_in(&c, "S 0:100(100) <mss 1000,%s>", bad[i]);
		seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	}
	EXPECT_EQ(seg_mib(TCPFASTOPENPASSIVE), 0);
	EXPECT_EQ(seg_mib(TCPFASTOPENCOOKIEREQD), 0);
	seg_end();
}

/* Keys change: cookies of the one before are good, and the new one comes with the SYN-ACK. */
TEST(cookie_of_the_backup_key_is_good_and_replaced)
{
	struct seg_conn c;
	int fd = listener(5);

	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_fastopen_key", KEY "," OLD_KEY), 0);
	seg_conn_init(&c);
	seg_in(&c, "S 0:100(100) <mss 1000,nop,nop,%s>", cookie(OLD_KEY, false));
	seg_out(&c, "S. 0:0(0) ack 101 <mss 1460,%s,nop,nop>", cookie(KEY, false));
	EXPECT_GE(seg_accept(fd, &c), 0);
	EXPECT_EQ(seg_mib(TCPFASTOPENPASSIVEALTKEY), 1);
	EXPECT_EQ(seg_read(&c, 1000), 100);
	seg_close(&c);
	seg_flush();
	seg_end();
}

/* TCP_FASTOPEN_KEY: a listener's own. */
TEST(listener_can_have_a_key_of_its_own)
{
	u32 words[8] = { 0x10111213, 0x14151617, 0x18191a1b, 0x1c1d1e1f, 1, 2, 3, 4 }, got[8];
	struct seg_conn c;
	int fd = listener(5), len = sizeof(got);

	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_FASTOPEN_KEY, words, 15), -EINVAL);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_FASTOPEN_KEY, words, 32), 0);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_TCP, TCP_FASTOPEN_KEY, got, &len), 0);
	EXPECT_EQ(len, 32);
	EXPECT_MEMEQ(got, words, 32);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_FASTOPEN_KEY, words, 16), 0);
	seg_conn_init(&c);
	seg_in(&c, "S 0:100(100) <mss 1000,nop,nop,%s>", cookie(OLD_KEY, false));
	seg_out(&c, "S. 0:0(0) ack 101 <mss 1460>");
	seg_in(&c, "R 101:101(0)");
	seg_end();
}

TEST(data_on_a_syn_is_not_taken_without_the_option_or_the_setting)
{
	struct seg_conn c;

	listener(0);
	seg_conn_init(&c);
	seg_in(&c, "S 0:100(100) <mss 1000,nop,nop,%s>", cookie(KEY, false));
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_end();

	listener(5);
	seg_sysctl(tcp_fastopen) = TFO_CLIENT_ENABLE;
	seg_conn_init(&c);
	seg_in(&c, "S 0:100(100) <mss 1000,nop,nop,%s>", cookie(KEY, false));
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	EXPECT_EQ(seg_mib(TCPFASTOPENPASSIVE), 0);
	seg_end();
}

TEST(listener_may_take_data_without_a_cookie)
{
	struct seg_conn c;
	int fd = listener(5);

	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_FASTOPEN_NO_COOKIE, 1), 0);
	seg_conn_init(&c);
	seg_in(&c, "S 0:100(100) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 101 <mss 1460>");
	EXPECT_GE(seg_accept(fd, &c), 0);
	EXPECT_EQ(seg_read(&c, 1000), 100);
	seg_in(&c, ". 101:101(0) ack 1");
	seg_end();
}

/* tcp_fastopen 0x400: every listener, with its backlog. */
TEST(listener_takes_data_without_the_option_if_the_setting_says_so)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_fastopen) = TFO_SERVER_ENABLE | TFO_SERVER_WO_SOCKOPT1;
	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_fastopen_key", KEY), 0);
	EXPECT_EQ(seg_getsockopt(seg_listen(SEG_PORT, 7), SOL_TCP, TCP_FASTOPEN), 7);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000,nop,nop,raw 2202>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460,%s,nop,nop>", cookie(KEY, false));
	seg_end();
}

RULE("RFC 7413", "5.1", "no more connections in their handshake than the listener bears");
TEST(listener_bears_no_more_than_it_said)
{
	struct seg_conn c, second;
	int fd = opened(&c, 1);

	seg_conn_init(&second);
	seg_in(&second, "S 0:100(100) <mss 1000,nop,nop,%s>", cookie(KEY, false));
	seg_out(&second, "S. 0:0(0) ack 1 <mss 1460>");
	EXPECT_EQ(seg_mib(TCPFASTOPENLISTENOVERFLOW), 1);
	/* The first is done: there is room again. */
	seg_in(&c, ". 101:101(0) ack 1");
	seg_conn_init(&second);
	seg_in(&second, "S 0:100(100) <mss 1000,nop,nop,%s>", cookie(KEY, false));
	seg_out(&second, "S. 0:0(0) ack 101 <mss 1460>");
	EXPECT_GE(seg_accept(fd, &c), 0);
	EXPECT_EQ(seg_read(&c, 1000), 100);
	EXPECT_GE(seg_accept(fd, &second), 0);
	EXPECT_EQ(seg_read(&second, 1000), 100);
	seg_end();
}

RULE("RFC 7413", "5.1", "what was reset counts a minute longer");
TEST(connection_that_was_reset_counts_a_minute_longer)
{
	struct seg_conn c, second;
	int fd = opened(&c, 1);

	EXPECT_GE(seg_accept(fd, &c), 0);
	seg_in(&c, "R 101:101(0)");
	EXPECT_EQ(seg_error(c.fd), ECONNRESET);
	seg_close(&c);
	seg_sleep(seg_s(59));
	seg_conn_init(&second);
	seg_in(&second, "S 0:100(100) <mss 1000,nop,nop,%s>", cookie(KEY, false));
	seg_out(&second, "S. 0:0(0) ack 1 <mss 1460>");
	seg_in(&second, "R 1:1(0)");
	seg_sleep(seg_s(2));
	seg_conn_init(&second);
	seg_in(&second, "S 0:100(100) <mss 1000,nop,nop,%s>", cookie(KEY, false));
	seg_out(&second, "S. 0:0(0) ack 101 <mss 1460>");
	EXPECT_EQ(seg_mib(TCPFASTOPENLISTENOVERFLOW), 1);
	seg_end();
}

RULE("RFC 7413", "4.2.2", "the SYN-ACK is repeated, data is not, before the third ACK");
TEST(only_the_syn_ack_is_repeated_before_the_third_ack)
{
	struct seg_conn c;
	int fd = opened(&c, 5), i;

	EXPECT_GE(seg_accept(fd, &c), 0);
	EXPECT_EQ(seg_read(&c, 1000), 100);
	EXPECT_EQ(seg_write(&c, 300, 0), 300);
	seg_out(&c, "P. 1:301(300) ack 101");
	for (i = 0; i < 6; i++)
		seg_out_at(&c, 0, seg_s(40), "S. 0:0(0) ack 101 <mss 1460>");
	/* One more than tcp_synack_retries, then it is given up. */
	seg_quiet(seg_s(130));
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	seg_end();
}

TEST(close_before_the_third_ack_sends_a_fin)
{
	struct seg_conn c;
	int fd = opened(&c, 5);

	EXPECT_GE(seg_accept(fd, &c), 0);
	EXPECT_EQ(seg_read(&c, 1000), 100);
	seg_close(&c);
	seg_out(&c, "F. 1:1(0) ack 101");
	seg_in(&c, ". 101:101(0) ack 1");
	seg_in(&c, "F. 101:101(0) ack 2");
	seg_out(&c, ". 2:2(0) ack 102");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}

TEST(close_with_the_data_unread_resets)
{
	struct seg_conn c;
	int fd = opened(&c, 5);

	EXPECT_GE(seg_accept(fd, &c), 0);
	seg_close(&c);
	seg_out(&c, "R. 1:1(0) ack 101");
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	seg_end();
}

TEST(listener_that_ends_resets_what_nobody_accepted)
{
	struct seg_conn c;
	int fd = opened(&c, 5);

	EXPECT_EQ(close_fd((unsigned int)fd), 0);
	host_run();
	seg_out(&c, "R. 1:1(0) ack 101");
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	seg_end();
}
