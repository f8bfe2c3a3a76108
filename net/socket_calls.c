// SPDX-License-Identifier: MIT
/*
 * The socket system calls (SYS-1, SYS-3, SYS-4). Each has a body, __sys_*(),
 * which the table and the hosted library share.
 *
 * What a program points to is copied in before the protocol sees it and checked
 * on the way; no lock is held meanwhile.
 *
 * Linux: net/socket.c
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/trace.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#define CMSG_ON_STACK	64	/* bytes of control messages kept on the stack */

/* ---- addresses ------------------------------------------------------------------- */

/**
 * move_addr_to_kernel - copy a program's address
 * @uaddr: the program's
 * @ulen: its bytes
 * @kaddr: the copy
 *
 * Context: process.
 * Return: 0, -EINVAL, -EFAULT.
 */
int move_addr_to_kernel(const void __user *uaddr, int ulen, struct sockaddr_storage *kaddr)
{
	if (ulen < 0 || (size_t)ulen > sizeof(*kaddr))
		return -EINVAL;
	if (!ulen)
		return 0;
	return copy_from_user(kaddr, uaddr, (unsigned long)ulen) ? -EFAULT : 0;
}

/**
 * move_addr_to_user - hand an address to a program
 * @kaddr: the address
 * @klen: its bytes
 * @uaddr: the program's buffer
 * @ulen: the program's: bytes of the buffer in, of the whole address out
 *
 * Context: process.
 * Return: 0, -EINVAL, -EFAULT.
 */
int move_addr_to_user(const struct sockaddr_storage *kaddr, int klen, void __user *uaddr,
		      int __user *ulen)
{
	int len;

	if (get_user(len, ulen))
		return -EFAULT;
	if (len > klen)
		len = klen;
	if (len < 0)
		return -EINVAL;
	if (len && copy_to_user(uaddr, kaddr, (unsigned long)len))
		return -EFAULT;
	return put_user(klen, ulen);
}

/* ---- life --------------------------------------------------------------------------- */

/**
 * __sys_socket - the body of socket()
 * @family: AF_*
 * @type: SOCK_*, with SOCK_CLOEXEC, SOCK_NONBLOCK
 * @protocol: IPPROTO_*
 *
 * Context: process.
 * Return: a descriptor; -EINVAL, -EAFNOSUPPORT, -EPROTONOSUPPORT,
 * -ESOCKTNOSUPPORT, -EMFILE, -ENOMEM.
 */
int __sys_socket(int family, int type, int protocol)
{
	int flags = type & ~SOCK_TYPE_MASK;
	struct socket *sock;
	int err;

	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	err = sock_create(current->net, family, type & SOCK_TYPE_MASK, protocol, &sock);
	return err ? err : sock_map_fd(sock, flags);
}

/**
 * __sys_bind - the body of bind()
 * @fd: a socket
 * @addr: the program's
 * @addrlen: its bytes
 *
 * Context: process, may sleep.
 * Return: 0, -EBADF, -ENOTSOCK, -EINVAL, -EFAULT, what the protocol says.
 */
int __sys_bind(int fd, const struct sockaddr __user *addr, int addrlen)
{
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	struct socket *sock;
	struct file *file;
	int err;

	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	err = move_addr_to_kernel(addr, addrlen, &address);
	if (!err)
		err = sock->ops->bind(sock, (struct sockaddr *)&address, addrlen);
	fput(file);
	return err;
}

/**
 * __sys_listen - the body of listen()
 * @fd: a socket
 * @backlog: connections that may wait; at most net.core.somaxconn
 *
 * Context: process, may sleep.
 * Return: 0, -EBADF, -ENOTSOCK, what the protocol says.
 */
int __sys_listen(int fd, int backlog)
{
	struct socket *sock;
	struct file *file;
	int somaxconn, err;

	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	somaxconn = READ_ONCE(current->net->core.sysctl_somaxconn);
	if ((unsigned int)backlog > (unsigned int)somaxconn)
		backlog = somaxconn;
	err = sock->ops->listen(sock, backlog);
	fput(file);
	return err;
}

/* A socket for the next connection, with a file. */
static struct file *do_accept(struct socket *sock, unsigned int file_flags,
			      struct sockaddr __user *addr, int __user *addrlen, int flags)
{
	struct sockaddr_storage address;
	struct socket *newsock;
	struct file *newfile;
	int err;

	if (!sock->ops->accept)
		return ERR_PTR(-EOPNOTSUPP);
	newsock = sock_alloc();
	if (!newsock)
		return ERR_PTR(-ENFILE);
	newsock->type = sock->type;
	newsock->ops = sock->ops;
	newfile = sock_alloc_file(newsock, flags);
	if (IS_ERR(newfile))
		return newfile;
	err = sock->ops->accept(sock, newsock, (int)file_flags, false);
	if (err < 0)
		goto out;
	if (addr) {
		err = sock->ops->getname(newsock, (struct sockaddr *)&address, 2);
		if (err < 0) {
			err = -ECONNABORTED;
			goto out;
		}
		err = move_addr_to_user(&address, err, addr, addrlen);
		if (err < 0)
			goto out;
	}
	return newfile;
out:
	fput(newfile);
	return ERR_PTR(err);
}

/**
 * __sys_accept4 - the body of accept4()
 * @fd: a listening socket
 * @addr: for the peer's address; may be NULL
 * @addrlen: its bytes
 * @flags: SOCK_CLOEXEC, SOCK_NONBLOCK for the new descriptor
 *
 * Context: process, may sleep.
 * Return: a descriptor; -EBADF, -ENOTSOCK, -EINVAL, -EAGAIN, -EINTR, -EMFILE,
 * -ENFILE, -EFAULT, -ECONNABORTED, -EOPNOTSUPP.
 */
int __sys_accept4(int fd, struct sockaddr __user *addr, int __user *addrlen, int flags)
{
	struct file *file, *newfile;
	struct socket *sock;
	int err, newfd;

	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	newfd = get_unused_fd_flags((unsigned int)flags);
	if (newfd < 0)
		goto out;
	newfile = do_accept(sock, file->f_flags, addr, addrlen, flags);
	if (IS_ERR(newfile)) {
		put_unused_fd((unsigned int)newfd);
		newfd = (int)PTR_ERR(newfile);
	} else {
		fd_install((unsigned int)newfd, newfile);
	}
out:
	fput(file);
	return newfd;
}

/**
 * __sys_connect - the body of connect()
 * @fd: a socket
 * @addr: the program's
 * @addrlen: its bytes
 *
 * Context: process, may sleep.
 * Return: 0, -EBADF, -ENOTSOCK, -EINVAL, -EFAULT, what the protocol says.
 */
int __sys_connect(int fd, const struct sockaddr __user *addr, int addrlen)
{
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	struct socket *sock;
	struct file *file;
	int err;

	trace_here();
	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	err = move_addr_to_kernel(addr, addrlen, &address);
	if (!err)
		err = sock->ops->connect(sock, (struct sockaddr *)&address, addrlen,
					 (int)file->f_flags);
	fput(file);
	return err;
}

static int do_getname(int fd, struct sockaddr __user *addr, int __user *addrlen, int peer)
{
	struct sockaddr_storage address;
	struct socket *sock;
	struct file *file;
	int err;

	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	err = sock->ops->getname(sock, (struct sockaddr *)&address, peer);
	if (err >= 0)
		err = move_addr_to_user(&address, err, addr, addrlen);
	fput(file);
	return err;
}

/**
 * __sys_getsockname - the body of getsockname()
 * @fd: a socket
 * @addr: the program's
 * @addrlen: its bytes
 *
 * Context: process.
 * Return: 0, -EBADF, -ENOTSOCK, -EINVAL, -EFAULT.
 */
int __sys_getsockname(int fd, struct sockaddr __user *addr, int __user *addrlen)
{
	return do_getname(fd, addr, addrlen, 0);
}

/**
 * __sys_getpeername - the body of getpeername()
 * @fd: a socket
 * @addr: the program's
 * @addrlen: its bytes
 *
 * Context: process.
 * Return: 0, -EBADF, -ENOTSOCK, -ENOTCONN, -EINVAL, -EFAULT.
 */
int __sys_getpeername(int fd, struct sockaddr __user *addr, int __user *addrlen)
{
	return do_getname(fd, addr, addrlen, 1);
}

/**
 * __sys_shutdown - the body of shutdown()
 * @fd: a socket
 * @how: SHUT_*
 *
 * Context: process, may sleep.
 * Return: 0, -EBADF, -ENOTSOCK, -EINVAL, -ENOTCONN.
 */
int __sys_shutdown(int fd, int how)
{
	struct socket *sock;
	struct file *file;
	int err;

	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	err = sock->ops->shutdown(sock, how);
	fput(file);
	return err;
}

/* ---- options --------------------------------------------------------------------------- */

/**
 * __sys_setsockopt - the body of setsockopt()
 * @fd: a socket
 * @level: SOL_SOCKET, or the protocol's
 * @name: the option
 * @val: the program's
 * @len: its bytes
 *
 * Context: process, may sleep.
 * Return: 0, -EBADF, -ENOTSOCK, -EINVAL, -EFAULT, -ENOPROTOOPT, -EOPNOTSUPP.
 */
int __sys_setsockopt(int fd, int level, int name, const void __user *val, int len)
{
	struct socket *sock;
	struct file *file;
	int err;

	if (len < 0)
		return -EINVAL;
	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	if (level == SOL_SOCKET)
		err = sock_setsockopt(sock, level, name, val, (unsigned int)len);
	else if (!sock->ops->setsockopt)
		err = -EOPNOTSUPP;
	else
		err = sock->ops->setsockopt(sock, level, name, val, (unsigned int)len);
	fput(file);
	return err;
}

/**
 * __sys_getsockopt - the body of getsockopt()
 * @fd: a socket
 * @level: SOL_SOCKET, or the protocol's
 * @name: the option
 * @val: the program's buffer
 * @len: the program's: bytes of the buffer in, of the value out
 *
 * Context: process, may sleep.
 * Return: 0, -EBADF, -ENOTSOCK, -EINVAL, -EFAULT, -ENOPROTOOPT, -EOPNOTSUPP.
 */
int __sys_getsockopt(int fd, int level, int name, void __user *val, int __user *len)
{
	struct socket *sock;
	struct file *file;
	int err;

	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	if (level == SOL_SOCKET)
		err = sock_getsockopt(sock, level, name, val, len);
	else if (!sock->ops->getsockopt)
		err = -EOPNOTSUPP;
	else
		err = sock->ops->getsockopt(sock, level, name, val, len);
	fput(file);
	return err;
}

/* ---- one buffer -------------------------------------------------------------------------- */

/**
 * __sys_sendto - the body of sendto() and send()
 * @fd: a socket
 * @buf: the program's
 * @len: bytes
 * @flags: MSG_*
 * @addr: where to; may be NULL
 * @addrlen: its bytes
 *
 * Context: process, may sleep.
 * Return: bytes sent, or -errno.
 */
ssize_t __sys_sendto(int fd, const void __user *buf, size_t len, unsigned int flags,
		     const struct sockaddr __user *addr, int addrlen)
{
	struct sockaddr_storage address;
	struct msghdr msg = { .msg_name = NULL };
	struct socket *sock;
	struct file *file;
	struct iovec iov;
	int err;

	trace_here();
	err = import_single_range(ITER_SOURCE, (void __user *)(uintptr_t)buf,
				  min_t(size_t, len, MAX_RW_COUNT), &iov, &msg.msg_iter);
	if (err)
		return err;
	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	if (addr) {
		err = move_addr_to_kernel(addr, addrlen, &address);
		if (err)
			goto out;
		msg.msg_name = &address;
		msg.msg_namelen = addrlen;
	}
	msg.msg_flags = flags;
	if (file->f_flags & O_NONBLOCK)
		msg.msg_flags |= MSG_DONTWAIT;
	err = sock_sendmsg(sock, &msg);
out:
	fput(file);
	return err;
}

/**
 * __sys_recvfrom - the body of recvfrom() and recv()
 * @fd: a socket
 * @buf: the program's
 * @len: bytes
 * @flags: MSG_*
 * @addr: for the sender's address; may be NULL
 * @addrlen: its bytes
 *
 * Context: process, may sleep.
 * Return: bytes received, or -errno.
 */
ssize_t __sys_recvfrom(int fd, void __user *buf, size_t len, unsigned int flags,
		       struct sockaddr __user *addr, int __user *addrlen)
{
	struct sockaddr_storage address;
	struct msghdr msg = { .msg_name = addr ? &address : NULL };
	struct socket *sock;
	struct file *file;
	struct iovec iov;
	int err, err2;

	trace_here();
	err = import_single_range(ITER_DEST, buf, min_t(size_t, len, MAX_RW_COUNT), &iov,
				  &msg.msg_iter);
	if (err)
		return err;
	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	if (file->f_flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	err = sock_recvmsg(sock, &msg, (int)flags);
	if (err >= 0 && addr) {
		err2 = move_addr_to_user(&address, msg.msg_namelen, addr, addrlen);
		if (err2 < 0)
			err = err2;
	}
	fput(file);
	return err;
}

/* ---- messages ------------------------------------------------------------------------------- */

/* What sendmsg() and recvmsg() keep of the program's header. */
struct msg_import {
	struct iovec fast[UIO_FASTIOV];
	struct iovec *iov;		/* to be freed, or NULL */
	struct sockaddr_storage address;
	struct user_msghdr user;
};

static int copy_msghdr_from_user(struct msghdr *msg, struct user_msghdr __user *umsg,
				 struct msg_import *im, unsigned int direction)
{
	ssize_t err;

	if (copy_from_user(&im->user, umsg, sizeof(im->user)))
		return -EFAULT;
	if (!im->user.msg_name)
		im->user.msg_namelen = 0;
	if (im->user.msg_namelen < 0)
		return -EINVAL;
	if ((size_t)im->user.msg_namelen > sizeof(im->address))
		im->user.msg_namelen = sizeof(im->address);
	if (im->user.msg_iovlen > UIO_MAXIOV)
		return -EMSGSIZE;
	memset(msg, 0, sizeof(*msg));
	if (direction == ITER_SOURCE && im->user.msg_namelen) {
		err = move_addr_to_kernel(im->user.msg_name, im->user.msg_namelen, &im->address);
		if (err)
			return (int)err;
		msg->msg_name = &im->address;
		msg->msg_namelen = im->user.msg_namelen;
	}
	err = import_iovec(direction, im->user.msg_iov, (unsigned int)im->user.msg_iovlen,
			   UIO_FASTIOV, im->fast, &im->iov, &msg->msg_iter);
	return err < 0 ? (int)err : 0;
}

static int ____sys_sendmsg(struct socket *sock, struct msghdr *msg, struct msg_import *im,
			   unsigned int flags)
{
	u8 on_stack[CMSG_ON_STACK] __aligned(8);
	size_t ctl_len = im->user.msg_controllen;
	void *ctl_buf = on_stack;
	int err;

	if (ctl_len > (size_t)READ_ONCE(current->net->core.sysctl_optmem_max))
		return -ENOBUFS;
	if (ctl_len) {
		if (ctl_len > sizeof(on_stack))
			ctl_buf = kmalloc(ctl_len, GFP_KERNEL);
		if (!ctl_buf)
			return -ENOBUFS;
		err = -EFAULT;
		if (copy_from_user(ctl_buf, im->user.msg_control, ctl_len))
			goto out;
		msg->msg_control = ctl_buf;
		msg->msg_controllen = ctl_len;
	}
	msg->msg_flags = flags;
	if (sock->file->f_flags & O_NONBLOCK)
		msg->msg_flags |= MSG_DONTWAIT;
	err = sock_sendmsg(sock, msg);
out:
	if (ctl_buf != on_stack)
		kfree(ctl_buf);
	return err;
}

/**
 * __sys_sendmsg - the body of sendmsg()
 * @fd: a socket
 * @umsg: the program's
 * @flags: MSG_*
 *
 * Context: process, may sleep.
 * Return: bytes sent, or -errno.
 */
ssize_t __sys_sendmsg(int fd, struct user_msghdr __user *umsg, unsigned int flags)
{
	struct msg_import im = { .iov = NULL };
	struct socket *sock;
	struct msghdr msg;
	struct file *file;
	int err;

	trace_here();
	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	err = copy_msghdr_from_user(&msg, umsg, &im, ITER_SOURCE);
	if (!err)
		err = ____sys_sendmsg(sock, &msg, &im, flags);
	kfree(im.iov);
	fput(file);
	return err;
}

static int ____sys_recvmsg(struct socket *sock, struct msghdr *msg, struct msg_import *im,
			   struct user_msghdr __user *umsg, unsigned int flags)
{
	int len, err;

	msg->msg_name = im->user.msg_name ? &im->address : NULL;
	msg->msg_control = (__force void *)im->user.msg_control;
	msg->msg_controllen = im->user.msg_controllen;
	if (sock->file->f_flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	len = sock_recvmsg(sock, msg, (int)flags);
	if (len < 0)
		return len;
	if (im->user.msg_name) {
		err = move_addr_to_user(&im->address, msg->msg_namelen, im->user.msg_name,
					&umsg->msg_namelen);
		if (err < 0)
			return err;
	}
	if (put_user(msg->msg_flags, &umsg->msg_flags) ||
	    put_user(im->user.msg_controllen - msg->msg_controllen, &umsg->msg_controllen))
		return -EFAULT;
	return len;
}

/**
 * __sys_recvmsg - the body of recvmsg()
 * @fd: a socket
 * @umsg: the program's; names, control messages and flags are filled in
 * @flags: MSG_*
 *
 * Context: process, may sleep.
 * Return: bytes received, or -errno.
 */
ssize_t __sys_recvmsg(int fd, struct user_msghdr __user *umsg, unsigned int flags)
{
	struct msg_import im = { .iov = NULL };
	struct socket *sock;
	struct msghdr msg;
	struct file *file;
	int err;

	trace_here();
	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return err;
	err = copy_msghdr_from_user(&msg, umsg, &im, ITER_DEST);
	if (!err)
		err = ____sys_recvmsg(sock, &msg, &im, umsg, flags);
	kfree(im.iov);
	fput(file);
	return err;
}

/* ---- the table's entries -------------------------------------------------------------------- */

SYSCALL_DEFINE3(socket, int, family, int, type, int, protocol)
{
	return __sys_socket(family, type, protocol);
}

SYSCALL_DEFINE3(bind, int, fd, const struct sockaddr __user *, umyaddr, int, addrlen)
{
	return __sys_bind(fd, umyaddr, addrlen);
}

SYSCALL_DEFINE2(listen, int, fd, int, backlog)
{
	return __sys_listen(fd, backlog);
}

SYSCALL_DEFINE4(accept4, int, fd, struct sockaddr __user *, upeer_sockaddr,
		int __user *, upeer_addrlen, int, flags)
{
	return __sys_accept4(fd, upeer_sockaddr, upeer_addrlen, flags);
}

SYSCALL_DEFINE3(accept, int, fd, struct sockaddr __user *, upeer_sockaddr,
		int __user *, upeer_addrlen)
{
	return __sys_accept4(fd, upeer_sockaddr, upeer_addrlen, 0);
}

SYSCALL_DEFINE3(connect, int, fd, const struct sockaddr __user *, uservaddr, int, addrlen)
{
	return __sys_connect(fd, uservaddr, addrlen);
}

SYSCALL_DEFINE3(getsockname, int, fd, struct sockaddr __user *, usockaddr,
		int __user *, usockaddr_len)
{
	return __sys_getsockname(fd, usockaddr, usockaddr_len);
}

SYSCALL_DEFINE3(getpeername, int, fd, struct sockaddr __user *, usockaddr,
		int __user *, usockaddr_len)
{
	return __sys_getpeername(fd, usockaddr, usockaddr_len);
}

SYSCALL_DEFINE6(sendto, int, fd, const void __user *, buff, size_t, len, unsigned int, flags,
		const struct sockaddr __user *, addr, int, addr_len)
{
	return __sys_sendto(fd, buff, len, flags, addr, addr_len);
}

SYSCALL_DEFINE6(recvfrom, int, fd, void __user *, ubuf, size_t, size, unsigned int, flags,
		struct sockaddr __user *, addr, int __user *, addr_len)
{
	return __sys_recvfrom(fd, ubuf, size, flags, addr, addr_len);
}

SYSCALL_DEFINE3(sendmsg, int, fd, struct user_msghdr __user *, msg, unsigned int, flags)
{
	return __sys_sendmsg(fd, msg, flags);
}

SYSCALL_DEFINE3(recvmsg, int, fd, struct user_msghdr __user *, msg, unsigned int, flags)
{
	return __sys_recvmsg(fd, msg, flags);
}

SYSCALL_DEFINE2(shutdown, int, fd, int, how)
{
	return __sys_shutdown(fd, how);
}

SYSCALL_DEFINE5(setsockopt, int, fd, int, level, int, optname, char __user *, optval,
		int, optlen)
{
	return __sys_setsockopt(fd, level, optname, optval, optlen);
}

SYSCALL_DEFINE5(getsockopt, int, fd, int, level, int, optname, char __user *, optval,
		int __user *, optlen)
{
	return __sys_getsockopt(fd, level, optname, optval, optlen);
}
