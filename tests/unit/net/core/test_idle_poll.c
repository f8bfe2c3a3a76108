// SPDX-License-Identifier: MIT
/* Looking before halting: for how long, when it pays, and what is left behind. */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <net/net_namespace.h>

#include "../../test.h"
#include "../fake_netdev.h"

#define MOST_NS	(200 * NSEC_PER_USEC)
#define LOOK_NS	NSEC_PER_USEC		/* how long a look takes here */

/* A device that brings packets when it is looked at. */
static struct {
	struct net_device *dev;
	struct napi_struct napi;
	struct napi_idle *idle;
	unsigned int polls;		/* looks */
	unsigned int unmasked;		/* looks that ended with the interrupt on */
	unsigned int at;		/* the look that brings a packet; 0: none */
	unsigned int late;		/* the look that the host takes the CPU away in */
	int budget;			/* of the last look */
} t;

static int poll_fn(struct napi_struct *napi, int budget)
{
	int n = ++t.polls == t.at;

	host_clock_ns += LOOK_NS;
	if (t.polls == t.late) {
		host_clock_ns += 2 * NSEC_PER_MSEC;
		raise_softirq(TIMER_SOFTIRQ);
	}
	t.budget = budget;
	if (napi_complete_done(napi, n))
		t.unmasked++;
	return n;
}

static void forget(void)
{
	t.polls = t.unmasked = t.at = t.late = 0;
}

static void begin(void)
{
	memset(&t, 0, sizeof(t));
	t.dev = fake_netdev_create(init_net, 0);
	t.idle = &this_cpu()->softnet->idle;
	t.idle->hits = t.idle->misses = 0;
	netif_napi_add(t.dev, &t.napi, poll_fn);
	napi_enable(&t.napi);
	init_net->core.sysctl_guest_halt_poll_ns = MOST_NS;
}

static void end(void)
{
	napi_disable(&t.napi);
	netif_napi_del(&t.napi);
	EXPECT_TRUE(!t.idle->last && !t.idle->kept);
	fake_netdev_destroy(t.dev);
	del_timer(&t.idle->guard);
	t.idle->limit_ns = t.idle->since_ns = 0;
}

/* The idle loop comes by. */
static bool idle(bool fresh)
{
	unsigned long flags;
	bool again;

	local_irq_save(flags);
	again = net_idle_poll(fresh);
	EXPECT_TRUE(irqs_disabled());
	local_irq_restore(flags);
	return again;
}

/* The device interrupts, and has a packet. */
static void interrupt(void)
{
	t.at = t.polls + 1;
	EXPECT_TRUE(napi_schedule(&t.napi));
	host_run();
}

/* The CPU halts for lack of work, and a packet comes @span_ns later. */
static void halt_for(u64 span_ns)
{
	EXPECT_FALSE(idle(true));
	host_clock_ns += span_ns;
	interrupt();
}

/* Waits that are short enough: then it looks for so long. */
static void grown_to(u64 limit_ns)
{
	host_clock_ns += NSEC_PER_USEC;
	interrupt();
	halt_for(MOST_NS / 2);
	EXPECT_EQ(t.idle->limit_ns, 50 * NSEC_PER_USEC);
	while (t.idle->limit_ns < limit_ns) {
		t.idle->since_ns = ktime_get_ns() - MOST_NS;
		interrupt();
	}
	EXPECT_EQ(t.idle->limit_ns, limit_ns);
	forget();
}

TEST(idle_halts_at_once_while_nothing_comes_soon)
{
	begin();
	/* Nobody has brought anything. */
	EXPECT_FALSE(idle(true));
	halt_for(MOST_NS + 1);
	halt_for(MOST_NS + 1);
	EXPECT_EQ(t.idle->limit_ns, 0);
	EXPECT_EQ(t.polls, 2);		/* of the interrupts */
	end();
}

TEST(idle_looks_after_waits_that_were_short)
{
	begin();
	grown_to(MOST_NS);
	t.at = 3;
	EXPECT_TRUE(idle(true));
	EXPECT_EQ(t.polls, 3);
	EXPECT_EQ(t.budget, NAPI_POLL_WEIGHT);
	EXPECT_EQ(t.idle->hits, 1);
	/* The device stays masked, and ours, for the next wait. */
	EXPECT_EQ(t.unmasked, 0);
	EXPECT_FALSE(napi_schedule(&t.napi));
	forget();
	t.at = 2;
	EXPECT_TRUE(idle(false));
	EXPECT_EQ(t.polls, 2);
	EXPECT_EQ(t.unmasked, 0);
	end();
}

TEST(idle_look_in_vain_unmasks_and_halts)
{
	begin();
	grown_to(MOST_NS);
	EXPECT_TRUE(idle(true));
	/* For as long as it was to, and once more to unmask. */
	EXPECT_EQ(t.polls, MOST_NS / LOOK_NS + 1);
	EXPECT_EQ(t.unmasked, 1);
	EXPECT_EQ(t.napi.state, 0);
	EXPECT_EQ(t.idle->misses, 1);
	EXPECT_FALSE(idle(false));
	/* A timer's interrupt does not begin it anew, nor ends the wait. */
	EXPECT_FALSE(idle(false));
	EXPECT_EQ(t.polls, MOST_NS / LOOK_NS + 1);
	/* Too late: half as long the next time, and not at all in the end. */
	interrupt();
	EXPECT_EQ(t.idle->limit_ns, MOST_NS / 2);
	EXPECT_TRUE(idle(false));
	host_clock_ns += MOST_NS;
	interrupt();
	EXPECT_EQ(t.idle->limit_ns, MOST_NS / 4);
	EXPECT_TRUE(idle(false));
	host_clock_ns += MOST_NS;
	interrupt();
	EXPECT_EQ(t.idle->limit_ns, 0);
	EXPECT_FALSE(idle(false));
	end();
}

TEST(idle_look_never_lasts_longer_than_the_setting)
{
	begin();
	grown_to(MOST_NS);
	init_net->core.sysctl_guest_halt_poll_ns = 20000;
	EXPECT_TRUE(idle(true));
	EXPECT_EQ(t.polls, 20000 / LOOK_NS + 1);
	/* Switched off: what is ours is given back. */
	forget();
	init_net->core.sysctl_guest_halt_poll_ns = MOST_NS;
	t.at = 1;
	EXPECT_TRUE(idle(true));
	EXPECT_EQ(t.unmasked, 0);
	init_net->core.sysctl_guest_halt_poll_ns = 0;
	EXPECT_TRUE(idle(true));
	EXPECT_EQ(t.unmasked, 1);
	EXPECT_FALSE(idle(true));
	EXPECT_EQ(t.polls, 2);
	end();
}

static int nothing(void *arg)
{
	return arg != NULL;
}

TEST(idle_look_ends_when_a_thread_can_run)
{
	begin();
	grown_to(MOST_NS);
	EXPECT_FALSE(IS_ERR(kthread_run(nothing, NULL, "runs")));
	EXPECT_TRUE(idle(true));
	EXPECT_EQ(t.polls, 1);
	EXPECT_EQ(t.unmasked, 0);
	/* It does not give the CPU back: the softirq looks, and unmasks. */
	host_sleep(2 * NSEC_PER_MSEC);
	EXPECT_EQ(t.polls, 2);
	EXPECT_EQ(t.unmasked, 1);
	EXPECT_EQ(t.napi.state, 0);
	end();
}

TEST(idle_guard_leaves_alone_what_is_looked_at)
{
	begin();
	grown_to(MOST_NS);
	t.at = 1;
	EXPECT_TRUE(idle(true));
	host_clock_ns += 900 * NSEC_PER_USEC;
	t.at = 2;
	EXPECT_TRUE(idle(true));
	/* Its time comes, but it was looked at only now. */
	host_sleep(200 * NSEC_PER_USEC);
	EXPECT_EQ(t.polls, 2);
	host_sleep(800 * NSEC_PER_USEC);
	EXPECT_EQ(t.polls, 3);
	EXPECT_EQ(t.unmasked, 1);
	end();
}

TEST(idle_guard_leaves_alone_what_is_being_looked_at)
{
	begin();
	grown_to(MOST_NS);
	t.at = 1;
	EXPECT_TRUE(idle(true));
	/* The last look was long ago, and the guard's time has come. */
	t.late = 2;
	EXPECT_TRUE(idle(true));
	EXPECT_EQ(t.polls, 3);
	EXPECT_EQ(t.unmasked, 1);
	EXPECT_EQ(t.napi.state, 0);
	EXPECT_FALSE(idle(false));
	end();
}

TEST(idle_look_lets_go_of_an_instance_that_goes_away)
{
	begin();
	grown_to(MOST_NS);
	t.at = 1;
	EXPECT_TRUE(idle(true));
	napi_disable(&t.napi);
	forget();
	EXPECT_TRUE(idle(true));
	EXPECT_EQ(t.polls, 0);
	napi_enable(&t.napi);
	EXPECT_EQ(t.napi.state, 0);
	end();
}
