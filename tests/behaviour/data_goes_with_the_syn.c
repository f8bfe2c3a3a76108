// SPDX-License-Identifier: MIT
/*
 * Fast Open, the side that opens: the first time a cookie is asked for, the next time data
 * goes with the SYN; what the SYN-ACK does not acknowledge goes again, as data; a SYN that
 * is repeated is a plain one; and a way that swallows all this is left alone.
 *
 * RFC: 7413; Linux: MSG_FASTOPEN, TCP_FASTOPEN_CONNECT, tcp_fastopen,
 * tcp_fastopen_blackhole_timeout_sec
 */
#include <linux/sysctl.h>
#include <uapi/linux/socket.h>

#include "../host/segtest.h"

#define COOKIE "raw 220a0102030405060708"

/* The next @len bytes of the stream, by a socket that is not connected. */
static ssize_t send_syn(struct seg_conn *c, size_t len)
{
	static u8 buf[16384];
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(c->rport),
		.sin_addr.s_addr = htonl(c->raddr),
	};
	int sin_len = sizeof(sin);
	ssize_t ret;
	size_t i;

	if (c->fd < 0)
		c->fd = seg_socket();
	for (i = 0; i < len; i++)
		buf[i] = seg_pattern(c->written + i);
	ret = __sys_sendto(c->fd, buf, len, MSG_FASTOPEN, (struct sockaddr *)&sin, sizeof(sin));
	if (ret > 0)
		c->written += (u64)ret;
	if (!__sys_getsockname(c->fd, (struct sockaddr *)&sin, &sin_len))
		c->lport = ntohs(sin.sin_port);
	host_run();
	return ret;
}

static void begin(void)
{
	seg_begin();
	seg_sysctl(tcp_timestamps) = 0;
	seg_sysctl(tcp_window_scaling) = 0;
	seg_sysctl(tcp_sack) = 0;
}

/* A first connection, by which a cookie is learnt; closed again. */
static void learn_cookie(void)
{
	struct seg_conn c;

	begin();
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 100), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <mss 1460,raw 2202,nop,nop>");
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000," COOKIE ",nop,nop>");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_in(&c, "R. 1:1(0) ack 1");
	seg_close(&c);
	seg_none();
}

RULE("RFC 7413", "4.1.3", "a host without a cookie asks for one");
RULE("RFC 7413", "4.2.1", "with a cookie, data goes with the SYN");
TEST(cookie_is_asked_for_and_then_used)
{
	struct tcp_info info;
	struct seg_conn c;

	learn_cookie();
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 300), 300);
	seg_out(&c, "S 0:300(300) <mss 1460," COOKIE ",nop,nop>");
	EXPECT_EQ(seg_state(c.fd), TCP_SYN_SENT);
	seg_in(&c, "S. 0:0(0) ack 301 <mss 1000>");
	seg_out(&c, ". 301:301(0) ack 1");
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_options & TCPI_OPT_SYN_DATA, TCPI_OPT_SYN_DATA);
	EXPECT_EQ((u8)info.tcpi_fastopen_client_fail, TFO_STATUS_UNSPEC);
	EXPECT_EQ(info.tcpi_unacked, 0);
	EXPECT_EQ(info.tcpi_delivered, 1);
	EXPECT_EQ(info.tcpi_snd_cwnd, 10);
	EXPECT_EQ(seg_mib(TCPFASTOPENACTIVE), 1);
	EXPECT_EQ(seg_mib(TCPFASTOPENACTIVEFAIL), 0);
	EXPECT_EQ(seg_write(&c, 50, 0), 50);
	seg_out(&c, "P. 301:351(50) ack 1");
	seg_end();
}

RULE("RFC 7413", "4.2.1", "no more data than the peer's MSS of last time, options in full");
TEST(data_of_a_syn_fits_the_mss_of_last_time)
{
	struct seg_conn c;

	learn_cookie();
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 3000), 960);
	seg_out(&c, "S 0:960(960) <mss 1460," COOKIE ",nop,nop>");
	seg_end();
}

RULE("RFC 7413", "4.2.1", "data that the SYN-ACK does not acknowledge goes again at once");
TEST(data_that_was_not_acknowledged_goes_again)
{
	struct tcp_info info;
	struct seg_conn c;

	learn_cookie();
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 300), 300);
	seg_out(&c, "S 0:300(300) <mss 1460," COOKIE ",nop,nop>");
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, "P. 1:301(300) ack 1");
	seg_none();
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_options & TCPI_OPT_SYN_DATA, 0);
	EXPECT_EQ((u8)info.tcpi_fastopen_client_fail, TFO_DATA_NOT_ACKED);
	EXPECT_EQ(seg_mib(TCPFASTOPENACTIVEFAIL), 1);
	seg_in(&c, ". 1:1(0) ack 301");
	EXPECT_EQ(seg_error(c.fd), 0);
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_unacked, 0);
	EXPECT_EQ(info.tcpi_lost, 0);
	seg_end();
}

RULE("RFC 7413", "4.1.3", "a SYN that is repeated carries neither data nor cookie");
TEST(syn_that_is_repeated_is_plain)
{
	struct tcp_info info;
	struct seg_conn c;

	learn_cookie();
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 300), 300);
	seg_out(&c, "S 0:300(300) <mss 1460," COOKIE ",nop,nop>");
	seg_out_at(&c, seg_s(1), seg_s(1) + seg_ms(1), "S 0:0(0) <mss 1460>");
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, "P. 1:301(300) ack 1");
	seg_info(c.fd, &info);
	EXPECT_EQ((u8)info.tcpi_fastopen_client_fail, TFO_SYN_RETRANSMITTED);
	seg_in(&c, ". 1:1(0) ack 301");
	seg_quiet(seg_s(5));
	seg_end();
}

/* The first SYN came after all, only its answer was lost or slow. */
TEST(data_may_be_acknowledged_after_a_repeated_syn)
{
	struct seg_conn c;

	learn_cookie();
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 300), 300);
	seg_out(&c, "S 0:300(300) <mss 1460," COOKIE ",nop,nop>");
	seg_sleep(seg_s(1));
	seg_flush();
	seg_in(&c, "S. 0:0(0) ack 301 <mss 1000>");
	seg_out(&c, ". 301:301(0) ack 1");
	EXPECT_EQ(seg_mib(TCPFASTOPENACTIVE), 1);
	seg_quiet(seg_s(5));
	seg_end();
}

/* A peer that is old answers the question only by the experimental number. */
TEST(next_question_is_by_the_experimental_option)
{
	struct seg_conn c;

	begin();
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 10), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <mss 1460,raw 2202,nop,nop>");
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 10), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <mss 1460,raw fe04f989>");
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000,raw fe0cf9890102030405060708>");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 10), 10);
	seg_out(&c, "S 0:10(10) <mss 1460,raw fe0cf9890102030405060708>");
	seg_end();
}

TEST(sendto_says_what_is_wrong)
{
	struct sockaddr_in unspec = { .sin_family = AF_UNSPEC };
	struct seg_conn c;
	u8 byte = 0;

	begin();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(__sys_sendto(c.fd, &byte, 1, MSG_FASTOPEN, (struct sockaddr *)&unspec,
			       sizeof(unspec)), -EOPNOTSUPP);
	EXPECT_EQ(__sys_sendto(c.fd, &byte, 1, MSG_FASTOPEN, NULL, 0), -EINVAL);
	seg_sysctl(tcp_fastopen) = 0;
	EXPECT_EQ(send_syn(&c, 10), -EOPNOTSUPP);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN_CONNECT, 1), -EOPNOTSUPP);
	seg_sysctl(tcp_fastopen) = 1;
	EXPECT_EQ(send_syn(&c, 10), -EINPROGRESS);
	EXPECT_EQ(send_syn(&c, 10), -EALREADY);
	seg_out(&c, "S 0:0(0) <mss 1460,raw 2202,nop,nop>");
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	EXPECT_EQ(send_syn(&c, 10), 10);
	seg_flush();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN_CONNECT, 1), -EINVAL);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN, 5), -EINVAL);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN_NO_COOKIE, 1), -EINVAL);
	seg_end();
}

/* tcp_fastopen 4: no cookie is needed, if both are known to each other. */
TEST(data_goes_without_a_cookie_if_that_is_agreed)
{
	struct seg_conn c;

	begin();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN_NO_COOKIE, 1), 0);
	EXPECT_EQ(send_syn(&c, 10), 10);
	seg_out(&c, "S 0:10(10) <mss 1460>");
	seg_in(&c, "S. 0:0(0) ack 11 <mss 1000>");
	seg_out(&c, ". 11:11(0) ack 1");
	seg_end();
}

RULE("RFC 7413", "A.1", "connect() may leave the SYN to the first write");
TEST(connect_leaves_the_syn_to_the_first_write)
{
	struct seg_conn c;

	learn_cookie();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN_CONNECT, 1), 0);
	EXPECT_EQ(seg_connect_start(&c), 0);
	seg_quiet(seg_s(3));
	EXPECT_EQ(seg_poll(c.fd) & POLLOUT, POLLOUT);
	EXPECT_EQ(seg_connect_start(&c), -EISCONN);
	EXPECT_EQ(seg_write(&c, 200, 0), 200);
	seg_out(&c, "S 0:200(200) <mss 1460," COOKIE ",nop,nop>");
	seg_in(&c, "S. 0:0(0) ack 201 <mss 1000>");
	seg_out(&c, ". 201:201(0) ack 1");
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 201:211(10) ack 1");
	seg_end();
}

TEST(connect_without_a_cookie_asks_for_one)
{
	struct seg_conn c;

	begin();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN_CONNECT, 1), 0);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <mss 1460,raw 2202,nop,nop>");
	seg_out_at(&c, seg_s(1), seg_s(1) + seg_ms(1), "S 0:0(0) <mss 1460>");
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000," COOKIE ",nop,nop>");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 1:11(10) ack 1");
	seg_end();
}

TEST(close_before_the_first_write_sends_nothing)
{
	struct seg_conn c;

	learn_cookie();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN_CONNECT, 1), 0);
	EXPECT_EQ(seg_connect_start(&c), 0);
	seg_close(&c);
	seg_quiet(seg_s(3));
	EXPECT_EQ(seg_count(TCP_SYN_SENT), 0);
	seg_end();
}

/* Three timeouts: data is sent no longer with SYNs, for a time that doubles. */
RULE("RFC 7413", "7.1", "a way that swallows such SYNs is remembered");
TEST(black_hole_stops_it_for_a_time)
{
	struct seg_conn c;

	learn_cookie();
	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_fastopen_blackhole_timeout_sec", "100"), 0);
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 300), 300);
	seg_sleep(seg_ms(2500));
	EXPECT_EQ(seg_mib(TCPFASTOPENBLACKHOLE), 0);
	seg_sleep(seg_s(1));
	EXPECT_EQ(seg_mib(TCPFASTOPENBLACKHOLE), 1);
	seg_close(&c);
	seg_flush();
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 10), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <mss 1460>");
	seg_close(&c);
	seg_sleep(seg_s(100));
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 10), 10);
	seg_out(&c, "S 0:10(10) <mss 1460," COOKIE ",nop,nop>");
	seg_close(&c);
	/* A new value forgets what was seen. */
	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_fastopen_blackhole_timeout_sec", "-1"),
		  -EINVAL);
	seg_end();
}

TEST(connection_refused_is_told)
{
	struct seg_conn c;

	learn_cookie();
	seg_conn_init(&c);
	EXPECT_EQ(send_syn(&c, 300), 300);
	seg_out(&c, "S 0:300(300) <mss 1460," COOKIE ",nop,nop>");
	seg_in(&c, "R. 0:0(0) ack 301");
	EXPECT_EQ(seg_error(c.fd), ECONNREFUSED);
	seg_end();
}
