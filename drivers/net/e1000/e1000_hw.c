// SPDX-License-Identifier: MIT
/*
 * What is asked of the device outside of the packets' way: reset, EEPROM,
 * receive addresses and filters, statistics.
 *
 * Linux: drivers/net/ethernet/intel/e1000/e1000_hw.c
 * Left out: the PHY. It negotiates on its own after power-on, and STATUS.LU
 * tells the result; asking it again would take the link down for some time.
 */
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/string.h>

#include "e1000.h"

#define E1000_RESET_READS	10000	/* of CTRL; one takes about a microsecond */
#define E1000_EERD_READS	10000

/**
 * e1000_reset_hw() - stops the device and makes it forget rings and addresses
 * @adapter: the NIC
 *
 * 14.3. Afterwards no interrupt is enabled and none is pending, and the device
 * does not touch memory. Registers are not relied upon to have their initial
 * values: emulations differ in what a reset resets.
 * Context: process or softirq.
 * Return: 0, or -EIO when the device is still in reset or gone.
 */
int e1000_reset_hw(struct e1000_adapter *adapter)
{
	unsigned int reads = E1000_RESET_READS;
	u32 ctrl;

	ew32(IMC, ~0U);
	adapter->ims = 0;
	ew32(RCTL, 0);
	ew32(TCTL, E1000_TCTL_PSP);
	ctrl = er32(CTRL);
	if (ctrl == ~0U)
		return -EIO;
	ew32(CTRL, ctrl | E1000_CTRL_RST);
	do {
		ctrl = er32(CTRL);
	} while ((ctrl & E1000_CTRL_RST) && --reads);
	if (!reads || ctrl == ~0U)
		return -EIO;
	/* What it reads of its EEPROM is registers: they come after it. */
	while (adapter->info->reads_eeprom && !(er32(EECD) & E1000_EECD_AUTO_RD))
		if (!reads--)
			return -EIO;
	/* 14.3: SLU and ASDE set, LRST, PHY_RST, ILOS, flow control and VLAN mode
	 * clear. */
	ctrl &= ~(E1000_CTRL_LRST | E1000_CTRL_PHY_RST | E1000_CTRL_ILOS |
		  E1000_CTRL_RFCE | E1000_CTRL_TFCE | E1000_CTRL_VME);
	ew32(CTRL, ctrl | E1000_CTRL_SLU | E1000_CTRL_ASDE);
	ew32(FCAL, 0);
	ew32(FCAH, 0);
	ew32(FCT, 0);
	/* What the reset enabled or raised. */
	ew32(IMC, ~0U);
	er32(ICR);
	adapter->rctl = 0;
	return 0;
}

/* One word. 13.4.4. Returns it, or -EIO when the EEPROM does not answer. */
static int e1000_read_eeprom(struct e1000_adapter *adapter, unsigned int word)
{
	unsigned int reads = E1000_EERD_READS;
	u32 eerd;

	ew32(EERD, word << adapter->info->eerd_addr_shift | E1000_EERD_START);
	do {
		eerd = er32(EERD);
		if (eerd & adapter->info->eerd_done)
			return (int)(eerd >> E1000_EERD_DATA_SHIFT);
	} while (--reads);
	return -EIO;
}

/**
 * e1000_read_mac_addr() - reads the MAC address out of the EEPROM
 * @adapter: the NIC
 * @addr: receives the six bytes
 *
 * Context: process.
 * Return: 0; -EIO: the EEPROM does not answer; -EBADMSG: its checksum is wrong;
 * -EADDRNOTAVAIL: what it holds is no address of a station.
 */
int e1000_read_mac_addr(struct e1000_adapter *adapter, u8 *addr)
{
	unsigned int i;
	u16 sum = 0;

	for (i = 0; i <= EEPROM_CHECKSUM_WORD; i++) {
		int word = e1000_read_eeprom(adapter, i);

		if (word < 0)
			return word;
		sum += (u16)word;
		if (i < EEPROM_MAC_WORDS) {
			addr[2 * i] = (u8)word;
			addr[2 * i + 1] = (u8)(word >> 8);
		}
	}
	if (sum != EEPROM_SUM)
		return -EBADMSG;
	return is_valid_ether_addr(addr) ? 0 : -EADDRNOTAVAIL;
}

/**
 * e1000_rar_set() - makes the device take frames to one unicast address
 * @adapter: the NIC
 * @addr: the address
 *
 * 13.5.2, 13.5.3. All other entries are cleared. Context: process or softirq.
 */
void e1000_rar_set(struct e1000_adapter *adapter, const u8 *addr)
{
	unsigned int i;

	ew32(RAL(0), addr[0] | addr[1] << 8 | addr[2] << 16 | (u32)addr[3] << 24);
	ew32(RAH(0), addr[4] | addr[5] << 8 | E1000_RAH_AV);
	for (i = 1; i < E1000_RAR_ENTRIES; i++) {
		ew32(RAL(i), 0);
		ew32(RAH(i), 0);
	}
}

/* The multicast table: 4096 bits, of which bits 47:36 of the address choose
 * one. 13.5.1. A hash: the stack above drops what slips through. */
static void e1000_hash_mc(const struct net_device *netdev, u32 *mta)
{
	const struct netdev_hw_addr *ha;

	memset(mta, 0, E1000_MTA_WORDS * sizeof(*mta));
	netdev_for_each_mc_addr(ha, netdev) {
		u32 hash = (u32)ha->addr[4] >> 4 | (u32)ha->addr[5] << 4;

		mta[(hash >> 5) & (E1000_MTA_WORDS - 1)] |= 1U << (hash & 31);
	}
}

/**
 * e1000_set_rx_mode_hw() - makes the receive filter what the interface asks for
 * @adapter: the NIC, up
 *
 * Writes only what changed: the table has 128 words, and QEMU's device stops
 * receiving for a second after any write of RCTL.
 * Context: process or softirq.
 */
void e1000_set_rx_mode_hw(struct e1000_adapter *adapter)
{
	const struct net_device *netdev = adapter->netdev;
	u32 rctl = adapter->rctl & ~(E1000_RCTL_UPE | E1000_RCTL_MPE);
	u32 mta[E1000_MTA_WORDS];
	unsigned int i;

	if (netdev->flags & IFF_PROMISC)
		rctl |= E1000_RCTL_UPE | E1000_RCTL_MPE;
	else if (netdev->flags & IFF_ALLMULTI)
		rctl |= E1000_RCTL_MPE;
	e1000_hash_mc(netdev, mta);
	for (i = 0; i < E1000_MTA_WORDS; i++) {
		if (mta[i] == adapter->mta[i])
			continue;
		adapter->mta[i] = mta[i];
		ew32(MTA + 4 * i, mta[i]);
	}
	if (rctl != adapter->rctl) {
		adapter->rctl = rctl;
		ew32(RCTL, rctl);
	}
}

/**
 * e1000_update_stats() - adds what the device counted to the interface's counters
 * @adapter: the NIC
 *
 * 13.7: the registers clear when read. Only losses that software cannot see;
 * frames and bytes are counted where they pass.
 * Context: process or softirq.
 */
void e1000_update_stats(struct e1000_adapter *adapter)
{
	struct rtnl_link_stats64 *stats = &adapter->netdev->stats;
	u32 crc = er32(CRCERRS), length = er32(RLEC), missed = er32(MPC);

	stats->rx_crc_errors += crc;
	stats->rx_length_errors += length;
	stats->rx_missed_errors += missed;
	stats->rx_errors += (u64)crc + length + missed;
}
