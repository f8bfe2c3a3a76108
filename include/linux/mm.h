/* SPDX-License-Identifier: MIT */
/* How much memory there is. Linux: linux/mm.h (totalram_pages()). */
#ifndef LINUX_MM_H
#define LINUX_MM_H

#include <linux/types.h>

/* Bytes of memory of the machine, used or not; does not change. Context: any. */
size_t totalram_bytes(void);

#endif
