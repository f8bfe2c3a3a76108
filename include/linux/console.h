/* SPDX-License-Identifier: MIT */
/*
 * What is typed at the console (COM1). The interrupt handler puts bytes into a
 * ring; threads take them out. On metal kernel/x86/serial.c; programs open
 * /dev/console (kernel/x86/console.c).
 */
#ifndef LINUX_CONSOLE_H
#define LINUX_CONSOLE_H

#include <linux/types.h>

/* Sleeps until something was typed, then copies at most @n bytes, as they came
 * (no echo, no line editing). Returns the count, or -EINTR when the thread was
 * killed. Context: process. */
ssize_t console_read(char *buf, size_t n);

/* Takes one byte if there is one; never sleeps. Context: any. */
bool console_getc(char *c);

/* For poll: would console_read() not sleep, and who is woken when it would not. */
bool console_readable(void);
struct wait_queue_head;
struct wait_queue_head *console_wait_queue(void);

#endif
