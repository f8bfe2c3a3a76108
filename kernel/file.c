// SPDX-License-Identifier: MIT
/*
 * Files and the table of descriptors (SYS-2, SOCK-5).
 *
 * A descriptor is an index into the table of a program; the table holds one
 * reference on the file. All threads of a program share the table. The life of
 * a descriptor: get_unused_fd_flags() reserves it (the bit is set, the file is
 * NULL), fd_install() gives it the file, close_fd() takes both away. Between
 * the first two nobody can look it up, so an error in between needs only
 * put_unused_fd().
 *
 * Context of all: process. Nothing here is touched by softirqs, and threads do
 * not preempt each other, so there is no lock.
 *
 * Linux: fs/file.c, fs/file_table.c
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#define NR_OPEN_DEFAULT	64		/* descriptors in a new table */
#define NR_OPEN_MAX	(1U << 20)	/* Linux: sysctl fs.nr_open */

struct fdtable {
	unsigned int max_fds;		/* a multiple of BITS_PER_LONG */
	struct file **fd;		/* NULL: free, or reserved */
	unsigned long *open_fds;	/* a bit for each descriptor in use */
	unsigned long *close_on_exec;
};

struct files_struct {
	refcount_t count;		/* threads that share it */
	unsigned int next_fd;		/* none below is free */
	struct fdtable fdt;
};

static struct kmem_cache *filp_cachep;
static struct kmem_cache *files_cachep;

/* ---- the table ----------------------------------------------------------- */

static void free_fdtable(struct fdtable *fdt)
{
	kfree(fdt->fd);
	kfree(fdt->open_fds);
	kfree(fdt->close_on_exec);
}

static int alloc_fdtable(struct fdtable *fdt, unsigned int nr)
{
	fdt->max_fds = nr;
	fdt->fd = kcalloc(nr, sizeof(*fdt->fd), GFP_KERNEL);
	fdt->open_fds = kcalloc(BITS_TO_LONGS(nr), sizeof(long), GFP_KERNEL);
	fdt->close_on_exec = kcalloc(BITS_TO_LONGS(nr), sizeof(long), GFP_KERNEL);
	if (fdt->fd && fdt->open_fds && fdt->close_on_exec)
		return 0;
	free_fdtable(fdt);
	return -ENOMEM;
}

static int expand_fdtable(struct files_struct *files)
{
	struct fdtable *old = &files->fdt, fdt;
	int err;

	if (old->max_fds >= NR_OPEN_MAX)
		return -EMFILE;
	err = alloc_fdtable(&fdt, old->max_fds * 2);
	if (err)
		return err;
	memcpy(fdt.fd, old->fd, old->max_fds * sizeof(*fdt.fd));
	memcpy(fdt.open_fds, old->open_fds, old->max_fds / BITS_PER_BYTE);
	memcpy(fdt.close_on_exec, old->close_on_exec, old->max_fds / BITS_PER_BYTE);
	free_fdtable(old);
	*old = fdt;
	return 0;
}

/**
 * files_create - an empty descriptor table with one user
 *
 * Context: process.
 * Return: the table, or NULL on no memory.
 */
struct files_struct *files_create(void)
{
	struct files_struct *files = kmem_cache_zalloc(files_cachep, GFP_KERNEL);

	if (!files)
		return NULL;
	if (alloc_fdtable(&files->fdt, NR_OPEN_DEFAULT)) {
		kmem_cache_free(files_cachep, files);
		return NULL;
	}
	refcount_set(&files->count, 1);
	return files;
}

/**
 * files_destroy - close everything in a table and give it back
 * @files: the table; other users must not use it any more
 *
 * Context: process, may sleep.
 */
void files_destroy(struct files_struct *files)
{
	struct fdtable *fdt = &files->fdt;
	unsigned int fd;

	for (fd = 0; fd < fdt->max_fds; fd++) {
		struct file *file = fdt->fd[fd];

		fdt->fd[fd] = NULL;
		if (file)
			fput(file);
	}
	free_fdtable(fdt);
	kmem_cache_free(files_cachep, files);
}

static struct files_struct *get_files_struct(struct files_struct *files)
{
	refcount_inc(&files->count);
	return files;
}

static void put_files_struct(struct files_struct *files)
{
	if (refcount_dec_and_test(&files->count))
		files_destroy(files);
}

/* ---- descriptors ---------------------------------------------------------- */

static struct file *fd_file(const struct files_struct *files, unsigned int fd)
{
	return files && fd < files->fdt.max_fds ? files->fdt.fd[fd] : NULL;
}

/**
 * get_unused_fd_flags - reserve the lowest free descriptor
 * @flags: O_CLOEXEC is remembered; there is no exec() to act on it
 *
 * Context: process.
 * Return: the descriptor; -EMFILE when there is none, -ENOMEM.
 */
int get_unused_fd_flags(unsigned int flags)
{
	struct files_struct *files = current->files;
	struct fdtable *fdt;
	unsigned int fd;
	int err;

	if (!files)
		return -EMFILE;
	fdt = &files->fdt;
	fd = (unsigned int)find_next_zero_bit(fdt->open_fds, fdt->max_fds, files->next_fd);
	if (fd >= fdt->max_fds) {
		fd = fdt->max_fds;
		err = expand_fdtable(files);
		if (err)
			return err;
	}
	__set_bit(fd, fdt->open_fds);
	if (flags & O_CLOEXEC)
		__set_bit(fd, fdt->close_on_exec);
	else
		__clear_bit(fd, fdt->close_on_exec);
	files->next_fd = fd + 1;
	return (int)fd;
}

/**
 * put_unused_fd - give a reserved descriptor back
 * @fd: from get_unused_fd_flags(), without a file
 *
 * Context: process.
 */
void put_unused_fd(unsigned int fd)
{
	struct files_struct *files = current->files;

	__clear_bit(fd, files->fdt.open_fds);
	if (fd < files->next_fd)
		files->next_fd = fd;
}

/**
 * fd_install - make a descriptor refer to a file
 * @fd: reserved
 * @file: the caller's reference goes to the table
 *
 * Context: process.
 */
void fd_install(unsigned int fd, struct file *file)
{
	struct files_struct *files = current->files;

	BUG_ON(files->fdt.fd[fd]);
	files->fdt.fd[fd] = file;
}

/**
 * fget - the file behind a descriptor
 * @fd: any number
 *
 * Context: process.
 * Return: a reference, or NULL when the descriptor is not open.
 */
struct file *fget(unsigned int fd)
{
	struct file *file = fd_file(current->files, fd);

	return file ? get_file(file) : NULL;
}

/**
 * close_fd - close a descriptor
 * @fd: any number
 *
 * The descriptor is free at once; the file goes with its last reference, which
 * a call in another thread may hold.
 *
 * Context: process, may sleep.
 * Return: 0 or -EBADF.
 */
int close_fd(unsigned int fd)
{
	struct file *file = fd_file(current->files, fd);

	if (!file)
		return -EBADF;
	current->files->fdt.fd[fd] = NULL;
	put_unused_fd(fd);
	fput(file);
	return 0;
}

/**
 * fd_get_cloexec - FD_CLOEXEC of an open descriptor
 * @fd: open
 *
 * Context: process.
 * Return: whether it is set.
 */
bool fd_get_cloexec(unsigned int fd)
{
	return test_bit(fd, current->files->fdt.close_on_exec);
}

/**
 * fd_set_cloexec - set or clear FD_CLOEXEC of an open descriptor
 * @fd: open
 * @on: which
 *
 * Context: process.
 */
void fd_set_cloexec(unsigned int fd, bool on)
{
	if (on)
		__set_bit(fd, current->files->fdt.close_on_exec);
	else
		__clear_bit(fd, current->files->fdt.close_on_exec);
}

/**
 * iterate_fd - call a function for each open file of a table
 * @files: the table, or NULL
 * @fn: must not open or close; a result other than 0 ends the walk
 * @ctx: for @fn
 *
 * Context: process.
 * Return: the last result of @fn, 0 when there was no file.
 */
int iterate_fd(struct files_struct *files,
	       int (*fn)(unsigned int fd, struct file *file, void *ctx), void *ctx)
{
	unsigned int fd;
	int ret = 0;

	if (!files)
		return 0;
	for (fd = 0; fd < files->fdt.max_fds && !ret; fd++)
		if (files->fdt.fd[fd])
			ret = fn(fd, files->fdt.fd[fd], ctx);
	return ret;
}

/* ---- files ---------------------------------------------------------------- */

/**
 * alloc_file - an open file
 * @fop: what it can do
 * @flags: O_*
 * @priv: private_data, the file's own from here on (its ->release ends it)
 *
 * Context: process.
 * Return: a file with one reference, or ERR_PTR(-ENOMEM).
 */
struct file *alloc_file(const struct file_operations *fop, unsigned int flags, void *priv)
{
	struct file *file = kmem_cache_zalloc(filp_cachep, GFP_KERNEL);

	if (!file)
		return ERR_PTR(-ENOMEM);
	file->f_op = fop;
	file->f_flags = flags;
	file->private_data = priv;
	refcount_set(&file->f_count, 1);
	INIT_LIST_HEAD(&file->f_ep);
	return file;
}

/**
 * fput - give a reference back
 * @file: the last one ends the file: epoll forgets it, then ->release()
 *
 * Context: process, may sleep.
 */
void fput(struct file *file)
{
	if (!refcount_dec_and_test(&file->f_count))
		return;
	if (!list_empty(&file->f_ep))
		eventpoll_release(file);
	if (file->f_op->release)
		file->f_op->release(file);
	kmem_cache_free(filp_cachep, file);
}

/* ---- at boot --------------------------------------------------------------- */

static const struct task_files_ops files_ops = {
	.get = get_files_struct,
	.put = put_files_struct,
};

/* The boot thread's table is handed on to the programs it starts. */
static int __init files_init(void)
{
	filp_cachep = kmem_cache_create("filp", sizeof(struct file));
	files_cachep = kmem_cache_create("files_cache", sizeof(struct files_struct));
	if (!filp_cachep || !files_cachep)
		return -ENOMEM;
	sched_set_files_ops(&files_ops);
	current->files = files_create();
	return current->files ? 0 : -ENOMEM;
}
core_initcall(files_init);
