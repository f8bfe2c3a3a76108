/* SPDX-License-Identifier: MIT */
/* Flags of memfd_create(2); places for lseek(2). */
#ifndef UAPI_LINUX_MEMFD_H
#define UAPI_LINUX_MEMFD_H

#define MFD_CLOEXEC	0x1U

#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2

#endif
