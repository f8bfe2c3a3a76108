/* SPDX-License-Identifier: MIT */
/*
 * PCI configuration space and interrupt lines, by bus, device/function and
 * offset. Part of the device seam: on metal kernel/x86/pci_config.c, in hosted
 * tests fake devices. Reads of what is not there give all ones. Offsets are
 * aligned to the width; above 255 only where the machine has ECAM.
 */
#ifndef LINUX_PCI_CONFIG_H
#define LINUX_PCI_CONFIG_H

#include <linux/types.h>

#define PCI_DEVFN(slot, func)	((((slot) & 0x1f) << 3) | ((func) & 7))
#define PCI_SLOT(devfn)		(((devfn) >> 3) & 0x1f)
#define PCI_FUNC(devfn)		((devfn) & 7)

/* The machine has a PCI bus at all (microvm has none unless asked). */
bool pci_conf_present(void);
/* Buses to look at: 0 to this, inclusive. */
unsigned int pci_conf_last_bus(void);

u8 pci_conf_read8(unsigned int bus, unsigned int devfn, unsigned int offset);
u16 pci_conf_read16(unsigned int bus, unsigned int devfn, unsigned int offset);
u32 pci_conf_read32(unsigned int bus, unsigned int devfn, unsigned int offset);
void pci_conf_write8(unsigned int bus, unsigned int devfn, unsigned int offset, u8 value);
void pci_conf_write16(unsigned int bus, unsigned int devfn, unsigned int offset, u16 value);
void pci_conf_write32(unsigned int bus, unsigned int devfn, unsigned int offset, u32 value);

/* The interrupt number that the function's INTx pin reaches, set up level
 * triggered, for request_irq(); -ENOENT when it has no pin or no route. */
int pci_conf_intx_irq(unsigned int bus, unsigned int devfn);

#endif
