/* SPDX-License-Identifier: MIT */
/*
 * Files, thin: what a descriptor points to (SYS-2). kernel/file.c has the
 * descriptor table and read/write's way through vfs_read/vfs_write; sockets
 * and epoll are its users.
 */
#ifndef LINUX_FS_H
#define LINUX_FS_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/uio.h>
#include <uapi/linux/fcntl.h>

struct file;
struct poll_table_struct;
struct splice_piece;

#define IOCB_NOWAIT	0x1

/* One read or write under way. */
struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
	int ki_flags;		/* IOCB_* */
};

struct file_operations {
	ssize_t (*read_iter)(struct kiocb *iocb, struct iov_iter *to);
	ssize_t (*write_iter)(struct kiocb *iocb, struct iov_iter *from);
	/* EPOLL* bits that hold now; registers with @wait if it is not NULL. */
	u32 (*poll)(struct file *file, struct poll_table_struct *wait);
	/* Asks the device that its input comes from, for a while or until @end(@arg);
	 * NULL: there is none. Process. */
	void (*busy_poll)(struct file *file, bool (*end)(void *arg), void *arg);
	/* Lends bytes from @pos on: at most piece->len, which says how many, and of which
	 * block, whose reference is the caller's; @more: the file goes on behind them.
	 * Returns piece->len, 0 at the end, or -errno. Process. */
	ssize_t (*splice_read)(struct file *file, loff_t pos, struct splice_piece *piece,
			       bool *more);
	/* Writes them, with references of its own if need be; @more comes. As write_iter. */
	ssize_t (*splice_write)(struct file *file, const struct splice_piece *piece, bool more);
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	int (*release)(struct file *file);	/* last reference gone */
};

struct file {
	const struct file_operations *f_op;
	unsigned int f_flags;		/* O_* */
	loff_t f_pos;			/* text views, memory; sockets have none */
	refcount_t f_count;
	void *private_data;		/* struct socket, struct eventpoll */
	struct list_head f_ep;		/* epoll items that watch it */
};

/* The descriptor table: shared by all threads of a program. */
struct files_struct;
struct files_struct *files_create(void);
void files_destroy(struct files_struct *files);	/* closes everything in it */

/* A file with one reference, or ERR_PTR(-ENOMEM). */
struct file *alloc_file(const struct file_operations *fop, unsigned int flags, void *priv);
void fput(struct file *file);
static inline struct file *get_file(struct file *file)
{
	refcount_inc(&file->f_count);
	return file;
}
/* The lowest free descriptor, reserved; or -EMFILE, -ENOMEM. */
int get_unused_fd_flags(unsigned int flags);
void put_unused_fd(unsigned int fd);
/* The descriptor takes over the caller's reference. */
void fd_install(unsigned int fd, struct file *file);
/* A reference, or NULL. */
struct file *fget(unsigned int fd);
int close_fd(unsigned int fd);
/* FD_CLOEXEC of an open descriptor. */
bool fd_get_cloexec(unsigned int fd);
void fd_set_cloexec(unsigned int fd, bool on);
/* Calls @fn for each open file of @files until it returns nonzero. */
int iterate_fd(struct files_struct *files,
	       int (*fn)(unsigned int fd, struct file *file, void *ctx), void *ctx);

/* kernel/read_write.c */
ssize_t new_sync_read(struct file *filp, char __user *buf, size_t len, loff_t *ppos);
ssize_t new_sync_write(struct file *filp, const char __user *buf, size_t len, loff_t *ppos);

ssize_t vfs_read(struct file *file, void __user *buf, size_t count, loff_t *pos);
ssize_t vfs_write(struct file *file, const void __user *buf, size_t count, loff_t *pos);
ssize_t vfs_readv(struct file *file, const struct iovec __user *vec, unsigned long vlen);
ssize_t vfs_writev(struct file *file, const struct iovec __user *vec, unsigned long vlen);

/* What open() finds by a whole name, before the text views; kernel/proc.c. */
struct file_node {
	const char *name;		/* "/dev/console" */
	const struct file_operations *fops;
};
/* Initcalls only; @node is kept. */
void register_file_node(const struct file_node *node);

#endif
