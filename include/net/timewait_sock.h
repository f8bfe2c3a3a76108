/* SPDX-License-Identifier: MIT */
/* What a protocol says of its TIME_WAIT sockets; proto_register() makes the cache. */
#ifndef NET_TIMEWAIT_SOCK_H
#define NET_TIMEWAIT_SOCK_H

struct kmem_cache;

struct timewait_sock_ops {
	const char *twsk_slab_name;
	unsigned int twsk_obj_size;	/* bytes */
	struct kmem_cache *twsk_slab;
};

#endif
