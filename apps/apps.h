/* SPDX-License-Identifier: MIT */
/* The programs: what each offers to apps/start.c. */
#ifndef APPS_H
#define APPS_H

#include "lib/server.h"

extern const struct server_ops echo_ops, discard_ops, chargen_ops, http_ops;

/* Called once by the kernel, when the stack is up. Context: the boot thread. */
void apps_start(void);

/* The shell at the console; a thread's function. */
int shell_main(void *arg);

#endif
