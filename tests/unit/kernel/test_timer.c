// SPDX-License-Identifier: MIT
/* kernel/timer.c: exact, never early, in order, on all levels of the wheel. */
#include <linux/interrupt.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include "../test.h"

#define FIRED_MAX 4096

struct probe {
	struct timer_list timer;
	unsigned int nr;
};

static struct {
	u64 at[FIRED_MAX];
	unsigned int nr[FIRED_MAX];
	unsigned int count;
} fired;

static void probe_fires(struct timer_list *t)
{
	struct probe *p = from_timer(p, t, timer);

	EXPECT_TRUE(in_serving_softirq());
	EXPECT_FALSE(timer_pending(t));
	if (fired.count < FIRED_MAX) {
		fired.at[fired.count] = host_clock_ns;
		fired.nr[fired.count] = p->nr;
	}
	fired.count++;
}

/* With a network, some timers are always armed, and go on firing. */
static bool alone(void)
{
	return !timers_armed();
}

static void probe_arm(struct probe *p, unsigned int nr, u64 expires)
{
	timer_setup(&p->timer, probe_fires, 0);
	p->nr = nr;
	EXPECT_EQ(mod_timer(&p->timer, expires), 0);
}

TEST(timer_fires_at_its_very_nanosecond)
{
	static const u64 spans[] = { 1, 2, 1023, 1024, 1025, 65535, 65536, 65537,
		999999, 1000000, 200000000, 1000000000, 7777777777, 3600000000000 };
	bool lonely = alone();
	struct probe p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(spans); i++) {
		u64 start = host_clock_ns, due = start + spans[i];

		fired.count = 0;
		probe_arm(&p, i, due);
		EXPECT_LE(timer_next_expiry(), due);
		EXPECT_TRUE(!lonely || timer_next_expiry() == due);
		host_advance(due - 1);
		EXPECT_EQ(fired.count, 0U);
		EXPECT_TRUE(timer_pending(&p.timer));
		host_advance(due);
		EXPECT_EQ(fired.count, 1U);
		EXPECT_EQ(fired.at[0], due);
		EXPECT_TRUE(!lonely || timer_next_expiry() == U64_MAX);
	}
}

TEST(timer_cascades_through_every_level)
{
	/* Weeks of a network's timers would take long: hours then. */
	unsigned int i, levels = alone() ? 8 : 6;
	u64 start = host_clock_ns;
	struct probe p[9];

	/* Level n begins 64^n ticks of 1024 ns away; the last one is centuries
	 * away. */
	fired.count = 0;
	for (i = 0; i < 9; i++)
		probe_arm(&p[i], i, start + (1024ULL << (6 * i)) + 12345 * i + 1);
	for (i = 0; i < levels; i++) {
		u64 due = p[i].timer.expires;

		host_advance(due - 1);
		EXPECT_EQ(fired.count, i);
		host_advance(due);
		EXPECT_EQ(fired.count, i + 1);
		EXPECT_EQ(fired.nr[i], i);
		EXPECT_EQ(fired.at[i], due);
	}
	for (; i < 9; i++) {
		EXPECT_EQ(del_timer(&p[i].timer), 1);
		EXPECT_EQ(del_timer(&p[i].timer), 0);
	}
}

TEST(timer_order_is_deadline_then_arming_order)
{
	struct probe p[64];
	u64 base = host_clock_ns + 5000000;
	unsigned int i;

	/* Pairs of equal deadlines a nanosecond apart, armed latest first. */
	fired.count = 0;
	for (i = 0; i < 64; i++)
		probe_arm(&p[i], i, base + (63 - i) / 2);
	host_advance(base + 100);
	EXPECT_EQ(fired.count, 64U);
	for (i = 0; i < 64; i += 2) {
		EXPECT_EQ(fired.nr[i], 62 - i);
		EXPECT_EQ(fired.nr[i + 1], 63 - i);
		EXPECT_EQ(fired.at[i], base + i / 2);
	}
}

TEST(timer_equals_keep_order_when_armed_from_different_distances)
{
	struct probe p[8];
	u64 due = host_clock_ns + 400 * NSEC_PER_MSEC;
	unsigned int i;

	fired.count = 0;
	for (i = 0; i < 8; i++) {
		probe_arm(&p[i], i, due);
		host_advance(host_clock_ns + (due - host_clock_ns) * 7 / 8);
	}
	host_advance(due);
	EXPECT_EQ(fired.count, 8U);
	for (i = 0; i < 8; i++)
		EXPECT_EQ(fired.nr[i], i);
}

TEST(timer_in_the_past_fires_from_an_interrupt_at_once)
{
	struct probe p;

	fired.count = 0;
	probe_arm(&p, 1, host_clock_ns - 1000);
	EXPECT_EQ(fired.count, 0U);
	EXPECT_LE(host_clock_armed(), host_clock_ns);
	host_advance(host_clock_ns);
	EXPECT_EQ(fired.count, 1U);
}

TEST(timer_mod_moves_both_ways)
{
	struct probe p;
	u64 now = host_clock_ns;

	fired.count = 0;
	probe_arm(&p, 1, now + 1000000);
	EXPECT_EQ(mod_timer(&p.timer, now + 5000000), 1);
	host_advance(now + 4999999);
	EXPECT_EQ(fired.count, 0U);
	EXPECT_EQ(mod_timer(&p.timer, now + 9000000), 1);
	EXPECT_EQ(mod_timer(&p.timer, now + 6000000), 1);
	host_advance(now + 6000000);
	EXPECT_EQ(fired.count, 1U);
	EXPECT_EQ(fired.at[0], now + 6000000);
}

static struct probe rearm;
static unsigned int rearm_left;

static void rearm_fires(struct timer_list *t)
{
	fired.at[fired.count++] = host_clock_ns;
	if (--rearm_left)
		mod_timer(t, host_clock_ns + 777);
}

TEST(timer_may_rearm_itself)
{
	u64 now = host_clock_ns;
	unsigned int i;

	fired.count = 0;
	rearm_left = 100;
	timer_setup(&rearm.timer, rearm_fires, 0);
	mod_timer(&rearm.timer, now + 777);
	host_advance(now + 777 * 200);
	EXPECT_EQ(fired.count, 100U);
	for (i = 0; i < fired.count; i++)
		EXPECT_EQ(fired.at[i], now + 777 * (i + 1));
}

static struct probe victim;

static void killer_fires(struct timer_list *t)
{
	struct probe *p = from_timer(p, t, timer);

	del_timer(&victim.timer);
	fired.count++;
	kfree(p);
}

TEST(timer_may_delete_another_one_due_now_and_free_itself)
{
	struct probe *p = kmalloc(sizeof(*p), GFP_KERNEL);
	u64 due = host_clock_ns + 5000;

	fired.count = 0;
	timer_setup(&p->timer, killer_fires, 0);
	mod_timer(&p->timer, due);
	probe_arm(&victim, 7, due);
	host_advance(due + 10000);
	EXPECT_EQ(fired.count, 1U);
	EXPECT_FALSE(timer_pending(&victim.timer));
}

TEST(timer_pushed_back_again_and_again_does_not_touch_the_clock)
{
	struct probe p;
	bool lonely = alone();
	unsigned long arms;
	unsigned int i;

	/* The life of a retransmission timer: each ACK moves it on. */
	fired.count = 0;
	probe_arm(&p, 1, host_clock_ns + 200 * NSEC_PER_MSEC);
	arms = host_clock_arms;
	for (i = 0; i < 1000; i++) {
		host_clock_ns += 10000;
		mod_timer(&p.timer, host_clock_ns + 200 * NSEC_PER_MSEC);
	}
	EXPECT_EQ(host_clock_arms, arms);
	host_advance(p.timer.expires - 1);
	EXPECT_EQ(fired.count, 0U);
	EXPECT_TRUE(!lonely || host_clock_arms <= arms + 2);
	host_sleep(1);
	EXPECT_EQ(fired.count, 1U);
}

static void fires_once_more(struct timer_list *t)
{
	probe_fires(t);
	if (fired.count < 2)
		EXPECT_EQ(mod_timer_now(t), 0);
}

TEST(timer_for_now_fires_with_the_next_softirq_and_without_the_clock)
{
	unsigned long arms = host_clock_arms;
	struct probe p = { .nr = 1 };

	fired.count = 0;
	timer_setup(&p.timer, fires_once_more, 0);
	local_bh_disable();
	EXPECT_EQ(mod_timer_now(&p.timer), 0);
	EXPECT_EQ(mod_timer_now(&p.timer), 1);
	EXPECT_EQ(fired.count, 0U);
	local_bh_enable();
	/* Also when it is armed by a timer. */
	EXPECT_EQ(fired.count, 2U);
	EXPECT_EQ(fired.at[1], host_clock_ns);
	EXPECT_EQ(host_clock_arms, arms);
	/* By a thread, whom no softirq follows: by ksoftirqd. */
	mod_timer_now(&p.timer);
	host_run();
	EXPECT_EQ(fired.count, 3U);
	EXPECT_FALSE(timer_pending(&p.timer));
}

TEST(timer_deleted_leaves_one_clock_interrupt_in_vain_at_most)
{
	u64 now = host_clock_ns;
	bool lonely = alone();
	struct probe p;

	fired.count = 0;
	probe_arm(&p, 1, now + 1000);
	del_timer(&p.timer);
	EXPECT_TRUE(!lonely || timer_next_expiry() == U64_MAX);
	host_advance(now + 2000);
	EXPECT_TRUE(!lonely || host_clock_armed() == U64_MAX);
	EXPECT_EQ(fired.count, 0U);
}

TEST(timer_far_away_costs_no_wakeups_for_cascades)
{
	struct probe p;
	unsigned long arms = host_clock_arms;
	bool lonely = alone();

	fired.count = 0;
	probe_arm(&p, 1, host_clock_ns + 123456789012);
	host_advance(p.timer.expires);
	EXPECT_EQ(fired.count, 1U);
	EXPECT_TRUE(!lonely || host_clock_arms == arms + 1);
}

/* Against a plain list: random arming, moving, deleting and advancing. */
#define MODEL_TIMERS 200

struct model {
	struct probe p[MODEL_TIMERS];
	u64 seq[MODEL_TIMERS];		/* arming order */
	u64 next_seq;
	u64 early, wrong_order;
};

static struct model *model;

/* Among the armed timers nothing may be before what fires. */
static void model_fires(struct timer_list *t)
{
	struct probe *p = from_timer(p, t, timer);
	unsigned int i;

	if (host_clock_ns < t->expires)
		model->early++;
	for (i = 0; i < MODEL_TIMERS; i++) {
		struct timer_list *other = &model->p[i].timer;

		if (timer_pending(other) && (other->expires < t->expires ||
		    (other->expires == t->expires && model->seq[i] < model->seq[p->nr])))
			model->wrong_order++;
	}
	fired.count++;
}

static void model_step(unsigned int i)
{
	struct timer_list *t = &model->p[i].timer;
	unsigned int shift = get_random_u32_below(40);

	switch (get_random_u32_below(8)) {
	case 0:
		del_timer(t);
		break;
	case 1:
		host_advance(host_clock_ns + (get_random_u64() & ((1ULL << shift) - 1)));
		break;
	default:
		model->seq[i] = model->next_seq++;
		mod_timer(t, (host_clock_ns + (get_random_u64() & ((1ULL << shift) - 1))) & ~3ULL);
	}
}

TEST(timer_agrees_with_a_model_over_random_operations)
{
	unsigned int i;

	model = kzalloc(sizeof(*model), GFP_KERNEL);
	fired.count = 0;
	for (i = 0; i < MODEL_TIMERS; i++) {
		model->p[i].nr = i;
		timer_setup(&model->p[i].timer, model_fires, 0);
	}
	for (i = 0; i < 40000; i++)
		model_step(get_random_u32_below(MODEL_TIMERS));
	host_advance(host_clock_ns + (1ULL << 40));
	for (i = 0; i < MODEL_TIMERS; i++)
		EXPECT_FALSE(timer_pending(&model->p[i].timer));
	EXPECT_GT(fired.count, 1000U);
	EXPECT_EQ(model->early, 0UL);
	EXPECT_EQ(model->wrong_order, 0UL);
	kfree(model);
}

TEST(timer_count_of_thousands_with_one_deadline_fire_in_order)
{
	enum { N = 4000 };
	struct probe *p = kcalloc(N, sizeof(*p), GFP_KERNEL);
	u64 due = host_clock_ns + NSEC_PER_SEC;
	unsigned long before = timers_armed();
	unsigned int i;

	fired.count = 0;
	for (i = 0; i < N; i++)
		probe_arm(&p[i], i, due);
	EXPECT_EQ(timers_armed(), before + N);
	host_advance(due);
	EXPECT_EQ(fired.count, (unsigned int)N);
	for (i = 0; i < N; i++)
		EXPECT_EQ(fired.nr[i], i);
	kfree(p);
}
