// SPDX-License-Identifier: MIT
/*
 * When valgrind counts: from begin to end, but for the world. In a file of its
 * own, which is not counted either.
 */
#include <linux/types.h>

#include "body.h"

/* callgrind.h of valgrind: what its client requests are called. */
#define CALLGRIND_BASE			0x43540000UL	/* 'C' 'T' */
#define CALLGRIND_TOGGLE_COLLECT	(CALLGRIND_BASE + 2)
#define CALLGRIND_DUMP_STATS_AT		(CALLGRIND_BASE + 3)

static bool wanted, in_world, counting;

/* What valgrind takes for a request, and a CPU for nothing at all. */
static noinline void callgrind(unsigned long request, const void *arg)
{
	volatile unsigned long args[6] = { request, (uintptr_t)arg };
	unsigned long result = 0;

	__asm__ __volatile__("rolq $3, %%rdi\n\trolq $13, %%rdi\n\t"
			     "rolq $61, %%rdi\n\trolq $51, %%rdi\n\t"
			     "xchgq %%rbx, %%rbx"
			     : "+d"(result) : "a"(args) : "rdi", "cc", "memory");
}

/* What is counted is the kernel, while it is to be, and never the world. */
static void count(void)
{
	bool on = wanted && !in_world;

	if (counting != on)
		callgrind(CALLGRIND_TOGGLE_COLLECT, NULL);
	counting = on;
}

/** body_count_begin() - see body.h */
void body_count_begin(void)
{
	body_dear = (struct body_dear){ 0 };
	wanted = true;
	count();
}

/** body_count_end() - see body.h */
void body_count_end(const char *name)
{
	wanted = false;
	count();
	callgrind(CALLGRIND_DUMP_STATS_AT, name);
}

/** body_world_enter() - see body.h */
bool body_world_enter(void)
{
	bool was = in_world;

	in_world = true;
	count();
	return was;
}

/** body_world_leave() - see body.h */
void body_world_leave(bool was_in_world)
{
	in_world = was_in_world;
	count();
}
