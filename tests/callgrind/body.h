/* SPDX-License-Identifier: MIT */
/*
 * The body of the counting program: the image's own objects in a process that
 * has no C library, on a clock and a wire that the script moves. What happens in
 * the world is not counted; body_world_enter() and body_world_leave() bracket it.
 */
#ifndef TESTS_CALLGRIND_BODY_H
#define TESTS_CALLGRIND_BODY_H

#include <linux/types.h>

/* What costs more than its instructions: on an emulated CPU a register or the
 * clock is reached through the emulator, on a virtual one through an exit. */
struct body_dear {
	u64 clock_reads, clock_arms, interrupts, register_accesses;
};
extern struct body_dear body_dear;

/* Called when the machine has nothing to do, with interrupts off: the world goes
 * on. It raises interrupts, wakes a thread, or moves the clock. */
void body_set_world(void (*world)(void));
/* Moves the clock to @t_ns. False: a timer is due before that; the clock stands
 * there, and its interrupt is pending. */
bool body_clock_to(u64 t_ns);

/* Counting: from begin to end, but for the world. The counts of each period are
 * put out under @name. */
void body_count_begin(void);
void body_count_end(const char *name);
/* The world begins here, and ends: returns, and takes, whether it was there before. */
bool body_world_enter(void);
void body_world_leave(bool was_in_world);
/* Serves interrupts that the world raised while they were on. */
void body_serve(void);

void body_say(const char *fmt, ...) __printf(1, 2);
void body_exit(int status) __noreturn;

#endif
