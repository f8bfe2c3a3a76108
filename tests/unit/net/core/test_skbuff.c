// SPDX-License-Identifier: MIT
/* The life of packets: allocation, clones, copies, ends, accounts. */
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "../../test.h"

static struct sk_buff *filled(unsigned int headroom, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(init_net, headroom + len, GFP_KERNEL);
	unsigned int i;
	u8 *p;

	BUG_ON(!skb);
	skb_reserve(skb, (int)headroom);
	p = skb_put(skb, len);
	for (i = 0; i < len; i++)
		p[i] = (u8)(i * 7);
	return skb;
}

TEST(new_packet_is_empty_and_has_the_room_asked_for)
{
	static const unsigned int sizes[] = { 0, 1, 64, 448, 449, 1514, 1728, 1729, 9000, 65550 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct sk_buff *skb = alloc_skb(init_net, sizes[i], GFP_KERNEL);

		EXPECT_TRUE(skb != NULL);
		EXPECT_EQ(skb->len, 0);
		EXPECT_EQ(skb_headroom(skb), 0);
		EXPECT_GE(skb_tailroom(skb), sizes[i]);
		EXPECT_EQ(skb->truesize, SKB_TRUESIZE(skb_end_offset(skb)));
		EXPECT_FALSE(skb_mac_header_was_set(skb));
		EXPECT_FALSE(skb_transport_header_was_set(skb));
		EXPECT_FALSE(skb_cloned(skb) || skb_shared(skb) || skb_is_gso(skb));
		EXPECT_EQ(skb_shinfo(skb)->nr_frags, 0);
		memset(skb->head, 0xff, sizes[i]);
		consume_skb(skb);
	}
	EXPECT_TRUE(alloc_skb(init_net, 0xfffffff0U, GFP_KERNEL) == NULL);
}

TEST(reserve_put_push_pull_and_trim_move_the_pointers)
{
	struct sk_buff *skb = alloc_skb(init_net, 200, GFP_KERNEL);
	u8 *head = skb->head;

	skb_reserve(skb, 64);
	EXPECT_TRUE(skb_put(skb, 100) == head + 64);
	EXPECT_EQ(skb->len, 100);
	EXPECT_TRUE(skb_push(skb, 14) == head + 50);
	EXPECT_EQ(skb->len, 114);
	EXPECT_EQ(skb_headroom(skb), 50);
	EXPECT_TRUE(skb_pull(skb, 34) == head + 84);
	EXPECT_EQ(skb->len, 80);
	EXPECT_TRUE(skb_pull(skb, 81) == NULL);
	EXPECT_EQ(skb->len, 80);
	skb_trim(skb, 90);
	EXPECT_EQ(skb->len, 80);
	skb_trim(skb, 10);
	EXPECT_EQ(skb->len, 10);
	EXPECT_EQ(skb_tail_pointer(skb) - skb->data, 10);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, 4);
	skb_push(skb, 14);
	skb_reset_mac_header(skb);
	EXPECT_EQ(skb_network_offset(skb), 14);
	EXPECT_EQ(skb_transport_offset(skb), 18);
	EXPECT_EQ(skb_network_header_len(skb), 4);
	EXPECT_EQ(skb_mac_header_len(skb), 14);
	consume_skb(skb);
}

static void put_too_much(void *arg)
{
	struct sk_buff *skb = arg;

	skb_put(skb, skb_tailroom(skb) + 1);
}

static void push_too_much(void *arg)
{
	struct sk_buff *skb = arg;

	skb_push(skb, skb_headroom(skb) + 1);
}

TEST(leaving_the_bounds_panics_and_prints_the_packet)
{
	struct sk_buff *skb = filled(16, 20);

	EXPECT_PANIC(put_too_much, skb, "len=20 headlen=20");
	EXPECT_PANIC(push_too_much, skb, "data=+16 tail=+36");
	EXPECT_EQ(skb->len, 20);
	consume_skb(skb);
}

TEST(clone_shares_the_data_and_keeps_the_id)
{
	struct sk_buff *skb = filled(32, 100), *n;

	skb->protocol = htons(0x0800);
	skb->mark = 7;
	memset(skb->cb, 0x11, sizeof(skb->cb));
	n = skb_clone(skb, GFP_KERNEL);
	EXPECT_TRUE(n->head == skb->head);
	EXPECT_EQ(n->id, skb->id);
	EXPECT_EQ(n->mark, 7);
	EXPECT_EQ(n->cb[47], 0x11);
	EXPECT_TRUE(skb_cloned(skb) && skb_cloned(n));
	EXPECT_TRUE(skb_header_cloned(skb));
	consume_skb(skb);
	EXPECT_FALSE(skb_cloned(n));
	consume_skb(n);
}

TEST(copy_on_write_gives_each_its_own_bytes)
{
	struct sk_buff *skb = filled(32, 100), *n = skb_clone(skb, GFP_KERNEL);
	u8 *before = skb->data;

	EXPECT_EQ(skb_cow_head(n, 16), 0);
	EXPECT_TRUE(n->data != before);
	EXPECT_FALSE(skb_cloned(n) || skb_cloned(skb));
	n->data[0] = 0xee;
	EXPECT_EQ(skb->data[0], 0);
	EXPECT_MEMEQ(n->data + 1, skb->data + 1, 99);
	/* Nobody shares any more: nothing to do. */
	before = n->data;
	EXPECT_EQ(skb_cow_head(n, 16), 0);
	EXPECT_TRUE(n->data == before);
	EXPECT_EQ(skb_cow(n, skb_headroom(n) + 1), 0);
	EXPECT_GE(skb_headroom(n), 33);
	EXPECT_EQ(n->data[0], 0xee);
	consume_skb(skb);
	consume_skb(n);
}

TEST(a_released_header_is_the_clones_to_write)
{
	struct sk_buff *skb = alloc_skb_fclone(init_net, 200, GFP_KERNEL), *n;

	skb_reserve(skb, 100);
	skb_put(skb, 50);
	__skb_header_release(skb);
	n = skb_clone(skb, GFP_KERNEL);
	EXPECT_TRUE(skb_cloned(n));
	EXPECT_FALSE(skb_header_cloned(n));
	skb_push(n, 20);
	consume_skb(n);
	EXPECT_FALSE(skb_cloned(skb));
	consume_skb(skb);
}

TEST(fast_clone_lies_beside_the_original_and_is_used_again)
{
	struct sk_buff *skb = alloc_skb_fclone(init_net, 200, GFP_KERNEL), *n, *m;

	n = skb_clone(skb, GFP_KERNEL);
	EXPECT_TRUE(n == skb + 1);
	EXPECT_TRUE(skb_fclone_busy(NULL, skb));
	m = skb_clone(skb, GFP_KERNEL);
	EXPECT_TRUE(m != n);
	consume_skb(n);
	EXPECT_FALSE(skb_fclone_busy(NULL, skb));
	n = skb_clone(skb, GFP_KERNEL);
	EXPECT_TRUE(n == skb + 1);
	/* The original may go first. */
	consume_skb(skb);
	EXPECT_EQ((int)n->fclone, SKB_FCLONE_CLONE);
	consume_skb(n);
	consume_skb(m);
}

TEST(copy_is_private_linear_and_has_the_same_room)
{
	struct sk_buff *skb = filled(48, 100), *n;
	struct skb_page *page = skb_page_alloc(4096, GFP_KERNEL);

	memset(page->data, 0x5c, 4096);
	skb_add_rx_frag(skb, 0, page, 100, 500, 4096);
	skb_reset_network_header(skb);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)(skb_headroom(skb) + 20);
	n = skb_copy(skb, GFP_KERNEL);
	EXPECT_EQ(n->len, 600);
	EXPECT_FALSE(skb_is_nonlinear(n));
	EXPECT_EQ(skb_headroom(n), 48);
	EXPECT_EQ(skb_network_offset(n), 0);
	EXPECT_EQ(skb_checksum_start_offset(n), 20);
	EXPECT_EQ(n->data[99], (u8)(99 * 7));
	EXPECT_EQ(n->data[100], 0x5c);
	EXPECT_EQ(n->data[599], 0x5c);
	EXPECT_EQ(n->id, skb->id);
	consume_skb(n);
	n = skb_copy_expand(skb, 200, 300, GFP_KERNEL);
	EXPECT_EQ(skb_headroom(n), 200);
	EXPECT_GE(skb_tailroom(n), 300);
	EXPECT_EQ(skb_checksum_start_offset(n), 20);
	consume_skb(n);
	n = pskb_copy(skb, GFP_KERNEL);
	EXPECT_EQ(skb_shinfo(n)->nr_frags, 1);
	EXPECT_TRUE(skb_shinfo(n)->frags[0].page == page);
	EXPECT_EQ(refcount_read(&page->refs), 2);
	EXPECT_TRUE(n->head != skb->head);
	consume_skb(skb);
	EXPECT_EQ(n->len, 600);
	consume_skb(n);
}

TEST(expanding_the_head_keeps_bytes_headers_and_frags)
{
	struct sk_buff *skb = filled(20, 300), *n;
	struct skb_page *page = skb_page_alloc(1000, GFP_KERNEL);
	unsigned int truesize;

	memset(page->data, 0x77, 1000);
	skb_add_rx_frag(skb, 0, page, 0, 1000, 1000);
	skb_set_transport_header(skb, 40);
	truesize = skb->truesize;
	n = skb_clone(skb, GFP_KERNEL);
	EXPECT_EQ(pskb_expand_head(n, 2000, 500, GFP_KERNEL), 0);
	EXPECT_EQ(skb_headroom(n), 2020);
	EXPECT_EQ(skb_transport_offset(n), 40);
	EXPECT_EQ(n->len, 1300);
	EXPECT_GT(n->truesize, truesize);
	EXPECT_EQ(refcount_read(&page->refs), 2);
	EXPECT_MEMEQ(n->data, skb->data, 300);
	consume_skb(skb);
	EXPECT_EQ(refcount_read(&page->refs), 1);
	consume_skb(n);
}

TEST(every_packet_is_created_once_and_ends_once)
{
	struct packet_accounting before = init_net->acct;
	struct sk_buff *skb = filled(0, 10), *n = skb_clone(skb, GFP_KERNEL);

	EXPECT_EQ(init_net->acct.created - before.created, 2);
	EXPECT_EQ(net_packets_alive(init_net), 2);
	skb_get(skb);
	consume_skb(skb);
	EXPECT_EQ(init_net->acct.consumed, before.consumed);
	consume_skb(skb);
	EXPECT_EQ(init_net->acct.consumed - before.consumed, 1);
	kfree_skb_reason(n, SKB_DROP_REASON_IP_CSUM);
	EXPECT_EQ(init_net->acct.dropped - before.dropped, 1);
	EXPECT_EQ(net_packets_alive(init_net), 0);
	consume_skb(NULL);
	kfree_skb_reason(NULL, SKB_DROP_REASON_NOMEM);
}

TEST(ids_are_new_for_new_packets_and_apart_between_namespaces)
{
	struct net *net = net_create();
	struct sk_buff *a = filled(0, 1), *b = filled(0, 1), *c;

	EXPECT_EQ(b->id, a->id + 1);
	c = alloc_skb(net, 10, GFP_KERNEL);
	EXPECT_EQ(c->id >> 48, net->id);
	EXPECT_NE(c->id >> 48, a->id >> 48);
	skb_set_net(a, net);
	EXPECT_EQ(net_packets_alive(net), 2);
	EXPECT_EQ(net_packets_alive(init_net), 1);
	EXPECT_EQ(a->id >> 48, 0);
	consume_skb(a);
	consume_skb(b);
	consume_skb(c);
	net_destroy(net);
}

TEST(a_drop_names_its_reason_for_the_whole_frag_list)
{
	struct sk_buff *skb = filled(0, 10), *a = filled(0, 20), *b = filled(0, 30);
	u64 before = init_net->drops[SKB_DROP_REASON_IP_TTL];

	a->next = b;
	skb_shinfo(skb)->frag_list = a;
	skb->len += 50;
	skb->data_len += 50;
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_TTL);
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_IP_TTL] - before, 3);
	EXPECT_STREQ(skb_drop_reason_name(SKB_DROP_REASON_IP_TTL), "IP_TTL");
	EXPECT_STREQ(skb_drop_reason_text(SKB_DROP_REASON_IP_TTL), "time to live reached zero");
	EXPECT_STREQ(skb_drop_reason_name((enum skb_drop_reason)9999), "?");
}

static unsigned int destroyed;

static void count_destructor(struct sk_buff *skb)
{
	destroyed++;
}

TEST(the_owner_is_told_once_at_orphan_or_at_the_end)
{
	struct sk_buff *skb = filled(0, 10), *n;

	destroyed = 0;
	skb->destructor = count_destructor;
	n = skb_clone(skb, GFP_KERNEL);
	consume_skb(n);
	EXPECT_EQ(destroyed, 0);
	skb_orphan(skb);
	EXPECT_EQ(destroyed, 1);
	skb->destructor = count_destructor;
	consume_skb(skb);
	EXPECT_EQ(destroyed, 2);
}

TEST(share_check_and_unshare_make_private_packets)
{
	struct sk_buff *skb = filled(0, 50), *n;

	EXPECT_TRUE(skb_share_check(skb, GFP_KERNEL) == skb);
	skb_get(skb);
	n = skb_share_check(skb, GFP_KERNEL);
	EXPECT_TRUE(n != skb && n->head == skb->head);
	EXPECT_FALSE(skb_shared(skb) || skb_shared(n));
	n = skb_unshare(n, GFP_KERNEL);
	EXPECT_TRUE(n->head != skb->head);
	EXPECT_MEMEQ(n->data, skb->data, 50);
	EXPECT_TRUE(skb_unshare(n, GFP_KERNEL) == n);
	consume_skb(skb);
	consume_skb(n);
}

TEST(no_memory_leaves_a_packet_as_it_was)
{
	struct sk_buff *skb = filled(20, 100), *n = skb_clone(skb, GFP_KERNEL);
	u8 *data = skb->data;

	slab_fail_after(1, 100);
	EXPECT_TRUE(alloc_skb(init_net, 100, GFP_KERNEL) == NULL);
	EXPECT_TRUE(skb_clone(skb, GFP_KERNEL) == NULL);
	EXPECT_TRUE(skb_copy(skb, GFP_KERNEL) == NULL);
	EXPECT_TRUE(pskb_copy(skb, GFP_KERNEL) == NULL);
	EXPECT_EQ(pskb_expand_head(skb, 1, 0, GFP_KERNEL), -ENOMEM);
	EXPECT_EQ(skb_cow_head(skb, 0), -ENOMEM);
	EXPECT_TRUE(skb_page_alloc(4096, GFP_KERNEL) == NULL);
	slab_fail_after(2, 100);
	EXPECT_TRUE(alloc_skb(init_net, 100, GFP_KERNEL) == NULL);
	slab_fail_after(0, 0);
	EXPECT_TRUE(skb->data == data && n->data == data);
	EXPECT_EQ(skb->len, 100);
	consume_skb(skb);
	consume_skb(n);
}

TEST(a_received_page_becomes_a_packet_with_linear_headers)
{
	struct skb_page *page = skb_page_alloc(4096, GFP_KERNEL);
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < 4096; i++)
		page->data[i] = (u8)(i % 251);
	/* Short: copied whole, the page is free again. */
	skb_page_get(page);
	skb = skb_from_page(init_net, page, 12, 60, 60, 4096);
	EXPECT_EQ(skb->len, 60);
	EXPECT_FALSE(skb_is_nonlinear(skb));
	EXPECT_MEMEQ(skb->data, page->data + 12, 60);
	EXPECT_EQ(refcount_read(&page->refs), 1);
	consume_skb(skb);
	skb = skb_from_page(init_net, page, 12, 1514, SKB_RX_COPY, 4096);
	EXPECT_EQ(skb->len, 1514);
	EXPECT_EQ(skb_headlen(skb), SKB_RX_COPY);
	EXPECT_GE(skb_headroom(skb), NET_SKB_PAD);
	EXPECT_EQ(skb_linearize(skb), 0);
	for (i = 0; i < 1514; i++)
		EXPECT_EQ(skb->data[i], (u8)((i + 12) % 251));
	consume_skb(skb);
	page = skb_page_alloc(2048, GFP_KERNEL);
	slab_fail_after(1, 0);
	EXPECT_TRUE(skb_from_page(init_net, page, 0, 1000, 54, 2048) == NULL);
	skb_page_put(page);
}

TEST(packets_with_frags_are_allocated_in_pieces)
{
	struct sk_buff *skb;
	int err = 0;

	skb = alloc_skb_with_frags(init_net, 100, 100000, &err, GFP_KERNEL);
	EXPECT_EQ(skb->data_len, 100000);
	EXPECT_EQ(skb_shinfo(skb)->nr_frags, 4);
	consume_skb(skb);
	EXPECT_TRUE(!alloc_skb_with_frags(init_net, 100, 1U << 30, &err, GFP_KERNEL));
	EXPECT_EQ(err, -EMSGSIZE);
	slab_fail_after(6, 10);
	EXPECT_TRUE(!alloc_skb_with_frags(init_net, 100, 100000, &err, GFP_KERNEL));
	EXPECT_EQ(err, -ENOBUFS);
}

TEST(softirqs_do_not_share_the_page_that_a_program_writes_to)
{
	struct sock *sk = kzalloc(sizeof(*sk), GFP_KERNEL);
	struct page_frag *mine, *theirs;

	EXPECT_TRUE(sk);
	sk->sk_net = init_net;
	/* A program's bytes go there; then comes a softirq that writes, too. */
	mine = sk_page_frag(sk);
	EXPECT_TRUE(skb_page_frag_refill(100, mine, GFP_KERNEL));
	this_cpu()->preempt_count += SOFTIRQ_OFFSET;
	theirs = sk_page_frag(sk);
	EXPECT_TRUE(skb_page_frag_refill(100, theirs, GFP_ATOMIC));
	this_cpu()->preempt_count -= SOFTIRQ_OFFSET;
	EXPECT_TRUE(mine->page != theirs->page);
	skb_page_frag_release(theirs);
	skb_page_frag_release(mine);
	kfree(sk);
}

TEST(pieces_of_a_page_are_used_again_when_all_have_come_back)
{
	struct page_frag frag = { NULL, 0, 0 };
	struct skb_page *first;

	EXPECT_TRUE(skb_page_frag_refill(1000, &frag, GFP_KERNEL));
	first = frag.page;
	EXPECT_EQ(frag.size, SKB_FRAG_PAGE_ORDER_BYTES);
	skb_page_get(frag.page);
	frag.offset += 32000;
	/* A piece is out and the rest too small: a new page. */
	EXPECT_TRUE(skb_page_frag_refill(1000, &frag, GFP_KERNEL));
	EXPECT_TRUE(frag.page != first);
	skb_page_put(first);
	/* All pieces back: from the beginning. */
	frag.offset = 32768;
	first = frag.page;
	EXPECT_TRUE(skb_page_frag_refill(1000, &frag, GFP_KERNEL));
	EXPECT_TRUE(frag.page == first);
	EXPECT_EQ(frag.offset, 0);
	/* Larger than a page of the usual size. */
	EXPECT_TRUE(skb_page_frag_refill(100000, &frag, GFP_KERNEL));
	EXPECT_GE(frag.size, 100000);
	skb_page_frag_release(&frag);
	/* Little memory: a small one. */
	slab_fail_after(1, 0);
	EXPECT_TRUE(skb_page_frag_refill(100, &frag, GFP_KERNEL));
	EXPECT_EQ(frag.size, 4096);
	skb_page_frag_release(&frag);
	slab_fail_after(1, 10);
	EXPECT_FALSE(skb_page_frag_refill(100, &frag, GFP_KERNEL));
}

TEST(queues_keep_order_and_count)
{
	struct sk_buff_head a, b;
	struct sk_buff *skb[5], *p, *tmp;
	int i;

	skb_queue_head_init(&a);
	skb_queue_head_init(&b);
	for (i = 0; i < 5; i++) {
		skb[i] = filled(0, (unsigned int)i + 1);
		skb_queue_tail(&a, skb[i]);
	}
	EXPECT_EQ(skb_queue_len(&a), 5);
	EXPECT_TRUE(skb_peek(&a) == skb[0] && skb_peek_tail(&a) == skb[4]);
	skb_unlink(skb[2], &a);
	skb_queue_head(&b, skb[2]);
	skb_append(skb[2], skb_dequeue(&a), &b);
	EXPECT_EQ(skb_queue_len(&a), 3);
	/* a: 1 3 4, b: 2 0 */
	skb_queue_splice_tail_init(&a, &b);
	EXPECT_TRUE(skb_queue_empty(&a));
	EXPECT_EQ(skb_queue_len(&b), 5);
	i = 0;
	skb_queue_walk(&b, p) {
		static const int order[] = { 2, 0, 1, 3, 4 };

		EXPECT_TRUE(p == skb[order[i]]);
		i++;
	}
	EXPECT_EQ(i, 5);
	skb_queue_splice_init(&b, &a);
	EXPECT_TRUE(skb_dequeue_tail(&a) == skb[4]);
	consume_skb(skb[4]);
	skb_queue_walk_safe(&a, p, tmp) {
		if (p == skb[0]) {
			__skb_unlink(p, &a);
			consume_skb(p);
		}
	}
	EXPECT_EQ(skb_queue_len(&a), 3);
	skb_queue_purge_reason(&a, SKB_DROP_REASON_SOCKET_CLOSE);
	EXPECT_TRUE(skb_queue_empty(&a) && !skb_dequeue(&a) && !skb_peek(&a));
}

static struct dst_entry *made;
static unsigned int dsts_destroyed;

static void dst_gone(struct dst_entry *dst)
{
	dsts_destroyed++;
}

TEST(destinations_are_referenced_or_borrowed)
{
	static const struct dst_ops ops = { .destroy = dst_gone };
	struct sk_buff *skb = filled(0, 10), *n;

	dsts_destroyed = 0;
	made = dst_alloc(sizeof(*made), &ops, NULL, DST_OBSOLETE_NONE, 0);
	skb_dst_set_noref(skb, made);
	EXPECT_EQ(refcount_read(&made->__refcnt), 1);
	n = skb_clone(skb, GFP_KERNEL);
	EXPECT_EQ(refcount_read(&made->__refcnt), 1);
	EXPECT_TRUE(skb_dst_force(n));
	EXPECT_EQ(refcount_read(&made->__refcnt), 2);
	EXPECT_FALSE(skb_dst_is_noref(n));
	consume_skb(skb);
	dst_release(made);
	EXPECT_EQ(dsts_destroyed, 0);
	/* A new one is a dead end. */
	EXPECT_EQ(dst_output(init_net, NULL, n), 0);
	host_run();
	EXPECT_EQ(dsts_destroyed, 1);
}
