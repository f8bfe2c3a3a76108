/* SPDX-License-Identifier: MIT */
/*
 * System calls that an input chooses, good, odd and wrong. Descriptors stay
 * non-blocking, whatever they are told: nobody is there to wake a thread.
 */
#ifndef TESTS_FUZZ_CALLS_H
#define TESTS_FUZZ_CALLS_H

#include "fuzz.h"

/* Any descriptor that the calls have made, or one that there is not. */
int calls_fd(struct fuzz_input *in);
void calls_forget(void);
/* One more that the calls may choose. */
void calls_learn(int fd);
/* One call. */
void calls_one(struct fuzz_input *in);

#endif
