// SPDX-License-Identifier: MIT
/*
 * The console on COM1, a 16550 at 115200 8n1: output polled, input by
 * interrupt into a ring that threads read.
 *
 * Linux: drivers/tty/serial/8250/.
 * Read first: PC16550D datasheet, section 8 (registers).
 */
#include <asm/io.h>
#include <asm/processor.h>
#include <asm/setup.h>
#include <linux/console.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/wait.h>

#define COM1		0x3f8
#define COM1_IRQ	4

/* Registers, PC16550D table II. */
#define UART_DATA	(COM1 + 0)
#define UART_IER	(COM1 + 1)	/* interrupt enable */
#define UART_FCR	(COM1 + 2)	/* FIFO control; reads: interrupt identity */
#define UART_LCR	(COM1 + 3)	/* line control */
#define UART_MCR	(COM1 + 4)	/* modem control */
#define UART_LSR	(COM1 + 5)	/* line status */
#define UART_SCRATCH	(COM1 + 7)

#define IER_RX		0x01
#define FCR_ENABLE	0x07		/* FIFOs on and emptied, trigger at 1 byte */
#define LCR_8N1		0x03
#define LCR_DLAB	0x80		/* the divisor shows at DATA and IER */
#define MCR_DTR_RTS_OUT2 0x0b		/* OUT2 gates the interrupt line */
#define LSR_DATA	0x01
#define LSR_TX_EMPTY	0x20		/* the transmit FIFO is empty */
#define LSR_TX_IDLE	0x40		/* ... and the last bit has left */

#define TX_FIFO		16
/* A port that never empties is given up: this many polls, then it is silent. */
#define TX_POLLS	1000000

#define RX_RING		1024		/* bytes; a power of two */

/*
 * What was typed:
 *
 *	ring:  [ . . . . a b c d . . . ]
 *	                 ^tail   ^head      both only grow; index & (RX_RING - 1)
 *
 * head is written in hardirq context, tail by readers with interrupts off.
 */
static struct {
	char ring[RX_RING];
	unsigned int head, tail;
	unsigned long lost;		/* bytes that found the ring full */
	struct wait_queue_head wait;
} rx;

static bool uart_present;

/**
 * serial_early_init() - set up COM1 for output
 *
 * Context: boot, first of all. Where there is no port, output is dropped.
 */
void serial_early_init(void)
{
	outb(0x5a, UART_SCRATCH);
	uart_present = inb(UART_SCRATCH) == 0x5a;
	if (!uart_present)
		return;
	outb(0, UART_IER);
	outb(LCR_DLAB | LCR_8N1, UART_LCR);
	outb(1, UART_DATA);		/* 1.8432 MHz / 16 / 1 = 115200 */
	outb(0, UART_IER);
	outb(LCR_8N1, UART_LCR);
	outb(FCR_ENABLE, UART_FCR);
	outb(MCR_DTR_RTS_OUT2, UART_MCR);
}

/* Waits for a bit of the line status, but not for ever. */
static bool uart_wait(u8 bit)
{
	unsigned int i;

	for (i = 0; i < TX_POLLS; i++) {
		if (inb(UART_LSR) & bit)
			return true;
		cpu_relax();
	}
	return false;
}

/**
 * serial_write() - write text to the console
 * @text: "\n" ends a line; sent as "\r\n"
 * @len: bytes
 *
 * Context: any. Polls: as slow as the line on real hardware.
 */
void serial_write(const char *text, size_t len)
{
	unsigned int room = 0;
	bool cr = false;
	size_t i = 0;

	while (uart_present && i < len) {
		if (!room) {
			uart_present = uart_wait(LSR_TX_EMPTY);
			room = TX_FIFO;
			continue;
		}
		room--;
		if (text[i] == '\n' && !cr) {
			outb('\r', UART_DATA);
			cr = true;
			continue;
		}
		cr = false;
		outb((u8)text[i++], UART_DATA);
	}
}

/**
 * serial_flush() - wait until everything written has left
 *
 * Context: any.
 */
void serial_flush(void)
{
	if (uart_present)
		uart_wait(LSR_TX_IDLE);
}

static void rx_byte(char c)
{
	if (rx.head - rx.tail < RX_RING)
		rx.ring[rx.head++ & (RX_RING - 1)] = c;
	else
		rx.lost++;
}

static irqreturn_t serial_interrupt(int irq, void *dev_id)
{
	unsigned int n = 0;

	/* Bounded by the FIFO's size; what comes meanwhile interrupts again. */
	while (n < TX_FIFO && (inb(UART_LSR) & LSR_DATA)) {
		rx_byte((char)inb(UART_DATA));
		n++;
	}
	if (!n)
		return IRQ_NONE;
	wake_up_interruptible(&rx.wait);
	return IRQ_HANDLED;
}

/**
 * serial_irq_init() - start to listen to what is typed
 *
 * Context: boot, when interrupts and wait queues work.
 */
void serial_irq_init(void)
{
	int err;

	init_waitqueue_head(&rx.wait);
	if (!uart_present)
		return;			/* nobody ever types */
	err = request_irq(COM1_IRQ, serial_interrupt, 0, "serial", &rx);
	if (err) {
		pr_err("serial: no interrupt (%d): the console cannot be typed at\n",
		       err);
		return;
	}
	outb(IER_RX, UART_IER);
}

/**
 * console_getc() - take one typed byte if there is one
 * @c: where to
 *
 * Context: any; never sleeps.
 * Return: true when there was one.
 */
bool console_getc(char *c)
{
	unsigned long flags;
	bool got;

	local_irq_save(flags);
	got = rx.head != rx.tail;
	if (got)
		*c = rx.ring[rx.tail++ & (RX_RING - 1)];
	local_irq_restore(flags);
	return got;
}

/**
 * console_wait_queue() - where to wait for something typed
 *
 * Context: any.
 * Return: the wait queue that is woken when bytes come.
 */
struct wait_queue_head *console_wait_queue(void)
{
	return &rx.wait;
}

/**
 * console_readable() - is there something to read?
 *
 * Context: any.
 * Return: true when console_read() would not sleep.
 */
bool console_readable(void)
{
	return READ_ONCE(rx.head) != READ_ONCE(rx.tail);
}

/**
 * console_read() - read what was typed
 * @buf: at least @n bytes
 * @n: most bytes to take; 0 returns 0 at once
 *
 * Context: process; sleeps until there is at least one byte.
 * Return: bytes, or -EINTR when the thread was killed.
 */
ssize_t console_read(char *buf, size_t n)
{
	size_t got = 0;
	int err;

	if (!n)
		return 0;
	do {
		err = wait_event_interruptible(rx.wait, console_readable());
		if (err)
			return err;
		while (got < n && console_getc(&buf[got]))
			got++;
	} while (!got);
	return (ssize_t)got;
}
