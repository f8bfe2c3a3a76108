// SPDX-License-Identifier: MIT
/*
 * Interrupt lines: who handles which, and the frame around every handler.
 *
 * A handler runs in hardirq context with interrupts off. It acknowledges its
 * device and schedules the rest (napi_schedule); the rest runs in softirqs when
 * irq_exit() ends the outermost interrupt.
 *
 * Linux: kernel/irq/manage.c, handle.c, spurious.c; irq_enter() and irq_exit()
 * in kernel/softirq.c
 */
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* After so many interrupts in a row that no handler knew, the line is shut. */
#define IRQ_UNHANDLED_LIMIT	10000

struct irqaction {
	irq_handler_t handler;
	void *dev_id;
	const char *name;
	unsigned long flags;		/* IRQF_* */
	struct irqaction *next;
};

struct irq_desc {
	struct irqaction *action;	/* in order of request_irq() */
	const struct irq_chip *chip;	/* NULL: cannot be masked */
	u64 count;			/* times served */
	unsigned int unhandled;		/* in a row */
};

static struct irq_desc irq_desc[NR_IRQS];

/**
 * irq_enter - an interrupt begins
 *
 * Context: interrupts off; the body calls it before handle_irq().
 */
void irq_enter(void)
{
	this_cpu()->preempt_count += HARDIRQ_OFFSET;
}

/**
 * irq_exit - an interrupt ends; the outermost one serves pending softirqs
 *
 * Not when it interrupted a softirq or a local_bh_disable() section: they look
 * for pending ones themselves when they end.
 *
 * Context: interrupts off. They are on while softirqs run, and off again on
 * return.
 */
void irq_exit(void)
{
	BUG_ON(!in_hardirq());
	this_cpu()->preempt_count -= HARDIRQ_OFFSET;
	if (!in_interrupt() && local_softirq_pending())
		__do_softirq();
}

static void irq_shut(struct irq_desc *desc, unsigned int irq)
{
	if (desc->chip && desc->chip->irq_mask)
		desc->chip->irq_mask(irq);
}

/* A line that stays asserted and that nobody serves would never let us out of
 * the handler again. */
static void note_interrupt(struct irq_desc *desc, unsigned int irq, bool handled)
{
	if (handled) {
		desc->unhandled = 0;
		return;
	}
	if (++desc->unhandled != IRQ_UNHANDLED_LIMIT)
		return;
	pr_err("irq %u: nobody cared, line disabled\n", irq);
	irq_shut(desc, irq);
}

/**
 * handle_irq - run the handlers requested for a line
 * @irq: line number, below NR_IRQS
 *
 * Context: hardirq, between irq_enter() and irq_exit().
 */
void handle_irq(unsigned int irq)
{
	struct irqaction *action;
	struct irq_desc *desc;
	bool handled = false;

	BUG_ON(!in_hardirq());
	if (WARN_ON_ONCE(irq >= NR_IRQS))
		return;
	desc = &irq_desc[irq];
	desc->count++;
	/* All of them: on a shared line more than one device may have asked. */
	for (action = desc->action; action; action = action->next)
		if (action->handler((int)irq, action->dev_id) == IRQ_HANDLED)
			handled = true;
	note_interrupt(desc, irq, handled);
}

/**
 * request_irq - install a handler and open the line
 * @irq: line number
 * @handler: called in hardirq context; IRQ_HANDLED if it was its device
 * @flags: IRQF_SHARED or 0
 * @name: for the `interrupts` listing; kept
 * @dev_id: handed to @handler, and the key for free_irq()
 *
 * Context: process.
 * Return: 0; -EINVAL: no such line or no handler; -EBUSY: the line is taken and
 * not both are willing to share; -ENOMEM.
 */
int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags,
		const char *name, void *dev_id)
{
	struct irqaction *action, **link;
	struct irq_desc *desc;
	unsigned long irqflags;

	if (irq >= NR_IRQS || !handler || ((flags & IRQF_SHARED) && !dev_id))
		return -EINVAL;
	desc = &irq_desc[irq];
	if (desc->action && !(desc->action->flags & flags & IRQF_SHARED))
		return -EBUSY;
	action = kzalloc(sizeof(*action), GFP_KERNEL);
	if (!action)
		return -ENOMEM;
	action->handler = handler;
	action->dev_id = dev_id;
	action->name = name;
	action->flags = flags;

	local_irq_save(irqflags);
	for (link = &desc->action; *link; link = &(*link)->next)
		;
	*link = action;
	desc->unhandled = 0;
	if (desc->action == action && desc->chip && desc->chip->irq_unmask)
		desc->chip->irq_unmask(irq);
	local_irq_restore(irqflags);
	return 0;
}

/**
 * free_irq - remove a handler; the last one closes the line
 * @irq: line number
 * @dev_id: as given to request_irq()
 *
 * Context: process. On one CPU the handler is not running.
 */
void free_irq(unsigned int irq, void *dev_id)
{
	struct irqaction *action = NULL, **link;
	struct irq_desc *desc;
	unsigned long flags;

	if (WARN_ON(irq >= NR_IRQS))
		return;
	desc = &irq_desc[irq];
	local_irq_save(flags);
	for (link = &desc->action; *link; link = &(*link)->next) {
		if ((*link)->dev_id != dev_id)
			continue;
		action = *link;
		*link = action->next;
		break;
	}
	if (action && !desc->action)
		irq_shut(desc, irq);
	local_irq_restore(flags);
	WARN_ON(!action);
	kfree(action);
}

/**
 * irq_set_chip - say how a line is masked
 * @irq: line number
 * @chip: NULL for lines that are never masked (MSI-X)
 *
 * Context: process, before the line is requested.
 */
void irq_set_chip(unsigned int irq, const struct irq_chip *chip)
{
	if (WARN_ON(irq >= NR_IRQS))
		return;
	irq_desc[irq].chip = chip;
}

/**
 * irq_count - how often a line was served
 * @irq: line number
 *
 * Context: any.
 * Return: the count since boot; 0 for a line that is not there.
 */
u64 irq_count(unsigned int irq)
{
	return irq < NR_IRQS ? irq_desc[irq].count : 0;
}

/**
 * irq_name - who serves a line
 * @irq: line number
 *
 * Context: any.
 * Return: the name its first handler gave, or NULL when there is none.
 */
const char *irq_name(unsigned int irq)
{
	if (irq >= NR_IRQS || !irq_desc[irq].action)
		return NULL;
	return irq_desc[irq].action->name;
}
