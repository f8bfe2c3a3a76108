/* SPDX-License-Identifier: MIT */
/* What programs here need besides system calls: output, memory, text files. */
#ifndef APPS_LIB_H
#define APPS_LIB_H

#include "string.h"
#include "unistd.h"

#define STDIN	0
#define STDOUT	1

#define ARRAY_LEN(a)	(sizeof(a) / sizeof((a)[0]))

static inline __be16 app_htons(unsigned short v)
{
	return (__force __be16)__builtin_bswap16(v);
}

static inline unsigned short app_ntohs(__be16 v)
{
	return __builtin_bswap16((__force unsigned short)v);
}

/* All of it, to standard output. */
void app_write(const char *text, size_t len);
/* At most 767 characters. */
void app_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A line for the kernel log; level 3 error, 4 warning, 6 information. */
void app_log(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Memory; NULL when there is none. */
void *app_malloc(size_t size);
void *app_calloc(size_t size);
void app_free(void *p, size_t size);

/* The name of an error: "ENOENT", or "error 123". */
const char *app_strerror(int err);

/* Copies a text file to standard output. 0, or -1 with errno. */
int app_cat(const char *path);
/* Reads a small text file with a NUL behind it; its length, or -1 with errno. */
ssize_t app_read_file(const char *path, char *buf, size_t size);
/* Writes one line to a text file. 0, or -1 with errno. */
int app_write_file(const char *path, const char *line);

#endif
