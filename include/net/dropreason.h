/* SPDX-License-Identifier: MIT */
/*
 * The closed list of reasons for which a packet can be lost. Names are Linux's
 * where Linux has them. Add at the end of a group; never "other".
 */
#ifndef NET_DROPREASON_H
#define NET_DROPREASON_H

#define SKB_DROP_REASONS(X)						\
	X(NO_SOCKET, "no socket takes it")				\
	X(PKT_TOO_SMALL, "shorter than its header")			\
	X(TCP_CSUM, "TCP checksum wrong")				\
	X(UDP_CSUM, "UDP checksum wrong")				\
	X(IP_CSUM, "IP header checksum wrong")				\
	X(ICMP_CSUM, "ICMP checksum wrong")				\
	X(SOCKET_FILTER, "socket filter said no")			\
	X(OTHERHOST, "addressed to another host at layer 2")		\
	X(IP_INHDR, "IP header malformed (version, ihl, length)")	\
	X(IP_OPTIONS, "IP options malformed or refused")		\
	X(IP_NOPROTO, "no such protocol")				\
	X(IP_FRAGMENT, "fragment, not reassembled")			\
	X(IP_INADDRERRORS, "source or destination address not valid here") \
	X(IP_INNOROUTES, "no route, not forwarding")			\
	X(IP_OUTNOROUTES, "no route out")				\
	X(IP_MARTIAN_SOURCE, "martian source address")			\
	X(IP_LOCAL_SOURCE, "source address is our own")			\
	X(IP_MC_NOMEMBER, "multicast group not joined")			\
	X(IP_TTL, "time to live reached zero")				\
	X(IP_RPFILTER, "reverse path filter: came by the wrong device")	\
	X(IP_INVALID_DEST, "destination address that nobody can have")	\
	X(UNICAST_IN_L2_MULTICAST, "unicast IP address in a link-layer broadcast") \
	X(PKT_TOO_BIG, "larger than the MTU and may not be fragmented")	\
	X(SKB_GSO_SEG, "could not be cut into segments")			\
	X(NETFILTER_DROP, "a netfilter hook dropped it")		\
	X(SOCKET_BACKLOG, "socket backlog full")			\
	X(SOCKET_RCVBUFF, "socket receive buffer full")			\
	X(SOCKET_CLOSE, "socket closed with it in a queue")		\
	X(PROTO_MEM, "protocol memory limit reached")			\
	X(NOMEM, "out of memory")					\
	X(TCP_FLAGS, "TCP flags not acceptable in this state")		\
	X(TCP_HEADER, "TCP data offset or length malformed")		\
	X(TCP_ZEROWINDOW, "receive window is zero")			\
	X(TCP_OLD_DATA, "already received")				\
	X(TCP_OVERWINDOW, "beyond the receive window")			\
	X(TCP_OFOMERGE, "out of order and already held")		\
	X(TCP_OFO_QUEUE_PRUNE, "out-of-order queue pruned")		\
	X(TCP_OFO_DROP, "out-of-order queue full")			\
	X(TCP_RFC7323_PAWS, "timestamp too old (PAWS)")			\
	X(TCP_RFC7323_PAWS_ACK, "pure ACK overtaken by data (PAWS)")	\
	X(TCP_INVALID_SEQUENCE, "sequence number not acceptable")	\
	X(TCP_INVALID_END_SEQUENCE, "ends beyond the receive window")	\
	X(TCP_RESET, "reset by the peer")				\
	X(TCP_INVALID_SYN, "SYN in a synchronised state")		\
	X(TCP_CLOSE, "connection closed")				\
	X(TCP_OLD_ACK, "acknowledges too old data")			\
	X(TCP_TOO_OLD_ACK, "acknowledgement older than the largest window") \
	X(TCP_ACK_UNSENT_DATA, "acknowledges data never sent")		\
	X(TCP_FASTOPEN, "fast open not accepted")			\
	X(TCP_LISTEN_OVERFLOW, "accept queue full")			\
	X(TCP_REQQFULL, "SYN queue full")				\
	X(TCP_TIMEWAIT, "connection is in TIME_WAIT")			\
	X(TCP_ABORT, "connection aborted with it queued")		\
	X(TCP_MINTTL, "TTL below IP_MINTTL")				\
	X(TCP_BCAST, "TCP to a broadcast or multicast address")	\
	X(NEIGH_CREATEFAIL, "no neighbour entry could be made")		\
	X(NEIGH_FAILED, "neighbour did not answer")			\
	X(NEIGH_QUEUEFULL, "too many packets wait for the neighbour")	\
	X(NEIGH_DEAD, "neighbour entry removed while it waited")	\
	X(ARP_INHDR, "ARP malformed or not for Ethernet and IPv4")	\
	X(ARP_IGNORED, "ARP about addresses that are not valid")	\
	X(QDISC_DROP, "qdisc full or refused it")			\
	X(CPU_BACKLOG, "netdev_max_backlog reached")			\
	X(DEV_HDR, "no link-layer header could be built")		\
	X(DEV_READY, "device down")					\
	X(DEV_TX_ERROR, "driver could not send it")			\
	X(DEV_RESET, "device reset with it in its ring")		\
	X(DEV_RX_ERROR, "device reported a damaged or too long frame")	\
	X(UNHANDLED_PROTO, "no handler for its ethertype")		\
	X(LLC_LENGTH, "802.3 length field, no LLC here")		\
	X(ICMP_TYPE, "ICMP type ignored")				\
	X(ICMP_BCAST, "ICMP to a broadcast or multicast address")	\
	X(ICMP_RATELIMIT, "ICMP error rate limit")			\
	X(DUP_FRAG, "overlapping or duplicate fragment")		\
	X(FRAG_REASM_TIMEOUT, "fragments did not all come in time")	\
	X(FRAG_TOO_FAR, "fragment reaches beyond 65535")		\
	X(UDP_LENGTH, "UDP length malformed")				\
	X(NETNS_EXIT, "network namespace went away")

enum skb_drop_reason {
	SKB_NOT_DROPPED_YET = 0,
#define X(name, text) SKB_DROP_REASON_##name,
	SKB_DROP_REASONS(X)
#undef X
	SKB_DROP_REASON_MAX
};

/* "TCP_CSUM" for SKB_DROP_REASON_TCP_CSUM, and its sentence. */
const char *skb_drop_reason_name(enum skb_drop_reason reason);
const char *skb_drop_reason_text(enum skb_drop_reason reason);

#endif
