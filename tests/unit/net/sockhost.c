// SPDX-License-Identifier: MIT
/* A host of a test's own. */
#include "sockhost.h"

#include <linux/sched.h>
#include <net/inet_account.h>

#include "../../host/simlink.h"
#include "../test.h"

/** sockhost_enter() - see sockhost.h */
void sockhost_enter(struct sockhost *h)
{
	h->saved_net = current->net;
	h->saved_files = current->files;
	h->net = simhost_create();
	BUG_ON(!h->net);
	current->net = h->net;
	current->files = files_create();
	BUG_ON(!current->files);
}

/** sockhost_leave() - see sockhost.h */
void sockhost_leave(struct sockhost *h)
{
	host_run();
	EXPECT_EQ(packets_unaccounted(h->net), 0);
	files_destroy(current->files);
	host_run();
	current->net = h->saved_net;
	current->files = h->saved_files;
	net_destroy(h->net);
}

/** sockhost_addr() - see sockhost.h */
struct sockaddr_in sockhost_addr(u32 host_order, u16 port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(host_order) };
}

/** sockhost_udp() - see sockhost.h */
int sockhost_udp(u16 port, int flags)
{
	struct sockaddr_in addr = LOOPBACK(port);
	int fd = __sys_socket(AF_INET, SOCK_DGRAM | flags, 0);

	EXPECT_GE(fd, 0);
	if (port)
		EXPECT_EQ(__sys_bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}
