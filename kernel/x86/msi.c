// SPDX-License-Identifier: MIT
/*
 * Message-signalled interrupts: a device's write to the local APIC's address
 * is an interrupt of the vector in its data.
 *
 * Linux: arch/x86/kernel/apic/msi.c.
 * Read first: SDM vol. 3 11.11; PCI 3.0 6.8.
 */
#include <asm/apic.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/msi.h>
#include <platform.h>

#define MSI_ADDRESS	0xfee00000U

static u64 msi_used;			/* bit n: irq MSI_IRQ_BASE + n */
static_assert(NR_IRQS - MSI_IRQ_BASE == 64, "one bit an interrupt number");

/**
 * msi_alloc_irq() - a free interrupt number for a message
 *
 * Context: any.
 * Return: MSI_IRQ_BASE to NR_IRQS - 1, or -ENOSPC.
 */
int msi_alloc_irq(void)
{
	unsigned long flags = platform_irq_save();
	int irq = -ENOSPC;

	if (~msi_used) {
		unsigned int bit = (unsigned int)__builtin_ctzl(~msi_used);

		msi_used |= BIT_ULL(bit);
		irq = (int)(MSI_IRQ_BASE + bit);
	}
	platform_irq_restore(flags);
	return irq;
}

/**
 * msi_free_irq() - the device sends this message no longer
 * @irq: from msi_alloc_irq(), its handlers freed
 *
 * Context: any.
 */
void msi_free_irq(unsigned int irq)
{
	unsigned long flags = platform_irq_save();
	unsigned int bit = irq - MSI_IRQ_BASE;

	BUG_ON(bit >= 64 || !(msi_used & BIT_ULL(bit)));
	msi_used &= ~BIT_ULL(bit);
	platform_irq_restore(flags);
}

/**
 * msi_compose_msg() - what a device has to write to raise an interrupt
 * @irq: from msi_alloc_irq()
 * @msg: filled
 *
 * Context: any.
 */
void msi_compose_msg(unsigned int irq, struct msi_msg *msg)
{
	/* SDM vol. 3 11.11: physical destination, fixed delivery, edge. */
	msg->address_lo = MSI_ADDRESS | (apic_id() & 0xff) << 12;
	msg->address_hi = 0;
	msg->data = IRQ_VECTOR_BASE + irq;
}
