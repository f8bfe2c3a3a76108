// SPDX-License-Identifier: MIT
/* kernel/lib/iov_iter.c, kernel/uaccess.c */
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <net/checksum.h>

#include "../test.h"

static char text[] = "the quick brown fox jumps over the lazy dog";

static struct iovec vec(void *p, size_t len)
{
	return (struct iovec){ .iov_base = (__force void __user *)p, .iov_len = len };
}

TEST(iov_iter_gathers_across_segments)
{
	struct iovec iov[4] = { vec(text, 4), vec(NULL, 0), vec(text + 4, 5), vec(text + 9, 34) };
	struct iov_iter i;
	char out[64] = "";

	iov_iter_init(&i, ITER_SOURCE, iov, 4, 43);
	EXPECT_EQ(copy_from_iter(out, 2, &i), 2UL);
	EXPECT_EQ(iov_iter_single_seg_count(&i), 2UL);
	EXPECT_EQ(copy_from_iter(out + 2, 10, &i), 10UL);
	EXPECT_EQ(iov_iter_count(&i), 31UL);
	iov_iter_revert(&i, 9);
	EXPECT_EQ(copy_from_iter(out + 3, 100, &i), 40UL);
	EXPECT_MEMEQ(out, text, 43);
	EXPECT_EQ(iov_iter_count(&i), 0UL);
	EXPECT_EQ(copy_from_iter(out, 1, &i), 0UL);
	iov_iter_revert(&i, 43);
	EXPECT_TRUE(copy_from_iter_full(out, 43, &i));
}

TEST(iov_iter_scatters_and_zeros)
{
	char a[5], b[3], c[50];
	struct iovec iov[3] = { vec(a, 5), vec(b, 3), vec(c, 50) };
	struct iov_iter i;

	iov_iter_init(&i, ITER_DEST, iov, 3, 58);
	iov_iter_truncate(&i, 20);
	EXPECT_EQ(copy_to_iter(text, 43, &i), 20UL);
	EXPECT_MEMEQ(a, text, 5);
	EXPECT_MEMEQ(b, text + 5, 3);
	EXPECT_MEMEQ(c, text + 8, 12);
	iov_iter_reexpand(&i, 38);
	EXPECT_EQ(iov_iter_zero(100, &i), 38UL);
	EXPECT_FALSE(memchr_inv_any(c + 12, 0, 38));
}

TEST(iov_iter_stops_at_a_bad_pointer)
{
	struct iovec iov[2] = { vec(text, 4), vec((void *)4096, 10) };
	struct iov_iter i;
	char out[16];

	iov_iter_init(&i, ITER_SOURCE, iov, 2, 14);
	EXPECT_FALSE(copy_from_iter_full(out, 14, &i));
	EXPECT_EQ(iov_iter_count(&i), 14UL);
	EXPECT_EQ(copy_from_iter(out, 14, &i), 4UL);
	EXPECT_EQ(copy_from_iter(out, 14, &i), 0UL);
	EXPECT_EQ(iov_iter_count(&i), 10UL);
}

TEST(iov_iter_advance_and_revert_agree_for_all_positions)
{
	struct iovec iov[5] = { vec(text, 3), vec(text + 3, 0), vec(text + 3, 7),
				vec(text + 10, 1), vec(text + 11, 20) };
	unsigned int from, to;
	char c;

	for (from = 0; from <= 31; from++)
		for (to = 0; to < 31; to++) {
			struct iov_iter i;

			iov_iter_init(&i, ITER_SOURCE, iov, 5, 31);
			iov_iter_advance(&i, from);
			if (to >= from)
				iov_iter_advance(&i, to - from);
			else
				iov_iter_revert(&i, from - to);
			EXPECT_EQ(iov_iter_count(&i), 31UL - to);
			EXPECT_EQ(copy_from_iter(&c, 1, &i), 1UL);
			EXPECT_EQ(c, text[to]);
		}
}

TEST(iov_iter_checksum_does_not_mind_odd_cuts)
{
	u8 src[200], dst[200];
	unsigned int a, b;

	get_random_bytes(src, sizeof(src));
	for (a = 0; a < 20; a++)
		for (b = 1; b < 20; b++) {
			struct iovec iov[3] = { vec(src, a), vec(src + a, b),
						vec(src + a + b, 199 - a - b) };
			__wsum sum = 0, want = csum_partial(src, 199, 0);
			struct iov_iter i;

			iov_iter_init(&i, ITER_SOURCE, iov, 3, 199);
			EXPECT_TRUE(csum_and_copy_from_iter_full(dst, 199, &sum, &i));
			EXPECT_TRUE(csum_fold(sum) == csum_fold(want));
			EXPECT_MEMEQ(dst, src, 199);
			iov_iter_init(&i, ITER_DEST, iov, 3, 199);
			sum = 0;
			EXPECT_EQ(csum_and_copy_to_iter(dst, 199, &sum, &i), 199UL);
			EXPECT_TRUE(csum_fold(sum) == csum_fold(want));
		}
}

TEST(iov_iter_kernel_buffers_are_not_checked)
{
	struct kvec kv = { .iov_base = text, .iov_len = 43 };
	struct iov_iter i;
	char out[43];

	uaccess_set_limits(1, 2);
	iov_iter_kvec(&i, ITER_SOURCE, &kv, 1, 43);
	EXPECT_EQ(copy_from_iter(out, 43, &i), 43UL);
	EXPECT_FALSE(access_ok((__force void __user *)text, 1));
	uaccess_set_limits(65536, UINTPTR_MAX);
}

TEST(iov_iter_import_checks_what_it_takes)
{
	struct iovec fast[2], *taken, user[10];
	const struct iovec __user *uv = (__force const struct iovec __user *)user;
	struct iov_iter i;
	unsigned int n;

	for (n = 0; n < 10; n++)
		user[n] = vec(text + n, 1);
	EXPECT_EQ(import_iovec(ITER_SOURCE, uv, 2, 2, fast, &taken, &i), 2L);
	EXPECT_TRUE(taken == NULL);
	EXPECT_EQ(import_iovec(ITER_SOURCE, uv, 10, 2, fast, &taken, &i), 10L);
	EXPECT_TRUE(taken != NULL);
	kfree(taken);
	EXPECT_EQ(import_iovec(ITER_SOURCE, uv, 0, 2, fast, &taken, &i), 0L);
	EXPECT_EQ(import_iovec(ITER_SOURCE, uv, UIO_MAXIOV + 1, 2, fast, &taken, &i),
		  (ssize_t)-EINVAL);
	EXPECT_EQ(import_iovec(ITER_SOURCE, NULL, 1, 2, fast, &taken, &i), (ssize_t)-EFAULT);
	user[1].iov_len = SIZE_MAX;
	EXPECT_EQ(import_iovec(ITER_SOURCE, uv, 10, 2, fast, &taken, &i), (ssize_t)-EINVAL);
	user[1] = vec((void *)16, 1);
	EXPECT_EQ(import_iovec(ITER_SOURCE, uv, 10, 2, fast, &taken, &i), (ssize_t)-EFAULT);
	slab_fail_after(1, 0);
	EXPECT_EQ(import_iovec(ITER_SOURCE, uv, 10, 2, fast, &taken, &i), (ssize_t)-ENOMEM);
	user[0] = user[1] = vec((void *)65536, MAX_RW_COUNT - 5);
	EXPECT_EQ(import_iovec(ITER_SOURCE, uv, 2, 2, fast, &taken, &i), (ssize_t)MAX_RW_COUNT);
	EXPECT_EQ(import_single_range(ITER_DEST, NULL, 1, fast, &i), -EFAULT);
	EXPECT_EQ(import_single_range(ITER_DEST, user[2].iov_base, 1, fast, &i), 0);
}

TEST(uaccess_refuses_what_cannot_be_a_programs)
{
	u32 value = 7, out = 0;
	u32 __user *good = (__force u32 __user *)&value;
	u32 __user *bad = (__force u32 __user *)(uintptr_t)65535;
	char buf[8];

	EXPECT_EQ(get_user(out, good), 0);
	EXPECT_EQ(out, 7U);
	EXPECT_EQ(put_user(9, good), 0);
	EXPECT_EQ(value, 9U);
	EXPECT_EQ(get_user(out, bad), -EFAULT);
	EXPECT_EQ(out, 0U);
	EXPECT_EQ(put_user(1, (u32 __user *)NULL), -EFAULT);
	EXPECT_EQ(copy_from_user(buf, bad, 8), 8UL);
	EXPECT_EQ(clear_user(good, 4), 0UL);
	EXPECT_FALSE(__access_ok(UINTPTR_MAX - 4, 8));
	EXPECT_FALSE(__access_ok(65536, SIZE_MAX));
	EXPECT_TRUE(__access_ok(0, 0));
	EXPECT_EQ(strncpy_from_user(buf, (__force const char __user *)text, 8), 8L);
	EXPECT_EQ(strncpy_from_user(buf, (__force const char __user *)"eth0", 8), 4L);
	EXPECT_STREQ(buf, "eth0");
	EXPECT_EQ(strncpy_from_user(buf, NULL, 8), (long)-EFAULT);
}
