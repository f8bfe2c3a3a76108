// SPDX-License-Identifier: MIT
/*
 * net.ipv4.tcp_*: names, ranges and defaults of Linux 6.x. Only settings of what
 * is there are registered: a name that is missing gives ENOENT, never silence.
 *
 * Linux: net/ipv4/sysctl_net_ipv4.c, tcp_ipv4.c (tcp_sk_init)
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <net/tcp.h>
#include "tcp_hystart.h"

static int congestion_control_get(struct net *net, const struct ctl_table *t, char *buf,
				  size_t size)
{
	return scnprintf(buf, size, "%s", net->ipv4.tcp_congestion_control->name);
}

static int congestion_control_set(struct net *net, const struct ctl_table *t, const char *value)
{
	return tcp_set_default_congestion_control(net, value);
}

static int available_congestion_control_get(struct net *net, const struct ctl_table *t,
					    char *buf, size_t size)
{
	tcp_get_available_congestion_control(buf, size);
	return (int)strlen(buf);
}

static int allowed_congestion_control_get(struct net *net, const struct ctl_table *t, char *buf,
					  size_t size)
{
	tcp_get_allowed_congestion_control(net, buf, size);
	return (int)strlen(buf);
}

static int allowed_congestion_control_set(struct net *net, const struct ctl_table *t,
					  const char *value)
{
	return tcp_set_allowed_congestion_control(net, value);
}

static int read_only_set(struct net *net, const struct ctl_table *t, const char *value)
{
	return -EACCES;
}

/* "0a1b2c3d-…-…-…", four little-endian words a key; a second one behind a comma. */
static int fastopen_key_get(struct net *net, const struct ctl_table *t, char *buf, size_t size)
{
	__le32 words[TCP_FASTOPEN_KEY_BUF_LENGTH / sizeof(__le32)] = { 0 };
	unsigned int i, n = tcp_fastopen_get_keys(&net->ipv4.tcp_fastopen_ctx, (u8 *)words);
	int len = 0;

	/* Linux: zeros, as long as there is none. */
	for (i = 0; i < max(n, 1U) * 4; i++)
		len += scnprintf(buf + len, size - (size_t)len, "%s%08x",
				 !i ? "" : i % 4 ? "-" : ",", le32_to_cpu(words[i]));
	return len;
}

/* One key at *@text, which moves behind it. */
static int fastopen_key_parse(const char **text, u8 *key)
{
	unsigned int i, digits;
	const char *p = *text;

	for (i = 0; i < 4; i++) {
		__le32 word;
		u32 val = 0;

		if (i && *p++ != '-')
			return -EINVAL;
		for (digits = 0; hex_to_bin(*p) >= 0; digits++, p++)
			val = val << 4 | (u32)hex_to_bin(*p);
		if (!digits || digits > 8)
			return -EINVAL;
		word = cpu_to_le32(val);
		memcpy(key + i * sizeof(word), &word, sizeof(word));
	}
	*text = p;
	return 0;
}

static int fastopen_key_set(struct net *net, const struct ctl_table *t, const char *value)
{
	u8 key[TCP_FASTOPEN_KEY_BUF_LENGTH];
	const u8 *backup = NULL;

	if (fastopen_key_parse(&value, key))
		return -EINVAL;
	if (*value == ',') {
		value++;
		backup = key + TCP_FASTOPEN_KEY_LENGTH;
		if (fastopen_key_parse(&value, key + TCP_FASTOPEN_KEY_LENGTH))
			return -EINVAL;
	}
	if (*value && *value != '\n')
		return -EINVAL;
	return tcp_fastopen_reset_cipher(net, NULL, key, backup);
}

static int fastopen_blackhole_get(struct net *net, const struct ctl_table *t, char *buf,
				  size_t size)
{
	return scnprintf(buf, size, "%d", net->ipv4.sysctl_tcp_fastopen_blackhole_timeout);
}

/* Also forgets those that were seen. */
static int fastopen_blackhole_set(struct net *net, const struct ctl_table *t, const char *value)
{
	int seconds;

	if (kstrtoint(value, 10, &seconds) || seconds < 0)
		return -EINVAL;
	net->ipv4.sysctl_tcp_fastopen_blackhole_timeout = seconds;
	net->ipv4.tfo_active_disable_times = 0;
	return 0;
}

#define TCP_INT(name, lo, hi)						\
	CTL_NET("net.ipv4.tcp_" #name, ipv4.sysctl_tcp_##name, CTL_TYPE_INT, lo, hi)
#define TCP_SECS(name, lo, hi)						\
	CTL_NET("net.ipv4.tcp_" #name, ipv4.sysctl_tcp_##name##_ns, CTL_TYPE_SECS_NS, lo, hi)
#define TCP_VEC3(name, lo)						\
	{ .procname = "net.ipv4.tcp_" #name,				\
	  .offset = offsetof(struct net, ipv4.sysctl_tcp_##name),	\
	  .type = CTL_TYPE_INT_VEC, .count = 3, .min = lo, .max = INT_MAX }

static const struct ctl_table tcp_net_table[] = {
	TCP_VEC3(mem, 0),
	TCP_VEC3(rmem, 1),
	TCP_VEC3(wmem, 1),
	TCP_INT(window_scaling, 0, 1),
	TCP_INT(timestamps, 0, 2),
	TCP_INT(sack, 0, 1),
	TCP_INT(dsack, 0, 1),
	TCP_INT(ecn, 0, 2),
	TCP_INT(ecn_fallback, 0, 1),
	TCP_INT(syncookies, 0, 2),
	TCP_INT(syn_retries, 1, MAX_TCP_SYNCNT),
	TCP_INT(syn_linear_timeouts, 0, MAX_TCP_SYNCNT),
	TCP_INT(synack_retries, 0, 255),
	TCP_INT(retries1, 0, 255),
	TCP_INT(retries2, 0, 255),
	TCP_INT(orphan_retries, 0, 255),
	TCP_INT(max_orphans, 0, INT_MAX),
	TCP_INT(max_tw_buckets, 0, INT_MAX),
	CTL_NET("net.ipv4.tcp_max_syn_backlog", ipv4.sysctl_max_syn_backlog, CTL_TYPE_INT, 0,
		INT_MAX),
	TCP_SECS(fin_timeout, 0, INT_MAX),
	TCP_SECS(keepalive_time, 0, INT_MAX),
	TCP_SECS(keepalive_intvl, 0, INT_MAX),
	TCP_INT(keepalive_probes, 0, MAX_TCP_KEEPCNT),
	TCP_INT(tw_reuse, 0, 2),
	TCP_INT(rfc1337, 0, 1),
	TCP_INT(abort_on_overflow, 0, 1),
	TCP_INT(reordering, 1, INT_MAX),
	TCP_INT(max_reordering, 1, INT_MAX),
	TCP_INT(retrans_collapse, 0, 1),
	TCP_INT(recovery, 0, 7),
	TCP_INT(early_retrans, 0, 4),
	TCP_INT(frto, 0, 2),
	TCP_INT(thin_linear_timeouts, 0, 1),
	TCP_INT(app_win, 0, 31),
	TCP_INT(moderate_rcvbuf, 0, 1),
	TCP_INT(slow_start_after_idle, 0, 1),
	CTL_NET("net.ipv4.tcp_no_metrics_save", ipv4.sysctl_tcp_nometrics_save, CTL_TYPE_INT, 0,
		1),
	TCP_INT(no_ssthresh_metrics_save, 0, 1),
	TCP_INT(autocorking, 0, 1),
	TCP_INT(workaround_signed_windows, 0, 1),
	TCP_INT(stdurg, 0, 1),
	TCP_INT(challenge_ack_limit, 0, INT_MAX),
	CTL_NET("net.ipv4.tcp_invalid_ratelimit", ipv4.sysctl_tcp_invalid_ratelimit_ns,
		CTL_TYPE_MSECS_NS, 0, INT_MAX),
	TCP_INT(limit_output_bytes, 0, INT_MAX),
	TCP_INT(min_tso_segs, 1, 255),
	TCP_INT(tso_rtt_log, 0, 255),
	TCP_INT(tso_win_divisor, 0, 255),
	TCP_INT(base_mss, TCP_MIN_SND_MSS, 65535),
	TCP_INT(min_snd_mss, TCP_MIN_SND_MSS, 65535),
	TCP_INT(mtu_probing, 0, 2),
	TCP_INT(probe_threshold, 0, INT_MAX),
	TCP_INT(probe_interval, 0, INT_MAX),
	TCP_INT(mtu_probe_floor, TCP_MIN_SND_MSS, 65535),
	TCP_INT(pacing_ss_ratio, 0, 1000),
	TCP_INT(pacing_ca_ratio, 0, 1000),
	TCP_INT(cubic_hystart, HYSTART_OFF, HYSTART_RFC9406),
	CTL_NET("net.ipv4.tcp_notsent_lowat", ipv4.sysctl_tcp_notsent_lowat, CTL_TYPE_UINT, 0,
		UINT_MAX),
	TCP_INT(rto_min_us, 1, INT_MAX),
	TCP_INT(rto_max_ms, 1000, TCP_RTO_MAX / NSEC_PER_MSEC),
	TCP_INT(comp_sack_delay_ns, 0, INT_MAX),
	TCP_INT(comp_sack_slack_ns, 0, INT_MAX),
	TCP_INT(comp_sack_nr, 0, U8_MAX),
	TCP_INT(backlog_ack_defer, 0, 1),
	TCP_INT(pingpong_thresh, 1, U8_MAX),
	TCP_INT(tw_reuse_delay, 1, TCP_PAWS_MSL_NS / NSEC_PER_MSEC),
	TCP_INT(reflect_tos, 0, 1),
	TCP_INT(shrink_window, 0, 1),
	TCP_SECS(min_rtt_wlen, 0, 86400),
	TCP_INT(fastopen, 0, INT_MAX),
	{ .procname = "net.ipv4.tcp_fastopen_key", .type = CTL_TYPE_HANDLER,
	  .get = fastopen_key_get, .set = fastopen_key_set },
	{ .procname = "net.ipv4.tcp_fastopen_blackhole_timeout_sec", .type = CTL_TYPE_HANDLER,
	  .get = fastopen_blackhole_get, .set = fastopen_blackhole_set },
	{ .procname = "net.ipv4.tcp_congestion_control", .type = CTL_TYPE_HANDLER,
	  .get = congestion_control_get, .set = congestion_control_set },
	{ .procname = "net.ipv4.tcp_available_congestion_control", .type = CTL_TYPE_HANDLER,
	  .get = available_congestion_control_get, .set = read_only_set },
	{ .procname = "net.ipv4.tcp_allowed_congestion_control", .type = CTL_TYPE_HANDLER,
	  .get = allowed_congestion_control_get, .set = allowed_congestion_control_set },
};

/**
 * tcp_sysctl_defaults() - a new namespace's settings
 * @net: namespace
 * Context: process
 */
void tcp_sysctl_defaults(struct net *net)
{
	struct netns_ipv4 *v4 = &net->ipv4;

	/* Pages: a share of memory that an appliance can spare. */
	v4->sysctl_tcp_mem[0] = 8192;
	v4->sysctl_tcp_mem[1] = 12288;
	v4->sysctl_tcp_mem[2] = 16384;
	v4->sysctl_tcp_rmem[0] = 4096;
	v4->sysctl_tcp_rmem[1] = 131072;
	v4->sysctl_tcp_rmem[2] = 6291456;
	v4->sysctl_tcp_wmem[0] = 4096;
	v4->sysctl_tcp_wmem[1] = 16384;
	v4->sysctl_tcp_wmem[2] = 4194304;
	v4->sysctl_tcp_window_scaling = 1;
	v4->sysctl_tcp_timestamps = 1;
	v4->sysctl_tcp_sack = 1;
	v4->sysctl_tcp_dsack = 1;
	v4->sysctl_tcp_ecn = 2;
	v4->sysctl_tcp_ecn_fallback = 1;
	v4->sysctl_tcp_syncookies = 1;
	v4->sysctl_tcp_syn_retries = TCP_SYN_RETRIES;
	v4->sysctl_tcp_syn_linear_timeouts = 4;
	v4->sysctl_tcp_synack_retries = TCP_SYNACK_RETRIES;
	v4->sysctl_tcp_retries1 = TCP_RETR1;
	v4->sysctl_tcp_retries2 = TCP_RETR2;
	v4->sysctl_tcp_max_orphans = 8192;
	v4->sysctl_tcp_max_tw_buckets = 8192;
	v4->sysctl_max_syn_backlog = 512;
	v4->sysctl_tcp_fin_timeout_ns = TCP_FIN_TIMEOUT;
	v4->sysctl_tcp_keepalive_time_ns = TCP_KEEPALIVE_TIME;
	v4->sysctl_tcp_keepalive_intvl_ns = TCP_KEEPALIVE_INTVL;
	v4->sysctl_tcp_keepalive_probes = TCP_KEEPALIVE_PROBES;
	v4->sysctl_tcp_tw_reuse = 2;
	v4->sysctl_tcp_reordering = TCP_INIT_REORDERING;
	v4->sysctl_tcp_max_reordering = 300;
	v4->sysctl_tcp_retrans_collapse = 1;
	v4->sysctl_tcp_recovery = 1;
	v4->sysctl_tcp_early_retrans = 3;
	v4->sysctl_tcp_frto = 2;
	v4->sysctl_tcp_app_win = 31;
	v4->sysctl_tcp_moderate_rcvbuf = 1;
	v4->sysctl_tcp_slow_start_after_idle = 1;
	v4->sysctl_tcp_no_ssthresh_metrics_save = 1;
	v4->sysctl_tcp_autocorking = 1;
	v4->sysctl_tcp_challenge_ack_limit = INT_MAX;
	v4->sysctl_tcp_invalid_ratelimit_ns = NSEC_PER_SEC / 2;
	v4->sysctl_tcp_limit_output_bytes = 4194304;
	v4->sysctl_tcp_min_tso_segs = 2;
	v4->sysctl_tcp_tso_rtt_log = 9;
	v4->sysctl_tcp_tso_win_divisor = 3;
	v4->sysctl_tcp_base_mss = TCP_BASE_MSS;
	v4->sysctl_tcp_min_snd_mss = TCP_MIN_SND_MSS;
	v4->sysctl_tcp_mtu_probe_floor = TCP_MIN_SND_MSS;
	v4->sysctl_tcp_pacing_ss_ratio = 200;
	v4->sysctl_tcp_pacing_ca_ratio = 120;
	v4->sysctl_tcp_cubic_hystart = HYSTART_LINUX;
	v4->sysctl_tcp_notsent_lowat = UINT_MAX;
	v4->sysctl_tcp_fastopen = TFO_CLIENT_ENABLE;
	v4->sysctl_tcp_rto_min_us = TCP_RTO_MIN / NSEC_PER_USEC;
	v4->sysctl_tcp_rto_max_ms = TCP_RTO_MAX / NSEC_PER_MSEC;
	v4->sysctl_tcp_probe_threshold = 8;
	v4->sysctl_tcp_probe_interval = 600;
	v4->sysctl_tcp_comp_sack_delay_ns = NSEC_PER_MSEC;
	v4->sysctl_tcp_comp_sack_slack_ns = 100 * NSEC_PER_USEC;
	v4->sysctl_tcp_comp_sack_nr = 44;
	v4->sysctl_tcp_backlog_ack_defer = 1;
	v4->sysctl_tcp_pingpong_thresh = 1;
	v4->sysctl_tcp_tw_reuse_delay = 1000;
	v4->sysctl_tcp_min_rtt_wlen_ns = 300 * NSEC_PER_SEC;
}

static int tcp_sysctl_init(void)
{
	register_sysctl_table(tcp_net_table, ARRAY_SIZE(tcp_net_table));
	return 0;
}
fs_initcall(tcp_sysctl_init);
