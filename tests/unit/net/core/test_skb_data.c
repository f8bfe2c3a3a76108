// SPDX-License-Identifier: MIT
/* The bytes of packets: against a flat copy of them, whatever the geometry. */
#include <linux/net.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <net/checksum.h>
#include <net/net_namespace.h>

#include "../../test.h"

#define MAX_LEN 6000

static u8 flat[MAX_LEN], other[MAX_LEN];

static u8 *fill(u8 *p, unsigned int len)
{
	get_random_bytes(p, len);
	return p;
}

/* @linear bytes and @nr frags of up to 300 bytes each; what it holds is also at
 * @model. */
static struct sk_buff *make(unsigned int linear, int nr, u8 *model)
{
	struct sk_buff *skb = alloc_skb(init_net, linear + 96, GFP_KERNEL);
	unsigned int pos = linear;
	int i;

	BUG_ON(!skb);
	skb_reserve(skb, 32);
	skb_put_data(skb, fill(model, linear), linear);
	for (i = 0; i < nr; i++) {
		unsigned int size = 1 + get_random_u32_below(300);
		struct skb_page *page = skb_page_alloc(512, GFP_KERNEL);

		BUG_ON(!page);
		memcpy(page->data + 100, fill(model + pos, size), size);
		skb_add_rx_frag(skb, i, page, 100, size, 512);
		pos += size;
	}
	return skb;
}

static void add_frag_list(struct sk_buff *skb, int nr, u8 *model)
{
	struct sk_buff **tail = &skb_shinfo(skb)->frag_list;
	int i;

	for (i = 0; i < nr; i++) {
		struct sk_buff *part = make(1 + get_random_u32_below(100),
					    (int)get_random_u32_below(3), model + skb->len);

		skb->len += part->len;
		skb->data_len += part->len;
		skb->truesize += part->truesize;
		*tail = part;
		tail = &part->next;
	}
}

static struct sk_buff *make_any(void)
{
	struct sk_buff *skb = make(get_random_u32_below(200), (int)get_random_u32_below(6), flat);

	if (get_random_u32_below(2))
		add_frag_list(skb, (int)get_random_u32_below(4), flat);
	return skb;
}

/* All of @skb is what is at @model. */
static void expect_bytes(const struct sk_buff *skb, const u8 *model, unsigned int len)
{
	EXPECT_EQ(skb->len, len);
	memset(other, 0, len);
	EXPECT_EQ(skb_copy_bits(skb, 0, other, (int)len), 0);
	EXPECT_MEMEQ(other, model, len);
}

TEST(bytes_are_copied_out_and_in_wherever_they_lie)
{
	int round;

	for (round = 0; round < 300; round++) {
		struct sk_buff *skb = make_any();
		unsigned int len = skb->len, off = get_random_u32_below(len + 1);
		unsigned int n = get_random_u32_below(len - off + 1);

		expect_bytes(skb, flat, len);
		EXPECT_EQ(skb_copy_bits(skb, (int)off, other, (int)n), 0);
		EXPECT_MEMEQ(other, flat + off, n);
		EXPECT_EQ(skb_copy_bits(skb, (int)off, other, (int)(len - off + 1)), -EFAULT);
		EXPECT_EQ(skb_store_bits(skb, (int)off, fill(flat + off, n), (int)n), 0);
		expect_bytes(skb, flat, len);
		EXPECT_EQ(skb_store_bits(skb, (int)off, other, (int)(len - off + 1)), -EFAULT);
		consume_skb(skb);
	}
}

TEST(sums_do_not_depend_on_where_the_bytes_lie)
{
	int round;

	for (round = 0; round < 500; round++) {
		struct sk_buff *skb = make_any();
		unsigned int off = get_random_u32_below(skb->len + 1);
		unsigned int n = get_random_u32_below(skb->len - off + 1);
		__sum16 want = csum_fold(csum_partial(flat + off, (int)n, (__force __wsum)0));

		EXPECT_EQ(csum_fold(skb_checksum(skb, (int)off, (int)n, (__force __wsum)0)), want);
		EXPECT_EQ(csum_fold(skb_copy_and_csum_bits(skb, (int)off, other, (int)n)), want);
		EXPECT_MEMEQ(other, flat + off, n);
		consume_skb(skb);
	}
}

TEST(pulling_makes_bytes_linear_and_changes_none)
{
	int round;

	for (round = 0; round < 500; round++) {
		struct sk_buff *skb = make_any(), *clone = NULL;
		unsigned int len = skb->len, n = get_random_u32_below(len + 1);

		if (get_random_u32_below(2))
			clone = skb_clone(skb, GFP_KERNEL);
		EXPECT_TRUE(pskb_may_pull(skb, n));
		EXPECT_GE(skb_headlen(skb), n);
		EXPECT_MEMEQ(skb->data, flat, n);
		expect_bytes(skb, flat, len);
		EXPECT_FALSE(pskb_may_pull(skb, len + 1));
		EXPECT_EQ(pskb_may_pull_reason(skb, len + 1), SKB_DROP_REASON_PKT_TOO_SMALL);
		EXPECT_EQ(skb_linearize(skb), 0);
		EXPECT_FALSE(skb_is_nonlinear(skb));
		EXPECT_MEMEQ(skb->data, flat, len);
		EXPECT_EQ(skb_shinfo(skb)->nr_frags, 0);
		EXPECT_FALSE(skb_has_frag_list(skb));
		if (clone)
			expect_bytes(clone, flat, len);
		consume_skb(clone);
		consume_skb(skb);
	}
}

TEST(pulling_without_memory_changes_nothing)
{
	unsigned long nth;

	for (nth = 1; nth < 6; nth++) {
		struct sk_buff *skb = make(10, 3, flat), *clone;
		struct sk_buff *list_clone;
		unsigned int len;

		add_frag_list(skb, 3, flat);
		len = skb->len;
		clone = skb_clone(skb, GFP_KERNEL);
		/* One of the list is shared as well: it would have to be copied. */
		list_clone = skb_clone(skb_shinfo(skb)->frag_list->next, GFP_KERNEL);
		slab_fail_after(nth, 20);
		if (!pskb_may_pull(skb, len - 1)) {
			slab_fail_after(0, 0);
			expect_bytes(skb, flat, len);
			EXPECT_TRUE(pskb_may_pull(skb, len - 1));
		}
		slab_fail_after(0, 0);
		expect_bytes(skb, flat, len);
		expect_bytes(clone, flat, len);
		consume_skb(list_clone);
		consume_skb(clone);
		consume_skb(skb);
	}
}

TEST(trimming_keeps_the_front)
{
	int round;

	for (round = 0; round < 500; round++) {
		struct sk_buff *skb = make_any(), *clone = NULL;
		unsigned int len = skb->len, n = get_random_u32_below(len + 1);

		if (get_random_u32_below(2))
			clone = skb_clone(skb, GFP_KERNEL);
		EXPECT_EQ(pskb_trim(skb, len + 5), 0);
		EXPECT_EQ(skb->len, len);
		EXPECT_EQ(pskb_trim(skb, n), 0);
		expect_bytes(skb, flat, n);
		if (clone)
			expect_bytes(clone, flat, len);
		consume_skb(clone);
		consume_skb(skb);
	}
}

/* @csum is the sum of @len bytes at @p. There are two zeros. */
static void expect_sum(__wsum csum, const u8 *p, unsigned int len)
{
	__wsum diff = csum_sub(csum, csum_partial(p, (int)len, (__force __wsum)0));
	__sum16 folded = csum_fold(diff);

	EXPECT_TRUE(folded == (__force __sum16)0 || folded == (__force __sum16)0xffff);
}

TEST(trimming_and_pulling_correct_a_complete_sum)
{
	int round;

	for (round = 0; round < 300; round++) {
		struct sk_buff *skb = make_any();
		unsigned int len = skb->len, cut, front;

		skb->ip_summed = CHECKSUM_COMPLETE;
		skb->csum = csum_partial(flat, (int)len, (__force __wsum)0);
		cut = len ? get_random_u32_below(len) : 0;
		EXPECT_EQ(pskb_trim_rcsum(skb, cut), 0);
		expect_sum(skb->csum, flat, cut);
		front = min(skb_headlen(skb), 20U) & ~1U;
		skb_pull_rcsum(skb, front);
		expect_sum(skb->csum, flat + front, cut - front);
		skb_push_rcsum(skb, front);
		expect_sum(skb->csum, flat, cut);
		consume_skb(skb);
	}
}

TEST(a_cut_before_a_partial_checksum_is_refused)
{
	struct sk_buff *skb = make(100, 0, flat);

	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)(skb_headroom(skb) + 20);
	skb->csum_offset = 16;
	EXPECT_EQ(pskb_trim_rcsum(skb, 37), -EINVAL);
	EXPECT_EQ(pskb_trim_rcsum(skb, 38), 0);
	EXPECT_EQ(skb->len, 38);
	consume_skb(skb);
}

TEST(a_split_divides_at_every_offset)
{
	unsigned int at, len = 1;

	for (at = 0; at <= len; at++) {
		struct sk_buff *skb, *rest;

		random_seed(test_seed());
		skb = make(50, 4, flat);
		len = skb->len;
		rest = alloc_skb(init_net, 64, GFP_KERNEL);
		skb_split(skb, rest, at);
		expect_bytes(skb, flat, at);
		expect_bytes(rest, flat + at, len - at);
		consume_skb(skb);
		expect_bytes(rest, flat + at, len - at);
		consume_skb(rest);
	}
	EXPECT_GT(len, 100);
}

/* A packet all of whose @len bytes are a piece of @page. */
static struct sk_buff *piece(struct skb_page *page, unsigned int off, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(init_net, 100, GFP_KERNEL);

	skb_reserve(skb, 100);
	skb_add_rx_frag(skb, 0, skb_page_get(page), off, len, len);
	skb->ip_summed = CHECKSUM_PARTIAL;
	return skb;
}

TEST(a_shift_moves_bytes_between_neighbours)
{
	struct skb_page *page = skb_page_alloc(MAX_LEN, GFP_KERNEL);
	struct sk_buff *a, *b;
	int n;

	fill(page->data, MAX_LEN);
	for (n = 1; n <= 500; n += 7) {
		/* In one page, behind each other: the frag grows. */
		a = piece(page, 0, 1000);
		b = piece(page, 1000, 500);
		EXPECT_EQ(skb_shift(a, b, n), n);
		expect_bytes(a, page->data, 1000 + (unsigned int)n);
		expect_bytes(b, page->data + 1000 + n, 500 - (unsigned int)n);
		EXPECT_EQ(skb_shinfo(a)->nr_frags, 1);
		consume_skb(a);
		consume_skb(b);
		/* Apart: another frag. */
		a = piece(page, 0, 1000);
		b = piece(page, 3000, 500);
		EXPECT_EQ(skb_shift(a, b, n), n);
		EXPECT_EQ(skb_shinfo(a)->nr_frags, 2);
		EXPECT_EQ(a->len, 1000 + (unsigned int)n);
		expect_bytes(b, page->data + 3000 + n, 500 - (unsigned int)n);
		consume_skb(a);
		consume_skb(b);
	}
	a = piece(page, 0, 10);
	b = make(10, 1, flat);
	EXPECT_EQ(skb_shift(a, b, 5), 0);	/* linear bytes */
	EXPECT_EQ(skb_shift(a, a, 11), 0);	/* more than there are */
	for (n = 1; n < MAX_SKB_FRAGS; n++)
		skb_add_rx_frag(a, n, skb_page_get(page), (unsigned int)n * 50, 10, 10);
	consume_skb(b);
	b = piece(page, 5000, 100);
	EXPECT_EQ(skb_shift(a, b, 50), 0);	/* no room for a frag */
	expect_bytes(b, page->data + 5000, 100);
	consume_skb(a);
	consume_skb(b);
	EXPECT_EQ(refcount_read(&page->refs), 1);
	skb_page_put(page);
}

TEST(coalescing_copies_what_fits_and_takes_frags_over)
{
	struct skb_page *page = skb_page_alloc(4096, GFP_KERNEL);
	struct sk_buff *to, *from, *clone;
	bool stolen;
	int delta;

	fill(page->data, 4096);
	to = make(100, 0, flat);
	from = make(20, 0, flat + 100);
	EXPECT_TRUE(skb_try_coalesce(to, from, &stolen, &delta));
	EXPECT_EQ(delta, 0);
	kfree_skb_partial(from, stolen);
	expect_bytes(to, flat, 120);

	/* Frags by reference, from a private and from a shared packet. */
	from = piece(page, 0, 1000);
	memcpy(flat + 120, page->data, 1000);
	EXPECT_TRUE(skb_try_coalesce(to, from, &stolen, &delta));
	EXPECT_EQ(delta, 1000);
	kfree_skb_partial(from, stolen);
	expect_bytes(to, flat, 1120);
	from = piece(page, 2000, 1000);
	clone = skb_clone(from, GFP_KERNEL);
	memcpy(flat + 1120, page->data + 2000, 1000);
	EXPECT_TRUE(skb_try_coalesce(to, from, &stolen, &delta));
	kfree_skb_partial(from, stolen);
	expect_bytes(clone, page->data + 2000, 1000);
	consume_skb(clone);
	expect_bytes(to, flat, 2120);

	/* Linear bytes behind frags, or a shared target: no. */
	from = make(20, 0, other);
	EXPECT_FALSE(skb_try_coalesce(to, from, &stolen, &delta));
	clone = skb_clone(to, GFP_KERNEL);
	consume_skb(from);
	from = piece(page, 0, 10);
	EXPECT_FALSE(skb_try_coalesce(to, from, &stolen, &delta));
	consume_skb(from);
	consume_skb(clone);
	consume_skb(to);
	EXPECT_EQ(refcount_read(&page->refs), 1);
	skb_page_put(page);
}

TEST(padding_is_zeros_and_nothing_else)
{
	struct sk_buff *skb = make(20, 0, flat), *clone;

	memset(skb->tail, 0xaa, skb_tailroom(skb));
	EXPECT_EQ(skb_put_padto(skb, 60), 0);
	EXPECT_EQ(skb->len, 60);
	EXPECT_MEMEQ(skb->data, flat, 20);
	EXPECT_TRUE(!memchr_inv_any(skb->data + 20, 0, 40));
	clone = skb_clone(skb, GFP_KERNEL);
	EXPECT_EQ(skb_put_padto(clone, 100), 0);
	EXPECT_TRUE(clone->data != skb->data);
	EXPECT_TRUE(!memchr_inv_any(clone->data + 20, 0, 80));
	consume_skb(clone);
	consume_skb(skb);
	skb = make(10, 2, flat);
	skb_trim(skb, skb->len);
	EXPECT_EQ(skb_padto(skb, skb->len + 30), 0);
	EXPECT_FALSE(skb_is_nonlinear(skb));
	consume_skb(skb);
	skb = make(20, 0, flat);
	clone = skb_clone(skb, GFP_KERNEL);
	slab_fail_after(1, 10);
	EXPECT_EQ(skb_put_padto(clone, 60), -ENOMEM);
	slab_fail_after(0, 0);
	consume_skb(skb);
}

TEST(checksum_help_fills_in_what_was_asked_for)
{
	int round;

	for (round = 0; round < 100; round++) {
		struct sk_buff *skb = make(60, (int)get_random_u32_below(4), flat), *clone;
		unsigned int start = get_random_u32_below(20), off = get_random_u32_below(20);
		__sum16 was = (__force __sum16)0;

		memcpy(flat + start + off, &was, sizeof(was));
		EXPECT_EQ(skb_store_bits(skb, (int)(start + off), &was, sizeof(was)), 0);
		EXPECT_TRUE(skb_partial_csum_set(skb, (u16)start, (u16)off));
		clone = skb_clone(skb, GFP_KERNEL);
		EXPECT_EQ(skb_checksum_help(skb), 0);
		EXPECT_EQ((int)skb->ip_summed, CHECKSUM_NONE);
		if (!(off & 1))
			EXPECT_EQ(csum_fold(skb_checksum(skb, (int)start, (int)(skb->len - start),
							 (__force __wsum)0)), 0);
		/* The clone is not touched. */
		expect_bytes(clone, flat, clone->len);
		skb_copy_and_csum_dev(clone, other);
		EXPECT_EQ(skb_copy_bits(skb, 0, flat, (int)skb->len), 0);
		if (memcmp(flat, other, skb->len))
			EXPECT_MEMEQ(flat, other, skb->len);
		consume_skb(clone);
		consume_skb(skb);
	}
}

TEST(hostile_checksum_offsets_are_refused)
{
	struct sk_buff *skb = make(60, 1, flat);

	EXPECT_FALSE(skb_partial_csum_set(skb, 59, 0));
	EXPECT_FALSE(skb_partial_csum_set(skb, 0xffff, 0xffff));
	EXPECT_FALSE(skb_partial_csum_set(skb, 0, 0xfffe));
	EXPECT_TRUE(skb_partial_csum_set(skb, 58, 0));
	EXPECT_EQ((int)skb->ip_summed, CHECKSUM_PARTIAL);
	/* Headers taken off after that: it points in front of the data. */
	__skb_pull(skb, 59);
	EXPECT_EQ(skb_checksum_help(skb), -EINVAL);
	consume_skb(skb);
}

TEST(programs_get_bytes_from_anywhere_in_a_packet)
{
	static u8 buf[MAX_LEN];
	int round;

	for (round = 0; round < 200; round++) {
		struct sk_buff *skb = make_any();
		unsigned int off = get_random_u32_below(skb->len + 1);
		unsigned int n = skb->len - off, first = get_random_u32_below(n + 1);
		struct kvec vec[2] = { { buf, first }, { buf + first, n - first } };
		struct iov_iter it;

		memset(buf, 0, sizeof(buf));
		iov_iter_kvec(&it, ITER_DEST, vec, 2, n);
		EXPECT_EQ(skb_copy_datagram_iter(skb, (int)off, &it, (int)n), 0);
		EXPECT_EQ(iov_iter_count(&it), 0);
		EXPECT_MEMEQ(buf, flat + off, n);
		/* Less room than bytes: what fits. */
		iov_iter_kvec(&it, ITER_DEST, vec, 1, first);
		EXPECT_EQ(skb_copy_datagram_iter(skb, (int)off, &it, (int)n), 0);
		EXPECT_MEMEQ(buf, flat + off, first);
		/* And back. */
		fill(buf, n);
		iov_iter_kvec(&it, ITER_SOURCE, vec, 2, n);
		EXPECT_EQ(skb_copy_datagram_from_iter(skb, (int)off, &it, (int)n), 0);
		EXPECT_EQ(skb_copy_bits(skb, (int)off, other, (int)n), 0);
		EXPECT_MEMEQ(other, buf, n);
		consume_skb(skb);
	}
}

TEST(a_bad_address_costs_the_program_nothing)
{
	struct sk_buff *skb = make(100, 2, flat);
	struct iovec vec[2] = { { other, 50 }, { NULL, 500 } };
	struct iov_iter it;

	iov_iter_init(&it, ITER_DEST, vec, 2, 550);
	EXPECT_EQ(skb_copy_datagram_iter(skb, 0, &it, (int)skb->len), -EFAULT);
	EXPECT_EQ(iov_iter_count(&it), 550);
	vec[0].iov_base = NULL;
	iov_iter_init(&it, ITER_SOURCE, vec, 1, 50);
	consume_skb(skb);
	skb = make(100, 0, flat);
	EXPECT_EQ(skb_add_data_nocache(NULL, skb, &it, 50), -EFAULT);
	expect_bytes(skb, flat, 100);
	consume_skb(skb);
}

TEST(a_wrong_sum_is_found_while_copying)
{
	static u8 buf[MAX_LEN];
	int round, hlen;

	for (round = 0; round < 200; round++) {
		struct kvec vec = { buf, MAX_LEN };
		struct msghdr msg = { .msg_flags = 0 };
		struct sk_buff *skb = make(20, 3, flat);
		unsigned int size;

		hlen = (int)get_random_u32_below(20);
		size = skb->len - (unsigned int)hlen;
		/* As if the pseudo header made it come out right. */
		skb->csum = csum_sub((__force __wsum)0xffff,
				     csum_partial(flat, (int)skb->len, (__force __wsum)0));
		if (round & 1)
			vec.iov_len = size - 1;	/* the other way: sum first */
		iov_iter_kvec(&msg.msg_iter, ITER_DEST, &vec, 1, vec.iov_len);
		EXPECT_EQ(skb_copy_and_csum_datagram_msg(skb, hlen, &msg), 0);
		EXPECT_MEMEQ(buf, flat + hlen, min_t(size_t, size, vec.iov_len));
		consume_skb(skb);

		skb = make(20, 3, flat);
		vec.iov_len = MAX_LEN;
		skb->csum = csum_sub((__force __wsum)0xfffe,
				     csum_partial(flat, (int)skb->len, (__force __wsum)0));
		iov_iter_kvec(&msg.msg_iter, ITER_DEST, &vec, 1, MAX_LEN);
		EXPECT_EQ(skb_copy_and_csum_datagram_msg(skb, hlen, &msg), -EINVAL);
		EXPECT_EQ(iov_iter_count(&msg.msg_iter), MAX_LEN);
		consume_skb(skb);
	}
}

TEST(data_added_by_a_program_is_summed_unless_somebody_below_does)
{
	struct kvec vec = { flat, 333 };
	struct sk_buff *skb = alloc_skb(init_net, 700, GFP_KERNEL);
	struct iov_iter it;

	fill(flat, 333);
	iov_iter_kvec(&it, ITER_SOURCE, &vec, 1, 333);
	EXPECT_EQ(skb_add_data_nocache(NULL, skb, &it, 33), 0);
	EXPECT_EQ(skb_add_data_nocache(NULL, skb, &it, 300), 0);
	expect_bytes(skb, flat, 333);
	EXPECT_EQ(csum_fold(skb->csum), csum_fold(csum_partial(flat, 333, (__force __wsum)0)));
	consume_skb(skb);
}
