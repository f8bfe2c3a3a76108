/* SPDX-License-Identifier: MIT */
/*
 * Registers and descriptors of the Intel 82540EM Gigabit Ethernet controller, and
 * what the 82574L has beside them. Section numbers, here and at the accesses, are
 * those of the "PCI/PCI-X Family of Gigabit Ethernet Controllers Software
 * Developer's Manual" (317453); "82574 10.2" is one of the 82574's datasheet.
 *
 * Linux: drivers/net/ethernet/intel/e1000/e1000_hw.h
 */
#ifndef DRIVERS_NET_E1000_HW_H
#define DRIVERS_NET_E1000_HW_H

#include <linux/kernel.h>
#include <linux/types.h>

#define E1000_DEV_ID_82540EM	0x100e
#define E1000_DEV_ID_82574L	0x10d3

/* ---- registers, 13.4; offsets in BAR 0 ------------------------------------ */

#define E1000_REGISTERS_SIZE	0x5a00	/* what this driver uses of the 128 KiB */

#define E1000_CTRL	0x00000		/* device control */
#define  E1000_CTRL_FD		0x00000001	/* full duplex */
#define  E1000_CTRL_LRST	0x00000008	/* link reset */
#define  E1000_CTRL_ASDE	0x00000020	/* speed from the PHY */
#define  E1000_CTRL_SLU		0x00000040	/* set link up */
#define  E1000_CTRL_ILOS	0x00000080	/* invert loss of signal */
#define  E1000_CTRL_RST		0x04000000	/* reset; clears itself */
#define  E1000_CTRL_RFCE	0x08000000	/* obey pause frames */
#define  E1000_CTRL_TFCE	0x10000000	/* send pause frames */
#define  E1000_CTRL_VME		0x40000000	/* VLAN tags apart from the frame */
#define  E1000_CTRL_PHY_RST	0x80000000
#define E1000_STATUS	0x00008
#define  E1000_STATUS_FD	0x00000001
#define  E1000_STATUS_LU	0x00000002	/* link up */
#define  E1000_STATUS_SPEED_MASK 0x000000c0
#define  E1000_STATUS_SPEED_10	0x00000000
#define  E1000_STATUS_SPEED_100	0x00000040
#define E1000_EECD	0x00010
#define  E1000_EECD_AUTO_RD	0x00000200	/* 82574: read by itself after a reset */
#define E1000_EERD	0x00014		/* EEPROM read; 13.4.4, 82574 10.2.2.4 */
#define  E1000_EERD_START	0x00000001
#define  E1000_EERD_DATA_SHIFT	16
#define E1000_CTRL_EXT	0x00018		/* 82574 10.2.2.5 */
#define  E1000_CTRL_EXT_EIAME	0x01000000	/* MSI-X: a message masks by IAM */
#define  E1000_CTRL_EXT_IAME	0x08000000	/* reading ICR masks by IAM */
#define  E1000_CTRL_EXT_PBA_CLR	0x80000000	/* a message is not pending for ever */
#define E1000_FCAL	0x00028		/* address of pause frames */
#define E1000_FCAH	0x0002c
#define E1000_FCT	0x00030
#define E1000_ICR	0x000c0		/* causes; reading clears them; 13.4.17 */
#define E1000_ITR	0x000c4		/* least time between two, 256 ns; 13.4.18 */
#define E1000_ICS	0x000c8
#define E1000_IMS	0x000d0		/* writing ones enables; 13.4.20 */
#define E1000_IMC	0x000d8		/* writing ones disables */
#define E1000_EIAC	0x000dc		/* MSI-X: a message clears these in ICR, IMS */
#define E1000_IVAR	0x000e4		/* MSI-X: vectors of causes; 82574 10.2.4.9 */
#define  E1000_IVAR_RXQ0(vector)  (((vector) | 8U) << 0)
#define  E1000_IVAR_TXQ0(vector)  (((vector) | 8U) << 8)
#define  E1000_IVAR_OTHER(vector) (((vector) | 8U) << 16)
#define E1000_EITR(n)	(0x000e8 + 4 * (n))	/* ITR of a vector */
#define  E1000_INT_TXDW		0x00000001	/* a transmit descriptor is written back */
#define  E1000_INT_TXQE		0x00000002
#define  E1000_INT_LSC		0x00000004	/* link status changed */
#define  E1000_INT_RXSEQ	0x00000008
#define  E1000_INT_RXDMT0	0x00000010	/* few receive descriptors left */
#define  E1000_INT_RXO		0x00000040	/* none left: frame lost */
#define  E1000_INT_RXT0		0x00000080	/* frame received */
#define  E1000_INT_RXQ0		0x00100000	/* MSI-X: frame received */
#define  E1000_INT_TXQ0		0x00400000	/* MSI-X: descriptor written back */
#define  E1000_INT_OTHER	0x01000000	/* MSI-X: one of the others, as LSC */
#define E1000_RCTL	0x00100		/* 13.4.22 */
#define  E1000_RCTL_EN		0x00000002
#define  E1000_RCTL_SBP		0x00000004	/* keep bad frames */
#define  E1000_RCTL_UPE		0x00000008	/* every unicast address */
#define  E1000_RCTL_MPE		0x00000010	/* every multicast address */
#define  E1000_RCTL_LPE		0x00000020	/* frames over 1522 bytes */
#define  E1000_RCTL_LBM_MASK	0x000000c0
#define  E1000_RCTL_RDMTS_HALF	0x00000000	/* RXDMT0 when half is used up */
#define  E1000_RCTL_MO_36	0x00000000	/* multicast hash: bits 47:36 */
#define  E1000_RCTL_BAM		0x00008000	/* broadcast */
#define  E1000_RCTL_BSIZE_2048	0x00000000
#define  E1000_RCTL_SECRC	0x04000000	/* without the checksum at the end */
#define E1000_TCTL	0x00400		/* 13.4.33 */
#define  E1000_TCTL_EN		0x00000002
#define  E1000_TCTL_PSP		0x00000008	/* pad short frames */
#define  E1000_TCTL_CT_SHIFT	4
#define  E1000_TCTL_COLD_SHIFT	12
#define  E1000_TCTL_RTLC	0x01000000
#define  E1000_TCTL_MULR	0x10000000	/* 82574: several reads at a time */
#define E1000_TIPG	0x00410		/* 13.4.34 */
#define E1000_RDBAL	0x02800		/* 13.4.25 ... 13.4.29 */
#define E1000_RDBAH	0x02804
#define E1000_RDLEN	0x02808
#define E1000_RDH	0x02810
#define E1000_RDT	0x02818
#define E1000_RDTR	0x02820		/* receive delay; 0: none */
#define E1000_RADV	0x0282c
#define E1000_TDBAL	0x03800		/* 13.4.35 ... 13.4.39 */
#define E1000_TDBAH	0x03804
#define E1000_TDLEN	0x03808
#define E1000_TDH	0x03810
#define E1000_TDT	0x03818
#define E1000_TIDV	0x03820		/* transmit delay; 0: none */
#define E1000_TXDCTL	0x03828		/* 82574 10.2.6.10 */
#define  E1000_TXDCTL_WTHRESH_1	0x00010000	/* write each back as it is done */
#define  E1000_TXDCTL_ONE	0x00400000	/* to be set, says the datasheet */
#define  E1000_TXDCTL_GRAN	0x01000000	/* thresholds count descriptors */
#define E1000_TADV	0x0382c
#define E1000_RXCSUM	0x05000		/* 13.4.28 */
#define  E1000_RXCSUM_IPOFL	0x00000100
#define  E1000_RXCSUM_TUOFL	0x00000200
#define E1000_RFCTL	0x05008		/* 82574 10.2.5.15 */
#define  E1000_RFCTL_NFSW_DIS	0x00000040	/* no parsing of NFS */
#define  E1000_RFCTL_NFSR_DIS	0x00000080
#define  E1000_RFCTL_ACK_DIS	0x00001000	/* an ACK is no cause of its own */
#define E1000_MTA	0x05200		/* multicast table, 128 words; 13.5.1 */
#define  E1000_MTA_WORDS	128
#define E1000_RAL(n)	(0x05400 + 8 * (n))	/* receive addresses; 13.5.2 */
#define E1000_RAH(n)	(0x05404 + 8 * (n))
#define  E1000_RAH_AV		0x80000000	/* valid */
#define  E1000_RAR_ENTRIES	16

/* Statistics, 13.7; reading clears them. */
#define E1000_CRCERRS	0x04000
#define E1000_MPC	0x04010		/* missed: no room in the device */
#define E1000_COLC	0x04028
#define E1000_RLEC	0x04040		/* length errors */
#define E1000_GPRC	0x04074
#define E1000_BPRC	0x04078
#define E1000_MPRC	0x0407c
#define E1000_GPTC	0x04080
#define E1000_RNBC	0x040a0		/* no buffers */
#define E1000_RUC	0x040a4
#define E1000_ROC	0x040ac
#define E1000_TPR	0x040d0
#define E1000_TPT	0x040d4

/* ---- EEPROM, 5.6 ---------------------------------------------------------- */

#define EEPROM_MAC_WORDS	3	/* words 0 to 2: the address */
#define EEPROM_CHECKSUM_WORD	0x3f
#define EEPROM_SUM		0xbaba	/* of words 0 to 0x3f */

/* ---- descriptors ----------------------------------------------------------- */

/* Rings are multiples of 128 bytes: of 8 descriptors. 13.4.27, 13.4.37. */
#define E1000_RING_LEN_MULTIPLE	128

struct e1000_rx_desc {			/* 3.2.3 */
	__le64 buffer_addr;
	__le16 length;			/* bytes written */
	__le16 csum;			/* of everything, not used here */
	u8 status;
	u8 errors;
	__le16 special;			/* VLAN tag */
};
static_assert(sizeof(struct e1000_rx_desc) == 16, "3.2.3");

#define E1000_RXD_STAT_DD	0x01	/* the device is done with it */
#define E1000_RXD_STAT_EOP	0x02	/* last of its frame */
#define E1000_RXD_STAT_IXSM	0x04	/* checksums were not looked at */
#define E1000_RXD_STAT_TCPCS	0x20	/* TCP or UDP checksum was looked at */
#define E1000_RXD_STAT_IPCS	0x40
#define E1000_RXD_ERR_CE	0x01	/* CRC */
#define E1000_RXD_ERR_SE	0x02	/* symbol */
#define E1000_RXD_ERR_SEQ	0x04	/* sequence */
#define E1000_RXD_ERR_CXE	0x10	/* carrier extension */
#define E1000_RXD_ERR_TCPE	0x20	/* TCP or UDP checksum wrong */
#define E1000_RXD_ERR_IPE	0x40
#define E1000_RXD_ERR_RXE	0x80	/* data */
#define E1000_RXD_ERR_FRAME_MASK (E1000_RXD_ERR_CE | E1000_RXD_ERR_SE |	\
	E1000_RXD_ERR_SEQ | E1000_RXD_ERR_CXE | E1000_RXD_ERR_RXE)

struct e1000_tx_desc {			/* 3.3.3 legacy, 3.3.7 data */
	__le64 buffer_addr;
	__le32 lower;			/* length, command */
	__le32 upper;			/* status; data: options in bits 15:8 */
};
static_assert(sizeof(struct e1000_tx_desc) == 16, "3.3.3");

struct e1000_context_desc {		/* 3.3.6 */
	u8 ipcss, ipcso;		/* IP checksum: start, where to put it */
	__le16 ipcse;			/* end; 0: end of packet */
	u8 tucss, tucso;		/* TCP or UDP */
	__le16 tucse;
	__le32 cmd_and_length;
	u8 status;
	u8 hdr_len;			/* TSO: bytes of headers */
	__le16 mss;			/* TSO */
};
static_assert(sizeof(struct e1000_context_desc) == 16, "3.3.6");

#define E1000_TXD_CMD_EOP	0x01000000	/* last of its packet */
#define E1000_TXD_CMD_IFCS	0x02000000	/* put the checksum at the end */
#define E1000_TXD_CMD_TSE	0x04000000	/* with DEXT: cut it */
#define E1000_TXD_CMD_RS	0x08000000	/* report: write DD */
#define E1000_TXD_CMD_DEXT	0x20000000	/* not a legacy descriptor */
#define E1000_TXD_CMD_IDE	0x80000000	/* delay the interrupt */
#define E1000_TXD_DTYP_C	0x00000000	/* with DEXT: context */
#define E1000_TXD_DTYP_D	0x00100000	/* with DEXT: data */
#define E1000_TXD_CMD_TCP	0x01000000	/* context: TCP, not UDP */
#define E1000_TXD_CMD_IP	0x02000000	/* context: IPv4, not IPv6 */
#define E1000_TXD_STAT_DD	0x00000001
#define E1000_TXD_POPTS_IXSM	0x00000100	/* data, upper: IP checksum */
#define E1000_TXD_POPTS_TXSM	0x00000200	/* TCP or UDP checksum */
#define E1000_TXD_LEN_MASK	0x000fffff

#endif
