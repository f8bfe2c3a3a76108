/* SPDX-License-Identifier: MIT */
/* Scattered buffers, as readv(), writev(), sendmsg() and recvmsg() take them. */
#ifndef UAPI_LINUX_UIO_H
#define UAPI_LINUX_UIO_H

#include <linux/types.h>

struct iovec {
	void __user *iov_base;
	size_t iov_len;		/* bytes */
};

#define UIO_FASTIOV	8	/* so many are kept on the stack */
#define UIO_MAXIOV	1024	/* more is EMSGSIZE or EINVAL */

#endif
