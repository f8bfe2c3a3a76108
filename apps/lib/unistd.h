/* SPDX-License-Identifier: MIT */
/*
 * System calls for programs, by their usual names. Each returns -1 and sets
 * errno on failure. They are inline: no name of ours meets a name of whatever
 * the programs are linked with.
 */
#ifndef APPS_UNISTD_H
#define APPS_UNISTD_H

#include <uapi/linux/errno.h>
#include <uapi/linux/fcntl.h>
#include <uapi/linux/if.h>
#include <uapi/linux/in.h>
#include <uapi/linux/memfd.h>
#include <uapi/linux/mman.h>
#include <uapi/linux/poll.h>
#include <uapi/linux/reboot.h>
#include <uapi/linux/socket.h>
#include <uapi/linux/sockios.h>
#include <uapi/linux/time.h>
#include <uapi/linux/uio.h>
#include <uapi/linux/unistd.h>

typedef unsigned int socklen_t;

/* One for all threads: they switch only inside system calls, and errno is set
 * on the way out of one. */
extern int app_errno;
#define errno app_errno

static inline long __ret(long ret)
{
	if (ret >= 0)
		return ret;
	errno = (int)-ret;
	return -1;
}

#define __P(p)	((long)(uintptr_t)(p))
#define __sc(nr, a, b, c, d, e, f)					\
	__ret(syscall_dispatch(nr, (long)(a), (long)(b), (long)(c), (long)(d),	\
			       (long)(e), (long)(f)))

static inline ssize_t read(int fd, void *buf, size_t n)
{
	return __sc(__NR_read, fd, __P(buf), n, 0, 0, 0);
}

static inline ssize_t write(int fd, const void *buf, size_t n)
{
	return __sc(__NR_write, fd, __P(buf), n, 0, 0, 0);
}

static inline ssize_t writev(int fd, const struct iovec *iov, int n)
{
	return __sc(__NR_writev, fd, __P(iov), n, 0, 0, 0);
}

static inline int open(const char *path, int flags)
{
	return (int)__sc(__NR_open, __P(path), flags, 0, 0, 0, 0);
}

static inline int close(int fd)
{
	return (int)__sc(__NR_close, fd, 0, 0, 0, 0, 0);
}

static inline int dup(int fd)
{
	return (int)__sc(__NR_dup, fd, 0, 0, 0, 0, 0);
}

static inline int ioctl(int fd, unsigned int request, void *arg)
{
	return (int)__sc(__NR_ioctl, fd, request, __P(arg), 0, 0, 0);
}

static inline int poll(struct pollfd *fds, unsigned int n, int timeout_ms)
{
	return (int)__sc(__NR_poll, __P(fds), n, timeout_ms, 0, 0, 0);
}

static inline int epoll_create1(int flags)
{
	return (int)__sc(__NR_epoll_create1, flags, 0, 0, 0, 0, 0);
}

static inline int epoll_ctl(int epfd, int op, int fd, struct epoll_event *ev)
{
	return (int)__sc(__NR_epoll_ctl, epfd, op, fd, __P(ev), 0, 0);
}

static inline int epoll_wait(int epfd, struct epoll_event *evs, int max, int timeout_ms)
{
	return (int)__sc(__NR_epoll_wait, epfd, __P(evs), max, timeout_ms, 0, 0);
}

static inline int socket(int family, int type, int protocol)
{
	return (int)__sc(__NR_socket, family, type, protocol, 0, 0, 0);
}

static inline int bind(int fd, const void *addr, socklen_t len)
{
	return (int)__sc(__NR_bind, fd, __P(addr), len, 0, 0, 0);
}

static inline int listen(int fd, int backlog)
{
	return (int)__sc(__NR_listen, fd, backlog, 0, 0, 0, 0);
}

static inline int accept4(int fd, void *addr, socklen_t *len, int flags)
{
	return (int)__sc(__NR_accept4, fd, __P(addr), __P(len), flags, 0, 0);
}

static inline int connect(int fd, const void *addr, socklen_t len)
{
	return (int)__sc(__NR_connect, fd, __P(addr), len, 0, 0, 0);
}

static inline ssize_t sendto(int fd, const void *buf, size_t n, int flags, const void *addr,
			     socklen_t len)
{
	return __sc(__NR_sendto, fd, __P(buf), n, flags, __P(addr), len);
}

static inline ssize_t sendmsg(int fd, const struct user_msghdr *msg, int flags)
{
	return __sc(__NR_sendmsg, fd, __P(msg), flags, 0, 0, 0);
}

static inline ssize_t recvmsg(int fd, struct user_msghdr *msg, int flags)
{
	return __sc(__NR_recvmsg, fd, __P(msg), flags, 0, 0, 0);
}

static inline ssize_t recvfrom(int fd, void *buf, size_t n, int flags, void *addr,
			       socklen_t *len)
{
	return __sc(__NR_recvfrom, fd, __P(buf), n, flags, __P(addr), __P(len));
}

static inline ssize_t recv(int fd, void *buf, size_t n, int flags)
{
	return recvfrom(fd, buf, n, flags, NULL, NULL);
}

static inline ssize_t send(int fd, const void *buf, size_t n, int flags)
{
	return sendto(fd, buf, n, flags, NULL, 0);
}

static inline int memfd_create(const char *name, unsigned int flags)
{
	return (int)__sc(__NR_memfd_create, __P(name), flags, 0, 0, 0, 0);
}

static inline ssize_t sendfile(int out_fd, int in_fd, s64 *offset, size_t n)
{
	return __sc(__NR_sendfile, out_fd, in_fd, __P(offset), n, 0, 0);
}

static inline int shutdown(int fd, int how)
{
	return (int)__sc(__NR_shutdown, fd, how, 0, 0, 0, 0);
}

static inline int setsockopt(int fd, int level, int name, const void *val, socklen_t len)
{
	return (int)__sc(__NR_setsockopt, fd, level, name, __P(val), len, 0);
}

static inline void *mmap_anonymous(size_t len)
{
	long p = __sc(__NR_mmap, 0, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);

	return p == -1 ? NULL : (void *)(uintptr_t)p;
}

static inline int munmap(void *p, size_t len)
{
	return (int)__sc(__NR_munmap, __P(p), len, 0, 0, 0, 0);
}

static inline int sched_yield(void)
{
	return (int)__sc(__NR_sched_yield, 0, 0, 0, 0, 0, 0);
}

/* Nanoseconds of CLOCK_MONOTONIC. */
static inline s64 now_ns(void)
{
	struct __kernel_timespec ts = { 0, 0 };

	__sc(__NR_clock_gettime, CLOCK_MONOTONIC, __P(&ts), 0, 0, 0, 0);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static inline int reboot(unsigned int cmd)
{
	return (int)__sc(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, cmd, 0, 0, 0);
}

static inline ssize_t getrandom(void *buf, size_t n)
{
	return __sc(__NR_getrandom, __P(buf), n, 0, 0, 0, 0);
}

/* A thread of this program; its number, or -1. */
static inline int thread_create(int (*fn)(void *arg), void *arg, const char *name)
{
	return (int)__sc(__NR_thread_create, __P(fn), __P(arg), __P(name), 0, 0, 0);
}

#endif
