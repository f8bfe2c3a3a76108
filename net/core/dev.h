/* SPDX-License-Identifier: MIT */
/* What the files of net/core know of each other and nobody else does.
 * Linux: net/core/dev.h */
#ifndef NET_CORE_DEV_H
#define NET_CORE_DEV_H

#include <linux/netdevice.h>

/* napi.c. Interrupts off: onto the poll list, and the softirq raised. */
void ____napi_schedule(struct softnet_data *sd, struct napi_struct *napi);
void net_rx_action(struct softirq_action *h);

#endif
