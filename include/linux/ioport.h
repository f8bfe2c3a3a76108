/* SPDX-License-Identifier: MIT */
/* A range of bus addresses that a device answers to. Linux: linux/ioport.h. */
#ifndef LINUX_IOPORT_H
#define LINUX_IOPORT_H

#include <linux/types.h>

#define IORESOURCE_IO		0x00000100
#define IORESOURCE_MEM		0x00000200
#define IORESOURCE_PREFETCH	0x00002000
#define IORESOURCE_MEM_64	0x00100000
#define IORESOURCE_UNSET	0x20000000	/* the firmware gave it no address */

struct resource {
	u64 start;		/* first bus address */
	u64 end;		/* last one, inclusive */
	unsigned long flags;	/* IORESOURCE_*; 0: there is none */
};

static inline u64 resource_size(const struct resource *res)
{
	return res->flags ? res->end - res->start + 1 : 0;
}

#endif
