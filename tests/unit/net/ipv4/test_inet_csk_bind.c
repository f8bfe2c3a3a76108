// SPDX-License-Identifier: MIT
/* Who may share a port with whom, and which one is given to who asks for any. */
#include <linux/slab.h>
#include <net/inet_hashtables.h>
#include <uapi/linux/in.h>

#include "../../../host/segtest.h"

#define LOCALHOST	0x7f000001U
#define ANY		0U

struct binder {
	u32 addr;		/* host order */
	bool reuseaddr, reuseport, listens;
};

static int bind_to(int fd, u32 addr, u16 port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port),
				   .sin_addr.s_addr = htonl(addr) };

	return __sys_bind(fd, (struct sockaddr *)&sin, sizeof(sin));
}

static int bind_one(const struct binder *b, int *fdp)
{
	int fd = seg_socket(), err;

	if (fdp)
		*fdp = fd;
	EXPECT_EQ(seg_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, b->reuseaddr), 0);
	EXPECT_EQ(seg_setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, b->reuseport), 0);
	err = bind_to(fd, b->addr, 4000);
	if (!err && b->listens)
		err = __sys_listen(fd, 5);
	return err;
}

/* Linux's rule, in one expression: same address (or any), and neither both
 * SO_REUSEADDR with nobody listening nor both SO_REUSEPORT. The first is bound
 * already; the second is to be bound only. */
static bool conflict(const struct binder *a, const struct binder *b)
{
	if (a->addr != b->addr && a->addr && b->addr)
		return false;
	if (a->reuseaddr && b->reuseaddr && !a->listens)
		return false;
	return !(a->reuseport && b->reuseport);
}

static struct binder binder(unsigned int bits)
{
	return (struct binder){ .addr = bits & 1 ? ANY : bits & 2 ? LOCALHOST : SEG_HOST,
				.reuseaddr = bits & 4, .reuseport = bits & 8,
				.listens = bits & 16 };
}

TEST(bind_conflicts_are_linux_s)
{
	unsigned int i, j;

	for (i = 0; i < 32; i++) {
		for (j = 0; j < 16; j++) {
			const struct binder a = binder(i), b = binder(j);
			int want = conflict(&a, &b) ? -EADDRINUSE : 0, err;

			seg_begin();
			EXPECT_EQ(bind_one(&a, NULL), 0);
			err = bind_one(&b, NULL);
			if (err != want)
				test_fail(__FILE__, __LINE__, "%u, then %u: %d, not %d", i, j,
					  err, want);
			seg_end();
		}
	}
}

TEST(bind_three_on_a_port_remembers_the_strictest)
{
	static const struct binder sharing = { .reuseaddr = true };
	static const struct binder alone = { .addr = LOCALHOST };
	static const struct binder elsewhere = { .addr = SEG_HOST, .reuseaddr = true };
	static const struct binder same = { .addr = LOCALHOST, .reuseaddr = true };

	seg_begin();
	EXPECT_EQ(bind_one(&alone, NULL), 0);
	EXPECT_EQ(bind_one(&elsewhere, NULL), 0);
	/* Both have it, but one of them shares with nobody. */
	EXPECT_EQ(bind_one(&same, NULL), -EADDRINUSE);
	EXPECT_EQ(bind_one(&sharing, NULL), -EADDRINUSE);
	seg_end();
}

TEST(bind_listening_takes_the_port_from_those_who_only_shared_it)
{
	static const struct binder sharing = { .reuseaddr = true };
	int a, b;

	seg_begin();
	EXPECT_EQ(bind_one(&sharing, &a), 0);
	EXPECT_EQ(bind_one(&sharing, &b), 0);
	EXPECT_EQ(__sys_listen(a, 5), 0);
	EXPECT_EQ(__sys_listen(b, 5), -EADDRINUSE);
	EXPECT_EQ(bind_one(&sharing, NULL), -EADDRINUSE);
	/* It stays bound, and may when the other has gone. */
	EXPECT_EQ(close_fd((unsigned int)a), 0);
	EXPECT_EQ(__sys_listen(b, 5), 0);
	seg_end();
}

static u16 port_of(int fd)
{
	struct sockaddr_in sin;
	int len = sizeof(sin);

	EXPECT_EQ(__sys_getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	return ntohs(sin.sin_port);
}

TEST(bind_to_any_port_gives_each_another_until_none_is_left)
{
	static bool seen[65536];
	unsigned int i, odd = 0;

	seg_begin();
	memset(seen, 0, sizeof(seen));
	seg_net->ipv4.sysctl_local_port_range[0] = 20000;
	seg_net->ipv4.sysctl_local_port_range[1] = 20099;
	for (i = 0; i < 100; i++) {
		int fd = seg_socket();
		u16 port;

		EXPECT_EQ(bind_to(fd, ANY, 0), 0);
		port = port_of(fd);
		EXPECT_TRUE(port >= 20000 && port <= 20099);
		EXPECT_FALSE(seen[port]);
		seen[port] = true;
		if (i < 50)
			odd += port & 1;
	}
	/* The odd ones first: connect() begins with the even ones. */
	EXPECT_EQ(odd, 50);
	EXPECT_EQ(bind_to(seg_socket(), ANY, 0), -EADDRINUSE);
	/* The same port at another address is another port only to who asks. */
	EXPECT_EQ(bind_to(seg_socket(), LOCALHOST, 20000), -EADDRINUSE);
	seg_end();
}

TEST(bind_buckets_are_freed_with_their_last_owner)
{
	static const struct binder sharing = { .reuseaddr = true };
	int a, b;

	seg_begin();
	EXPECT_EQ(bind_one(&sharing, &a), 0);
	EXPECT_EQ(bind_one(&sharing, &b), 0);
	local_bh_disable();
	EXPECT_TRUE(inet_bind_bucket_find(seg_net, 4000) != NULL);
	local_bh_enable();
	EXPECT_EQ(close_fd((unsigned int)a), 0);
	EXPECT_EQ(close_fd((unsigned int)b), 0);
	local_bh_disable();
	EXPECT_TRUE(inet_bind_bucket_find(seg_net, 4000) == NULL);
	local_bh_enable();
	seg_end();
}
