// SPDX-License-Identifier: MIT
/* Congestion control: which there are, who may use them, and who gets which. */
#include <linux/sysctl.h>
#include <net/tcp.h>

#include "../../../host/segtest.h"

static char text[128];

static const char *setting(const char *name)
{
	text[0] = '\0';
	EXPECT_GE(sysctl_read(seg_net, name, text, sizeof(text)), 0);
	return text;
}

static const char *congestion_of(int fd)
{
	int len = sizeof(text);

	EXPECT_EQ(__sys_getsockopt(fd, SOL_TCP, TCP_CONGESTION, text, &len), 0);
	EXPECT_EQ(len, TCP_CA_NAME_MAX);
	return text;
}

static int choose(int fd, const char *name)
{
	return __sys_setsockopt(fd, SOL_TCP, TCP_CONGESTION, name, (int)strlen(name));
}

#define DEFAULT		"net.ipv4.tcp_congestion_control"
#define AVAILABLE	"net.ipv4.tcp_available_congestion_control"
#define ALLOWED		"net.ipv4.tcp_allowed_congestion_control"

RULE_AS_LINUX("RFC 9293", "3.8.2", "MAY-18: other algorithms of congestion control",
	      "cubic is the default; reno and bbr are there, by setting and by socket");
TEST(congestion_control_is_cubic_unless_told_otherwise)
{
	int before, after_change;

	seg_begin();
	EXPECT_STREQ(setting(DEFAULT), "cubic");
	before = seg_socket();
	EXPECT_EQ(sysctl_write(seg_net, DEFAULT, "reno"), 0);
	EXPECT_STREQ(setting(DEFAULT), "reno");
	after_change = seg_socket();
	/* A default is for sockets to come. */
	EXPECT_STREQ(congestion_of(before), "cubic");
	EXPECT_STREQ(congestion_of(after_change), "reno");
	EXPECT_EQ(sysctl_write(seg_net, DEFAULT, "nemo"), -ENOENT);
	EXPECT_STREQ(setting(DEFAULT), "reno");
	seg_end();
	/* And of one namespace. */
	seg_begin();
	EXPECT_STREQ(setting(DEFAULT), "cubic");
	seg_end();
}

TEST(congestion_control_names_what_is_there_and_what_is_allowed)
{
	seg_begin();
	EXPECT_STREQ(setting(AVAILABLE), "reno cubic bbr");
	EXPECT_STREQ(setting(ALLOWED), "reno cubic bbr");
	EXPECT_EQ(sysctl_write(seg_net, AVAILABLE, "reno"), -EACCES);
	EXPECT_EQ(sysctl_write(seg_net, ALLOWED, "reno"), 0);
	EXPECT_STREQ(setting(ALLOWED), "reno");
	/* All or nothing. */
	EXPECT_EQ(sysctl_write(seg_net, ALLOWED, "cubic nemo"), -ENOENT);
	EXPECT_EQ(sysctl_write(seg_net, ALLOWED, "cubicubicubicubic"), -ENOENT);
	EXPECT_STREQ(setting(ALLOWED), "reno");
	EXPECT_EQ(sysctl_write(seg_net, ALLOWED, "cubic reno"), 0);
	EXPECT_STREQ(setting(ALLOWED), "reno cubic");
	/* What becomes the default is allowed by that. */
	EXPECT_EQ(sysctl_write(seg_net, ALLOWED, "reno"), 0);
	EXPECT_EQ(sysctl_write(seg_net, DEFAULT, "cubic"), 0);
	EXPECT_STREQ(setting(ALLOWED), "reno cubic");
	seg_end();
}

TEST(congestion_control_that_is_not_allowed_needs_a_capability)
{
	struct tcp_sock tp = { .snd_cwnd = 10 };
	struct sock *sk = (struct sock *)&tp;

	seg_begin();
	sk->sk_net = seg_net;
	sk->sk_state = TCP_CLOSE;
	tcp_assign_congestion_control(sk);
	EXPECT_EQ(sysctl_write(seg_net, ALLOWED, "reno"), 0);
	/* What it has it may ask for. */
	EXPECT_EQ(tcp_set_congestion_control(sk, "cubic", true, false), 0);
	EXPECT_EQ(tcp_set_congestion_control(sk, "reno", true, false), 0);
	EXPECT_EQ(tcp_set_congestion_control(sk, "cubic", true, false), -EPERM);
	EXPECT_EQ(tcp_set_congestion_control(sk, "nemo", true, false), -ENOENT);
	EXPECT_EQ(tcp_set_congestion_control(sk, "cubic", true, true), 0);
	seg_end();
}

TEST(congestion_control_of_a_listener_is_its_children_s)
{
	struct seg_conn c, d;
	int listener;

	seg_begin();
	listener = seg_listen(SEG_PORT, 5);
	EXPECT_EQ(choose(listener, "nemo"), -ENOENT);
	EXPECT_EQ(choose(listener, "reno"), 0);
	seg_conn_init(&c);
	seg_handshake(&c, "mss 1000", 32768);
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_STREQ(congestion_of(c.fd), "reno");
	/* It may change its own later; the default is of no interest. */
	EXPECT_EQ(choose(c.fd, "cubic"), 0);
	EXPECT_EQ(sysctl_write(seg_net, DEFAULT, "cubic"), 0);
	seg_conn_init(&d);
	seg_handshake(&d, "mss 1000", 32768);
	EXPECT_GE(seg_accept(listener, &d), 0);
	EXPECT_STREQ(congestion_of(d.fd), "reno");
	EXPECT_STREQ(congestion_of(c.fd), "cubic");
	seg_end();
}

TEST(congestion_control_default_goes_to_children_of_a_listener_that_chose_none)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = seg_listen(SEG_PORT, 5);
	EXPECT_EQ(sysctl_write(seg_net, DEFAULT, "reno"), 0);
	EXPECT_STREQ(congestion_of(listener), "cubic");
	seg_conn_init(&c);
	seg_handshake(&c, "mss 1000", 32768);
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_STREQ(congestion_of(c.fd), "reno");
	seg_end();
}
