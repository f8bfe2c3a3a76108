// SPDX-License-Identifier: MIT
/*
 * The fake 82540EM, or 82574L. Numbers in brackets are sections of the Software
 * Developer's Manual (317453).
 */
#include "fake_e1000.h"

#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/if_ether.h>

#include "../unit/test.h"

/* Registers, by their own names here. */
#define R_CTRL	0x0000
#define R_STATUS 0x0008
#define R_EECD	0x0010
#define R_EERD	0x0014
#define R_ICR	0x00c0
#define R_ITR	0x00c4
#define R_ICS	0x00c8
#define R_IMS	0x00d0
#define R_IMC	0x00d8
#define R_EIAC	0x00dc
#define R_IVAR	0x00e4
#define R_RCTL	0x0100
#define R_TCTL	0x0400
#define R_TIPG	0x0410
#define R_RDBAL	0x2800
#define R_RDBAH	0x2804
#define R_RDLEN	0x2808
#define R_RDH	0x2810
#define R_RDT	0x2818
#define R_TDBAL	0x3800
#define R_TDBAH	0x3804
#define R_TDLEN	0x3808
#define R_TDH	0x3810
#define R_TDT	0x3818
#define R_TXDCTL 0x3828
#define R_RXCSUM 0x5000
#define R_RFCTL	0x5008
#define R_MTA	0x5200
#define R_RAL	0x5400

#define ICR_TXDW 0x01
#define ICR_LSC	0x04
#define ICR_RXDMT0 0x10
#define ICR_RXO	0x40
#define ICR_RXT0 0x80
/* 82574 */
#define ICR_ACK	0x20000
#define ICR_RXQ0 0x100000
#define ICR_TXQ0 0x400000
#define ICR_OTHER 0x1000000
#define ICR_OTHERS (ICR_LSC | ICR_RXO | ICR_ACK)	/* what OTHER stands for */

#define fail(f, ...) test_fail(__FILE__, __LINE__, "e1000: " __VA_ARGS__)

static u32 *reg(struct fake_e1000 *f, unsigned int off)
{
	return &f->regs[off / 4];
}

static const struct device *dma_dev(const struct fake_e1000 *f)
{
	struct pci_dev *pdev = fake_pci_found(&f->pci);

	return pdev ? &pdev->dev : NULL;
}

static void *dma(struct fake_e1000 *f, u64 addr, size_t size, bool write)
{
	return fake_dma(&f->pci, dma_dev(f), addr, size, write);
}

/** fake_e1000_dma() - memory that the driver must have mapped, or NULL */
void *fake_e1000_dma(struct fake_e1000 *f, u64 addr, size_t size)
{
	return dma(f, addr, size, false);
}

/* ---- interrupts [13.4.17 ...] ---------------------------------------------------- */

static bool has_msix(struct fake_e1000 *f)
{
	return f->pci.msix_cap && (fake_pci_get16(&f->pci, f->pci.msix_cap + PCI_MSIX_FLAGS) &
				   PCI_MSIX_FLAGS_ENABLE);
}

/* The message of a cause, if IVAR names one. Those in EIAC are cleared and masked
 * by it; others are sent when they come up. */
static void send_cause(struct fake_e1000 *f, u32 bit, unsigned int shift)
{
	u32 ivar = *reg(f, R_IVAR) >> shift & 15;

	if (!(*reg(f, R_ICR) & *reg(f, R_IMS) & bit)) {
		f->sent &= ~bit;
		return;
	}
	if (!(ivar & 8)) {
		fail(f, "cause %#x has no vector", bit);
		return;
	}
	if (f->sent & bit)
		return;
	if (*reg(f, R_EIAC) & bit) {
		*reg(f, R_ICR) &= ~bit;
		*reg(f, R_IMS) &= ~bit;
	} else {
		f->sent |= bit;
	}
	f->messages[ivar & 7]++;
	fake_msix_send(&f->pci, ivar & 7);
}

static void update_irq(struct fake_e1000 *f)
{
	if (!has_msix(f)) {
		fake_intx(&f->pci, !f->hold_irq && (*reg(f, R_ICR) & *reg(f, R_IMS)));
		return;
	}
	if (*reg(f, R_ICR) & ICR_OTHERS)
		*reg(f, R_ICR) |= ICR_OTHER;
	if (f->hold_irq)
		return;
	send_cause(f, ICR_RXQ0, 0);
	send_cause(f, ICR_TXQ0, 8);
	send_cause(f, ICR_OTHER, 16);
}

static void cause(struct fake_e1000 *f, u32 bits)
{
	*reg(f, R_ICR) |= bits;
	update_irq(f);
}

/** fake_e1000_release_irq() - lets a held interrupt go */
void fake_e1000_release_irq(struct fake_e1000 *f)
{
	f->hold_irq = false;
	update_irq(f);
}

/** fake_e1000_link() - plugs the cable, or pulls it */
void fake_e1000_link(struct fake_e1000 *f, bool up)
{
	*reg(f, R_STATUS) = (*reg(f, R_STATUS) & ~2U) | (up ? 2 : 0);
	cause(f, ICR_LSC);
}

/* ---- transmit [3.3, 3.4] ------------------------------------------------------------ */

static unsigned int ring_count(struct fake_e1000 *f, unsigned int len_reg, const char *what)
{
	u32 len = *reg(f, len_reg);

	/* [13.4.27, 13.4.37] */
	if (!len || len % 128 || len > FAKE_E1000_MAX_DESCS * 16) {
		fail(f, "%s of %u bytes", what, len);
		return 0;
	}
	return len / 16;
}

static u64 ring_base(struct fake_e1000 *f, unsigned int low_reg, const char *what)
{
	u64 base = *reg(f, low_reg) | (u64)*reg(f, low_reg + 4) << 32;

	if (!base || base % 16)
		fail(f, "%s at %#lx", what, base);
	return base;
}

static bool tx_one(struct fake_e1000 *f, u64 addr, unsigned int i)
{
	u8 *desc = dma(f, addr, 16, false);
	bool eop;

	if (!desc)
		return true;
	/* From the doorbell to DD the descriptor is the device's. */
	if (memcmp(desc, f->shadow_tx[i], 16))
		fail(f, "transmit descriptor %u changed while the device had it", i);
	eop = fake_e1000_tx_desc(f, desc);
	/* [3.3.3.1] RS: tell that it is done */
	if (get_unaligned_le32(desc + 8) & 0x08000000) {
		desc[12] |= 1;
		f->write_backs++;
		*reg(f, R_ICR) |= has_msix(f) ? ICR_TXQ0 : ICR_TXDW;
	}
	return eop;
}

/** fake_e1000_run() - see fake_e1000.h */
void fake_e1000_run(struct fake_e1000 *f)
{
	unsigned int count = ring_count(f, R_TDLEN, "transmit ring"), frames = 0;
	u64 base = ring_base(f, R_TDBAL, "transmit ring");

	if (!count || !(*reg(f, R_TCTL) & 2))
		return;
	while (*reg(f, R_TDH) != *reg(f, R_TDT) && (!f->tx_limit || frames < f->tx_limit)) {
		unsigned int i = *reg(f, R_TDH);

		frames += tx_one(f, base + 16UL * i, i);
		*reg(f, R_TDH) = (i + 1) % count;
	}
	update_irq(f);
}

static void write_tdt(struct fake_e1000 *f, u32 value)
{
	unsigned int count, i;
	u64 base;

	if (!(*reg(f, R_TCTL) & 2)) {
		if (value)
			fail(f, "TDT %u written while transmission is off", value);
		*reg(f, R_TDT) = value;
		return;
	}
	count = ring_count(f, R_TDLEN, "transmit ring");
	base = ring_base(f, R_TDBAL, "transmit ring");
	if (!count || value >= count) {
		fail(f, "TDT %u of %u", value, count);
		return;
	}
	f->tx_doorbells++;
	for (i = *reg(f, R_TDT); i != value; i = (i + 1) % count) {
		const u8 *desc = dma(f, base + 16UL * i, 16, false);

		if (!desc)
			return;
		memcpy(f->shadow_tx[i], desc, 16);
		if (desc[12] & 1)
			fail(f, "transmit descriptor %u handed over with DD set", i);
		if ((i + 1) % count == *reg(f, R_TDH))
			fail(f, "transmit ring overrun at %u", i);
	}
	*reg(f, R_TDT) = value;
	if (!f->stop_tx)
		fake_e1000_run(f);
}

/* ---- receive [3.2] ------------------------------------------------------------------- */

static void write_rdt(struct fake_e1000 *f, u32 value)
{
	unsigned int count, i;
	u64 base;

	/* The ring may be filled before RCTL.EN [14.4]; its base is known then. */
	if (!*reg(f, R_RDLEN) && !value) {
		*reg(f, R_RDT) = 0;
		return;
	}
	count = ring_count(f, R_RDLEN, "receive ring");
	base = ring_base(f, R_RDBAL, "receive ring");
	if (!count || value >= count) {
		fail(f, "RDT %u of %u", value, count);
		return;
	}
	f->rx_doorbells++;
	for (i = *reg(f, R_RDT); i != value; i = (i + 1) % count) {
		const u8 *desc = dma(f, base + 16UL * i, 16, false);
		u64 addr;

		if (!desc)
			return;
		addr = get_unaligned_le64(desc);
		f->shadow_rx[i] = addr;
		if (desc[12])
			fail(f, "receive descriptor %u handed over with status %#x", i,
			     desc[12]);
		/* RCTL.BSIZE is 2048: the device may write that many bytes. */
		dma(f, addr, 2048, true);
		if ((i + 1) % count == *reg(f, R_RDH))
			fail(f, "receive ring overrun at %u", i);
	}
	*reg(f, R_RDT) = value;
}

/** fake_e1000_rx_room() - see fake_e1000.h */
unsigned int fake_e1000_rx_room(const struct fake_e1000 *f)
{
	unsigned int count = f->regs[R_RDLEN / 4] / 16;

	if (!count)
		return 0;
	return (f->regs[R_RDT / 4] + count - f->regs[R_RDH / 4]) % count;
}

/* [3.2.1, 13.5] */
static bool filter_takes(struct fake_e1000 *f, const u8 *dst)
{
	u32 rctl = *reg(f, R_RCTL);
	unsigned int hash;

	if (dst[0] & 1) {
		if (rctl & 0x10)
			return true;
		if (!memchr_inv_any(dst, 0xff, 6))
			return rctl & 0x8000;
		hash = (dst[4] >> 4 | dst[5] << 4) & 0xfff;
		return *reg(f, R_MTA + 4 * (hash >> 5)) >> (hash & 31) & 1;
	}
	if (rctl & 8)
		return true;
	return (*reg(f, R_RAL + 4) >> 31) && *reg(f, R_RAL) == get_unaligned_le32(dst) &&
	       (*reg(f, R_RAL + 4) & 0xffff) == get_unaligned_le16(dst + 4);
}

static bool rx_ready(struct fake_e1000 *f)
{
	u32 rctl = *reg(f, R_RCTL);

	if (!(rctl & 2) || !(*reg(f, R_STATUS) & 2))
		return false;
	if (rctl & 0x02030000)
		fail(f, "RCTL %#x: buffers are not 2048 bytes", rctl);
	if (!(rctl & 0x04000000))
		fail(f, "RCTL %#x: FCS is not stripped", rctl);
	return true;
}

/* An 82574 makes an ACK of TCP without payload a cause of its own. */
static u32 rx_cause(struct fake_e1000 *f, const u8 *frame, unsigned int len)
{
	u32 bits = has_msix(f) ? ICR_RXQ0 : ICR_RXT0;

	if (f->is_82574 && !(*reg(f, R_RFCTL) & 0x1000) && len >= 54 && frame[12] == 8 &&
	    !frame[13] && frame[23] == 6 && (frame[47] & 0x10) &&
	    get_unaligned_be16(frame + 16) == 40)
		bits |= ICR_ACK;
	return bits;
}

/** fake_e1000_rx() - see fake_e1000.h */
bool fake_e1000_rx(struct fake_e1000 *f, const void *frame, unsigned int len,
		   const struct fake_e1000_rx_lie *lie)
{
	static const struct fake_e1000_rx_lie truth;
	unsigned int i = *reg(f, R_RDH);
	u8 *desc, *buf;
	u64 base;

	if (!rx_ready(f))
		return false;
	if (!lie)
		lie = &truth;
	if (len >= 6 && !filter_takes(f, frame)) {
		f->rx_filtered++;
		return false;
	}
	if (!fake_e1000_rx_room(f)) {
		f->rx_missed++;
		*reg(f, 0x4010) += 1;
		cause(f, ICR_RXO);
		return false;
	}
	base = ring_base(f, R_RDBAL, "receive ring");
	desc = dma(f, base + 16UL * i, 16, true);
	if (!desc)
		return false;
	if (get_unaligned_le64(desc) != f->shadow_rx[i])
		fail(f, "receive descriptor %u changed while the device had it", i);
	buf = dma(f, f->shadow_rx[i], min(len, 2048U), true);
	if (buf)
		memcpy(buf, frame, min(len, 2048U));
	put_unaligned_le16(lie->set_length ? lie->length : (u16)len, desc + 8);
	desc[13] = lie->errors;
	desc[12] = (u8)(lie->status | 1 | (lie->no_eop ? 0 : 2));
	*reg(f, R_RDH) = (i + 1) % (*reg(f, R_RDLEN) / 16);
	f->rx_frames++;
	cause(f, rx_cause(f, frame, len));
	return true;
}

/* ---- registers --------------------------------------------------------------------------- */

static void reset(struct fake_e1000 *f)
{
	u32 status = *reg(f, R_STATUS);

	if (f->reset_hangs) {
		*reg(f, R_CTRL) |= 0x04000000;
		return;
	}
	f->csum.valid = f->tso.valid = false;
	f->sent = 0;
	f->packet_len = 0;
	if (f->reset_keeps)
		return;
	memset(f->regs, 0, sizeof(f->regs));
	*reg(f, R_STATUS) = status;
	*reg(f, R_EECD) = f->is_82574 && !f->eeprom_dead ? 0x200 : 0;
	update_irq(f);
}

static u64 mmio_read(void *opaque, u64 off, unsigned int size)
{
	struct fake_e1000 *f = opaque;
	u32 v;

	if (size != 4 || off >= sizeof(f->regs)) {
		fail(f, "read of %u bytes at %#lx", size, off);
		return ~0U;
	}
	v = *reg(f, (unsigned int)off);
	switch (off) {
	case R_ICR:
		f->icr_reads++;
		/* With messages the read need not clear: a write does. */
		if (!has_msix(f) || !*reg(f, R_IMS))
			*reg(f, R_ICR) = 0;
		update_irq(f);
		break;
	case R_IMC: case R_ICS:
		fail(f, "read of a register that is only written, %#lx", off);
		break;
	default:
		if (off >= 0x4000 && off < 0x4100)
			*reg(f, (unsigned int)off) = 0;	/* [13.7] clear on read */
		break;
	}
	return v;
}

static void mmio_write_ring(struct fake_e1000 *f, unsigned int off, u32 value)
{
	/* [13.4.25] base, length and head are set while the unit is off. */
	bool rx_on = *reg(f, R_RCTL) & 2, tx_on = *reg(f, R_TCTL) & 2;

	if ((off < R_TDBAL && rx_on) || (off >= R_TDBAL && tx_on))
		fail(f, "ring register %#x written while the unit is on", off);
	*reg(f, off) = value;
}

static void write_ctrl(struct fake_e1000 *f, u32 value)
{
	*reg(f, R_CTRL) = value & ~0x04000000U;
	if (value & 0x04000000)
		reset(f);
}

/* [13.4.4] The 82574 has the fields elsewhere. */
static void write_eerd(struct fake_e1000 *f, u32 value)
{
	unsigned int shift = f->is_82574 ? 2 : 8;
	u32 done = f->is_82574 ? 0x2 : 0x10;

	if (!(value & 1) || value >> shift >= 64)
		fail(f, "EERD %#x", value);
	*reg(f, R_EERD) = f->eeprom_dead ? value :
		(u32)f->eeprom[value >> shift & 63] << 16 | (value & ~1U) | done;
}

static void mmio_write(void *opaque, u64 off, unsigned int size, u64 val64)
{
	struct fake_e1000 *f = opaque;
	u32 value = (u32)val64;

	if (size != 4 || off >= sizeof(f->regs)) {
		fail(f, "write of %u bytes at %#lx", size, off);
		return;
	}
	switch (off) {
	case R_CTRL:
		write_ctrl(f, value);
		break;
	case R_EERD:
		write_eerd(f, value);
		break;
	case R_ICR:
		if (!f->is_82574)
			fail(f, "write of ICR");
		*reg(f, R_ICR) &= ~value;
		update_irq(f);
		break;
	case R_TCTL:
		if (f->is_82574 && (value & 2) && !(*reg(f, R_TXDCTL) & 0x400000))
			fail(f, "TXDCTL %#x: bit 22 is clear", *reg(f, R_TXDCTL));
		*reg(f, R_TCTL) = value;
		break;
	case R_ICS:
		cause(f, value);
		break;
	case R_IMS:
		if (f->before_ims)
			f->before_ims(f);
		*reg(f, R_IMS) |= value;
		update_irq(f);
		break;
	case R_IMC:
		*reg(f, R_IMS) &= ~value;
		update_irq(f);
		break;
	case R_RDBAL: case R_RDBAH: case R_RDLEN: case R_RDH:
	case R_TDBAL: case R_TDBAH: case R_TDLEN: case R_TDH:
		mmio_write_ring(f, (unsigned int)off, value);
		break;
	case R_TDT:
		write_tdt(f, value);
		break;
	case R_RDT:
		write_rdt(f, value);
		break;
	case R_STATUS:
		fail(f, "write of STATUS");
		break;
	default:
		f->rctl_writes += off == R_RCTL;
		*reg(f, (unsigned int)off) = value;
		break;
	}
}

/** fake_e1000_set_mac() - into the EEPROM, with its checksum [5.6] */
void fake_e1000_set_mac(struct fake_e1000 *f, const u8 *mac)
{
	u16 sum = 0;
	unsigned int i;

	for (i = 0; i < 3; i++)
		f->eeprom[i] = get_unaligned_le16(mac + 2 * i);
	for (i = 0; i < 63; i++)
		sum += f->eeprom[i];
	f->eeprom[63] = (u16)(0xbaba - sum);
}

/**
 * fake_e1000_init() - a device as it is after power-on, not plugged in yet
 * @f: to fill
 */
void fake_e1000_init(struct fake_e1000 *f)
{
	static const u8 mac[] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x03 };

	memset(f, 0, sizeof(*f));
	fake_pci_init(&f->pci, 3, 0x8086, 0x100e, 0x020000);
	fake_pci_set_bar(&f->pci, 0, FAKE_E1000_BAR0, 0x20000);
	f->pci.bar[0].opaque = f;
	f->pci.bar[0].read = mmio_read;
	f->pci.bar[0].write = mmio_write;
	f->pci.intx_irq = FAKE_E1000_IRQ;
	fake_pci_put8(&f->pci, PCI_INTERRUPT_PIN, 1);
	*reg(f, R_STATUS) = 0x80000083;	/* link up, full duplex, 1000 Mbit/s */
	/* What firmware may have left enabled. */
	*reg(f, R_IMS) = ICR_LSC;
	fake_e1000_set_mac(f, mac);
}

/**
 * fake_e1000e_init() - the same for an 82574L
 * @f: to fill
 * @msix: whether it has messages
 */
void fake_e1000e_init(struct fake_e1000 *f, bool msix)
{
	fake_e1000_init(f);
	f->is_82574 = true;
	fake_pci_put16(&f->pci, PCI_DEVICE_ID, 0x10d3);
	*reg(f, R_EECD) = 0x200;
	if (!msix)
		return;
	fake_pci_set_bar(&f->pci, 3, FAKE_E1000_BAR0 + 0x100000, 0x4000);
	fake_pci_add_msix(&f->pci, 5, 3, 0);
}

/** fake_e1000_plug() - puts it on the bus and scans */
void fake_e1000_plug(struct fake_e1000 *f)
{
	fake_bus_add_pci(&f->pci);
	pci_rescan();
}

/** fake_e1000_unplug() - the driver lets go, and it leaves the bus */
void fake_e1000_unplug(struct fake_e1000 *f)
{
	fake_bus_remove_pci(&f->pci);
	fake_bus_check_clean();
}
