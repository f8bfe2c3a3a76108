// SPDX-License-Identifier: MIT
/* Files that are memory, and sendfile() from them: what arrives, by which way, and
 * whose the memory is. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <uapi/linux/memfd.h>

#include "../test.h"
#include "sockhost.h"

#define BYTES	100000		/* more than three blocks of a file */

static u8 sent[BYTES], got[BYTES];

static long call(long nr, long a, long b, long c, long d)
{
	return syscall_dispatch(nr, a, b, c, d, 0, 0);
}

static int memfd(void)
{
	return (int)call(__NR_memfd_create, (long)"m", MFD_CLOEXEC, 0, 0);
}

static long put(int fd, const void *buf, size_t n)
{
	return call(__NR_write, fd, (long)buf, (long)n, 0);
}

static long take(int fd, void *buf, size_t n)
{
	return call(__NR_read, fd, (long)buf, (long)n, 0);
}

static long seek(int fd, long to, int whence)
{
	return call(__NR_lseek, fd, to, whence, 0);
}

static long sendfile(int out, int in, loff_t *at, size_t n)
{
	return call(__NR_sendfile, out, in, (long)at, (long)n);
}

/* With BYTES in it that tell where they are; stands at the beginning. */
static int full_memfd(void)
{
	int fd = memfd();
	u32 i;

	EXPECT_GE(fd, 0);
	for (i = 0; i < BYTES; i++)
		sent[i] = (u8)(i ^ i >> 8 ^ i >> 16);
	EXPECT_EQ(put(fd, sent, BYTES), BYTES);
	EXPECT_EQ(seek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* A connection over lo: fd[0] is non-blocking. */
static void connection(int *fd)
{
	struct sockaddr_in at = LOOPBACK(4000);
	int listener = __sys_socket(AF_INET, SOCK_STREAM, 0);

	EXPECT_EQ(__sys_bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
	EXPECT_EQ(__sys_listen(listener, 1), 0);
	fd[0] = __sys_socket(AF_INET, SOCK_STREAM, 0);
	EXPECT_EQ(__sys_connect(fd[0], (struct sockaddr *)&at, sizeof(at)), 0);
	host_run();
	fd[1] = __sys_accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	EXPECT_GE(fd[1], 0);
	EXPECT_EQ(call(__NR_fcntl, fd[0], F_SETFL, O_NONBLOCK, 0), 0);
	EXPECT_EQ(close_fd((unsigned int)listener), 0);
}

/* Everything from @at on to the end, and that nothing is left. */
static void expect_to_arrive(int *fd, int file, loff_t at)
{
	size_t n = 0, want = (size_t)(BYTES - at), turns = 0;

	while (n < want && ++turns < 1000) {
		long ret = sendfile(fd[0], file, &at, BYTES);

		EXPECT_TRUE(ret >= 0 || ret == -EAGAIN);
		host_run();
		while ((ret = take(fd[1], got + n, sizeof(got) - n)) > 0)
			n += (size_t)ret;
		host_sleep(NSEC_PER_MSEC);
	}
	EXPECT_EQ(n, want);
	EXPECT_EQ(at, BYTES);
	EXPECT_EQ(memcmp(got, sent + BYTES - want, want), 0);
	EXPECT_EQ(sendfile(fd[0], file, &at, 1), 0);
}

TEST(memory_file_is_written_read_and_searched)
{
	struct sockhost h;
	int fd;

	sockhost_enter(&h);
	fd = full_memfd();
	EXPECT_EQ(take(fd, got, BYTES + 5), BYTES);
	EXPECT_EQ(memcmp(got, sent, BYTES), 0);
	EXPECT_EQ(take(fd, got, 1), 0);
	EXPECT_EQ(seek(fd, -10, SEEK_END), BYTES - 10);
	EXPECT_EQ(put(fd, "0123456789abc", 13), 13);
	EXPECT_EQ(seek(fd, -13, SEEK_CUR), BYTES - 10);
	EXPECT_EQ(take(fd, got, 20), 13);
	EXPECT_EQ(memcmp(got, "0123456789abc", 13), 0);
	/* What nobody wrote is zero, in a block that is there and in one that is not. */
	EXPECT_EQ(seek(fd, 300000, SEEK_SET), 300000);
	EXPECT_EQ(take(fd, got, 1), 0);
	EXPECT_EQ(put(fd, "x", 1), 1);
	EXPECT_EQ(seek(fd, 200000, SEEK_SET), 200000);
	memset(got, 1, sizeof(got));
	EXPECT_EQ(take(fd, got, BYTES), BYTES);
	EXPECT_EQ(got[0] | got[BYTES - 1], 0);
	EXPECT_EQ(take(fd, got, BYTES), 1);
	EXPECT_EQ(got[0], 'x');
	sockhost_leave(&h);
}

TEST(memory_file_says_what_cannot_be)
{
	static char name[300];
	struct sockhost h;
	int fd;

	memset(name, 'n', sizeof(name) - 1);
	sockhost_enter(&h);
	EXPECT_EQ(call(__NR_memfd_create, (long)"m", 0x80, 0, 0), -EINVAL);
	EXPECT_EQ(call(__NR_memfd_create, (long)name, 0, 0, 0), -EINVAL);
	EXPECT_EQ(call(__NR_memfd_create, 8, 0, 0, 0), -EFAULT);
	fd = memfd();
	EXPECT_EQ(seek(fd, -1, SEEK_SET), -EINVAL);
	EXPECT_EQ(seek(fd, 0, 7), -EINVAL);
	EXPECT_EQ(seek(fd, 1, SEEK_SET), 1);
	EXPECT_EQ(seek(fd, LONG_MAX, SEEK_CUR), -EINVAL);
	EXPECT_EQ(seek(99, 0, SEEK_SET), -EBADF);
	EXPECT_EQ(seek(fd, 1L << 32, SEEK_SET), 1L << 32);
	EXPECT_EQ(put(fd, "x", 1), -EFBIG);
	EXPECT_EQ(seek(fd, 0, SEEK_SET), 0);
	EXPECT_EQ(put(fd, (void *)8, 10), -EFAULT);
	slab_fail_after(1, 0);
	EXPECT_EQ(put(fd, "x", 1), -ENOSPC);
	slab_fail_after(0, 0);
	EXPECT_EQ(put(fd, "x", 1), 1);
	slab_fail_after(1, 0);
	EXPECT_EQ(memfd(), -ENOMEM);
	slab_fail_after(2, 0);
	EXPECT_EQ(memfd(), -ENOMEM);
	slab_fail_after(0, 0);
	sockhost_leave(&h);
}

TEST(sendfile_carries_a_file_over_tcp)
{
	struct sockhost h;
	int fd[2], file;

	sockhost_enter(&h);
	file = full_memfd();
	connection(fd);
	expect_to_arrive(fd, file, 0);
	expect_to_arrive(fd, file, 40001);
	EXPECT_EQ(seek(file, 0, SEEK_CUR), 0);
	/* Without a place it is the file's, which moves. */
	EXPECT_EQ(seek(file, 5, SEEK_SET), 5);
	EXPECT_EQ(sendfile(fd[0], file, NULL, 10), 10);
	EXPECT_EQ(seek(file, 0, SEEK_CUR), 15);
	host_run();
	EXPECT_EQ(take(fd[1], got, 100), 10);
	EXPECT_EQ(memcmp(got, sent + 5, 10), 0);
	sockhost_leave(&h);
}

/* What arrives when the file is changed after the call, before it was read. */
static u8 arrives_of_a_changed_file(bool gathers)
{
	struct sockhost h;
	struct net_device *lo;
	loff_t at = 0;
	int fd[2], file;

	sockhost_enter(&h);
	lo = __dev_get_by_name(h.net, "lo");
	if (!gathers)
		lo->features &= ~NETIF_F_SG;
	file = full_memfd();
	connection(fd);
	EXPECT_EQ(sendfile(fd[0], file, &at, 1000), 1000);
	EXPECT_EQ(put(file, "changed", 7), 7);
	/* The connection has references of its own. */
	EXPECT_EQ(close_fd((unsigned int)file), 0);
	host_run();
	EXPECT_EQ(take(fd[1], got, BYTES), 1000);
	EXPECT_EQ(memcmp(got + 7, sent + 7, 993), 0);
	sockhost_leave(&h);
	return got[0];
}

TEST(sendfile_refers_to_the_file_where_the_device_gathers)
{
	EXPECT_EQ(arrives_of_a_changed_file(true), 'c');
	EXPECT_EQ(arrives_of_a_changed_file(false), sent[0]);
}

TEST(sendfile_takes_what_the_socket_takes)
{
	struct sockhost h;
	loff_t at = 0;
	long n, sum = 0;
	int fd[2], file;

	sockhost_enter(&h);
	file = full_memfd();
	connection(fd);
	/* Nobody reads: at some time it is full. */
	while ((n = sendfile(fd[0], file, &at, BYTES)) >= 0 && sum < 100L * BYTES) {
		sum += n;
		EXPECT_EQ(at, sum % BYTES ? sum % BYTES : BYTES);
		if (at == BYTES)
			at = 0;
	}
	EXPECT_EQ(n, -EAGAIN);
	EXPECT_GT(sum, 0);
	/* And it says so when it goes on. */
	EXPECT_EQ(sendfile(fd[0], file, NULL, 1), -EAGAIN);
	EXPECT_EQ(seek(file, 0, SEEK_CUR), 0);
	sockhost_leave(&h);
}

TEST(sendfile_makes_datagrams_too)
{
	struct sockaddr_in to = LOOPBACK(5000);
	struct sockhost h;
	loff_t at = 100;
	int out, in, file;

	sockhost_enter(&h);
	file = full_memfd();
	in = sockhost_udp(5000, SOCK_NONBLOCK);
	out = sockhost_udp(0, 0);
	EXPECT_EQ(__sys_connect(out, (struct sockaddr *)&to, sizeof(to)), 0);
	EXPECT_EQ(sendfile(out, file, &at, 50), 50);
	EXPECT_EQ(at, 150);
	host_run();
	EXPECT_EQ(take(in, got, 100), 50);
	EXPECT_EQ(memcmp(got, sent + 100, 50), 0);
	sockhost_leave(&h);
}

TEST(sendfile_says_what_cannot_be)
{
	struct sockhost h;
	loff_t at = -1;
	int fd[2], file;

	sockhost_enter(&h);
	file = full_memfd();
	connection(fd);
	EXPECT_EQ(sendfile(99, file, NULL, 1), -EBADF);
	EXPECT_EQ(sendfile(fd[0], 99, NULL, 1), -EBADF);
	EXPECT_EQ(sendfile(fd[0], file, &at, 1), -EINVAL);
	EXPECT_EQ(sendfile(fd[0], file, (loff_t *)8, 1), -EFAULT);
	/* Sockets lend nothing, and have no place; memory takes nothing. */
	EXPECT_EQ(sendfile(fd[0], fd[1], NULL, 1), -EINVAL);
	at = 0;
	EXPECT_EQ(sendfile(fd[0], fd[1], &at, 1), -ESPIPE);
	EXPECT_EQ(sendfile(file, file, NULL, 1), -EINVAL);
	EXPECT_EQ(sendfile(fd[0], file, NULL, 0), 0);
	/* No memory for the reference. */
	slab_fail_after(1, 0);
	EXPECT_EQ(sendfile(fd[0], file, NULL, 1), -ENOMEM);
	slab_fail_after(0, 0);
	EXPECT_EQ(__sys_shutdown(fd[0], SHUT_WR), 0);
	EXPECT_EQ(sendfile(fd[0], file, NULL, 1), -EPIPE);
	EXPECT_EQ(seek(file, 0, SEEK_CUR), 0);
	sockhost_leave(&h);
}
