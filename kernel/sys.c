// SPDX-License-Identifier: MIT
/*
 * System calls about threads, time, memory and the machine.
 *
 * Memory: mmap() gives private anonymous memory, zeroed; munmap() takes back
 * whole mappings. That is all a program here needs of an address space it
 * shares with the kernel.
 *
 * Linux: kernel/sys.c, kernel/reboot.c, kernel/exit.c, mm/mmap.c,
 * kernel/time/posix-timers.c, drivers/char/random.c
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/random.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/mman.h>
#include <uapi/linux/reboot.h>
#include <uapi/linux/time.h>
#include <uapi/linux/utsname.h>

#define PAGE_BYTES	4096UL
#define MMAP_MAX	(1UL << 30)	/* bytes of one mapping */

/* ---- threads ------------------------------------------------------------------ */

SYSCALL_DEFINE3(thread_create, long, fn, void __user *, arg, const char __user *, name)
{
	char comm[TASK_COMM_LEN];
	struct task_struct *t;
	long len;

	if (!access_ok(fn, 1))
		return -EFAULT;
	len = strncpy_from_user(comm, name, sizeof(comm));
	if (len < 0)
		return len;
	comm[sizeof(comm) - 1] = '\0';
	t = kthread_run((int (*)(void *))(uintptr_t)fn, (__force void *)arg, comm);
	return IS_ERR(t) ? PTR_ERR(t) : t->pid;
}

/* One program, many threads: the thread is what ends. */
SYSCALL_DEFINE1(exit, int, error_code)
{
	if (!current->stack)
		return -EPERM;
	do_exit();
}

SYSCALL_DEFINE0(getpid)
{
	return current->pid;
}

SYSCALL_DEFINE0(gettid)
{
	return current->pid;
}

SYSCALL_DEFINE0(sched_yield)
{
	yield();
	return 0;
}

/* Linux: signals. Here any of them but 0 ends the interruptible sleeps of the
 * thread, which then decides itself. */
SYSCALL_DEFINE2(kill, int, pid, int, sig)
{
	struct task_struct *t = find_task_by_pid(pid);

	if (!t)
		return -ESRCH;
	if (sig)
		task_kill(t);
	return 0;
}

/* ---- time ----------------------------------------------------------------------- */

SYSCALL_DEFINE2(clock_gettime, int, which_clock, struct __kernel_timespec __user *, tp)
{
	u64 now_ns = ktime_get_ns();
	struct __kernel_timespec ts = {
		.tv_sec = (s64)(now_ns / NSEC_PER_SEC),
		.tv_nsec = (s64)(now_ns % NSEC_PER_SEC),
	};

	/* There is no clock of the day here: CLOCK_REALTIME is refused. */
	if (which_clock != CLOCK_MONOTONIC && which_clock != CLOCK_BOOTTIME)
		return -EINVAL;
	return copy_to_user(tp, &ts, sizeof(ts)) ? -EFAULT : 0;
}

static int put_timespec(struct __kernel_timespec __user *rmtp, s64 left_ns)
{
	struct __kernel_timespec ts = {
		.tv_sec = left_ns / (s64)NSEC_PER_SEC,
		.tv_nsec = left_ns % (s64)NSEC_PER_SEC,
	};

	return copy_to_user(rmtp, &ts, sizeof(ts)) ? -EFAULT : -EINTR;
}

SYSCALL_DEFINE2(nanosleep, const struct __kernel_timespec __user *, rqtp,
		struct __kernel_timespec __user *, rmtp)
{
	struct __kernel_timespec ts;
	s64 span_ns, left_ns;

	if (copy_from_user(&ts, rqtp, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= (s64)NSEC_PER_SEC)
		return -EINVAL;
	if (__builtin_mul_overflow(ts.tv_sec, (s64)NSEC_PER_SEC, &span_ns) ||
	    __builtin_add_overflow(span_ns, ts.tv_nsec, &span_ns))
		span_ns = MAX_SCHEDULE_TIMEOUT;
	left_ns = schedule_timeout_interruptible(span_ns);
	if (!left_ns)
		return 0;
	return rmtp ? put_timespec(rmtp, left_ns) : -EINTR;
}

/* ---- randomness ------------------------------------------------------------------- */

SYSCALL_DEFINE3(getrandom, char __user *, ubuf, size_t, len, unsigned int, flags)
{
	u8 block[64];
	size_t done;

	if (flags & ~3U)
		return -EINVAL;
	len = min_t(size_t, len, INT_MAX);
	for (done = 0; done < len; done += min(len - done, sizeof(block))) {
		size_t n = min(len - done, sizeof(block));

		get_random_bytes(block, n);
		if (copy_to_user(ubuf + done, block, n))
			return done ? (long)done : -EFAULT;
	}
	memzero_explicit(block, sizeof(block));
	return (long)len;
}

/* ---- memory ------------------------------------------------------------------------- */

/* What munmap() looks up. */
struct mapping {
	struct list_head node;		/* of mappings */
	void *addr;
	size_t len;			/* a multiple of PAGE_BYTES */
};

static LIST_HEAD(mappings);

SYSCALL_DEFINE6(mmap, unsigned long, addr, size_t, len, int, prot, int, flags, int, fd,
		unsigned long, off)
{
	struct mapping *m;

	if (!(flags & MAP_ANONYMOUS))
		return -ENODEV;
	if (flags != (MAP_PRIVATE | MAP_ANONYMOUS) || prot != (PROT_READ | PROT_WRITE) ||
	    off || !len || len > MMAP_MAX)
		return -EINVAL;
	m = kmalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	m->len = ALIGN(len, PAGE_BYTES);
	m->addr = kzalloc(m->len, GFP_KERNEL);
	if (!m->addr) {
		kfree(m);
		return -ENOMEM;
	}
	list_add(&m->node, &mappings);
	return (long)(uintptr_t)m->addr;
}

SYSCALL_DEFINE2(munmap, unsigned long, addr, size_t, len)
{
	struct mapping *m;

	list_for_each_entry(m, &mappings, node) {
		if ((uintptr_t)m->addr != addr || m->len != ALIGN(len, PAGE_BYTES))
			continue;
		list_del(&m->node);
		kfree(m->addr);
		kfree(m);
		return 0;
	}
	return -EINVAL;
}

/* ---- the machine ---------------------------------------------------------------------- */

static const struct machine_ops *machine_ops __ro_after_init;

/**
 * machine_register - say how the machine ends
 * @ops: kept
 *
 * Context: initcalls.
 */
void machine_register(const struct machine_ops *ops)
{
	machine_ops = ops;
}

SYSCALL_DEFINE4(reboot, unsigned int, magic1, unsigned int, magic2, unsigned int, cmd,
		void __user *, arg)
{
	if (magic1 != LINUX_REBOOT_MAGIC1 || magic2 != LINUX_REBOOT_MAGIC2)
		return -EINVAL;
	if (!machine_ops)
		return -ENOSYS;
	switch (cmd) {
	case LINUX_REBOOT_CMD_POWER_OFF:
	case LINUX_REBOOT_CMD_HALT:
		pr_notice("reboot: Power down\n");
		machine_ops->power_off(0);
		return 0;
	case LINUX_REBOOT_CMD_RESTART:
		pr_notice("reboot: Restarting system\n");
		machine_ops->restart();
		return 0;
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE1(uname, struct new_utsname __user *, name)
{
	struct new_utsname uts = {
		.sysname = "Sojourn", .nodename = "sojourn", .release = "0.1",
		.version = "#1", .machine = "x86_64", .domainname = "(none)",
	};

	return copy_to_user(name, &uts, sizeof(uts)) ? -EFAULT : 0;
}
