// SPDX-License-Identifier: MIT
/*
 * e1000, transmit side: what is left to the device. Context descriptors tell its
 * checksum engine where a sum begins and belongs, and how a packet of TCP that
 * is larger than a frame is to be cut.
 *
 * The device keeps two contexts, one for packets that it cuts and one for all
 * others. The latter is told when it changes; the former with every packet, since
 * it holds the packet's length.
 *
 * Linux: e1000_main.c (e1000_tx_csum, e1000_tso)
 * Read first: 3.3.6, 3.5 of the manual.
 */
#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/string.h>
#include <linux/tcp.h>

#include "e1000.h"

/* Into the next descriptor; the caller made sure of it. */
static void e1000_tx_context(struct e1000_adapter *adapter, const struct e1000_context_desc *ctx)
{
	struct e1000_tx_ring *tx = adapter->tx;
	unsigned int i = tx->next_to_use;

	memcpy(&tx->desc[i], ctx, sizeof(*ctx));
	tx->buffer[i] = (struct e1000_tx_buffer){ 0 };
	tx->next_to_use = (u16)e1000_next(i, E1000_TXD);
	adapter->tx_context_descs++;
}

/* The fields are one byte each in the context descriptor. */
static bool e1000_csum_fits(const struct sk_buff *skb)
{
	int start = skb_checksum_start_offset(skb);

	return start >= 0 && start + skb->csum_offset <= U8_MAX;
}

/* Tells the checksum engine where a packet's sum begins and belongs, unless it
 * knows. 3.3.6: start and place are counted from the first byte of the frame; end
 * 0 is the end of the packet. */
static void e1000_tx_csum(struct e1000_adapter *adapter, const struct sk_buff *skb)
{
	struct e1000_csum_context *known = &adapter->tx->context;
	u8 css = (u8)skb_checksum_start_offset(skb);
	u8 cso = (u8)(css + skb->csum_offset);

	if (known->valid && known->css == css && known->cso == cso)
		return;
	e1000_tx_context(adapter, &(struct e1000_context_desc){
		.tucss = css,
		.tucso = cso,
		.cmd_and_length = cpu_to_le32(E1000_TXD_CMD_DEXT | E1000_TXD_DTYP_C),
	});
	*known = (struct e1000_csum_context){ true, css, cso };
}

/* Sum of a pseudo header without the length, which the device adds for each
 * segment. 3.5.4 */
static __sum16 e1000_pseudo_sum(const struct iphdr *iph)
{
	u64 sum = (u64)(__force u32)iph->saddr + (__force u32)iph->daddr +
		  (__force u16)htons(IPPROTO_TCP);

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (__force __sum16)(u16)sum;
}

/* Are there headers of IPv4 and TCP, all of them in the linear part? Returns their
 * length, with that of Ethernet; 0: no. */
static unsigned int e1000_tso_headers(const struct sk_buff *skb, unsigned int network,
				      unsigned int transport)
{
	const struct iphdr *iph = (const void *)(skb->data + network);
	const struct tcphdr *th = (const void *)(skb->data + transport);
	unsigned int headers;

	if (!(skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4) || skb->protocol != htons(ETH_P_IP) ||
	    network + sizeof(*iph) > transport || transport + sizeof(*th) > skb_headlen(skb) ||
	    network + iph->ihl * 4U != transport || iph->protocol != IPPROTO_TCP)
		return 0;
	headers = transport + th->doff * 4U;
	return th->doff * 4U >= sizeof(*th) && headers <= skb_headlen(skb) &&
	       headers <= U8_MAX && headers < skb->len ? headers : 0;
}

/*
 * Tells how a packet is to be cut, and makes its headers what the device expects
 * of a prototype (3.5.3, 3.5.9): it fills in the lengths, counts up sequence number
 * and IP identification, clears FIN and PSH of all segments but the last, and sums
 * up. 0, -EINVAL: this is no packet of TCP, or -ENOMEM.
 */
static int e1000_tso(struct e1000_adapter *adapter, struct sk_buff *skb)
{
	int network = skb_network_offset(skb), transport = skb_checksum_start_offset(skb);
	unsigned int headers;
	struct iphdr *iph;
	struct tcphdr *th;

	if (network < 0 || transport < 0)
		return -EINVAL;
	headers = e1000_tso_headers(skb, (unsigned int)network, (unsigned int)transport);
	if (!headers)
		return -EINVAL;
	if (skb_cow_head(skb, 0))
		return -ENOMEM;
	iph = (void *)(skb->data + network);
	th = (void *)(skb->data + transport);
	iph->tot_len = 0;
	iph->check = 0;
	th->check = e1000_pseudo_sum(iph);
	e1000_tx_context(adapter, &(struct e1000_context_desc){
		.ipcss = (u8)network,
		.ipcso = (u8)((unsigned int)network + offsetof(struct iphdr, check)),
		.ipcse = cpu_to_le16((u16)(transport - 1)),
		.tucss = (u8)transport,
		.tucso = (u8)((unsigned int)transport + offsetof(struct tcphdr, check)),
		.cmd_and_length = cpu_to_le32(E1000_TXD_CMD_DEXT | E1000_TXD_DTYP_C |
					      E1000_TXD_CMD_TSE | E1000_TXD_CMD_IP |
					      E1000_TXD_CMD_TCP | (skb->len - headers)),
		.hdr_len = (u8)headers,
		.mss = cpu_to_le16(skb_shinfo(skb)->gso_size),
	});
	adapter->tx_tso++;
	return 0;
}

/**
 * e1000_tx_offload() - has the device sum up or cut a packet, as the packet asks
 * @adapter: the NIC, up, with a free descriptor
 * @skb: borrowed; the headers of one that is to be cut are changed
 * @cmd: receives what its data descriptors have to say
 *
 * Fills a context descriptor at next_to_use when the device has to be told. A sum
 * that it cannot reach is filled in here. Context: softirqs off.
 * Return: 0, -EINVAL: the packet is none that can be cut or summed up; -ENOMEM.
 */
int e1000_tx_offload(struct e1000_adapter *adapter, struct sk_buff *skb,
		     struct e1000_tx_cmd *cmd)
{
	int err = 0;

	*cmd = (struct e1000_tx_cmd){ 0, 0 };
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return skb_is_gso(skb) ? -EINVAL : 0;
	if (!skb_is_gso(skb) && unlikely(!e1000_csum_fits(skb)))
		return skb_checksum_help(skb);
	cmd->lower = E1000_TXD_CMD_DEXT | E1000_TXD_DTYP_D;
	cmd->upper = E1000_TXD_POPTS_TXSM;
	if (skb_is_gso(skb)) {
		cmd->lower |= E1000_TXD_CMD_TSE;
		cmd->upper |= E1000_TXD_POPTS_IXSM;
		err = e1000_tso(adapter, skb);
	} else {
		e1000_tx_csum(adapter, skb);
	}
	return err;
}
