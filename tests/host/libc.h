/* SPDX-License-Identifier: MIT */
/*
 * The few functions of the C library that the hosted body stands on, declared
 * by hand: the kernel's world and the C library's headers do not mix.
 */
#ifndef TESTS_HOST_LIBC_H
#define TESTS_HOST_LIBC_H

#include <linux/types.h>

void *malloc(size_t size);
int posix_memalign(void **p, size_t alignment, size_t size);
void free(void *p);
void abort(void) __noreturn;
void exit(int status) __noreturn;
ssize_t write(int fd, const void *buf, size_t len);
char *getenv(const char *name);

#define STDOUT_FILENO	1
#define STDERR_FILENO	2

#endif
