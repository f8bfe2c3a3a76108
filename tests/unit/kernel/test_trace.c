// SPDX-License-Identifier: MIT
/* kernel/trace.c: off by default, records when on, tells a packet's way. */
#include <linux/interrupt.h>
#include <linux/sched.h>
#include <linux/trace.h>

#include "../test.h"

/* Stand-ins for functions of the stack, under the names of their hops. */
static void hop_as(u64 id, unsigned int nr)
{
	struct { u64 id; } packet = { id };

	switch (nr) {
	case 0:
		trace_skb_as(&packet, "__sys_testsend");
		break;
	case 1:
		trace_skb_as(&packet, "zz_sendmsg");
		break;
	case 2:
		trace_skb_as(&packet, "zz_xmit");
		break;
	case 3:
		trace_skb_as(&packet, "zz_rcv");
		break;
	default:
		trace_skb_as(&packet, "zz_irq");
	}
	host_clock_ns += 100;
}

static void hops_on(bool on)
{
	trace_clear();
	/* As after a system call and a softirq. */
	current->trace_cause = 0;
	this_cpu()->trace_cause = 0;
	trace_enable("*_testsend", on);
	EXPECT_EQ(trace_enable("zz_*", on), 4U);
}

TEST(trace_records_only_when_on)
{
	trace_clear();
	hop_as(1, 1);
	EXPECT_EQ(trace_count(), 0UL);
	hops_on(true);
	hop_as(5, 1);
	EXPECT_EQ(trace_count(), 1UL);
	EXPECT_STREQ(trace_get(0)->tp->name, "zz_sendmsg");
	EXPECT_EQ(trace_get(0)->packet_id, 5UL);
	EXPECT_EQ(trace_get(0)->ctx, TRACE_TASK);
	EXPECT_TRUE(trace_get(1) == NULL);
	EXPECT_EQ(trace_enable("no such hop", true), 0U);
	hops_on(false);
	hop_as(5, 1);
	EXPECT_EQ(trace_count(), 0UL);
}

/* The names in @text, one after another. */
static void names_of(char *text, char *names, size_t size)
{
	char *rest = text, *line;

	names[0] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		size_t n = strlen(names);
		char *name = strstr(line, "__sys_testsend");

		if (!name)
			name = strstr(line, "zz_");
		if (name)
			scnprintf(names + n, size - n, "%.*s ",
				  (int)strcspn(name, " "), name);
	}
}

TEST(trace_way_of_a_sent_packet_begins_at_its_system_call)
{
	char text[2048], names[256];

	hops_on(true);
	hop_as(0, 0);		/* another call before */
	hop_as(0, 1);
	hop_as(8, 2);
	hop_as(0, 0);		/* ours */
	hop_as(0, 1);
	hop_as(9, 2);
	hop_as(0, 3);		/* a helper after it, no skb at hand */
	hop_as(9, 4);
	hop_as(0, 0);		/* another call after */
	EXPECT_GT(trace_print_packet(9, text, sizeof(text)), 0UL);
	names_of(text, names, sizeof(names));
	EXPECT_STREQ(names, "__sys_testsend zz_sendmsg zz_xmit zz_rcv zz_irq ");
	hops_on(false);
}

TEST(trace_way_of_a_received_packet_begins_at_its_interrupt)
{
	char text[2048], names[256];

	hops_on(true);
	hop_as(0, 1);
	this_cpu()->preempt_count += HARDIRQ_OFFSET;
	hop_as(0, 4);
	this_cpu()->preempt_count -= HARDIRQ_OFFSET;
	this_cpu()->preempt_count += SOFTIRQ_OFFSET;
	hop_as(0, 2);
	hop_as(7, 3);
	this_cpu()->preempt_count -= SOFTIRQ_OFFSET;
	hop_as(7, 1);
	EXPECT_GT(trace_print_packet(0, text, sizeof(text)), 0UL);
	EXPECT_TRUE(strstr(text, "hardirq") && strstr(text, "softirq"));
	names_of(text, names, sizeof(names));
	EXPECT_STREQ(names, "zz_irq zz_xmit zz_rcv zz_sendmsg ");
	EXPECT_EQ(trace_print_packet(1234, text, sizeof(text)), 0UL);
	hops_on(false);
}

TEST(trace_way_of_a_received_packet_goes_on_in_the_call_that_fetches_it)
{
	char text[2048], names[256];

	hops_on(true);
	this_cpu()->preempt_count += SOFTIRQ_OFFSET;
	hop_as(7, 3);
	hop_as(0, 4);		/* a helper of it */
	this_cpu()->preempt_count -= SOFTIRQ_OFFSET;
	hop_as(0, 0);		/* a call that finds nothing */
	hop_as(0, 0);		/* the one that finds it */
	hop_as(0, 1);
	hop_as(7, 2);
	EXPECT_GT(trace_print_packet(7, text, sizeof(text)), 0UL);
	EXPECT_TRUE(!strncmp(text, "packet 7\n", 9));
	names_of(text, names, sizeof(names));
	EXPECT_STREQ(names, "zz_rcv zz_irq __sys_testsend zz_sendmsg zz_xmit ");
	hops_on(false);
}

TEST(trace_small_buffer_gets_whole_lines)
{
	char text[150];
	size_t len;

	hops_on(true);
	hop_as(3, 1);
	hop_as(3, 2);
	hop_as(3, 3);
	len = trace_print_packet(3, text, sizeof(text));
	EXPECT_EQ(len, strlen(text));
	EXPECT_TRUE(!len || text[len - 1] == '\n');
	hops_on(false);
}

TEST(trace_ring_keeps_the_newest)
{
	unsigned int i;

	hops_on(true);
	for (i = 1; i <= 5000; i++)
		hop_as(i, 1);
	EXPECT_EQ(trace_count(), 4096UL);
	EXPECT_EQ(trace_get(0)->packet_id, 5000UL - 4095);
	EXPECT_EQ(trace_get(4095)->packet_id, 5000UL);
	hops_on(false);
	trace_clear();
}
