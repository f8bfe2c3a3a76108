/* SPDX-License-Identifier: MIT */
/* IPv4, ICMP, UDP and TCP state of a namespace. Each group: who owns it. */
#ifndef NET_NETNS_IPV4_H
#define NET_NETNS_IPV4_H

#include <linux/list.h>
#include <linux/siphash.h>
#include <linux/timer.h>
#include <linux/types.h>

struct fib_table;
struct neigh_table;
struct inet_hashinfo;
struct udp_table;
struct ping_table;
struct ipv4_packet_types;
struct inet_peer_base;
struct tcp_metrics_block;
struct nf_hook_entry;

/* net.ipv4.conf.{all,default,<device>}.*; linux/inetdevice.h says how "all" and
 * a device's own combine. */
struct ipv4_devconf {
	int rp_filter;			/* RFC 3704: 0 no, 1 strict, 2 loose */
	int log_martians;
	int accept_source_route;
	int accept_local;		/* our own address as a source from the wire */
	int route_localnet;		/* 127/8 on the wire */
	int arp_announce, arp_ignore, arp_filter, arp_accept;
	int arp_notify;			/* announce addresses when they come */
	int drop_gratuitous_arp;
	int drop_unicast_in_l2_multicast;
	int forwarding;			/* always 0: docs/omissions.md */
	int accept_redirects;
};

/* /proc/net/stat/rt_cache: how lookups went. */
struct rt_cache_stat {
	u64 in_slow_tot, in_slow_mc, in_no_route, in_brd;
	u64 in_martian_dst, in_martian_src;
	u64 out_slow_tot, out_slow_mc;
	u64 in_hit, out_hit;		/* by a next hop's cached route */
};

#define FIB_INFO_HASH_SIZE	64

struct tcp_mem_state {
	s64 allocated_pages;	/* tcp_memory_allocated */
	bool pressure;
	u64 pressure_since_ns;	/* when that began */
};

struct netns_ipv4 {
	/* devinet, fib, route, neighbour */
	struct fib_table *fib_main, *fib_local;
	struct hlist_head fib_info_hash[FIB_INFO_HASH_SIZE];
	struct rt_cache_stat rt_cache_stat;
	struct neigh_table *arp_tbl;
	struct list_head rt_uncached;
	int ip_rt_min_pmtu;		/* bytes: ICMP lowers no path below */
	int ip_rt_min_advmss;		/* bytes */
	u64 ip_rt_mtu_expires_ns;
	u32 rt_genid;			/* a change makes every cached dst stale */
	siphash_key_t ip_id_key;
	struct inet_peer_base *peers;
	int sysctl_ip_forward;
	int sysctl_ip_default_ttl;
	int sysctl_ip_no_pmtu_disc;
	int sysctl_ip_early_demux, sysctl_tcp_early_demux, sysctl_udp_early_demux;
	int sysctl_ip_nonlocal_bind;
	int sysctl_local_port_range[2];
	int sysctl_ip_prot_sock;	/* ip_unprivileged_port_start */
	struct ipv4_devconf devconf_all, devconf_dflt;
	u32 dev_addr_genid;		/* addresses changed: chosen sources are stale */

	/* icmp */
	int sysctl_icmp_echo_ignore_all;
	int sysctl_icmp_echo_ignore_broadcasts;
	int sysctl_icmp_ratelimit_ms;
	int sysctl_icmp_ratemask;
	int sysctl_icmp_msgs_per_sec, sysctl_icmp_msgs_burst;
	u32 icmp_credit;
	u64 icmp_stamp_ns;

	struct ipv4_packet_types *packet_types;	/* net/ipv4/ip_init.c */

	/* netfilter */
	struct nf_hook_entry *hooks[5];

	/* udp, ping */
	struct udp_table *udp_table;
	struct ping_table *ping_table;

	/* tcp: tables and secrets */
	struct inet_hashinfo *hashinfo;		/* tcp_hashinfo */
	siphash_key_t tcp_isn_key, tcp_ts_key, port_key;
	siphash_key_t syncookie_key[2];
	u32 port_perturb[256];			/* RFC 6056 3.3.4: counters by destination */
	struct tcp_metrics_block *tcp_metrics;
	struct tcp_mem_state tcp_memory;
	s64 tcp_sockets_allocated;
	s64 tcp_orphan_count;
	s64 tcp_tw_count;
	u64 tcp_challenge_timestamp;		/* second (+ 1) that tcp_challenge_count is for */
	u32 tcp_challenge_count;
	u64 tcp_last_overflow_ns;

	/* tcp: sysctls; Linux's names and defaults. Spans in ns. */
	int sysctl_tcp_mem[3];			/* pages */
	int sysctl_tcp_rmem[3], sysctl_tcp_wmem[3];	/* bytes */
	int sysctl_tcp_window_scaling, sysctl_tcp_timestamps, sysctl_tcp_sack, sysctl_tcp_dsack;
	int sysctl_tcp_ecn, sysctl_tcp_ecn_fallback;
	int sysctl_tcp_syncookies;
	int sysctl_tcp_syn_retries, sysctl_tcp_synack_retries;
	int sysctl_tcp_syn_linear_timeouts;
	int sysctl_tcp_retries1, sysctl_tcp_retries2, sysctl_tcp_orphan_retries;
	int sysctl_tcp_max_orphans, sysctl_tcp_max_tw_buckets, sysctl_max_syn_backlog;
	u64 sysctl_tcp_fin_timeout_ns, sysctl_tcp_keepalive_time_ns, sysctl_tcp_keepalive_intvl_ns;
	int sysctl_tcp_keepalive_probes;
	int sysctl_tcp_tw_reuse, sysctl_tcp_rfc1337, sysctl_tcp_abort_on_overflow;
	int sysctl_tcp_reordering, sysctl_tcp_max_reordering, sysctl_tcp_retrans_collapse;
	int sysctl_tcp_recovery, sysctl_tcp_early_retrans, sysctl_tcp_frto;
	int sysctl_tcp_thin_linear_timeouts;
	int sysctl_tcp_app_win, sysctl_tcp_moderate_rcvbuf;
	int sysctl_tcp_slow_start_after_idle;
	int sysctl_tcp_nometrics_save, sysctl_tcp_no_ssthresh_metrics_save;
	int sysctl_tcp_autocorking, sysctl_tcp_workaround_signed_windows;
	int sysctl_tcp_stdurg;
	int sysctl_tcp_challenge_ack_limit;
	u64 sysctl_tcp_invalid_ratelimit_ns;
	int sysctl_tcp_limit_output_bytes;
	int sysctl_tcp_min_tso_segs, sysctl_tcp_tso_rtt_log, sysctl_tcp_tso_win_divisor;
	int sysctl_tcp_base_mss, sysctl_tcp_min_snd_mss;
	int sysctl_tcp_mtu_probing, sysctl_tcp_mtu_probe_floor;
	int sysctl_tcp_pacing_ss_ratio, sysctl_tcp_pacing_ca_ratio;
	u32 sysctl_tcp_notsent_lowat;
	u64 sysctl_tcp_min_rtt_wlen_ns;
	int sysctl_tcp_cubic_hystart;			/* HYSTART_* */
	struct tcp_fastopen_context {
		siphash_key_t key[2];	/* the first makes cookies, both check them */
		unsigned int num;
	} tcp_fastopen_ctx;
	u64 tfo_active_disable_stamp_ns;	/* the last black hole */
	u32 tfo_active_disable_times;		/* in a row */
	int sysctl_tcp_fastopen;		/* TFO_* */
	int sysctl_tcp_fastopen_blackhole_timeout;	/* seconds; 0: off */
	int sysctl_tcp_rto_min_us, sysctl_tcp_rto_max_ms;
	int sysctl_tcp_probe_threshold, sysctl_tcp_probe_interval;	/* bytes, seconds */
	int sysctl_tcp_comp_sack_delay_ns, sysctl_tcp_comp_sack_slack_ns, sysctl_tcp_comp_sack_nr;
	int sysctl_tcp_backlog_ack_defer, sysctl_tcp_pingpong_thresh;
	int sysctl_tcp_tw_reuse_delay;		/* ms */
	int sysctl_tcp_reflect_tos, sysctl_tcp_shrink_window;
	const struct tcp_congestion_ops *tcp_congestion_control;	/* default */
	u32 tcp_allowed_ca;				/* bits of tcp_congestion_ops.id */
};

#endif
