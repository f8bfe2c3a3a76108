// SPDX-License-Identifier: MIT
/*
 * Urgent data: the pointer names the byte after the urgent one; it is read apart
 * or in line; SIOCATMARK finds it; reads stop at it.
 *
 * RFC: 9293 3.8.5 (MUST-30 to 33, 62), 6093; Linux: tcp(7)
 */
#include "../host/segtest.h"

static int at_mark(const struct seg_conn *c)
{
	int answer = -1;

	EXPECT_EQ(__sys_ioctl(c->fd, SIOCATMARK, (unsigned long)(uintptr_t)&answer), 0);
	return answer;
}

RULE("RFC 9293", "3.8.5", "MUST-30: urgent data is supported");
RULE("RFC 9293", "3.8.5", "MUST-32: a program is told of urgent data");
RULE_AS_LINUX("RFC 6093", "6",
	      "urgent data in line is recommended",
	      "a single byte is read apart, unless SO_OOBINLINE is set");
TEST(urgent_byte_is_read_apart)
{
	struct seg_conn c;
	u8 buf[100];

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "PU. 1:11(10) ack 1 urg 5");
	seg_flush();
	EXPECT_TRUE(seg_poll(c.fd) & POLLPRI);
	EXPECT_EQ(at_mark(&c), 0);
	/* Up to the mark, not beyond. */
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 4);
	EXPECT_EQ(buf[3], seg_pattern(3));
	EXPECT_EQ(at_mark(&c), 1);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), MSG_OOB), 1);
	EXPECT_EQ(buf[0], seg_pattern(4));
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), MSG_OOB), -EINVAL);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 5);
	EXPECT_EQ(buf[0], seg_pattern(5));
	EXPECT_EQ(at_mark(&c), 0);
	EXPECT_FALSE(seg_poll(c.fd) & POLLPRI);
	seg_end();
}

RULE("RFC 6093", "5", "urgent data can stay in line");
RULE_AS_LINUX("RFC 9293", "3.8.5",
	      "MUST-33: a program can learn how much urgent data there is",
	      "SIOCATMARK tells where it ends");
TEST(urgent_byte_stays_in_line_when_asked_for)
{
	struct seg_conn c;
	u8 buf[100];

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_OOBINLINE, 1), 0);
	seg_in(&c, "PU. 1:11(10) ack 1 urg 5");
	seg_flush();
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), MSG_OOB), -EINVAL);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 4);
	EXPECT_EQ(at_mark(&c), 1);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 6);
	EXPECT_EQ(buf[0], seg_pattern(4));
	seg_end();
}

RULE("RFC 9293", "3.8.5", "MUST-31: urgent data may be of any length");
TEST(urgent_pointer_before_its_byte_arrives)
{
	struct seg_conn c;
	u8 buf[100];

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "U. 1:1(0) ack 1 urg 20");
	EXPECT_FALSE(seg_poll(c.fd) & POLLPRI);
	EXPECT_EQ(seg_recv(&c, buf, 1, MSG_OOB), -EAGAIN);
	seg_in(&c, "PU. 1:11(10) ack 1 urg 20");
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 10);
	seg_in(&c, "PU. 11:31(20) ack 1 urg 10");
	EXPECT_EQ(seg_recv(&c, buf, 1, MSG_OOB), 1);
	EXPECT_EQ(buf[0], seg_pattern(19));
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 9);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 10);
	seg_flush();
	seg_end();
}

/* There is one mark: a later pointer moves it, an older one does not. */
RULE_AS_LINUX("RFC 6093", "3.3", "urgent data may be of any length, and so be several bytes",
	      "there is one mark, at the last: what was urgent before is data as any other");
TEST(later_urgent_pointer_moves_the_mark)
{
	struct seg_conn c;
	u8 buf[100];

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "PU. 1:11(10) ack 1 urg 5");
	seg_in(&c, "PU. 11:21(10) ack 1 urg 5");
	seg_flush();
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), MSG_OOB), 1);
	EXPECT_EQ(buf[0], seg_pattern(14));
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 14);
	EXPECT_EQ(at_mark(&c), 1);
	seg_end();
}

TEST(urgent_pointer_at_what_has_arrived_is_ignored)
{
	struct seg_conn c;
	u8 buf[100];

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:51(50) ack 1");
	seg_in(&c, "PU. 41:61(20) ack 1 urg 5");
	seg_flush();
	EXPECT_FALSE(seg_poll(c.fd) & POLLPRI);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), MSG_OOB), -EINVAL);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 60);
	seg_end();
}

TEST(no_urgent_data_is_einval)
{
	struct seg_conn c;
	u8 buf[1];

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_recv(&c, buf, 1, MSG_OOB), -EINVAL);
	seg_end();
}

RULE("RFC 9293", "3.8.5", "MUST-62: the pointer names the byte after the urgent data");
RULE("RFC 6093", "4", "the pointer names the byte after the urgent data");
TEST(urgent_data_sent_carries_the_pointer)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 10, MSG_OOB), 10);
	seg_out(&c, "PU. 1:11(10) ack 1 urg 10");
	/* Urgent mode ends with its acknowledgement; Nagle does not hold it. */
	EXPECT_EQ(seg_write(&c, 3, MSG_OOB), 3);
	seg_out(&c, "PU. 11:14(3) ack 1 urg 3");
	seg_in(&c, ". 1:1(0) ack 14");
	EXPECT_EQ(seg_write(&c, 5, 0), 5);
	seg_out(&c, "P. 14:19(5) ack 1");
	seg_end();
}

RULE("RFC 9293", "3.8.6", "MUST-66: urgent mode passes a closed window");
TEST(urgent_mode_is_announced_through_a_closed_window)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 2000);
	EXPECT_EQ(seg_write(&c, 2000, 0), 2000);
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 2001 win 0");
	EXPECT_EQ(seg_write(&c, 1, MSG_OOB), 1);
	seg_none();
	seg_sleep(seg_ms(210));
	seg_out(&c, "U. 2001:2001(0) ack 1 urg 1");
	seg_flush();
	seg_end();
}

RULE_AS_LINUX("RFC 6093", "3.2", "the pointer names the byte after the urgent data",
	      "tcp_stdurg: of what is received it names the urgent byte itself");
TEST(urgent_pointer_names_the_byte_itself_when_told_to)
{
	struct seg_conn c;
	u8 buf[100];

	seg_begin();
	seg_sysctl(tcp_stdurg) = 1;
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "PU. 1:11(10) ack 1 urg 5");
	seg_flush();
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 5);
	EXPECT_EQ(at_mark(&c), 1);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), MSG_OOB), 1);
	EXPECT_EQ(buf[0], seg_pattern(5));
	/* What is sent is as ever. */
	EXPECT_EQ(seg_write(&c, 3, MSG_OOB), 3);
	seg_out(&c, "PU. 1:4(3) ack 11 urg 3");
	seg_end();
}

RULE("RFC 6093", "2.2", "without URG the pointer means nothing");
TEST(urgent_pointer_without_urg_is_ignored)
{
	struct seg_conn c;
	u8 buf[100];

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:11(10) ack 1 urg 5");
	seg_flush();
	EXPECT_FALSE(seg_poll(c.fd) & POLLPRI);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), MSG_OOB), -EINVAL);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 10);
	seg_end();
}

RULE_AS_LINUX("RFC 6093", "2.2", "a pointer of zero names what is before the segment",
	      "it names the first byte, which is passed over where the mark is the next to read");
TEST(urgent_pointer_of_zero_names_the_first_byte)
{
	struct seg_conn c;
	u8 buf[100];

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "PU. 1:11(10) ack 1 urg 0");
	seg_flush();
	EXPECT_TRUE(seg_poll(c.fd) & POLLPRI);
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), 0), 9);
	EXPECT_EQ(buf[0], seg_pattern(1));
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), MSG_OOB), -EINVAL);
	seg_end();
}
