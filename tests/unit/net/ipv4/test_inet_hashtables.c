// SPDX-License-Identifier: MIT
/* Finding sockets: listeners by how well they fit, connections in a table that
 * grows, ports of connect(). */
#include <net/inet_hashtables.h>
#include <uapi/linux/in.h>

#include "../../../host/segtest.h"

static struct sock *sk_of(int fd)
{
	struct file *file;
	int err;

	struct socket *sock = sockfd_lookup_light(fd, &err, &file);
	struct sock *sk = sock->sk;

	fput(file);
	return sk;
}

static int listen_at(u32 addr, u16 port, bool reuseport)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port),
				   .sin_addr.s_addr = htonl(addr) };
	int fd = seg_socket();

	EXPECT_EQ(seg_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	if (reuseport)
		EXPECT_EQ(seg_setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, 1), 0);
	EXPECT_EQ(__sys_bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(__sys_listen(fd, 5), 0);
	return fd;
}

static struct sock *listener_for(u32 daddr, u16 port, u16 sport)
{
	struct sock *sk;

	local_bh_disable();
	sk = __inet_lookup_listener(seg_net, NULL, 0, htonl(SEG_PEER), htons(sport),
				    htonl(daddr), port, 2);
	local_bh_enable();
	return sk;
}

TEST(listener_of_the_address_comes_before_that_of_any)
{
	int any, one;

	seg_begin();
	one = listen_at(SEG_HOST, 80, true);
	any = listen_at(0, 80, true);
	EXPECT_TRUE(listener_for(SEG_HOST, 80, 1) == sk_of(one));
	EXPECT_TRUE(listener_for(SEG_HOST + 5, 80, 1) == sk_of(any));
	EXPECT_TRUE(listener_for(SEG_HOST, 81, 1) == NULL);
	/* The port is in the same chain. */
	EXPECT_TRUE(listener_for(SEG_HOST, 80 + 32, 1) == NULL);
	seg_end();
}

TEST(listeners_that_share_a_port_share_the_connections)
{
	unsigned int count[3] = { 0 }, i, j;
	int fd[3];

	seg_begin();
	for (i = 0; i < 3; i++)
		fd[i] = listen_at(0, 80, true);
	for (i = 1; i <= 3000; i++) {
		struct sock *sk = listener_for(SEG_HOST, 80, (u16)i);

		for (j = 0; j < 3; j++)
			count[j] += sk == sk_of(fd[j]);
		/* One connection, one listener. */
		EXPECT_TRUE(listener_for(SEG_HOST, 80, (u16)i) == sk);
	}
	EXPECT_EQ(count[0] + count[1] + count[2], 3000);
	for (j = 0; j < 3; j++)
		EXPECT_TRUE(count[j] > 850 && count[j] < 1150);
	seg_end();
}

TEST(established_table_grows_and_loses_nobody)
{
	const unsigned int peers = 1500;
	struct seg_conn c;
	unsigned int i;
	u32 mask;

	seg_begin();
	EXPECT_GE(seg_listen(SEG_PORT, 4000), 0);
	seg_sysctl(max_syn_backlog) = 4000;
	mask = seg_net->ipv4.hashinfo->ehash_mask;
	for (i = 0; i < peers; i++) {
		seg_conn_init(&c);
		seg_in(&c, "S 0:0(0) <mss 1000>");
		seg_flush();
	}
	EXPECT_GT(seg_net->ipv4.hashinfo->ehash_mask, mask);
	EXPECT_EQ(seg_net->ipv4.hashinfo->ehash_count, peers);
	EXPECT_EQ(seg_count(TCP_SYN_RECV), peers);
	/* The last one is found where it is now. */
	c.lisn_known = false;
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	EXPECT_EQ(seg_count(TCP_SYN_RECV), peers);
	seg_end();
}

static int connect_from(u16 port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(40000),
				  .sin_addr.s_addr = htonl(SEG_PEER) };
	int fd = seg_socket();

	if (port) {
		EXPECT_EQ(seg_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
		EXPECT_EQ(seg_bind(fd, port), 0);
	}
	return __sys_connect(fd, (struct sockaddr *)&to, sizeof(to));
}

TEST(connections_of_one_port_need_different_peers)
{
	seg_begin();
	EXPECT_EQ(connect_from(4000), -EINPROGRESS);
	EXPECT_EQ(connect_from(4000), -EADDRNOTAVAIL);
	EXPECT_EQ(connect_from(4001), -EINPROGRESS);
	seg_flush();
	seg_end();
}

TEST(connect_uses_even_ports_first_and_all_in_the_end)
{
	unsigned int i;

	seg_begin();
	seg_net->ipv4.sysctl_local_port_range[0] = 20000;
	seg_net->ipv4.sysctl_local_port_range[1] = 20019;
	for (i = 0; i < 20; i++) {
		struct sockaddr_in sin;
		int len = sizeof(sin), fd;
		struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(40000),
					  .sin_addr.s_addr = htonl(SEG_PEER) };

		fd = seg_socket();
		EXPECT_EQ(__sys_connect(fd, (struct sockaddr *)&to, sizeof(to)), -EINPROGRESS);
		EXPECT_EQ(__sys_getsockname(fd, (struct sockaddr *)&sin, &len), 0);
		EXPECT_EQ(ntohs(sin.sin_port) & 1, i >= 10);
	}
	EXPECT_EQ(connect_from(0), -EADDRNOTAVAIL);
	seg_flush();
	seg_end();
}

/* Leaves a TIME_WAIT of port 4000 to SEG_PEER. */
static void leave_time_wait(struct seg_conn *c, const char *opts, const char *ts)
{
	seg_conn_init(c);
	c->rport = 40000;
	c->lport = 4000;
	c->fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(seg_bind(c->fd, 4000), 0);
	EXPECT_EQ(seg_connect_start(c), -EINPROGRESS);
	seg_out(c, "S 0:0(0) <*>");
	seg_in(c, "S. 0:0(0) ack 1 %s", opts);
	seg_out(c, ". 1:1(0) ack 1 <*>");
	EXPECT_EQ(seg_close(c), 0);
	seg_out(c, "F. 1:1(0) ack 1 <*>");
	seg_in(c, "F. 1:1(0) ack 2 %s", ts);
	seg_out(c, ". 2:2(0) ack 2 <*>");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
}

TEST(connect_takes_a_time_wait_over_when_timestamps_make_it_safe)
{
	struct seg_conn c;

	seg_begin();
	leave_time_wait(&c, "<mss 1460,sackOK,TS val 500 ecr 0>", "<nop,nop,TS val 501 ecr 0>");
	/* Linux's default: on loopback only. */
	seg_sleep(seg_s(2));
	EXPECT_EQ(connect_from(4000), -EADDRNOTAVAIL);
	seg_sysctl(tcp_tw_reuse) = 1;
	EXPECT_EQ(connect_from(4000), -EINPROGRESS);
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	EXPECT_EQ(seg_mib(TIMEWAITRECYCLED), 1);
	/* Its numbers go on beyond the old ones, its timestamp echo too. */
	seg_out(&c, "S 65539:65539(0) <mss 1460,sackOK,TS val * ecr 501,nop,wscale 7>");
	seg_end();
}

TEST(connect_does_not_take_over_a_time_wait_without_timestamps)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_tw_reuse) = 1;
	leave_time_wait(&c, "<mss 1460>", "");
	seg_sleep(seg_s(2));
	EXPECT_EQ(connect_from(4000), -EADDRNOTAVAIL);
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}
