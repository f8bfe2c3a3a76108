// SPDX-License-Identifier: MIT
/*
 * Not more than about a millisecond of a connection waits below it, in its host's own
 * queues: what is written waits, and what is sent again too. When the device has sent
 * some, more follows.
 *
 * Linux: tcp_small_queue_check(), tcp_limit_output_bytes
 */
#include <linux/netdevice.h>

#include "../host/segtest.h"

/* The device takes nothing, or again. */
static void device_stops(bool stop)
{
	struct net_device *dev = __dev_get_by_name(seg_net, "eth0");

	if (stop)
		netif_stop_queue(dev);
	else
		netif_wake_queue(dev);
	/* It goes on in a timer of this instant. */
	seg_sleep(1);
}

static u64 sent_bytes(const struct seg_conn *c)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	return info.tcpi_bytes_sent;
}

/* Writes of 500 bytes, as many as the window will take. */
static void write_10000(struct seg_conn *c)
{
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_SNDBUF, 100000), 0);
	EXPECT_EQ(seg_setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, 1), 0);
	while (c->written < 10000)
		EXPECT_EQ(seg_write(c, 500, 0), 500);
}

RULE_AS_LINUX("RFC 9293", "3.8.6", "how much of a window waits in the sender's host",
	      "two packets at least, not more than tcp_limit_output_bytes");
TEST(what_is_written_waits_while_the_device_is_busy)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_limit_output_bytes) = 4096;
	seg_passive(&c, "mss 1000", 32768);
	device_stops(true);
	write_10000(&c);
	EXPECT_GE(sent_bytes(&c), 1000);
	EXPECT_LE(sent_bytes(&c), 5000);
	seg_none();
	device_stops(false);
	EXPECT_GE(sent_bytes(&c), 8000);
	seg_flush();
	seg_end();
}

TEST(what_is_written_goes_down_at_once_when_the_limit_is_wide)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	device_stops(true);
	write_10000(&c);
	EXPECT_GE(sent_bytes(&c), 8000);
	device_stops(false);
	seg_flush();
	seg_end();
}

TEST(what_is_sent_again_waits_while_the_device_is_busy)
{
	struct tcp_info info;
	struct seg_conn c;
	u32 again;
	int i;

	seg_begin();
	seg_passive_rtt(&c, "mss 1000,sackOK", 60000, seg_ms(20));
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	EXPECT_EQ(seg_flush(), 10);
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 10001");
	EXPECT_EQ(seg_write(&c, 20000, 0), 20000);
	EXPECT_EQ(seg_flush(), 20);
	seg_sysctl(tcp_limit_output_bytes) = 1000;
	device_stops(true);
	seg_sleep(seg_ms(20));
	/* The first ten are lost. */
	for (i = 0; i < 10; i++)
		seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,sack 20001:%u>", 21001 + i * 1000);
	seg_sleep(seg_ms(10));
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_lost, 10);
	again = info.tcpi_total_retrans;
	EXPECT_GE(again, 1);
	EXPECT_LE(again, 3);
	seg_none();
	device_stops(false);
	seg_info(c.fd, &info);
	EXPECT_GT(info.tcpi_total_retrans, again + 2);
	EXPECT_EQ(seg_flush(), info.tcpi_total_retrans);
	seg_end();
}
