// SPDX-License-Identifier: MIT
/*
 * The floor's 82540EM: rings that are looked at, interrupts masked, the tails
 * written once a burst, checksums and cutting by the device.
 *
 * Read first: 317453 3.2, 3.3, 14.
 */
#include "floor.h"

#include "../../drivers/net/e1000/e1000_hw.h"

#include <linux/barrier.h>
#include <linux/byteorder.h>

#define MAC_BYTES	6
#define SEND_FLAGS	(E1000_TXD_CMD_DEXT | E1000_TXD_DTYP_D | E1000_TXD_CMD_EOP | \
			 E1000_TXD_CMD_IFCS | E1000_TXD_CMD_RS)

static struct e1000_rx_desc rx[RING_SIZE] __aligned(128);
static struct e1000_tx_desc tx[RING_SIZE] __aligned(128);
static u8 *rx_buf[RING_SIZE], *tx_buf[RING_SIZE];	/* tx: NULL: a context */
/* Free running: where the next is put, and where the oldest is. */
static u32 rx_next, rx_filled, tx_next, tx_oldest;
static u32 rx_told, tx_told;
static volatile u8 *registers;

static void reg_write(u32 reg, u32 value)
{
	barrier();
	*(volatile u32 *)(volatile void *)(registers + reg) = value;
}

static u32 reg_read(u32 reg)
{
	return *(volatile u32 *)(volatile void *)(registers + reg);
}

static u8 *e1000_receive(u32 *len)
{
	struct e1000_rx_desc *d = &rx[rx_next % RING_SIZE];

	if (rx_next == rx_filled || !(READ_ONCE(d->status) & E1000_RXD_STAT_DD))
		return NULL;
	dma_rmb();
	*len = le16_to_cpu(d->length);
	if (d->errors & E1000_RXD_ERR_FRAME_MASK || !(d->status & E1000_RXD_STAT_EOP))
		*len = 0;
	return rx_buf[rx_next++ % RING_SIZE];
}

static void rx_fill(void)
{
	u8 *buf;

	/* 3.2.6: one stays free, or a full ring would look empty. */
	while (rx_filled - rx_next < RING_SIZE - 1 && (buf = buf_get())) {
		rx_buf[rx_filled % RING_SIZE] = buf;
		rx[rx_filled++ % RING_SIZE] = (struct e1000_rx_desc){
			.buffer_addr = cpu_to_le64((u64)buf + BUF_HEAD) };
	}
	if (rx_filled != rx_told)
		reg_write(E1000_RDT, rx_filled % RING_SIZE);
	rx_told = rx_filled;
}

/* 3.3.6: where the sums are; two kinds are kept, of frames to be cut and others. */
static void put_context(const struct frame *f)
{
	struct e1000_context_desc c = {
		.ipcss = 14, .ipcso = 14 + 10, .ipcse = cpu_to_le16(14 + 20 - 1),
		.tucss = 14 + 20, .tucso = 14 + 20 + 16,
	};
	u32 cmd = E1000_TXD_CMD_DEXT | E1000_TXD_DTYP_C | E1000_TXD_CMD_TCP |
		  E1000_TXD_CMD_IP | E1000_TXD_CMD_RS;

	if (f->tso) {
		cmd |= E1000_TXD_CMD_TSE | (f->len - f->head_len);
		c.hdr_len = (u8)f->head_len;
		c.mss = cpu_to_le16(CANNED_MSS);
	}
	c.cmd_and_length = cpu_to_le32(cmd);
	tx_buf[tx_next % RING_SIZE] = NULL;
	__builtin_memcpy(&tx[tx_next++ % RING_SIZE], &c, sizeof(c));
}

static bool e1000_send(u8 *buf, const struct frame *f)
{
	static const struct frame plain;
	static bool told;
	u32 lower = SEND_FLAGS | f->len, upper = 0;

	if (tx_next - tx_oldest > RING_SIZE - 3)
		return false;
	if (!told)
		put_context(&plain);
	told = true;
	if (f->csum)
		upper = E1000_TXD_POPTS_TXSM;
	if (f->tso) {
		put_context(f);
		lower |= E1000_TXD_CMD_TSE;
		upper |= E1000_TXD_POPTS_IXSM;
	}
	tx_buf[tx_next % RING_SIZE] = buf;
	tx[tx_next++ % RING_SIZE] = (struct e1000_tx_desc){
		.buffer_addr = cpu_to_le64((u64)buf + BUF_HEAD),
		.lower = cpu_to_le32(lower), .upper = cpu_to_le32(upper) };
	return true;
}

static void e1000_flush(void)
{
	if (tx_next != tx_told)
		reg_write(E1000_TDT, tx_next % RING_SIZE);
	tx_told = tx_next;
	while (tx_oldest != tx_next &&
	       READ_ONCE(tx[tx_oldest % RING_SIZE].upper) & cpu_to_le32(E1000_TXD_STAT_DD)) {
		u8 *buf = tx_buf[tx_oldest++ % RING_SIZE];

		if (buf)
			buf_put(buf);
	}
	rx_fill();
}

static bool e1000_open(unsigned int devfn, u8 *mac)
{
	u32 low, high, i;

	registers = (volatile u8 *)bar_address(devfn, 0);
	reg_write(E1000_IMC, ~0U);
	low = reg_read(E1000_RAL(0));
	high = reg_read(E1000_RAH(0));
	for (i = 0; i < MAC_BYTES; i++)
		mac[i] = (u8)(i < 4 ? low >> (8 * i) : high >> (8 * (i - 4)));
	reg_write(E1000_CTRL, reg_read(E1000_CTRL) | E1000_CTRL_SLU | E1000_CTRL_ASDE);
	reg_write(E1000_RDBAL, (u32)(u64)rx);
	reg_write(E1000_RDBAH, 0);
	reg_write(E1000_RDLEN, sizeof(rx));
	reg_write(E1000_RDH, 0);
	reg_write(E1000_TDBAL, (u32)(u64)tx);
	reg_write(E1000_TDBAH, 0);
	reg_write(E1000_TDLEN, sizeof(tx));
	reg_write(E1000_TDH, 0);
	reg_write(E1000_TDT, 0);
	reg_write(E1000_TCTL, E1000_TCTL_EN | E1000_TCTL_PSP);
	rx_fill();
	reg_write(E1000_RCTL, E1000_RCTL_EN | E1000_RCTL_BAM | E1000_RCTL_SECRC);
	return true;
}

const struct nic e1000_nic = {
	.name = "e1000", .vendor = 0x8086, .device = E1000_DEV_ID_82540EM,
	.open = e1000_open, .receive = e1000_receive, .send = e1000_send, .flush = e1000_flush,
};
