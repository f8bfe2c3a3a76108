/* SPDX-License-Identifier: MIT */
/* The programs of the machine that is counted: echo, discard, chargen, dial. */
#ifndef TESTS_CALLGRIND_PROGRAMS_H
#define TESTS_CALLGRIND_PROGRAMS_H

#include <linux/types.h>

#define DIAL_PORT	4000

/* Each a thread that stays. False: it was logged why. */
bool programs_start(void);
/* Connects to the peer, says a byte, reads its echo, closes, and again, until told
 * otherwise. */
bool dial_start(void);
void dial_stop(void);

#endif
