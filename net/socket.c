// SPDX-License-Identifier: MIT
/*
 * struct socket: what a program's descriptor stands for, and the way from a
 * file to a protocol (SOCK-1, SOCK-2, SOCK-5, SYS-2, SYS-3).
 *
 *	file --private_data--> socket --ops--> inet_stream_ops …
 *	                          '---sk----> sock --sk_prot--> tcp_prot …
 *
 * The system calls themselves are in net/socket_calls.c.
 *
 * Linux: net/socket.c. There a socket lives in an inode of sockfs; here
 * sock_alloc_inode() makes it alone, the file system around it having nothing
 * to do.
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/skb_frag.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/trace.h>
#include <net/busy_poll.h>

static const struct net_proto_family *net_families[AF_MAX] __ro_after_init;
static struct kmem_cache *sock_inode_cachep __ro_after_init;
static const struct security_ops *security_ops __ro_after_init;

static const struct file_operations socket_file_ops;

/* ---- families -------------------------------------------------------------------- */

/**
 * sock_register - make an address family known
 * @fam: kept
 *
 * Context: initcalls.
 * Return: 0, -ENOBUFS: no such family number, -EEXIST.
 */
int sock_register(const struct net_proto_family *fam)
{
	if (fam->family < 0 || fam->family >= AF_MAX)
		return -ENOBUFS;
	if (net_families[fam->family])
		return -EEXIST;
	net_families[fam->family] = fam;
	return 0;
}

/* ---- sockets ----------------------------------------------------------------------- */

static struct socket *sock_alloc_inode(void)
{
	struct socket *sock = kmem_cache_zalloc(sock_inode_cachep, GFP_KERNEL);

	if (sock)
		init_waitqueue_head(&sock->wq.wait);
	return sock;
}

/**
 * sock_alloc - a socket without a protocol
 *
 * Context: process.
 * Return: the socket, SS_UNCONNECTED; NULL on no memory.
 */
struct socket *sock_alloc(void)
{
	struct socket *sock = sock_alloc_inode();

	if (sock)
		sock->state = SS_UNCONNECTED;
	return sock;
}

/**
 * sock_release - end a socket
 * @sock: no file refers to it
 *
 * Context: process, may sleep.
 */
void sock_release(struct socket *sock)
{
	if (sock->ops) {
		sock->ops->release(sock);
		sock->sk = NULL;
		sock->ops = NULL;
	}
	kmem_cache_free(sock_inode_cachep, sock);
}

/**
 * __sock_create - make a socket of a family
 * @net: the namespace
 * @family: AF_*
 * @type: SOCK_*, without flags
 * @protocol: IPPROTO_*; 0: the type's usual one
 * @res: the socket
 * @kern: for the kernel itself
 *
 * Context: process.
 * Return: 0, -EAFNOSUPPORT, -EINVAL, -ENOMEM, what the family says.
 */
int __sock_create(struct net *net, int family, int type, int protocol, struct socket **res,
		  int kern)
{
	const struct net_proto_family *pf;
	struct socket *sock;
	int err;

	if (family < 0 || family >= AF_MAX)
		return -EAFNOSUPPORT;
	if (type < 0 || type >= SOCK_MAX)
		return -EINVAL;
	pf = net_families[family];
	if (!pf)
		return -EAFNOSUPPORT;
	sock = sock_alloc();
	if (!sock)
		return -ENOMEM;
	sock->type = (short)type;
	err = pf->create(net, sock, protocol, kern);
	if (err) {
		sock_release(sock);
		return err;
	}
	*res = sock;
	return 0;
}

/**
 * sock_create - make a socket for a program
 * @net: the namespace
 * @family: AF_*
 * @type: SOCK_*, without flags
 * @protocol: IPPROTO_*
 * @res: the socket
 *
 * Context: process.
 * Return: as __sock_create().
 */
int sock_create(struct net *net, int family, int type, int protocol, struct socket **res)
{
	return __sock_create(net, family, type, protocol, res, 0);
}

/* ---- files --------------------------------------------------------------------------- */

/**
 * sock_alloc_file - a file for a socket
 * @sock: without a file; released when there is no memory
 * @flags: O_NONBLOCK
 *
 * Context: process.
 * Return: a file with one reference, whose end ends the socket; or ERR_PTR.
 */
struct file *sock_alloc_file(struct socket *sock, int flags)
{
	struct file *file;

	file = alloc_file(&socket_file_ops, O_RDWR | ((unsigned int)flags & O_NONBLOCK), sock);
	if (IS_ERR(file)) {
		sock_release(sock);
		return file;
	}
	sock->file = file;
	return file;
}

/**
 * sock_map_fd - give a socket to the running program
 * @sock: without a file; released on any error
 * @flags: O_CLOEXEC, O_NONBLOCK
 *
 * Context: process.
 * Return: the descriptor, or -EMFILE, -ENOMEM.
 */
int sock_map_fd(struct socket *sock, int flags)
{
	int fd = get_unused_fd_flags((unsigned int)flags);
	struct file *file;

	if (fd < 0) {
		sock_release(sock);
		return fd;
	}
	file = sock_alloc_file(sock, flags);
	if (IS_ERR(file)) {
		put_unused_fd((unsigned int)fd);
		return (int)PTR_ERR(file);
	}
	fd_install((unsigned int)fd, file);
	return fd;
}

/**
 * sock_from_file - the socket behind a file
 * @file: any file
 *
 * Context: any.
 * Return: borrowed; NULL when it is no socket.
 */
struct socket *sock_from_file(struct file *file)
{
	return file->f_op == &socket_file_ops ? file->private_data : NULL;
}

/**
 * sockfd_lookup_light - the socket behind a descriptor
 * @fd: any number
 * @err: on failure: -EBADF or -ENOTSOCK
 * @filep: its file, with a reference for the caller
 *
 * Context: process.
 * Return: the socket, which lives as long as the file; NULL.
 */
struct socket *sockfd_lookup_light(int fd, int *err, struct file **filep)
{
	struct file *file = fget((unsigned int)fd);
	struct socket *sock;

	*err = -EBADF;
	if (!file)
		return NULL;
	sock = sock_from_file(file);
	if (!sock) {
		*err = -ENOTSOCK;
		fput(file);
		return NULL;
	}
	*filep = file;
	return sock;
}

static int sock_close(struct file *file)
{
	sock_release(file->private_data);
	return 0;
}

static u32 sock_poll(struct file *file, poll_table *wait)
{
	struct socket *sock = file->private_data;

	return sock->ops->poll ? sock->ops->poll(file, sock, wait) : 0;
}

static void sock_busy_poll(struct file *file, bool (*end)(void *arg), void *arg)
{
	struct socket *sock = file->private_data;

	sk_busy_loop_poll(sock->sk, end, arg);
}

static long sock_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct socket *sock = file->private_data;
	int err = -ENOIOCTLCMD;

	if (sock->ops->ioctl)
		err = sock->ops->ioctl(sock, cmd, arg);
	return err == -ENOIOCTLCMD ? -ENOTTY : err;
}

/* ---- messages -------------------------------------------------------------------------- */

/**
 * security_register - put a security module in place
 * @ops: kept; NULL: none
 *
 * Context: initcalls.
 */
void security_register(const struct security_ops *ops)
{
	security_ops = ops;
}

/**
 * security_sock_sendmsg - may this be sent?
 * @sock: by this socket
 * @msg: the message
 * @size: its bytes
 *
 * Context: process.
 * Return: 0, or the -errno that the call ends with.
 */
int security_sock_sendmsg(struct socket *sock, struct msghdr *msg, int size)
{
	if (likely(!security_ops || !security_ops->sock_sendmsg))
		return 0;
	return security_ops->sock_sendmsg(sock, msg, size);
}

/**
 * security_sock_recvmsg - may this socket be read?
 * @sock: the socket
 * @msg: where it goes
 * @size: at most so many bytes
 * @flags: MSG_*
 *
 * Context: process.
 * Return: 0, or the -errno that the call ends with.
 */
int security_sock_recvmsg(struct socket *sock, struct msghdr *msg, int size, int flags)
{
	if (likely(!security_ops || !security_ops->sock_recvmsg))
		return 0;
	return security_ops->sock_recvmsg(sock, msg, size, flags);
}

/**
 * __sock_sendmsg - send a message, if security allows it
 * @sock: the socket
 * @msg: the message; its iterator is moved on
 *
 * Context: process, may sleep.
 * Return: bytes sent, or -errno.
 */
int __sock_sendmsg(struct socket *sock, struct msghdr *msg)
{
	size_t size = iov_iter_count(&msg->msg_iter);
	int err;

	trace_here();
	err = security_sock_sendmsg(sock, msg, (int)size);
	return err ? err : sock->ops->sendmsg(sock, msg, size);
}

/**
 * sock_sendmsg - send a message
 * @sock: the socket
 * @msg: the message; msg_name is the caller's again afterwards
 *
 * Context: process, may sleep.
 * Return: bytes sent, or -errno.
 */
int sock_sendmsg(struct socket *sock, struct msghdr *msg)
{
	void *save_addr = msg->msg_name;
	int save_len = msg->msg_namelen;
	int ret;

	trace_here();
	ret = __sock_sendmsg(sock, msg);
	msg->msg_name = save_addr;
	msg->msg_namelen = save_len;
	return ret;
}

/**
 * sock_recvmsg - receive a message, if security allows it
 * @sock: the socket
 * @msg: where it goes; its iterator is moved on
 * @flags: MSG_*
 *
 * Context: process, may sleep.
 * Return: bytes received, or -errno.
 */
int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags)
{
	size_t size = iov_iter_count(&msg->msg_iter);
	int err;

	trace_here();
	err = security_sock_recvmsg(sock, msg, (int)size, flags);
	return err ? err : sock->ops->recvmsg(sock, msg, size, flags);
}

static ssize_t sock_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct msghdr msg = { .msg_iter = *to };
	int flags = 0;
	ssize_t res;

	trace_here();
	if (file->f_flags & O_NONBLOCK || iocb->ki_flags & IOCB_NOWAIT)
		flags = MSG_DONTWAIT;
	/* A read of nothing finds nothing, whatever is there. */
	if (!iov_iter_count(to))
		return 0;
	res = sock_recvmsg(file->private_data, &msg, flags);
	*to = msg.msg_iter;
	return res;
}

static ssize_t sock_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct msghdr msg = { .msg_iter = *from };
	ssize_t res;

	trace_here();
	if (file->f_flags & O_NONBLOCK || iocb->ki_flags & IOCB_NOWAIT)
		msg.msg_flags = MSG_DONTWAIT;
	res = sock_sendmsg(file->private_data, &msg);
	*from = msg.msg_iter;
	return res;
}

/* sendfile(): by reference where the protocol can; others copy. */
static ssize_t sock_splice_write(struct file *file, const struct splice_piece *piece, bool more)
{
	struct kvec kvec = { piece->block->data + piece->offset, piece->len };
	struct msghdr msg = { .msg_flags = more ? MSG_MORE : 0 };
	ssize_t res;

	msg.msg_splice = skb_page_lend(piece->block, piece->offset, piece->len, GFP_KERNEL);
	if (!msg.msg_splice)
		return -ENOMEM;
	if (file->f_flags & O_NONBLOCK)
		msg.msg_flags |= MSG_DONTWAIT;
	iov_iter_kvec(&msg.msg_iter, ITER_SOURCE, &kvec, 1, piece->len);
	res = sock_sendmsg(file->private_data, &msg);
	skb_page_put(msg.msg_splice);
	return res;
}

static const struct file_operations socket_file_ops = {
	.read_iter = sock_read_iter,
	.write_iter = sock_write_iter,
	.splice_write = sock_splice_write,
	.poll = sock_poll,
	.busy_poll = sock_busy_poll,
	.unlocked_ioctl = sock_ioctl,
	.release = sock_close,
};

static int __init sock_init(void)
{
	sock_inode_cachep = kmem_cache_create("sock_inode_cache", sizeof(struct socket));
	return sock_inode_cachep ? 0 : -ENOMEM;
}
core_initcall(sock_init);
