// SPDX-License-Identifier: MIT
/*
 * Timers: nine wheels of 64 slots, and exact nanoseconds.
 *
 * A tick is 1024 ns; wheel_tick is where the wheel stands. A timer's level is
 * given by the highest group of six bits in which the tick of its deadline
 * differs from wheel_tick, its slot by that group's value:
 *
 *     tick    = | 8 | 7 | 6 | 5 | 4 | 3 | 2 | 1 | 0 |   groups of 6 bits
 *     level 0:  this and the 63 ticks beside it, one tick a slot
 *     level n:  64^n ticks a slot
 *
 * So all timers of level n lie behind all of level n - 1 in time, and within a
 * level the slots are in order: the earliest slot is the lowest bit of the
 * lowest bitmap that is not empty. When the wheel reaches a slot of a higher
 * level, its timers move down (cascade), each level at most once. Arming and
 * disarming touch one slot.
 *
 * Order. The slot under wheel_tick is kept sorted by deadline; a slot is sorted
 * (stably) when the wheel reaches it. Timers with equal deadlines always share
 * a slot: where a timer stands depends on its deadline and wheel_tick only. And
 * slots are appended to, also by a cascade, which finds the slots below empty.
 * So equals keep the order in which they were armed.
 *
 * The clock. Arming it costs a VM exit, so it is done only when the earliest
 * deadline moves forward of the armed one. When a timer is taken away or put
 * off the clock fires in vain once, and is then armed for what is left. Each
 * slot remembers the earliest deadline put into it (slot_min), exact unless
 * that timer left: so the wheel knows the next deadline without walking slots,
 * and does not wake for cascades.
 *
 * Linux: kernel/time/timer.c (coarse levels, no cascade, jiffies) and hrtimer.c
 */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/timer.h>

#define TICK_SHIFT	10		/* 1024 ns */
#define LEVEL_BITS	6
#define LEVEL_SLOTS	64
#define LEVELS		9		/* 54 bits: all ticks there are */
#define NO_DEADLINE	U64_MAX

/* So many timers a softirq, then others get their turn. */
#define TIMERS_PER_RUN	10000

struct timer_wheel {
	u64 tick;			/* all earlier slots are empty */
	u64 armed_ns;			/* what the clock is set to */
	bool running;			/* run_timers() arms when it is done */
	unsigned long count;		/* timers armed */
	u64 bitmap[LEVELS];		/* slots that are not empty */
	struct list_head slot[LEVELS * LEVEL_SLOTS];
	u64 slot_min[LEVELS * LEVEL_SLOTS];
};

/* Guarded by interrupts off. Linux: one per CPU. */
static struct timer_wheel wheel;

/* ---- slots ------------------------------------------------------------- */

static unsigned int slot_of(u64 tick)
{
	unsigned int level;

	if (tick <= wheel.tick)
		return wheel.tick % LEVEL_SLOTS;
	level = ilog2(tick ^ wheel.tick) / LEVEL_BITS;
	return level * LEVEL_SLOTS +
	       (unsigned int)(tick >> (level * LEVEL_BITS)) % LEVEL_SLOTS;
}

/* From the end: nearly always the new one is the latest. */
static void insert_sorted(struct list_head *head, struct timer_list *timer)
{
	struct timer_list *pos;

	list_for_each_entry_reverse(pos, head, entry)
		if (pos->expires <= timer->expires)
			break;
	list_add(&timer->entry, &pos->entry);
}

static void enqueue(struct timer_list *timer)
{
	unsigned int nr = slot_of(timer->expires >> TICK_SHIFT);
	struct list_head *head = &wheel.slot[nr];

	timer->slot = nr;
	if (list_empty(head)) {
		wheel.bitmap[nr / LEVEL_SLOTS] |= 1ULL << (nr % LEVEL_SLOTS);
		wheel.slot_min[nr] = timer->expires;
	} else if (timer->expires < wheel.slot_min[nr]) {
		wheel.slot_min[nr] = timer->expires;
	}
	if (nr == wheel.tick % LEVEL_SLOTS)
		insert_sorted(head, timer);
	else
		list_add_tail(&timer->entry, head);
}

static void dequeue(struct timer_list *timer)
{
	unsigned int nr = timer->slot;

	__list_del_entry(&timer->entry);
	timer->entry.next = NULL;
	if (list_empty(&wheel.slot[nr]))
		wheel.bitmap[nr / LEVEL_SLOTS] &= ~(1ULL << (nr % LEVEL_SLOTS));
}

/* The earliest slot that is not empty, or -1. */
static int first_slot(void)
{
	unsigned int level;

	for (level = 0; level < LEVELS; level++)
		if (wheel.bitmap[level])
			return (int)(level * LEVEL_SLOTS) +
			       __builtin_ctzll(wheel.bitmap[level]);
	return -1;
}

/* The first tick that belongs to slot @nr. */
static u64 slot_start(unsigned int nr)
{
	unsigned int shift = nr / LEVEL_SLOTS * LEVEL_BITS;
	u64 group = (wheel.tick >> shift) & ~(u64)(LEVEL_SLOTS - 1);

	return (group | nr % LEVEL_SLOTS) << shift;
}

static int compare_expires(void *priv, const struct list_head *a,
			   const struct list_head *b)
{
	return list_entry(a, struct timer_list, entry)->expires >
	       list_entry(b, struct timer_list, entry)->expires;
}

/* The wheel moves on to slot @nr, the earliest one: its timers go down to the
 * slots that they belong to now, or it becomes the current, sorted one. */
static void enter_slot(unsigned int nr)
{
	struct timer_list *timer, *n;
	LIST_HEAD(timers);

	wheel.tick = slot_start(nr);
	if (nr < LEVEL_SLOTS) {
		list_sort(NULL, &wheel.slot[nr], compare_expires);
		return;
	}
	list_splice_init(&wheel.slot[nr], &timers);
	wheel.bitmap[nr / LEVEL_SLOTS] &= ~(1ULL << (nr % LEVEL_SLOTS));
	list_for_each_entry_safe(timer, n, &timers, entry)
		enqueue(timer);
}

/* ---- the clock ---------------------------------------------------------- */

/**
 * timer_next_expiry - when the wheel has to be looked at next
 *
 * Context: any.
 * Return: the earliest deadline, or U64_MAX when no timer is armed. It may be
 * early, when the timer that it belonged to was taken away, never late.
 */
u64 timer_next_expiry(void)
{
	u64 next = NO_DEADLINE;
	unsigned long flags;
	int nr;

	local_irq_save(flags);
	nr = first_slot();
	if (nr >= 0 && (unsigned int)nr == wheel.tick % LEVEL_SLOTS)
		next = list_first_entry(&wheel.slot[nr], struct timer_list,
					entry)->expires;
	else if (nr >= 0)
		next = wheel.slot_min[nr];
	local_irq_restore(flags);
	return next;
}

/* Only ever forward: a clock that fires too early finds nothing to do. */
static void clock_arm_before(u64 expires)
{
	if (wheel.running || expires >= wheel.armed_ns)
		return;
	wheel.armed_ns = expires;
	platform_clock_arm(expires);
}

/**
 * clock_interrupt - the armed deadline was reached
 *
 * Context: hardirq, between irq_enter() and irq_exit().
 */
void clock_interrupt(void)
{
	wheel.armed_ns = NO_DEADLINE;
	raise_softirq(TIMER_SOFTIRQ);
}

/* ---- arming ------------------------------------------------------------- */

/**
 * timer_setup - prepare a timer that was never armed, or is idle
 * @timer: the timer, usually inside of what it belongs to (from_timer())
 * @fn: runs in TIMER_SOFTIRQ; may arm, disarm and free any timer, its own too
 * @flags: 0
 *
 * Context: any.
 */
void timer_setup(struct timer_list *timer, void (*fn)(struct timer_list *),
		 unsigned int flags)
{
	timer->entry.next = NULL;
	timer->entry.prev = NULL;
	timer->expires = 0;
	timer->function = fn;
	timer->slot = 0;
}

/* Interrupts off. Into the wheel, out of it first if need be: 1 if it was armed. */
static int timer_arm(struct timer_list *timer, u64 expires_ns)
{
	int was_pending = 0;

	BUG_ON(!timer->function);
	if (timer_pending(timer)) {
		was_pending = 1;
		dequeue(timer);
	} else {
		wheel.count++;
	}
	timer->expires = expires_ns;
	enqueue(timer);
	return was_pending;
}

/**
 * mod_timer - arm a timer, or move its deadline
 * @timer: the timer
 * @expires_ns: absolute nanoseconds; one that is past fires as soon as it can
 *
 * Context: any.
 * Return: 1 if it was armed before, else 0.
 */
int mod_timer(struct timer_list *timer, u64 expires_ns)
{
	unsigned long flags;
	int was_pending;

	local_irq_save(flags);
	was_pending = timer_arm(timer, expires_ns);
	clock_arm_before(expires_ns);
	local_irq_restore(flags);
	return was_pending;
}

/**
 * mod_timer_now - have a timer fire as soon as softirqs run
 * @timer: the timer
 *
 * What Linux has tasklets for: neither the clock is armed for it, nor does it
 * interrupt.
 *
 * Context: any.
 * Return: 1 if it was armed before, else 0.
 */
int mod_timer_now(struct timer_list *timer)
{
	unsigned long flags;
	int was_pending;

	local_irq_save(flags);
	was_pending = timer_arm(timer, ktime_get_ns());
	raise_softirq_irqoff(TIMER_SOFTIRQ);
	local_irq_restore(flags);
	return was_pending;
}

/**
 * add_timer - arm an idle timer for timer->expires
 * @timer: the timer
 *
 * Context: any.
 */
void add_timer(struct timer_list *timer)
{
	BUG_ON(timer_pending(timer));
	mod_timer(timer, timer->expires);
}

/**
 * del_timer - disarm a timer
 * @timer: the timer, armed or not
 *
 * The clock stays as it is armed (see above).
 *
 * Context: any.
 * Return: 1 if it was armed.
 */
int del_timer(struct timer_list *timer)
{
	unsigned long flags;
	int was_pending = 0;

	local_irq_save(flags);
	if (timer_pending(timer)) {
		was_pending = 1;
		wheel.count--;
		dequeue(timer);
	}
	local_irq_restore(flags);
	return was_pending;
}

/**
 * timers_armed - how many timers are armed
 *
 * Context: any.
 * Return: the number.
 */
unsigned long timers_armed(void)
{
	return wheel.count;
}

/* ---- running ------------------------------------------------------------ */

/*
 * Moves the wheel to the first timer that is due at @now_ns and takes it out;
 * NULL, and the wheel stands at @now_ns, when none is.
 */
static struct timer_list *next_due(u64 now_ns)
{
	u64 now_tick = now_ns >> TICK_SHIFT;
	struct timer_list *timer;
	int nr;

	for (;;) {
		nr = first_slot();
		if (nr < 0 || slot_start((unsigned int)nr) > now_tick)
			break;
		if ((unsigned int)nr != wheel.tick % LEVEL_SLOTS) {
			enter_slot((unsigned int)nr);
			continue;
		}
		timer = list_first_entry(&wheel.slot[nr], struct timer_list, entry);
		if (timer->expires > now_ns)
			return NULL;
		dequeue(timer);
		wheel.count--;
		return timer;
	}
	if (wheel.tick < now_tick)
		wheel.tick = now_tick;
	return NULL;
}

/*
 * TIMER_SOFTIRQ. The time is taken once: what timer functions arm for later
 * than that waits for the clock, even when the clock has gone on meanwhile.
 */
static void run_timers(struct softirq_action *action)
{
	unsigned int budget = TIMERS_PER_RUN;
	u64 now_ns = ktime_get_ns();
	struct timer_list *timer;
	unsigned long flags;

	local_irq_save(flags);
	wheel.running = true;
	while (budget && (timer = next_due(now_ns))) {
		budget--;
		local_irq_restore(flags);
		timer->function(timer);	/* may be freed now */
		local_irq_save(flags);
	}
	wheel.running = false;
	if (budget)
		clock_arm_before(timer_next_expiry());
	else
		raise_softirq_irqoff(TIMER_SOFTIRQ);
	local_irq_restore(flags);
}

/**
 * timers_init - an empty wheel at the present time
 *
 * Context: boot.
 */
void timers_init(void)
{
	unsigned int i;

	for (i = 0; i < LEVELS * LEVEL_SLOTS; i++)
		INIT_LIST_HEAD(&wheel.slot[i]);
	wheel.tick = ktime_get_ns() >> TICK_SHIFT;
	wheel.armed_ns = NO_DEADLINE;
	open_softirq(TIMER_SOFTIRQ, run_timers);
}
