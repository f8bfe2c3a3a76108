/* SPDX-License-Identifier: MIT */
/* Device types. virtio 1.2 chapter 5. */
#ifndef UAPI_LINUX_VIRTIO_IDS_H
#define UAPI_LINUX_VIRTIO_IDS_H

#define VIRTIO_ID_NET	1

#endif
