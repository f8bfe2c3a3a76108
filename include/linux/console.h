/* SPDX-License-Identifier: MIT */
/*
 * What is typed at the console (COM1). The interrupt handler puts bytes into a
 * ring; threads take them out. On metal kernel/x86/serial.c.
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

/* @fn is called in hardirq context for each ^C, which then is not put into the
 * ring; NULL: ^C is a byte as any other. */
void console_set_interrupt(void (*fn)(void *ctx), void *ctx);

#endif
