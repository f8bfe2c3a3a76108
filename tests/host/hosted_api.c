// SPDX-License-Identifier: MIT
/*
 * hosted_api.h over the bodies of the system calls. One process, one thread,
 * one interface; every descriptor is non-blocking, so that no call sleeps, and
 * each call ends with all softirqs and threads run dry.
 */
#include "hosted_dev.h"

#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <net/inet_hashtables.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>

#include "host.h"
#include "libc.h"

#pragma GCC visibility push(default)
#include "hosted_api.h"
#pragma GCC visibility pop

#define CACHES_MAX	128

static_assert(sizeof(struct hosted_msghdr) == sizeof(struct user_msghdr), "ABI");
static_assert(sizeof(struct hosted_pollfd) == sizeof(struct pollfd), "ABI");
static_assert(sizeof(struct hosted_epoll_event) == sizeof(struct epoll_event), "ABI");
static_assert(sizeof(struct hosted_tcp_info) == 232, "ABI");

static struct net_device *eth;		/* NULL: not up, or over */
static struct hosted_config config;
static unsigned long inuse_at_start[CACHES_MAX];

/* ---- log -------------------------------------------------------------------------- */

static void log_line(void *ctx, int level, const char *line)
{
	if (config.log) {
		config.log(config.ctx, level, line);
		return;
	}
	/* Nobody listens: the last words of a panic all the same. */
	if (!level && (write(STDERR_FILENO, line, strlen(line)) < 0 ||
		       write(STDERR_FILENO, "\n", 1) < 0))
		abort();
}

static void console_null(const char *text, size_t len)
{
	/* All of it goes to log_line(). */
}

/* ---- start and end ------------------------------------------------------------------ */

/**
 * hosted_api_version - the version this was built with
 *
 * Return: HOSTED_API_VERSION.
 */
uint32_t hosted_api_version(void)
{
	return HOSTED_API_VERSION;
}

static int check_config(const struct hosted_config *cfg)
{
	if (!cfg)
		return -EFAULT;
	if (cfg->size < sizeof(*cfg))
		return -EINVAL;
	if (!cfg->output)
		return -EFAULT;
	if (cfg->mtu < ETH_MIN_MTU || cfg->mtu > ETH_MAX_MTU || cfg->ipv4_prefix_len > 32)
		return -EINVAL;
	return 0;
}

static void count_cache(const struct kmem_cache *s, void *ctx)
{
	unsigned int *i = ctx;

	if (*i < CACHES_MAX)
		inuse_at_start[*i] = s->inuse;
	++*i;
}

static void boot(void)
{
	unsigned int i = 0;

	host_clock_ns = config.start_ns;
	host_set_seed(config.seed);
	host_set_console(console_null);
	log_set_sink(log_line, NULL);
	uaccess_set_limits(4096, 1UL << 47);
	host_boot();
	/* close() with SO_LINGER does not wait, as in a program that ends. */
	current->flags |= PF_EXITING;
	kmem_cache_for_each(count_cache, &i);
}

/* Linux: as `ip addr add` and `ip route add` do, which announce nothing. */
static int configure(struct net_device *dev)
{
	struct fib_config route = {
		.fc_gw4 = (__force __be32)config.ipv4_gateway,
		.fc_oif = dev->ifindex,
		.fc_type = RTN_UNICAST,
		.fc_scope = RT_SCOPE_UNIVERSE,
		.fc_protocol = RTPROT_BOOT,
		.fc_table = RT_TABLE_MAIN,
	};
	int err = dev_open(dev);

	if (!err)
		err = inet_add_addr(init_net, dev, (__force __be32)config.ipv4_addr,
				    (u8)config.ipv4_prefix_len);
	if (!err && config.ipv4_gateway)
		err = ip_route_add(init_net, &route);
	return err;
}

static int bring_up(void)
{
	struct hosted_dev_config dev_cfg = {
		.mtu = config.mtu, .output = config.output, .ctx = config.ctx,
	};
	int err;

	memcpy(dev_cfg.mac, config.mac, sizeof(dev_cfg.mac));
	err = dev_open(init_net->loopback_dev);
	if (err)
		return err;
	eth = hosted_dev_create(init_net, &dev_cfg);
	if (!eth)
		return -ENOMEM;
	err = configure(eth);
	sched_run_until_idle();
	return err;
}

/**
 * hosted_init - bring the stack up
 * @cfg: not kept
 *
 * Return: 0, -EFAULT, -EINVAL, -EBUSY: it is up, or was; -ENOMEM.
 */
int hosted_init(const struct hosted_config *cfg)
{
	int err = check_config(cfg);

	if (err)
		return err;
	if (config.size)
		return -EBUSY;
	config = *cfg;
	boot();
	return bring_up();
}

static void report_leak(const struct kmem_cache *s, void *ctx)
{
	unsigned int *i = ctx;

	if (*i < CACHES_MAX && s->inuse > inuse_at_start[*i])
		pr_warn("leak: %s: %lu objects in use, %lu at the start\n", s->name, s->inuse,
			inuse_at_start[*i]);
	++*i;
}

/**
 * hosted_fini - give everything back, sending nothing
 *
 * What is still in use then is a leak, and logged as one.
 */
void hosted_fini(void)
{
	struct files_struct *files = current->files;
	unsigned int i = 0;

	if (!eth)
		return;
	hosted_dev_mute(eth);
	eth = NULL;
	current->files = NULL;
	files_destroy(files);
	sched_run_until_idle();
	net_destroy(init_net);
	sched_run_until_idle();
	kmem_cache_for_each(report_leak, &i);
}

/* ---- clock ----------------------------------------------------------------------------- */

/**
 * hosted_now - the clock
 *
 * Return: nanoseconds.
 */
uint64_t hosted_now(void)
{
	return host_clock_ns;
}

/**
 * hosted_next_timer - when something will happen by itself
 *
 * Return: nanoseconds, or HOSTED_NEVER.
 */
uint64_t hosted_next_timer(void)
{
	return timer_next_expiry();
}

/**
 * hosted_advance - move the clock
 * @t_ns: not before hosted_now()
 */
void hosted_advance(uint64_t t_ns)
{
	host_advance(t_ns);
	sched_run_until_idle();
}

/* ---- wire -------------------------------------------------------------------------------- */

/**
 * hosted_input - a frame arrives
 * @frame: Ethernet header first
 * @len: its bytes
 */
void hosted_input(const void *frame, size_t len)
{
	if (!eth || !frame)
		return;
	hosted_dev_input(eth, frame, len);
	sched_run_until_idle();
}

/* ---- sockets --------------------------------------------------------------------------------- */

/* At the end of each call: nothing is left behind. */
static int64_t done(int64_t ret)
{
	sched_run_until_idle();
	return ret;
}

/* At the beginning of each: what the trace finds was caused by no packet yet. */
static bool begin(void)
{
	if (!eth)
		return false;
	current->trace_cause = 0;
	return true;
}

/**
 * hosted_socket - socket()
 * @domain: AF_*
 * @type: SOCK_*
 * @protocol: IPPROTO_*
 *
 * Return: a descriptor or -errno.
 */
int hosted_socket(int domain, int type, int protocol)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_socket(domain, type | SOCK_NONBLOCK, protocol));
}

/**
 * hosted_bind - bind()
 * @fd: socket
 * @addr: address
 * @addrlen: its bytes
 *
 * Return: 0 or -errno.
 */
int hosted_bind(int fd, const void *addr, uint32_t addrlen)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_bind(fd, addr, (int)addrlen));
}

/**
 * hosted_listen - listen()
 * @fd: socket
 * @backlog: connections that may wait
 *
 * Return: 0 or -errno.
 */
int hosted_listen(int fd, int backlog)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_listen(fd, backlog));
}

/**
 * hosted_accept - accept4()
 * @fd: listening socket
 * @addr: for the peer's address, or NULL
 * @addrlen: its bytes
 * @flags: SOCK_NONBLOCK, SOCK_CLOEXEC
 *
 * Return: a descriptor or -errno.
 */
int hosted_accept(int fd, void *addr, uint32_t *addrlen, int flags)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_accept4(fd, addr, (int *)addrlen, flags | SOCK_NONBLOCK));
}

/**
 * hosted_connect - connect()
 * @fd: socket
 * @addr: peer
 * @addrlen: its bytes
 *
 * Return: 0 or -errno.
 */
int hosted_connect(int fd, const void *addr, uint32_t addrlen)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_connect(fd, addr, (int)addrlen));
}

/**
 * hosted_getsockname - getsockname()
 * @fd: socket
 * @addr: for its address
 * @addrlen: bytes
 *
 * Return: 0 or -errno.
 */
int hosted_getsockname(int fd, void *addr, uint32_t *addrlen)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_getsockname(fd, addr, (int *)addrlen));
}

/**
 * hosted_getpeername - getpeername()
 * @fd: socket
 * @addr: for the peer's address
 * @addrlen: bytes
 *
 * Return: 0 or -errno.
 */
int hosted_getpeername(int fd, void *addr, uint32_t *addrlen)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_getpeername(fd, addr, (int *)addrlen));
}

/**
 * hosted_sendto - sendto()
 * @fd: socket
 * @buf: data
 * @len: bytes
 * @flags: MSG_*
 * @addr: where to, or NULL
 * @addrlen: its bytes
 *
 * Return: bytes sent or -errno.
 */
int64_t hosted_sendto(int fd, const void *buf, size_t len, int flags, const void *addr,
		      uint32_t addrlen)
{
	if (!begin())
		return -ENETDOWN;
	return done(__sys_sendto(fd, buf, len, (unsigned int)flags, addr, (int)addrlen));
}

/**
 * hosted_recvfrom - recvfrom()
 * @fd: socket
 * @buf: for the data
 * @len: bytes
 * @flags: MSG_*; MSG_WAITALL is ignored: nothing waits
 * @addr: for the sender's address, or NULL
 * @addrlen: its bytes
 *
 * Return: bytes received or -errno.
 */
int64_t hosted_recvfrom(int fd, void *buf, size_t len, int flags, void *addr, uint32_t *addrlen)
{
	if (!begin())
		return -ENETDOWN;
	return done(__sys_recvfrom(fd, buf, len, (unsigned int)flags & ~(unsigned int)MSG_WAITALL,
				   addr, (int *)addrlen));
}

/**
 * hosted_sendmsg - sendmsg()
 * @fd: socket
 * @msg: message
 * @flags: MSG_*
 *
 * Return: bytes sent or -errno.
 */
int64_t hosted_sendmsg(int fd, const struct hosted_msghdr *msg, int flags)
{
	if (!begin())
		return -ENETDOWN;
	return done(__sys_sendmsg(fd, (struct user_msghdr *)(uintptr_t)msg, (unsigned int)flags));
}

/**
 * hosted_recvmsg - recvmsg()
 * @fd: socket
 * @msg: for the message
 * @flags: MSG_*; MSG_WAITALL is ignored
 *
 * Return: bytes received or -errno.
 */
int64_t hosted_recvmsg(int fd, struct hosted_msghdr *msg, int flags)
{
	if (!begin())
		return -ENETDOWN;
	return done(__sys_recvmsg(fd, (struct user_msghdr *)(void *)msg,
				  (unsigned int)flags & ~(unsigned int)MSG_WAITALL));
}

/**
 * hosted_shutdown - shutdown()
 * @fd: socket
 * @how: SHUT_*
 *
 * Return: 0 or -errno.
 */
int hosted_shutdown(int fd, int how)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_shutdown(fd, how));
}

/**
 * hosted_close - close()
 * @fd: any descriptor
 *
 * Return: 0 or -EBADF.
 */
int hosted_close(int fd)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(close_fd((unsigned int)fd));
}

/**
 * hosted_setsockopt - setsockopt()
 * @fd: socket
 * @level: SOL_*
 * @name: option
 * @val: value
 * @len: its bytes
 *
 * Return: 0 or -errno.
 */
int hosted_setsockopt(int fd, int level, int name, const void *val, uint32_t len)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_setsockopt(fd, level, name, val, (int)len));
}

/**
 * hosted_getsockopt - getsockopt()
 * @fd: socket
 * @level: SOL_*
 * @name: option
 * @val: for the value
 * @len: its bytes
 *
 * Return: 0 or -errno.
 */
int hosted_getsockopt(int fd, int level, int name, void *val, uint32_t *len)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_getsockopt(fd, level, name, val, (int *)len));
}

/**
 * hosted_ioctl - ioctl()
 * @fd: any descriptor
 * @request: what; FIONBIO changes nothing
 * @arg: as @request says
 *
 * Return: as @request says, or -errno.
 */
int hosted_ioctl(int fd, unsigned long request, void *arg)
{
	long ret;
	int on = 1;

	if (!begin())
		return -ENETDOWN;
	if (request == FIONBIO && arg)
		arg = &on;
	ret = __sys_ioctl(fd, (unsigned int)request, (uintptr_t)arg);
	return (int)done(ret);
}

/**
 * hosted_poll - poll() without waiting
 * @fds: revents are filled in
 * @n: how many
 *
 * Return: how many have events, or -errno.
 */
int hosted_poll(struct hosted_pollfd *fds, unsigned int n)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_poll((struct pollfd *)(void *)fds, n, 0));
}

/**
 * hosted_epoll_create - epoll_create1()
 * @flags: EPOLL_CLOEXEC
 *
 * Return: a descriptor or -errno.
 */
int hosted_epoll_create(int flags)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_epoll_create1(flags));
}

/**
 * hosted_epoll_ctl - epoll_ctl()
 * @epfd: epoll descriptor
 * @op: EPOLL_CTL_*
 * @fd: descriptor to watch
 * @ev: events
 *
 * Return: 0 or -errno.
 */
int hosted_epoll_ctl(int epfd, int op, int fd, struct hosted_epoll_event *ev)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_epoll_ctl(epfd, op, fd, (struct epoll_event *)(void *)ev));
}

/**
 * hosted_epoll_wait - epoll_wait() without waiting
 * @epfd: epoll descriptor
 * @evs: for the events
 * @maxevents: at most so many
 *
 * Return: how many, or -errno.
 */
int hosted_epoll_wait(int epfd, struct hosted_epoll_event *evs, int maxevents)
{
	if (!begin())
		return -ENETDOWN;
	return (int)done(__sys_epoll_wait(epfd, (struct epoll_event *)(void *)evs, maxevents, 0));
}

/* ---- settings and introspection ---------------------------------------------------- */

/**
 * hosted_sysctl_set - write a sysctl
 * @name: with dots
 * @value: text
 *
 * Return: 0, -EFAULT, -ENOENT, -EINVAL.
 */
int hosted_sysctl_set(const char *name, const char *value)
{
	if (!begin())
		return -ENETDOWN;
	if (!name || !value)
		return -EFAULT;
	return (int)done(sysctl_write(init_net, name, value));
}

/**
 * hosted_sysctl_get - read a sysctl
 * @name: with dots
 * @buf: for the text
 * @size: its bytes
 *
 * Return: the length of the text, -EFAULT, -ENOENT, -EINVAL: no room.
 */
int hosted_sysctl_get(const char *name, char *buf, size_t size)
{
	int len;

	if (!begin())
		return -ENETDOWN;
	if (!name || !buf)
		return -EFAULT;
	len = sysctl_read(init_net, name, buf, size);
	if (len >= 0 && (size_t)len >= size)
		len = -EINVAL;
	return (int)done(len);
}

/**
 * hosted_tcp_count - how many TCP endpoints are in a state
 * @state: TCP state
 * @port: local port; 0: any
 *
 * Return: the number.
 */
int hosted_tcp_count(enum hosted_tcp_state state, uint16_t port)
{
	if (!begin())
		return -ENETDOWN;
	return (int)tcp_count_states(init_net, (int)state, port);
}
