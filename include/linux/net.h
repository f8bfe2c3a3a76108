/* SPDX-License-Identifier: MIT */
/*
 * struct socket, proto_ops and address families: the border between system
 * calls and protocols (SOCK-1, 2, 3). net/socket.c. Linux: also linux/socket.h.
 */
#ifndef LINUX_NET_H
#define LINUX_NET_H

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/types.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include <uapi/linux/socket.h>

struct net;
struct sock;
struct skb_page;
struct socket;

typedef enum {
	SS_FREE = 0,
	SS_UNCONNECTED,
	SS_CONNECTING,
	SS_CONNECTED,
	SS_DISCONNECTING
} socket_state;

/* A message as the protocols see it. */
struct msghdr {
	void *msg_name;			/* kernel memory: sockaddr_storage */
	int msg_namelen;
	struct iov_iter msg_iter;
	/* Control messages. Sending: a kernel copy. Receiving: filled by
	 * put_cmsg(), which checks msg_control_user's bounds. */
	void *msg_control;
	size_t msg_controllen;
	unsigned int msg_flags;		/* MSG_* */
	struct skb_page *msg_splice;	/* sendfile(): what msg_iter goes through; else NULL */
};

struct socket_wq {
	wait_queue_head_t wait;
	unsigned long flags;
};

#define SOCK_NOSPACE		2	/* socket.flags bits: a writer waits */
#define SOCK_ASYNC_NOSPACE	0

struct proto_ops;
struct socket {
	socket_state state;
	short type;			/* SOCK_STREAM … */
	unsigned long flags;
	struct file *file;
	struct sock *sk;
	const struct proto_ops *ops;
	struct socket_wq wq;
};

/* Context of all: process, socket not locked. */
struct proto_ops {
	int family;
	int (*release)(struct socket *sock);
	int (*bind)(struct socket *sock, struct sockaddr *addr, int addr_len);
	int (*connect)(struct socket *sock, struct sockaddr *addr, int addr_len, int flags);
	int (*accept)(struct socket *sock, struct socket *newsock, int flags, bool kern);
	/* Returns the address length or -errno; @peer: 0 own, 1 peer's. */
	int (*getname)(struct socket *sock, struct sockaddr *addr, int peer);
	u32 (*poll)(struct file *file, struct socket *sock, poll_table *wait);
	int (*ioctl)(struct socket *sock, unsigned int cmd, unsigned long arg);
	int (*listen)(struct socket *sock, int backlog);
	int (*shutdown)(struct socket *sock, int how);
	int (*setsockopt)(struct socket *sock, int level, int optname,
			  const void __user *optval, unsigned int optlen);
	int (*getsockopt)(struct socket *sock, int level, int optname,
			  char __user *optval, int __user *optlen);
	int (*sendmsg)(struct socket *sock, struct msghdr *m, size_t len);
	int (*recvmsg)(struct socket *sock, struct msghdr *m, size_t len, int flags);
	int (*set_rcvlowat)(struct sock *sk, int val);
};

struct net_proto_family {
	int family;
	int (*create)(struct net *net, struct socket *sock, int protocol, int kern);
};

int sock_register(const struct net_proto_family *fam);
struct socket *sock_alloc(void);
void sock_release(struct socket *sock);
int sock_create(struct net *net, int family, int type, int protocol, struct socket **res);
int __sock_create(struct net *net, int family, int type, int protocol, struct socket **res,
		  int kern);
int sock_map_fd(struct socket *sock, int flags);
struct file *sock_alloc_file(struct socket *sock, int flags);
/* The socket behind @fd with a reference on *@filep, or NULL and *@err. */
struct socket *sockfd_lookup_light(int fd, int *err, struct file **filep);
int sock_sendmsg(struct socket *sock, struct msghdr *msg);
int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags);
int __sock_sendmsg(struct socket *sock, struct msghdr *msg);
/* The socket behind a file, or NULL. Borrowed. */
struct socket *sock_from_file(struct file *file);
/* Addresses between programs and kernel; 0, -EINVAL, -EFAULT. */
int move_addr_to_kernel(const void __user *uaddr, int ulen, struct sockaddr_storage *kaddr);
int move_addr_to_user(const struct sockaddr_storage *kaddr, int klen, void __user *uaddr,
		      int __user *ulen);
int put_cmsg(struct msghdr *msg, int level, int type, int len, const void *data);

/* Walking a kernel copy of control messages (sending). net/core/scm.c. */
#define CMSG_OK(msg, cmsg)						\
	((cmsg)->cmsg_len >= sizeof(struct cmsghdr) &&			\
	 (cmsg)->cmsg_len <= (msg)->msg_controllen -			\
	 (size_t)((char *)(cmsg) - (char *)(msg)->msg_control))
struct cmsghdr *cmsg_firsthdr(const struct msghdr *msg);
struct cmsghdr *cmsg_nxthdr(const struct msghdr *msg, const struct cmsghdr *cmsg);
#define CMSG_FIRSTHDR(msg)	cmsg_firsthdr(msg)
#define for_each_cmsghdr(cmsg, msg)					\
	for (cmsg = cmsg_firsthdr(msg); cmsg; cmsg = cmsg_nxthdr(msg, cmsg))

static inline bool sock_test_bit(int nr, const unsigned long *p) { return *p >> nr & 1; }
static inline void sock_set_bit(int nr, unsigned long *p) { *p |= 1UL << nr; }
static inline void sock_clear_bit(int nr, unsigned long *p) { *p &= ~(1UL << nr); }

/* The bodies of the system calls; net/socket.c. Used by the table in
 * kernel/syscall.c and, with the same meaning, by the hosted library. */
int __sys_socket(int family, int type, int protocol);
int __sys_bind(int fd, const struct sockaddr __user *addr, int addrlen);
int __sys_listen(int fd, int backlog);
int __sys_accept4(int fd, struct sockaddr __user *addr, int __user *addrlen, int flags);
int __sys_connect(int fd, const struct sockaddr __user *addr, int addrlen);
int __sys_getsockname(int fd, struct sockaddr __user *addr, int __user *addrlen);
int __sys_getpeername(int fd, struct sockaddr __user *addr, int __user *addrlen);
ssize_t __sys_sendto(int fd, const void __user *buf, size_t len, unsigned int flags,
		     const struct sockaddr __user *addr, int addrlen);
ssize_t __sys_recvfrom(int fd, void __user *buf, size_t len, unsigned int flags,
		       struct sockaddr __user *addr, int __user *addrlen);
ssize_t __sys_sendmsg(int fd, struct user_msghdr __user *msg, unsigned int flags);
ssize_t __sys_recvmsg(int fd, struct user_msghdr __user *msg, unsigned int flags);
int __sys_shutdown(int fd, int how);
int __sys_setsockopt(int fd, int level, int name, const void __user *val, int len);
int __sys_getsockopt(int fd, int level, int name, void __user *val, int __user *len);
long __sys_ioctl(int fd, unsigned int cmd, unsigned long arg);
int __sys_poll(struct pollfd __user *fds, unsigned int n, s64 timeout_ns);
int __sys_epoll_create1(int flags);
int __sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event __user *ev);
int __sys_epoll_wait(int epfd, struct epoll_event __user *evs, int maxevents, s64 timeout_ns);

#endif
