/* SPDX-License-Identifier: MIT */
/* Error numbers: those that programs see, and a few that never leave the kernel. */
#ifndef LINUX_ERRNO_H
#define LINUX_ERRNO_H

#include <uapi/linux/errno.h>

#define ERESTARTSYS	512	/* becomes EINTR: nothing is restarted here */
#define ENOIOCTLCMD	515	/* no such ioctl on this layer: ask the next */
#define ENOTSUPP	524	/* the operation is not supported */

#endif
