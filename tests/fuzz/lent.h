/* SPDX-License-Identifier: MIT */
/*
 * Memory that a program lends to the stack (MSG_ZEROCOPY). Each write has a block of
 * its own, which is overwritten and freed once the socket's error queue tells of it:
 * ASan and the pattern of the stream see whoever reads it after that. No write is
 * told of twice, or of a number that none had.
 */
#ifndef TESTS_FUZZ_LENT_H
#define TESTS_FUZZ_LENT_H

#include <linux/types.h>

#define LENT_MAX	64

struct lent {
	struct {
		u8 *data;	/* NULL: free */
		size_t len;
		u32 id;
	} block[LENT_MAX];
	unsigned int count;	/* that are lent */
};

/* Writes @data, whose @len bytes the caller has in a block of malloc(), which is
 * taken over, from @fd to @to (@tolen bytes; NULL: to the peer it has) with control
 * messages. What sendmsg() gave. */
ssize_t lent_write(struct lent *l, int fd, u8 *data, size_t len, unsigned int flags,
		   const void *to, int tolen, void *control, size_t controllen);
/* Reads the error queue of @fd to its end. The last error of the network's in it,
 * which whoever reads it here is not told of by another call; 0. */
int lent_hear(struct lent *l, int fd);
/* Nobody reads them any more. */
void lent_end(struct lent *l);

#endif
