/* SPDX-License-Identifier: MIT */
/* The kernel log: levels, time stamps, a ring buffer (kernel/printk.c). */
#ifndef LINUX_PRINTK_H
#define LINUX_PRINTK_H

#include <linux/types.h>

#define KERN_EMERG	"\0010"
#define KERN_ALERT	"\0011"
#define KERN_CRIT	"\0012"
#define KERN_ERR	"\0013"
#define KERN_WARNING	"\0014"
#define KERN_NOTICE	"\0015"
#define KERN_INFO	"\0016"
#define KERN_DEBUG	"\0017"

/* One line, "\n" at its end. Any context. */
int printk(const char *fmt, ...) __printf(1, 2);

#define pr_emerg(f, a...)	printk(KERN_EMERG f, ##a)
#define pr_err(f, a...)		printk(KERN_ERR f, ##a)
#define pr_warn(f, a...)	printk(KERN_WARNING f, ##a)
#define pr_notice(f, a...)	printk(KERN_NOTICE f, ##a)
#define pr_info(f, a...)	printk(KERN_INFO f, ##a)
#define pr_debug(f, a...)	printk(KERN_DEBUG f, ##a)

/* At most ten a five-second window for each place, for what a peer can cause. */
struct ratelimit_state {
	u64 begin_ns;
	unsigned int printed;
	unsigned int missed;
};
bool ___ratelimit(struct ratelimit_state *rs, const char *func);
#define printk_ratelimited(f, a...) ({					\
	static struct ratelimit_state __rs;				\
	if (___ratelimit(&__rs, __func__))				\
		printk(f, ##a); })
#define pr_warn_ratelimited(f, a...) printk_ratelimited(KERN_WARNING f, ##a)
#define pr_info_ratelimited(f, a...) printk_ratelimited(KERN_INFO f, ##a)

/* Lines of this level and above go to the ring buffer only (loglevel=), as in Linux:
 * 7 keeps debug lines off the console. */
extern int console_loglevel;

/* Hands every line, without "\n", to @fn as it is logged; NULL: nobody.
 * @fn must not log. */
typedef void (*log_sink_t)(void *ctx, int level, const char *line);
void log_set_sink(log_sink_t fn, void *ctx);

/* Copies the ring buffer's text, oldest line first, at most @size bytes with
 * a closing NUL; returns its length. */
size_t dmesg_read(char *buf, size_t size);

#endif
