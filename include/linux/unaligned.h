/* SPDX-License-Identifier: MIT */
/* Linux's place for get_unaligned() and its family. */
#ifndef LINUX_UNALIGNED_H
#define LINUX_UNALIGNED_H

#include <linux/byteorder.h>

#endif
