// SPDX-License-Identifier: MIT
/* kernel/file.c, read_write.c: descriptors, references, failures. */
#include <linux/err.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>

#include "../test.h"
#include "fake_file.h"

TEST(file_lowest_free_descriptor_first)
{
	struct fake_file f[4];
	int a = fake_file_open(&f[0]), b = fake_file_open(&f[1]), c = fake_file_open(&f[2]);

	EXPECT_GE(a, 0);
	EXPECT_EQ(b, a + 1);
	EXPECT_EQ(c, b + 1);
	EXPECT_EQ(close_fd((unsigned int)a), 0);
	EXPECT_EQ(f[0].released, 1);
	EXPECT_EQ(fake_file_open(&f[3]), a);
	EXPECT_EQ(close_fd((unsigned int)a), 0);
	EXPECT_EQ(close_fd((unsigned int)b), 0);
	EXPECT_EQ(close_fd((unsigned int)c), 0);
	EXPECT_EQ(close_fd((unsigned int)c), -EBADF);
	EXPECT_EQ(close_fd(~0U), -EBADF);
}

TEST(file_reserved_descriptor_is_not_open)
{
	int fd = get_unused_fd_flags(0);

	EXPECT_GE(fd, 0);
	EXPECT_TRUE(!fget((unsigned int)fd));
	EXPECT_EQ(close_fd((unsigned int)fd), -EBADF);
	put_unused_fd((unsigned int)fd);
	EXPECT_EQ(get_unused_fd_flags(0), fd);
	put_unused_fd((unsigned int)fd);
}

TEST(file_lives_as_long_as_a_reference)
{
	struct fake_file f;
	int fd = fake_file_open(&f);
	struct file *file = fget((unsigned int)fd);

	EXPECT_EQ(close_fd((unsigned int)fd), 0);
	EXPECT_EQ(f.released, 0);
	fput(file);
	EXPECT_EQ(f.released, 1);
}

TEST(file_dup_is_a_second_descriptor_of_one_file)
{
	struct fake_file f;
	int fd = fake_file_open(&f);
	long other = syscall_dispatch(__NR_dup, fd, 0, 0, 0, 0, 0);

	EXPECT_EQ(other, fd + 1);
	EXPECT_EQ(close_fd((unsigned int)fd), 0);
	EXPECT_EQ(f.released, 0);
	EXPECT_EQ(close_fd((unsigned int)other), 0);
	EXPECT_EQ(f.released, 1);
	EXPECT_EQ(syscall_dispatch(__NR_dup, fd, 0, 0, 0, 0, 0), -EBADF);
}

TEST(file_table_grows_to_a_million_and_then_says_emfile)
{
	struct files_struct *saved = current->files;
	struct fake_file f;
	struct file *file;
	int fd, last = -1;

	current->files = files_create();
	fd = fake_file_open(&f);
	file = fget((unsigned int)fd);
	while ((fd = get_unused_fd_flags(0)) >= 0) {
		fd_install((unsigned int)fd, get_file(file));
		last = fd;
	}
	EXPECT_EQ(fd, -EMFILE);
	EXPECT_EQ(last, (1 << 20) - 1);
	EXPECT_EQ(close_fd(12345), 0);
	EXPECT_EQ(get_unused_fd_flags(0), 12345);
	put_unused_fd(12345);
	fput(file);
	files_destroy(current->files);
	current->files = saved;
	EXPECT_EQ(f.released, 1);
}

TEST(file_failed_allocation_leaves_nothing_behind)
{
	struct files_struct *saved = current->files, *files;
	struct fake_file f;
	unsigned long n;

	for (n = 1; n < 8; n++) {
		slab_fail_after(n, 0);
		files = files_create();
		slab_fail_after(0, 0);
		if (files)
			files_destroy(files);
	}
	files = files_create();
	current->files = files;
	slab_fail_after(1, 0);
	EXPECT_EQ(fake_file_open(&f), -ENOMEM);
	slab_fail_after(0, 0);
	EXPECT_EQ(fake_file_open(&f), 0);
	files_destroy(files);
	current->files = saved;
}

TEST(file_growing_without_memory_is_enomem_and_keeps_what_there_is)
{
	struct files_struct *saved = current->files;
	struct fake_file f[65];
	int i;

	current->files = files_create();
	for (i = 0; i < 64; i++)
		EXPECT_EQ(fake_file_open(&f[i]), i);
	slab_fail_after(1, 0);
	EXPECT_EQ(get_unused_fd_flags(0), -ENOMEM);
	slab_fail_after(0, 0);
	EXPECT_EQ(fake_file_open(&f[64]), 64);
	files_destroy(current->files);
	for (i = 0; i < 65; i++)
		EXPECT_EQ(f[i].released, 1);
	current->files = saved;
}

TEST(file_read_and_write_check_mode_pointer_and_descriptor)
{
	struct fake_file f;
	int fd = fake_file_open(&f);
	char buf[8];

	EXPECT_EQ(syscall_dispatch(__NR_read, fd, (long)buf, 8, 0, 0, 0), 4);
	EXPECT_EQ(syscall_dispatch(__NR_read, fd, 0, 8, 0, 0, 0), -EFAULT);
	EXPECT_EQ(syscall_dispatch(__NR_read, fd, -100, 200, 0, 0, 0), -EFAULT);
	EXPECT_EQ(syscall_dispatch(__NR_write, fd, (long)buf, 8, 0, 0, 0), -EBADF);
	EXPECT_EQ(syscall_dispatch(__NR_read, fd + 1, (long)buf, 8, 0, 0, 0), -EBADF);
	EXPECT_EQ(syscall_dispatch(__NR_ioctl, fd, 0x1234, 0, 0, 0, 0), -ENOTTY);
	EXPECT_EQ(close_fd((unsigned int)fd), 0);
}

TEST(file_flags_by_fcntl_and_fionbio)
{
	struct fake_file f;
	int fd = fake_file_open(&f), on = 1;

	EXPECT_EQ(syscall_dispatch(__NR_fcntl, fd, F_GETFL, 0, 0, 0, 0), O_RDONLY);
	EXPECT_EQ(__sys_ioctl(fd, FIONBIO, (unsigned long)&on), 0);
	EXPECT_EQ(syscall_dispatch(__NR_fcntl, fd, F_GETFL, 0, 0, 0, 0), O_NONBLOCK);
	EXPECT_EQ(syscall_dispatch(__NR_fcntl, fd, F_SETFL, 0, 0, 0, 0), 0);
	EXPECT_EQ(syscall_dispatch(__NR_fcntl, fd, F_GETFL, 0, 0, 0, 0), 0);
	EXPECT_EQ(__sys_ioctl(fd, FIONBIO, 0), -EFAULT);
	EXPECT_EQ(syscall_dispatch(__NR_fcntl, fd, F_GETFD, 0, 0, 0, 0), 0);
	EXPECT_EQ(syscall_dispatch(__NR_fcntl, fd, F_SETFD, FD_CLOEXEC, 0, 0, 0), 0);
	EXPECT_EQ(syscall_dispatch(__NR_fcntl, fd, F_GETFD, 0, 0, 0, 0), FD_CLOEXEC);
	EXPECT_EQ(syscall_dispatch(__NR_fcntl, fd, 999, 0, 0, 0, 0), -EINVAL);
	EXPECT_EQ(close_fd((unsigned int)fd), 0);
}

TEST(syscall_numbers_that_are_not_there_are_enosys)
{
	long nr;

	EXPECT_EQ(syscall_dispatch(-1, 0, 0, 0, 0, 0, 0), -ENOSYS);
	EXPECT_EQ(syscall_dispatch(__NR_MAX, 0, 0, 0, 0, 0, 0), -ENOSYS);
	EXPECT_EQ(syscall_dispatch(4, 0, 0, 0, 0, 0, 0), -ENOSYS);
	EXPECT_STREQ(syscall_name(__NR_socket), "socket");
	for (nr = 0; nr < __NR_MAX; nr++)
		EXPECT_TRUE(!syscall_name(nr) || *syscall_name(nr));
}

TEST(syscall_mmap_gives_zeroed_private_memory_and_munmap_whole_ones_back)
{
	long p = syscall_dispatch(__NR_mmap, 0, 5000, 3, 0x22, -1, 0);

	EXPECT_GT(p, 0);
	EXPECT_FALSE(memchr_inv_any((void *)p, 0, 8192));
	EXPECT_EQ(syscall_dispatch(__NR_munmap, p + 4096, 4096, 0, 0, 0, 0), -EINVAL);
	EXPECT_EQ(syscall_dispatch(__NR_munmap, p, 4096, 0, 0, 0, 0), -EINVAL);
	EXPECT_EQ(syscall_dispatch(__NR_munmap, p, 5000, 0, 0, 0, 0), 0);
	EXPECT_EQ(syscall_dispatch(__NR_munmap, p, 5000, 0, 0, 0, 0), -EINVAL);
	EXPECT_EQ(syscall_dispatch(__NR_mmap, 0, 5000, 3, 1, 3, 0), -ENODEV);
	slab_fail_after(2, 0);
	EXPECT_EQ(syscall_dispatch(__NR_mmap, 0, 5000, 3, 0x22, -1, 0), -ENOMEM);
}

TEST(proc_views_are_read_like_files)
{
	long fd = syscall_dispatch(__NR_open, (long)"/proc/slabinfo", O_RDONLY, 0, 0, 0, 0);
	char text[64], again[64];

	EXPECT_GE(fd, 0);
	EXPECT_EQ(syscall_dispatch(__NR_read, fd, (long)text, 32, 0, 0, 0), 32);
	EXPECT_EQ(syscall_dispatch(__NR_read, fd, (long)again, 32, 0, 0, 0), 32);
	EXPECT_MEMEQ(text, "# name", 6);
	EXPECT_EQ(syscall_dispatch(__NR_write, fd, (long)text, 1, 0, 0, 0), -EBADF);
	EXPECT_EQ(close_fd((unsigned int)fd), 0);
	EXPECT_EQ(syscall_dispatch(__NR_open, (long)"/proc/nothing", 0, 0, 0, 0, 0), -ENOENT);
	EXPECT_EQ(syscall_dispatch(__NR_open, (long)"/etc/passwd", 0, 0, 0, 0, 0), -ENOENT);
	EXPECT_EQ(syscall_dispatch(__NR_open, 0, 0, 0, 0, 0, 0), -EFAULT);
	EXPECT_EQ(syscall_dispatch(__NR_open, (long)"/proc/slabinfo", O_WRONLY, 0, 0, 0, 0),
		  -EACCES);
}

TEST(proc_sys_reads_and_writes_sysctls)
{
	static const char name[] = "/proc/sys/net/core/somaxconn";
	long fd = syscall_dispatch(__NR_open, (long)name, O_RDWR, 0, 0, 0, 0);
	char text[64] = "";

	EXPECT_GE(fd, 0);
	EXPECT_EQ(syscall_dispatch(__NR_read, fd, (long)text, 63, 0, 0, 0), 5);
	EXPECT_STREQ(text, "4096\n");
	EXPECT_EQ(syscall_dispatch(__NR_write, fd, (long)"17\n", 3, 0, 0, 0), 3);
	EXPECT_EQ(syscall_dispatch(__NR_write, fd, (long)"x\n", 2, 0, 0, 0), -EINVAL);
	EXPECT_EQ(close_fd((unsigned int)fd), 0);
	fd = syscall_dispatch(__NR_open, (long)name, O_RDWR, 0, 0, 0, 0);
	EXPECT_EQ(syscall_dispatch(__NR_read, fd, (long)text, 63, 0, 0, 0), 3);
	EXPECT_MEMEQ(text, "17\n", 3);
	EXPECT_EQ(syscall_dispatch(__NR_write, fd, (long)"4096", 4, 0, 0, 0), 4);
	EXPECT_EQ(close_fd((unsigned int)fd), 0);
}

TEST(proc_open_without_memory_leaves_nothing_behind)
{
	unsigned long n;
	long fd;

	for (n = 1; n < 6; n++) {
		slab_fail_after(n, 0);
		fd = syscall_dispatch(__NR_open, (long)"/proc/tasks", 0, 0, 0, 0, 0);
		slab_fail_after(0, 0);
		if (fd >= 0)
			EXPECT_EQ(close_fd((unsigned int)fd), 0);
		else
			EXPECT_EQ(fd, -ENOMEM);
	}
}
