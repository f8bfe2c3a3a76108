/* SPDX-License-Identifier: MIT */
/*
 * PCI configuration space: offsets and bits, as PCI Local Bus 3.0 gives them
 * (chapter 6; bridges: PCI-to-PCI Bridge 1.2 chapter 3).
 * Linux: uapi/linux/pci_regs.h.
 */
#ifndef UAPI_LINUX_PCI_REGS_H
#define UAPI_LINUX_PCI_REGS_H

#define PCI_VENDOR_ID		0x00	/* 16 bits; all ones: nobody there */
#define PCI_DEVICE_ID		0x02
#define PCI_COMMAND		0x04	/* PCI 3.0 6.2.2 */
#define  PCI_COMMAND_IO		0x0001
#define  PCI_COMMAND_MEMORY	0x0002
#define  PCI_COMMAND_MASTER	0x0004
#define  PCI_COMMAND_INTX_DISABLE 0x0400
#define PCI_STATUS		0x06	/* PCI 3.0 6.2.3 */
#define  PCI_STATUS_CAP_LIST	0x0010
#define PCI_CLASS_REVISION	0x08	/* class, subclass, interface, revision */
#define PCI_HEADER_TYPE		0x0e
#define  PCI_HEADER_TYPE_MASK	0x7f
#define  PCI_HEADER_TYPE_MFD	0x80
#define  PCI_HEADER_TYPE_NORMAL	0
#define  PCI_HEADER_TYPE_BRIDGE	1

#define PCI_BASE_ADDRESS_0	0x10	/* PCI 3.0 6.2.5.1 */
#define  PCI_BASE_ADDRESS_SPACE_IO 0x01
#define  PCI_BASE_ADDRESS_MEM_TYPE_MASK 0x06
#define  PCI_BASE_ADDRESS_MEM_TYPE_64 0x04
#define  PCI_BASE_ADDRESS_MEM_PREFETCH 0x08
#define  PCI_BASE_ADDRESS_MEM_MASK (~0x0fU)
#define  PCI_BASE_ADDRESS_IO_MASK (~0x03U)
#define PCI_SUBSYSTEM_VENDOR_ID	0x2c
#define PCI_SUBSYSTEM_ID	0x2e
#define PCI_CAPABILITY_LIST	0x34
#define PCI_INTERRUPT_LINE	0x3c
#define PCI_INTERRUPT_PIN	0x3d	/* 0: none; 1 to 4: INTA# to INTD# */

#define PCI_SECONDARY_BUS	0x19	/* header type 1 */
#define PCI_SUBORDINATE_BUS	0x1a

#define PCI_CAP_LIST_ID		0	/* PCI 3.0 6.7 */
#define PCI_CAP_LIST_NEXT	1
#define  PCI_CAP_ID_PM		0x01
#define  PCI_CAP_ID_MSI		0x05
#define  PCI_CAP_ID_VNDR	0x09
#define  PCI_CAP_ID_MSIX	0x11
#define PCI_STD_HEADER_SIZEOF	0x40
#define PCI_CFG_SPACE_SIZE	256

#define PCI_PM_CTRL		4	/* PCI PM 1.2 3.2.4 */
#define  PCI_PM_CTRL_STATE_MASK	0x0003	/* 0: D0 */

#define PCI_MSIX_FLAGS		2	/* PCI 3.0 6.8.2.3 */
#define  PCI_MSIX_FLAGS_QSIZE	0x07ff	/* entries less one */
#define  PCI_MSIX_FLAGS_MASKALL	0x4000
#define  PCI_MSIX_FLAGS_ENABLE	0x8000
#define PCI_MSIX_TABLE		4	/* BAR in bits 2:0, offset in the rest */
#define  PCI_MSIX_TABLE_BIR	0x00000007
#define  PCI_MSIX_TABLE_OFFSET	0xfffffff8
#define PCI_MSIX_ENTRY_SIZE	16	/* PCI 3.0 6.8.2.6 */
#define  PCI_MSIX_ENTRY_LOWER_ADDR 0
#define  PCI_MSIX_ENTRY_UPPER_ADDR 4
#define  PCI_MSIX_ENTRY_DATA	8
#define  PCI_MSIX_ENTRY_VECTOR_CTRL 12
#define   PCI_MSIX_ENTRY_CTRL_MASKBIT 0x00000001

#define PCI_CLASS_BRIDGE_HOST	0x0600
#define PCI_CLASS_NETWORK_ETHERNET 0x0200

#endif
