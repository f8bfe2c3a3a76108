// SPDX-License-Identifier: MIT
/*
 * MSG_ZEROCOPY: segments carry the program's memory as it is when they are sent,
 * and the program is told when no segment will any more.
 *
 * Linux: msg_zerocopy.rst
 */
#include <linux/slab.h>
#include <linux/syscalls.h>

#include "../host/segtest.h"
#include "../host/zerocopy.h"

#define BYTES	65536

static u8 memory[BYTES];

/* The stream from its byte @from on. */
static void fill(u64 from, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		memory[i] = seg_pattern(from + i);
}

static struct socket *sock_of(const struct seg_conn *c)
{
	return seg_sock(c->fd)->sk_socket;
}

static void begin(struct seg_conn *c, u16 win)
{
	seg_begin();
	seg_passive(c, "mss 1000", win);
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_ZEROCOPY, 1), 0);
	fill(0, BYTES);
}

static ssize_t write_by_reference(struct seg_conn *c, size_t at, size_t len)
{
	ssize_t ret = __sys_sendto(c->fd, memory + at, len, MSG_ZEROCOPY | MSG_DONTWAIT, NULL,
				   0);

	host_run();
	return ret;
}

TEST(zerocopy_write_is_told_of_when_all_of_it_is_acknowledged)
{
	struct seg_conn c;

	begin(&c, 32768);
	EXPECT_EQ(write_by_reference(&c, 0, 3000), 3000);
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, "P. 2001:3001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 2001");
	expect_not_told(sock_of(&c));
	EXPECT_EQ(seg_poll(c.fd) & POLLERR, 0);
	EXPECT_GT(seg_sock(c.fd)->sk_omem_alloc, 0);
	seg_in(&c, ". 1:1(0) ack 3001");
	EXPECT_EQ(seg_poll(c.fd) & POLLERR, POLLERR);
	EXPECT_EQ(seg_error(c.fd), 0);
	expect_told(sock_of(&c), 0, 0, 0);
	expect_not_told(sock_of(&c));
	EXPECT_EQ(seg_poll(c.fd) & POLLERR, 0);
	EXPECT_EQ(seg_sock(c.fd)->sk_omem_alloc, 0);
	EXPECT_EQ(seg_sock(c.fd)->sk_wmem_queued, 0);
	seg_end();
}

TEST(zerocopy_memory_is_read_when_it_is_sent_and_sent_again)
{
	struct seg_conn c;

	begin(&c, 2000);
	memset(memory + 2000, 0, 1000);
	EXPECT_EQ(write_by_reference(&c, 0, 3000), 3000);
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, "P. 1001:2001(1000) ack 1");
	fill(0, 3000);
	seg_in(&c, ". 1:1(0) ack 2001");
	seg_out(&c, "P. 2001:3001(1000) ack 1");
	expect_not_told(sock_of(&c));
	/* Lost: it is still the program's that goes again. */
	seg_out_at(&c, 0, seg_s(3), "P. 2001:3001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 3001");
	expect_told(sock_of(&c), 0, 0, 0);
	seg_end();
}

TEST(zerocopy_writes_that_end_together_are_told_of_together)
{
	struct seg_conn c;

	begin(&c, 32768);
	EXPECT_EQ(write_by_reference(&c, 0, 1000), 1000);
	EXPECT_EQ(write_by_reference(&c, 1000, 1000), 1000);
	EXPECT_EQ(write_by_reference(&c, 2000, 1000), 1000);
	seg_out(&c, "P. 1:1001(1000) ack 1");
	seg_out(&c, "P. 1001:2001(1000) ack 1");
	seg_out(&c, "P. 2001:3001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 2001");
	seg_in(&c, ". 1:1(0) ack 3001");
	EXPECT_EQ(skb_queue_len(&seg_sock(c.fd)->sk_error_queue), 1);
	expect_told(sock_of(&c), 0, 2, 0);
	EXPECT_EQ(write_by_reference(&c, 3000, 1000), 1000);
	seg_out(&c, "P. 3001:4001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 4001");
	expect_told(sock_of(&c), 3, 3, 0);
	expect_not_told(sock_of(&c));
	seg_end();
}

TEST(zerocopy_has_to_be_asked_for_twice)
{
	struct seg_conn c;

	begin(&c, 32768);
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_SOCKET, SO_ZEROCOPY), 1);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_ZEROCOPY, 2), -EINVAL);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_ZEROCOPY, -1), -EINVAL);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_ZEROCOPY, 0), 0);
	EXPECT_EQ(write_by_reference(&c, 0, 1000), 1000);
	memset(memory, 0, 1000);
	seg_out(&c, "P. 1:1001(1000) ack 1");
	seg_out_at(&c, 0, seg_s(3), "P. 1:1001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 1001");
	expect_not_told(sock_of(&c));
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_ZEROCOPY, 1), 0);
	/* Nothing written, nothing to tell. */
	EXPECT_EQ(write_by_reference(&c, 0, 0), 0);
	expect_not_told(sock_of(&c));
	seg_end();
}

TEST(zerocopy_calls_not_told_of_are_bounded_by_optmem_max)
{
	struct seg_conn c;
	int n, one;

	begin(&c, 65535);
	EXPECT_EQ(write_by_reference(&c, 0, 1000), 1000);
	one = seg_sock(c.fd)->sk_omem_alloc;
	seg_net->core.sysctl_optmem_max = 4 * one;
	for (n = 1; n < 4; n++)
		EXPECT_EQ(write_by_reference(&c, (size_t)n * 1000, 1000), 1000);
	EXPECT_EQ(write_by_reference(&c, 4000, 1000), -ENOBUFS);
	for (n = 0; n < 4; n++)
		seg_out(&c, "P. %d:%d(1000) ack 1", n * 1000 + 1, n * 1000 + 1001);
	seg_in(&c, ". 1:1(0) ack 4001");
	/* Told of together: three of the four are free, one until it is read. */
	EXPECT_EQ(seg_sock(c.fd)->sk_omem_alloc, one);
	EXPECT_EQ(write_by_reference(&c, 4000, 1000), 1000);
	seg_out(&c, "P. 4001:5001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 5001");
	expect_told(sock_of(&c), 0, 4, 0);
	EXPECT_EQ(seg_sock(c.fd)->sk_omem_alloc, 0);
	seg_end();
}

TEST(zerocopy_call_that_wrote_nothing_has_no_number)
{
	struct seg_conn c;

	begin(&c, 1000);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, 4608), 0);
	while (write_by_reference(&c, 0, 4000) > 0)
		c.written++;
	EXPECT_EQ(write_by_reference(&c, 0, 4000), -EAGAIN);
	EXPECT_EQ(__sys_sendto(c.fd, (void *)8, 1000, MSG_ZEROCOPY | MSG_DONTWAIT, NULL, 0) < 0,
		  true);
	EXPECT_EQ(seg_sock(c.fd)->sk_zckey, (u32)c.written);
	EXPECT_EQ(seg_sock(c.fd)->sk_zcopy_calls, (u32)c.written);
	seg_flush();
	/* All is over: the program has its memory back. */
	seg_in(&c, "R. 1:1(0) ack 1");
	expect_told(sock_of(&c), 0, (u32)c.written - 1, 0);
	seg_end();
}

TEST(zerocopy_vector_of_many_segments_is_one_call)
{
	struct iovec iov[40];
	struct user_msghdr msg = { .msg_iov = iov, .msg_iovlen = 40 };
	struct seg_conn c;
	unsigned int n;

	begin(&c, 65535);
	/* More segments than a packet has frags, some of them empty. */
	for (n = 0; n < 40; n++)
		iov[n] = (struct iovec){ memory + n / 2 * 100, n % 2 ? 100 : 0 };
	EXPECT_EQ(__sys_sendmsg(c.fd, &msg, MSG_ZEROCOPY | MSG_DONTWAIT), 2000);
	host_run();
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, "P. 1001:1701(700) ack 1");
	seg_in(&c, ". 1:1(0) ack 1701");
	seg_out(&c, "P. 1701:2001(300) ack 1");
	expect_not_told(sock_of(&c));
	seg_in(&c, ". 1:1(0) ack 2001");
	expect_told(sock_of(&c), 0, 0, 0);
	expect_not_told(sock_of(&c));
	seg_end();
}

TEST(zerocopy_and_ordinary_writes_share_segments)
{
	struct seg_conn c;

	begin(&c, 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_CORK, 1), 0);
	EXPECT_EQ(__sys_sendto(c.fd, memory, 300, 0, NULL, 0), 300);
	EXPECT_EQ(write_by_reference(&c, 300, 300), 300);
	EXPECT_EQ(__sys_sendto(c.fd, memory + 600, 300, 0, NULL, 0), 300);
	EXPECT_EQ(write_by_reference(&c, 900, 600), 600);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_CORK, 0), 0);
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, "P. 1001:1501(500) ack 1");
	seg_in(&c, ". 1:1(0) ack 1001");
	expect_told(sock_of(&c), 0, 0, 0);
	seg_in(&c, ". 1:1(0) ack 1501");
	expect_told(sock_of(&c), 1, 1, 0);
	seg_end();
}

TEST(zerocopy_memory_is_let_go_of_after_close_without_a_word)
{
	struct seg_conn c;

	begin(&c, 32768);
	EXPECT_EQ(write_by_reference(&c, 0, 1000), 1000);
	seg_out(&c, "P. 1:1001(1000) ack 1");
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1001:1001(0) ack 1");
	seg_in(&c, ". 1:1(0) ack 1002");
	seg_end();
}

TEST(zerocopy_every_allocation_may_fail)
{
	struct seg_conn c;
	unsigned long nth;
	unsigned int calls = 0;

	begin(&c, 65535);
	for (nth = 1; nth < 14; nth++) {
		ssize_t ret;

		slab_fail_after(nth, 1);
		ret = __sys_sendto(c.fd, memory + c.written, 1000, MSG_ZEROCOPY | MSG_DONTWAIT,
				   NULL, 0);
		slab_fail_after(0, 0);
		host_run();
		EXPECT_TRUE(ret > 0 || ret == -ENOBUFS || ret == -EAGAIN);
		if (ret > 0) {
			c.written += (u64)ret;
			calls++;
		}
	}
	EXPECT_GT(calls, 2);
	EXPECT_EQ(seg_sock(c.fd)->sk_zckey, calls);
	seg_flush();
	seg_in(&c, "R. 1:1(0) ack 1");
	expect_told(sock_of(&c), 0, calls - 1, 0);
	seg_end();
}
