/* SPDX-License-Identifier: MIT */
/*
 * Message-signalled interrupts. Interrupt numbers are one space: 0 to 63 are
 * the I/O APIC's lines (irq == GSI), 64 to NR_IRQS - 1 are messages. Part of
 * the device seam: on metal kernel/x86/msi.c, in hosted tests a fake.
 */
#ifndef LINUX_MSI_H
#define LINUX_MSI_H

#include <linux/types.h>

#define MSI_IRQ_BASE	64

struct msi_msg {
	u32 address_lo;
	u32 address_hi;
	u32 data;
};

/* A free interrupt number for request_irq(), or -ENOSPC. Context: process. */
int msi_alloc_irq(void);
void msi_free_irq(unsigned int irq);

/* What a device has to write, and where, to raise @irq, a number from
 * msi_alloc_irq(). PCI 3.0 6.8.1. */
void msi_compose_msg(unsigned int irq, struct msi_msg *msg);

#endif
