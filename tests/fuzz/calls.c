// SPDX-License-Identifier: MIT
/*
 * System calls with arguments from an input; calls.h.
 *
 * There is one address space: a range that a program may own is believed, so
 * what is passed is memory of exactly the length that is said (ASan sees the
 * byte behind it), or a pointer or a length that no program can have.
 */
#include "calls.h"

#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <uapi/linux/fcntl.h>
#include <uapi/linux/poll.h>
#include <uapi/linux/sockios.h>
#include <uapi/linux/udp.h>
#include <uapi/linux/unistd.h>

#include "../host/libc.h"
#include "peer.h"

#define FDS	16
#define BUF	4096

static int fds[FDS];
static unsigned int nr_fds;

/** calls_forget() - no descriptors */
void calls_forget(void)
{
	nr_fds = 0;
}

static int remember(int fd)
{
	if (fd >= 0)
		fds[nr_fds++ % FDS] = fd;
	return fd;
}

/** calls_learn() - a descriptor made elsewhere */
void calls_learn(int fd)
{
	remember(fd);
}

/** calls_fd() - one of those there are; now and then another */
int calls_fd(struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);

	if (b >= 250)
		return b == 255 ? -1 : b;
	return nr_fds ? fds[b % min(nr_fds, (unsigned int)FDS)] : 0;
}

/* ---- memory ---------------------------------------------------------------------- */

/* What the call gets for @len bytes: memory of just that length, its contents
 * the input's, or now and then what is nobody's. */
static void *user_memory(struct fuzz_input *in, size_t len, void **to_free)
{
	*to_free = malloc(len ? len : 1);
	BUG_ON(!*to_free);
	fuzz_bytes(in, *to_free, len);
	return *to_free;
}

static const void *bad_pointer(u8 b)
{
	static const uintptr_t bad[] = { 0, 1, 4095, UINTPTR_MAX - 3 };

	return (const void *)bad[b & 3];
}

/* An address: families and lengths that are right, and others. */
static int choose_address(struct fuzz_input *in, struct sockaddr_storage *ss)
{
	static const u32 addrs[] = { PEER_ADDR, PEER_HOST, 0, INADDR_LOOPBACK, PEER_NOBODY,
				     0x0a0000ffU, 0xc0000201U, 0xe0000001U };
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;
	u8 b = fuzz_u8(in), port = fuzz_u8(in);

	memset(ss, 0, sizeof(*ss));
	sin->sin_family = b & 0x80 ? fuzz_u8(in) : AF_INET;
	sin->sin_addr.s_addr = htonl(addrs[b & 7]);
	sin->sin_port = htons(port < 4 ? peer.conn[port].rport : port < 8 ? PEER_PORT :
			      (u16)(port * 300));
	if (b & 0x40)
		return (int)(s8)fuzz_u8(in);
	return (int)sizeof(*sin);
}

/* ---- sockets ------------------------------------------------------------------------ */

static void call_socket(struct fuzz_input *in)
{
	static const struct {
		int type, protocol;
	} kinds[] = {
		{ SOCK_STREAM, 0 }, { SOCK_STREAM, IPPROTO_TCP }, { SOCK_DGRAM, 0 },
		{ SOCK_DGRAM, IPPROTO_ICMP }, { SOCK_STREAM, 0 }, { SOCK_DGRAM, IPPROTO_UDP },
	};
	u8 b = fuzz_u8(in);

	if (b < 240)
		remember(__sys_socket(AF_INET, kinds[b % 6].type | SOCK_NONBLOCK,
				      kinds[b % 6].protocol));
	else
		remember(__sys_socket(fuzz_u8(in), fuzz_u8(in) | SOCK_NONBLOCK, (s8)fuzz_u8(in)));
}

static void call_name(struct fuzz_input *in, u8 op)
{
	struct sockaddr_storage ss;
	int fd = calls_fd(in), len = choose_address(in, &ss);

	if (op == 0)
		__sys_bind(fd, (struct sockaddr *)&ss, len);
	else
		__sys_connect(fd, (struct sockaddr *)&ss, len);
}

static void call_accept(struct fuzz_input *in)
{
	struct sockaddr_storage ss;
	int fd = calls_fd(in), len = (s8)fuzz_u8(in);

	if (len & 1)
		remember(__sys_accept4(fd, NULL, NULL, SOCK_NONBLOCK));
	else
		remember(__sys_accept4(fd, (struct sockaddr *)&ss, &len, SOCK_NONBLOCK));
}

static void call_getname(struct fuzz_input *in)
{
	struct sockaddr_storage ss;
	int fd = calls_fd(in), len = (s8)fuzz_u8(in);

	if (len & 1)
		__sys_getsockname(fd, (struct sockaddr *)&ss, &len);
	else
		__sys_getpeername(fd, (struct sockaddr *)&ss, &len);
}

static unsigned int choose_flags(struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);

	if (b == 0xff)
		return MSG_ZEROCOPY | MSG_DONTWAIT;
	return b & 0x80 ? fuzz_u32(in) | MSG_DONTWAIT : b & 0x7f;
}

/* What a stream carries from here on is not to be compared. */
static void not_the_pattern(int fd)
{
	const struct sock *sk = peer_sock(fd);

	if (sk && sk->sk_protocol == IPPROTO_TCP)
		peer.wild = true;
}

static void call_sendto(struct fuzz_input *in)
{
	int fd = calls_fd(in), len;
	unsigned int flags = choose_flags(in);
	struct sockaddr_storage ss;
	u8 b = fuzz_u8(in), buf[BUF] = { 0 };

	if (b & 0x80) {
		len = choose_address(in, &ss);
		not_the_pattern(fd);
		__sys_sendto(fd, buf, b, flags, (struct sockaddr *)&ss, len);
	} else if (b == 0x7f) {
		__sys_sendto(fd, bad_pointer(fuzz_u8(in)), 100, flags, NULL, 0);
	} else {
		peer_write(fd, (size_t)b * 32, flags);
	}
}

static void call_recvfrom(struct fuzz_input *in)
{
	int fd = calls_fd(in), len;
	unsigned int flags = choose_flags(in) & ~(unsigned int)MSG_WAITALL;
	struct sockaddr_storage ss;
	u8 b = fuzz_u8(in), buf[BUF];

	if (b & 0x80) {
		len = (s8)fuzz_u8(in);
		__sys_recvfrom(fd, buf, b, flags, (struct sockaddr *)&ss, &len);
	} else if (b == 0x7f) {
		__sys_recvfrom(fd, (void *)(uintptr_t)bad_pointer(fuzz_u8(in)), 100, flags, NULL,
			       NULL);
	} else {
		peer_read(fd, (size_t)b * 32, flags);
	}
}

/* Vectors, names and control data: each may be odd. */
static void call_msg(struct fuzz_input *in, bool send)
{
	int fd = calls_fd(in);
	unsigned int flags = choose_flags(in) & ~(unsigned int)MSG_WAITALL, i;
	u8 how = fuzz_u8(in), buf[256];
	struct iovec iov[4];
	struct sockaddr_storage ss;
	void *control;
	struct user_msghdr msg = { .msg_iov = iov, .msg_iovlen = how & 3 };

	fuzz_fill(buf, 0, sizeof(buf));
	for (i = 0; i < 4; i++) {
		u8 b = fuzz_u8(in);

		iov[i].iov_base = b >= 252 ? (void *)(uintptr_t)bad_pointer(b) : buf + b / 2;
		iov[i].iov_len = b == 251 ? SIZE_MAX : b / 2;
	}
	if (how & 4) {
		msg.msg_namelen = choose_address(in, &ss);
		msg.msg_name = &ss;
	}
	msg.msg_controllen = how & 8 ? fuzz_u8(in) : 0;
	msg.msg_control = user_memory(in, msg.msg_controllen, &control);
	if (how & 16)
		msg.msg_iovlen = fuzz_u32(in) | 1025;
	if (send) {
		not_the_pattern(fd);
		__sys_sendmsg(fd, how & 32 ? (void *)(uintptr_t)bad_pointer(how) : &msg, flags);
	} else {
		__sys_recvmsg(fd, &msg, flags);
	}
	free(control);
}

/* ---- options ------------------------------------------------------------------------ */

static void choose_option(struct fuzz_input *in, int *level, int *name)
{
	static const int levels[] = { SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP, IPPROTO_UDP };
	u8 b = fuzz_u8(in), n = fuzz_u8(in);

	*level = b < 240 ? levels[b & 3] : fuzz_u8(in);
	/* Those of UDP begin at 100. */
	*name = n < 240 ? n % 64 : n < 250 ? UDP_ENCAP + n % 10 : (int)fuzz_u32(in);
}

static void call_setsockopt(struct fuzz_input *in)
{
	int fd = calls_fd(in), level, name, len;
	u8 how = fuzz_u8(in);
	void *val, *mem;

	choose_option(in, &level, &name);
	len = how < 128 ? 4 : how % 64;
	val = user_memory(in, (size_t)len, &mem);
	if (how >= 250)
		__sys_setsockopt(fd, level, name, bad_pointer(how), len);
	else
		__sys_setsockopt(fd, level, name, val, how == 249 ? -1 : len);
	free(mem);
}

static void call_getsockopt(struct fuzz_input *in)
{
	int fd = calls_fd(in), level, name, len;
	u8 how = fuzz_u8(in);
	void *val, *mem;

	choose_option(in, &level, &name);
	len = how < 128 ? 4 : (how - 128) * 3;
	val = user_memory(in, (size_t)len, &mem);
	if (how == 255)
		__sys_getsockopt(fd, level, name, val, (int *)(uintptr_t)bad_pointer(how));
	else if (how == 254)
		len = -1;
	if (how != 255)
		__sys_getsockopt(fd, level, name, val, &len);
	free(mem);
}

/* ---- files ----------------------------------------------------------------------------- */

static void call_ioctl(struct fuzz_input *in)
{
	static const unsigned int cmds[] = {
		SIOCINQ, SIOCOUTQ, SIOCOUTQNSD, SIOCATMARK, SIOCGIFCONF, SIOCGIFADDR,
		SIOCGIFMTU, SIOCGIFHWADDR, SIOCGIFINDEX, SIOCGIFFLAGS, SIOCGIFNETMASK,
		SIOCGIFNAME, SIOCGIFBRDADDR,
	};
	int fd = calls_fd(in);
	u8 b = fuzz_u8(in);
	unsigned int cmd = b < 240 ? cmds[b % ARRAY_SIZE(cmds)] : 0x8900U | fuzz_u8(in);
	u64 arg[8];

	fuzz_bytes(in, arg, sizeof(arg));
	if (cmd == SIOCGIFCONF)
		arg[1] = 0;	/* the buffer's place: nowhere */
	__sys_ioctl(fd, cmd, b == 239 ? 0 : (unsigned long)arg);
}

static void call_poll(struct fuzz_input *in)
{
	struct pollfd p[4];
	unsigned int i;

	for (i = 0; i < 4; i++)
		p[i] = (struct pollfd){ .fd = calls_fd(in), .events = (short)fuzz_u16(in) };
	__sys_poll(p, fuzz_u8(in) == 255 ? UINT_MAX : 4, 0);
}

static void call_epoll(struct fuzz_input *in)
{
	struct epoll_event ev[4] = { { .events = fuzz_u32(in) } };
	u8 op = fuzz_u8(in);
	int epfd = calls_fd(in), fd = calls_fd(in);

	if (op < 40)
		remember(__sys_epoll_create1(op & 1 ? op : 0));
	else if (op < 200)
		__sys_epoll_ctl(epfd, op & 7, fd, &ev[0]);
	else
		__sys_epoll_wait(epfd, ev, op == 255 ? -1 : 4, 0);
}

/* By number: what the table of system calls adds. Never F_SETFL without O_NONBLOCK. */
static void call_by_number(struct fuzz_input *in)
{
	u8 op = fuzz_u8(in), buf[64] = { 0 };
	struct iovec iov[2] = { { buf, 20 }, { buf + 20, 30 } };
	int fd = calls_fd(in);

	switch (op % 8) {
	case 0:
		syscall_dispatch(__NR_read, fd, (long)buf, sizeof(buf), 0, 0, 0);
		break;
	case 1:
		syscall_dispatch(__NR_readv, fd, (long)iov, op & 8 ? -1 : 2, 0, 0, 0);
		break;
	case 2:
		remember((int)syscall_dispatch(__NR_dup, fd, 0, 0, 0, 0, 0));
		break;
	case 3:
		syscall_dispatch(__NR_fcntl, fd, F_GETFL, 0, 0, 0, 0);
		break;
	case 4:
		syscall_dispatch(__NR_fcntl, fd, F_SETFD, op, 0, 0, 0);
		break;
	case 5:
		syscall_dispatch(__NR_fcntl, fd, F_SETFL, fuzz_u16(in) | O_NONBLOCK, 0, 0, 0);
		break;
	case 6:
		syscall_dispatch(__NR_uname, (long)bad_pointer(op), 0, 0, 0, 0, 0);
		break;
	default:
		syscall_dispatch(300 + op, fd, (long)buf, 0, 0, 0, 0);
		break;
	}
}

/** calls_one() - one call, and all that follows of it */
void calls_one(struct fuzz_input *in)
{
	u8 op = fuzz_u8(in) % 20;

	switch (op) {
	case 0:
	case 1:
		call_socket(in);
		break;
	case 2:
	case 3:
		call_name(in, op & 1);
		break;
	case 4:
		__sys_listen(calls_fd(in), (s8)fuzz_u8(in));
		break;
	case 5:
		call_accept(in);
		break;
	case 6:
	case 7:
		call_sendto(in);
		break;
	case 8:
	case 9:
		call_recvfrom(in);
		break;
	case 10:
	case 11:
		call_msg(in, op & 1);
		break;
	case 12:
		__sys_shutdown(calls_fd(in), (s8)fuzz_u8(in) % 4);
		break;
	case 13:
		close_fd((unsigned int)calls_fd(in));
		break;
	case 14:
		call_setsockopt(in);
		break;
	case 15:
		call_getsockopt(in);
		break;
	case 16:
		call_getname(in);
		call_ioctl(in);
		break;
	case 17:
		call_poll(in);
		break;
	case 18:
		call_epoll(in);
		break;
	case 19:
		call_by_number(in);
		break;
	}
	peer_settle();
}
