// SPDX-License-Identifier: MIT
/*
 * open(), and what can be opened: a few named files (/dev/console) and text
 * views (/proc/...), each a function that writes its text.
 *
 * A view's text is made when it is opened and read at leisure from then on: a
 * reader sees one moment. A view that can be written takes one line a write().
 *
 *	/proc		the names of all views
 *	/proc/net/dev	a view
 *	/proc/sys/...	sysctls, in Linux's manner: dots are slashes
 *
 * Linux: fs/proc/, fs/open.c, fs/seq_file.c
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/proc.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

#define PROC_VIEWS_MAX	64
#define FILE_NODES_MAX	8
#define PROC_PATH_MAX	128		/* bytes of a name */
#define PROC_LINE_MAX	512		/* bytes of a write */
#define PROC_TEXT_FIRST	4096UL
#define PROC_TEXT_MAX	(8UL << 20)

struct proc_view {
	const char *name;		/* without "/proc/" */
	bool prefix;			/* @name is a beginning; the rest is free */
	proc_show_t show;
	proc_write_t write;
	proc_show_rest_t show_rest;
	proc_write_rest_t write_rest;
};

static struct proc_view proc_views[PROC_VIEWS_MAX] __ro_after_init;
static unsigned int nr_proc_views __ro_after_init;
static const struct file_node *file_nodes[FILE_NODES_MAX] __ro_after_init;
static unsigned int nr_file_nodes __ro_after_init;

/* An open view. */
struct proc_file {
	const struct proc_view *view;
	struct net *net;
	char *text;			/* NULL: opened for writing only */
	size_t len;
	char rest[PROC_PATH_MAX];	/* of the name, behind a prefix */
};

/* ---- registration ---------------------------------------------------------------- */

static struct proc_view *proc_new_view(const char *name)
{
	BUG_ON(nr_proc_views == PROC_VIEWS_MAX);
	proc_views[nr_proc_views].name = name;
	return &proc_views[nr_proc_views++];
}

/**
 * proc_register_rw - make a text view that can be written
 * @name: without "/proc/"; kept
 * @show: writes the text
 * @write: takes a line; NULL: read only
 *
 * Context: initcalls.
 */
void proc_register_rw(const char *name, proc_show_t show, proc_write_t write)
{
	struct proc_view *view = proc_new_view(name);

	view->show = show;
	view->write = write;
}

/**
 * proc_register - make a text view
 * @name: without "/proc/"; kept
 * @show: writes the text
 *
 * Context: initcalls.
 */
void proc_register(const char *name, proc_show_t show)
{
	proc_register_rw(name, show, NULL);
}

/**
 * proc_register_prefix - make all text views whose names begin alike
 * @prefix: without "/proc/", with a slash at its end; kept
 * @show: writes the text, given the rest of the name
 * @write: takes a line; NULL: read only
 *
 * Context: initcalls.
 */
void proc_register_prefix(const char *prefix, proc_show_rest_t show, proc_write_rest_t write)
{
	struct proc_view *view = proc_new_view(prefix);

	view->prefix = true;
	view->show_rest = show;
	view->write_rest = write;
}

/**
 * register_file_node - make a name that open() knows
 * @node: kept
 *
 * Context: initcalls.
 */
void register_file_node(const struct file_node *node)
{
	BUG_ON(nr_file_nodes == FILE_NODES_MAX);
	file_nodes[nr_file_nodes++] = node;
}

/* ---- text ------------------------------------------------------------------------- */

/**
 * proc_printf - add to a text
 * @t: where; what does not fit is counted only
 * @fmt: as printf()
 *
 * Context: any.
 */
void proc_printf(struct proc_text *t, const char *fmt, ...)
{
	size_t left = t->len < t->size ? t->size - t->len : 0;
	va_list args;

	va_start(args, fmt);
	t->len += (size_t)vsnprintf(left ? t->buf + t->len : NULL, left, fmt, args);
	va_end(args);
}

/* The view that @name means; *@rest: what follows a prefix. */
static const struct proc_view *proc_find(const char *name, const char **rest)
{
	unsigned int i;

	*rest = "";
	for (i = 0; i < nr_proc_views; i++) {
		const struct proc_view *view = &proc_views[i];
		size_t len = strlen(view->name);

		if (!view->prefix && !strcmp(name, view->name))
			return view;
		if (view->prefix && !strncmp(name, view->name, len)) {
			*rest = name + len;
			return view;
		}
	}
	return NULL;
}

static ssize_t proc_show(const struct proc_view *view, struct net *net, const char *rest,
			 char *buf, size_t size)
{
	buf[0] = '\0';
	if (view->show_rest)
		return view->show_rest(net, rest, buf, size);
	return view->show ? (ssize_t)view->show(net, buf, size) : -EACCES;
}

/**
 * proc_read_view - the text of a view
 * @net: the namespace
 * @name: without "/proc/"
 * @buf: for the text and a NUL
 * @size: bytes of @buf, not 0
 *
 * Context: process.
 * Return: length of the text, of which at most @size - 1 bytes were written;
 * -ENOENT, -EACCES.
 */
ssize_t proc_read_view(struct net *net, const char *name, char *buf, size_t size)
{
	const struct proc_view *view;
	const char *rest;

	view = proc_find(name, &rest);
	return view ? proc_show(view, net, rest, buf, size) : -ENOENT;
}

/* Makes the text, in a buffer that is large enough. */
static int proc_make_text(struct proc_file *pf)
{
	size_t size;

	for (size = PROC_TEXT_FIRST; size <= PROC_TEXT_MAX; size *= 2) {
		ssize_t len;

		pf->text = kmalloc(size, GFP_KERNEL);
		if (!pf->text)
			return -ENOMEM;
		len = proc_show(pf->view, pf->net, pf->rest, pf->text, size);
		if (len >= 0 && (size_t)len < size - 1) {
			pf->len = (size_t)len;
			return 0;
		}
		kfree(pf->text);
		pf->text = NULL;
		if (len < 0)
			return (int)len;
	}
	return -EFBIG;
}

/* ---- the file ----------------------------------------------------------------------- */

static ssize_t proc_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct proc_file *pf = iocb->ki_filp->private_data;
	size_t n, pos = (size_t)iocb->ki_pos;

	if (!pf->text || pos >= pf->len)
		return 0;
	n = min(pf->len - pos, iov_iter_count(to));
	if (copy_to_iter(pf->text + pos, n, to) != n)
		return -EFAULT;
	iocb->ki_pos += (loff_t)n;
	return (ssize_t)n;
}

static ssize_t proc_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct proc_file *pf = iocb->ki_filp->private_data;
	size_t n = iov_iter_count(from);
	char line[PROC_LINE_MAX];
	int err;

	if (n >= sizeof(line))
		return -EINVAL;
	if (!copy_from_iter_full(line, n, from))
		return -EFAULT;
	line[n] = '\0';
	if (pf->view->write_rest)
		err = pf->view->write_rest(pf->net, pf->rest, strim(line));
	else
		err = pf->view->write(pf->net, strim(line));
	return err ? err : (ssize_t)n;
}

static void proc_file_free(struct proc_file *pf)
{
	kfree(pf->text);
	kfree(pf);
}

static int proc_release(struct file *file)
{
	proc_file_free(file->private_data);
	return 0;
}

static const struct file_operations proc_fops = {
	.read_iter = proc_read_iter,
	.write_iter = proc_write_iter,
	.release = proc_release,
};

static struct file *proc_open(const char *name, unsigned int flags)
{
	struct proc_file *pf = kzalloc(sizeof(*pf), GFP_KERNEL);
	unsigned int mode = flags & O_ACCMODE;
	struct file *file;
	const char *rest;
	int err = -ENOENT;

	if (!pf)
		return ERR_PTR(-ENOMEM);
	pf->net = current->net;
	pf->view = proc_find(name, &rest);
	if (!pf->view)
		goto free;
	strscpy(pf->rest, rest, sizeof(pf->rest));
	err = -EACCES;
	if (mode != O_RDONLY && !pf->view->write && !pf->view->write_rest)
		goto free;
	if (mode != O_WRONLY) {
		err = proc_make_text(pf);
		if (err)
			goto free;
	}
	file = alloc_file(&proc_fops, flags, pf);
	if (!IS_ERR(file))
		return file;
	err = (int)PTR_ERR(file);
free:
	proc_file_free(pf);
	return ERR_PTR(err);
}

static struct file *open_path(const char *path, unsigned int flags)
{
	unsigned int i;

	for (i = 0; i < nr_file_nodes; i++)
		if (!strcmp(path, file_nodes[i]->name))
			return alloc_file(file_nodes[i]->fops, flags, NULL);
	if (!strcmp(path, "/proc"))
		return proc_open("", flags);
	if (strncmp(path, "/proc/", 6))
		return ERR_PTR(-ENOENT);
	return proc_open(path + 6, flags);
}

SYSCALL_DEFINE3(open, const char __user *, filename, int, flags, unsigned int, mode)
{
	char path[PROC_PATH_MAX];
	struct file *file;
	long len;
	int fd;

	len = strncpy_from_user(path, filename, sizeof(path));
	if (len < 0)
		return len;
	if (len == sizeof(path))
		return -ENAMETOOLONG;
	fd = get_unused_fd_flags((unsigned int)flags & O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = open_path(path, (unsigned int)flags);
	if (IS_ERR(file)) {
		put_unused_fd((unsigned int)fd);
		return PTR_ERR(file);
	}
	fd_install((unsigned int)fd, file);
	return fd;
}

/* ---- /proc and /proc/sys --------------------------------------------------------------- */

static size_t proc_list(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	unsigned int i;

	for (i = 0; i < nr_proc_views; i++)
		if (*proc_views[i].name)
			proc_printf(&t, "%s%s\n", proc_views[i].name,
				    proc_views[i].prefix ? "*" : "");
	return t.len;
}

struct sysctl_list {
	struct net *net;
	struct proc_text t;
};

static void sysctl_list_one(const struct ctl_table *ctl, void *ctx)
{
	struct sysctl_list *list = ctx;
	char value[128];

	if (sysctl_read(list->net, ctl->procname, value, sizeof(value)) >= 0)
		proc_printf(&list->t, "%s = %s\n", ctl->procname, value);
}

/* "/proc/sys/": all of them. */
static ssize_t proc_sys_show(struct net *net, const char *rest, char *buf, size_t size)
{
	struct sysctl_list list = { .net = net, .t = { .buf = buf, .size = size } };
	int len;

	if (!*rest) {
		sysctl_for_each(sysctl_list_one, &list);
		return (ssize_t)list.t.len;
	}
	len = sysctl_read(net, rest, buf, size);
	if (len < 0)
		return len;
	if ((size_t)len + 1 < size) {
		buf[len] = '\n';
		buf[len + 1] = '\0';
	}
	return len + 1;
}

static int proc_sys_write(struct net *net, const char *rest, char *line)
{
	return sysctl_write(net, rest, line);
}

static int __init proc_init(void)
{
	proc_register("", proc_list);
	proc_register_prefix("sys/", proc_sys_show, proc_sys_write);
	return 0;
}
core_initcall(proc_init);
