// SPDX-License-Identifier: MIT
/* Memory lent to the stack, and news of it; lent.h. */
#include "lent.h"

#include <linux/errno.h>
#include <linux/net.h>
#include <net/sock.h>
#include <uapi/linux/errqueue.h>
#include <uapi/linux/in.h>

#include "../host/libc.h"
#include "fuzz.h"
#include "peer.h"

static void keep(struct lent *l, u8 *data, size_t len, u32 id)
{
	unsigned int i;

	for (i = 0; i < LENT_MAX; i++)
		if (!l->block[i].data)
			break;
	l->block[i].data = data;
	l->block[i].len = len;
	l->block[i].id = id;
	l->count++;
}

/**
 * lent_write - write by reference
 * @l: what the socket was lent
 * @fd: descriptor
 * @data: malloc(); taken over
 * @len: bytes
 * @flags: MSG_*; without MSG_ZEROCOPY, and when too much is lent, it is copied
 * @to: address, or NULL
 * @tolen: its bytes
 * @control: control messages, or NULL
 * @controllen: their bytes
 *
 * Return: as sendmsg().
 */
ssize_t lent_write(struct lent *l, int fd, u8 *data, size_t len, unsigned int flags,
		   const void *to, int tolen, void *control, size_t controllen)
{
	struct iovec iov = { .iov_base = data, .iov_len = len };
	struct user_msghdr msg = {
		.msg_name = (void *)(uintptr_t)to, .msg_namelen = tolen, .msg_iov = &iov,
		.msg_iovlen = 1, .msg_control = control, .msg_controllen = controllen,
	};
	struct sock *sk = peer_sock(fd);
	bool lends = flags & MSG_ZEROCOPY && l->count < LENT_MAX;
	u32 id;
	ssize_t ret;

	if (!lends)
		flags &= ~(unsigned int)MSG_ZEROCOPY;
	BUG_ON(!sk);
	id = sk->sk_zckey;
	ret = __sys_sendmsg(fd, &msg, flags | MSG_DONTWAIT);
	if (sk->sk_zckey == id) {
		/* It refers to nothing of what failed, or was copied. */
		EXPECT_TRUE(!(lends && ret > 0 && sock_flag(sk, SOCK_ZEROCOPY)));
		free(data);
		return ret;
	}
	EXPECT_TRUE(lends && sock_flag(sk, SOCK_ZEROCOPY));
	EXPECT_EQ(sk->sk_zckey, id + 1);
	keep(l, data, len, id);
	return ret;
}

static void told(struct lent *l, u32 id)
{
	unsigned int i;

	for (i = 0; i < LENT_MAX; i++)
		if (l->block[i].data && l->block[i].id == id)
			break;
	if (i == LENT_MAX)
		test_fail(__FILE__, __LINE__, "told of write %u, which is not lent", id);
	memset(l->block[i].data, 0xdb, l->block[i].len);
	free(l->block[i].data);
	l->block[i].data = NULL;
	l->count--;
}

/* The news in the control messages of one read; an error's number, or 0. */
static int hear_one(struct lent *l, const struct user_msghdr *msg, const u8 *control)
{
	struct cmsghdr h;
	struct sock_extended_err ee;
	u32 id;

	if (msg->msg_controllen < CMSG_LEN(sizeof(ee)))
		return 0;
	memcpy(&h, control, sizeof(h));
	memcpy(&ee, control + sizeof(h), sizeof(ee));
	EXPECT_TRUE(h.cmsg_level == SOL_IP && h.cmsg_type == IP_RECVERR);
	if (ee.ee_origin != SO_EE_ORIGIN_ZEROCOPY)
		return (int)ee.ee_errno;
	EXPECT_EQ(ee.ee_errno, 0);
	EXPECT_LE(ee.ee_data - ee.ee_info, (u32)LENT_MAX);
	for (id = ee.ee_info; id != ee.ee_data + 1; id++)
		told(l, id);
	return 0;
}

/**
 * lent_hear - read all news
 * @l: what the socket was lent
 * @fd: descriptor
 *
 * Return: the number of the last error of the network's, or 0. It is not pending
 * any more, as in Linux (sock_dequeue_err_skb()).
 */
int lent_hear(struct lent *l, int fd)
{
	u8 control[256];
	int err = 0;

	for (;;) {
		struct user_msghdr msg = {
			.msg_control = control, .msg_controllen = sizeof(control),
		};

		memset(control, 0, sizeof(control));
		if (__sys_recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return err;
		err = hear_one(l, &msg, control) ?: err;
	}
}

/**
 * lent_end - the sockets and their packets are gone
 * @l: what was lent is free
 */
void lent_end(struct lent *l)
{
	unsigned int i;

	for (i = 0; i < LENT_MAX; i++) {
		free(l->block[i].data);
		l->block[i].data = NULL;
	}
	l->count = 0;
}
