// SPDX-License-Identifier: MIT
/*
 * Control messages: what goes beside the data of sendmsg() and recvmsg().
 *
 * Sending, msg_control is a kernel copy: cmsg_firsthdr(), cmsg_nxthdr() step
 * over it and never look beyond msg_controllen. Receiving, it is the program's
 * buffer: put_cmsg() writes into it and moves msg_control on.
 *
 * Linux: net/core/scm.c, include/linux/socket.h
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/**
 * cmsg_firsthdr - the first control message to send
 * @msg: with a kernel copy in msg_control
 *
 * Context: process.
 * Return: the message, whose own length is not checked yet (CMSG_OK()); NULL
 * when there is no room for one.
 */
struct cmsghdr *cmsg_firsthdr(const struct msghdr *msg)
{
	if (!msg->msg_control || msg->msg_controllen < sizeof(struct cmsghdr))
		return NULL;
	return msg->msg_control;
}

/**
 * cmsg_nxthdr - the control message behind another
 * @msg: with a kernel copy in msg_control
 * @cmsg: one in it
 *
 * Context: process.
 * Return: the message, or NULL at the end. A length that leads nowhere is an
 * end too.
 */
struct cmsghdr *cmsg_nxthdr(const struct msghdr *msg, const struct cmsghdr *cmsg)
{
	char *begin = msg->msg_control;
	size_t at = (size_t)((const char *)cmsg - begin);
	size_t left = msg->msg_controllen - at;

	if (cmsg->cmsg_len < sizeof(*cmsg) || cmsg->cmsg_len > left ||
	    CMSG_ALIGN(cmsg->cmsg_len) > left ||
	    left - CMSG_ALIGN(cmsg->cmsg_len) < sizeof(*cmsg))
		return NULL;
	return (struct cmsghdr *)(void *)(begin + at + CMSG_ALIGN(cmsg->cmsg_len));
}

/**
 * put_cmsg - hand a control message to a receiving program
 * @msg: its msg_control is the program's buffer, moved on; MSG_CTRUNC is set
 *	when there was no room for all of it
 * @level: cmsg_level
 * @type: cmsg_type
 * @len: bytes of data
 * @data: kernel memory
 *
 * Context: process.
 * Return: 0, also when cut; -EFAULT.
 */
int put_cmsg(struct msghdr *msg, int level, int type, int len, const void *data)
{
	struct cmsghdr hdr = { .cmsg_level = level, .cmsg_type = type };
	size_t cmlen = CMSG_LEN((size_t)len), space = CMSG_SPACE((size_t)len);
	char __user *to = (__force char __user *)msg->msg_control;

	if (!to || msg->msg_controllen < sizeof(hdr)) {
		msg->msg_flags |= MSG_CTRUNC;
		return 0;
	}
	if (msg->msg_controllen < cmlen) {
		msg->msg_flags |= MSG_CTRUNC;
		cmlen = msg->msg_controllen;
	}
	hdr.cmsg_len = cmlen;
	if (copy_to_user(to, &hdr, sizeof(hdr)) ||
	    copy_to_user(to + sizeof(hdr), data, cmlen - sizeof(hdr)))
		return -EFAULT;
	space = min(space, msg->msg_controllen);
	msg->msg_control = (__force char *)to + space;
	msg->msg_controllen -= space;
	return 0;
}
