// SPDX-License-Identifier: MIT
/*
 * Options of SOL_SOCKET (SOCK-14).
 *
 * An option that is not here gives -ENOPROTOOPT; none is accepted and ignored.
 * There are no privileges: who may do anything may force buffer sizes too.
 *
 * Linux: net/core/sock.c, sk_setsockopt() and sk_getsockopt()
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <uapi/linux/in.h>

/* ---- setting -------------------------------------------------------------------------- */

/* SO_RCVBUF and SO_SNDBUF are doubled: programs count bytes of data, we count
 * truesize. */
static void sock_set_rcvbuf(struct sock *sk, int val)
{
	val = min_t(int, val, INT_MAX / 2);
	sk->sk_userlocks |= SOCK_RCVBUF_LOCK;
	WRITE_ONCE(sk->sk_rcvbuf, max_t(int, val * 2, SOCK_MIN_RCVBUF));
}

static void sock_set_sndbuf(struct sock *sk, int val)
{
	val = min_t(int, val, INT_MAX / 2);
	sk->sk_userlocks |= SOCK_SNDBUF_LOCK;
	WRITE_ONCE(sk->sk_sndbuf, max_t(int, val * 2, SOCK_MIN_SNDBUF));
	/* Who waits for room may have it now. */
	sk->sk_write_space(sk);
}

/* As an unsigned number: a negative size is a very large one, in Linux too. */
static int sock_cap(int val, int cap)
{
	return (int)min_t(u32, (u32)val, (u32)cap);
}

static int sock_set_timeout(s64 *timeo_p, const void __user *optval, unsigned int optlen)
{
	struct __kernel_timeval tv;
	s64 ns;

	if (optlen < sizeof(tv))
		return -EINVAL;
	if (copy_from_user(&tv, optval, sizeof(tv)))
		return -EFAULT;
	if (tv.tv_usec < 0 || tv.tv_usec >= (s64)USEC_PER_SEC)
		return -EDOM;
	if (tv.tv_sec < 0) {
		*timeo_p = 0;
		return 0;
	}
	ns = MAX_SCHEDULE_TIMEOUT;
	if ((tv.tv_sec || tv.tv_usec) && tv.tv_sec < S64_MAX / (s64)NSEC_PER_SEC - 1)
		ns = tv.tv_sec * (s64)NSEC_PER_SEC + tv.tv_usec * (s64)NSEC_PER_USEC;
	*timeo_p = ns;
	return 0;
}

static int sock_set_linger(struct sock *sk, const void __user *optval, unsigned int optlen)
{
	struct linger ling;

	if (optlen < sizeof(ling))
		return -EINVAL;
	if (copy_from_user(&ling, optval, sizeof(ling)))
		return -EFAULT;
	if (!ling.l_onoff) {
		sock_reset_flag(sk, SOCK_LINGER);
		return 0;
	}
	sk->sk_lingertime_ns = (u64)(unsigned int)ling.l_linger * NSEC_PER_SEC;
	sock_set_flag(sk, SOCK_LINGER);
	return 0;
}

static int sock_bindtoindex(struct sock *sk, int ifindex)
{
	if (ifindex < 0)
		return -EINVAL;
	sk->sk_bound_dev_if = ifindex;
	sk_dst_reset(sk);
	return 0;
}

static int sock_bindtodevice(struct sock *sk, const void __user *optval, unsigned int optlen)
{
	char devname[IFNAMSIZ] = "";
	struct net_device *dev;
	int index = 0;

	if (copy_from_user(devname, optval, min_t(unsigned int, optlen, IFNAMSIZ - 1)))
		return -EFAULT;
	if (devname[0]) {
		dev = __dev_get_by_name(sock_net(sk), devname);
		if (!dev)
			return -ENODEV;
		index = dev->ifindex;
	}
	return sock_bindtoindex(sk, index);
}

static int sock_set_pacing_rate(struct sock *sk, int val, const void __user *optval,
				unsigned int optlen)
{
	u64 rate = val == ~0 ? ~0ULL : (u64)(unsigned int)val;

	if (optlen >= sizeof(rate) && copy_from_user(&rate, optval, sizeof(rate)))
		return -EFAULT;
	if (rate != ~0ULL && sk->sk_pacing_status == SK_PACING_NONE)
		sk->sk_pacing_status = SK_PACING_NEEDED;
	WRITE_ONCE(sk->sk_max_pacing_rate, rate);
	sk->sk_pacing_rate = min(sk->sk_pacing_rate, rate);
	return 0;
}

static void sock_set_timestamp(struct sock *sk, int optname, bool valbool)
{
	sock_valbool_flag(sk, SOCK_RCVTSTAMP, valbool);
	sock_valbool_flag(sk, SOCK_RCVTSTAMPNS, valbool && (optname == SO_TIMESTAMPNS ||
							    optname == SO_TIMESTAMPNS_NEW));
	if (valbool)
		sock_enable_timestamp(sk);
}

/* For those whose writes may be by reference. */
static int sock_set_zerocopy(struct sock *sk, int val)
{
	if (sk->sk_protocol != IPPROTO_TCP && sk->sk_protocol != IPPROTO_UDP)
		return -EOPNOTSUPP;
	if (val < 0 || val > 1)
		return -EINVAL;
	sock_valbool_flag(sk, SOCK_ZEROCOPY, val);
	return 0;
}

static int sock_set_rcvlowat(struct sock *sk, int val)
{
	struct socket *sock = sk->sk_socket;

	if (val < 0)
		val = INT_MAX;
	if (sock && sock->ops->set_rcvlowat)
		return sock->ops->set_rcvlowat(sk, val);
	WRITE_ONCE(sk->sk_rcvlowat, val ? val : 1);
	return 0;
}

static void sock_set_keepalive(struct sock *sk, bool valbool)
{
	if (sk->sk_prot->keepalive)
		sk->sk_prot->keepalive(sk, valbool);
	sock_valbool_flag(sk, SOCK_KEEPOPEN, valbool);
}

/* The buffers. -ENOPROTOOPT: another option. */
static int sk_setsockopt_buf(struct sock *sk, int optname, int val)
{
	const struct netns_core *core = &sock_net(sk)->core;

	switch (optname) {
	case SO_SNDBUF:
		sock_set_sndbuf(sk, sock_cap(val, READ_ONCE(core->sysctl_wmem_max)));
		return 0;
	case SO_SNDBUFFORCE:
		sock_set_sndbuf(sk, max(val, 0));
		return 0;
	case SO_RCVBUF:
		sock_set_rcvbuf(sk, sock_cap(val, READ_ONCE(core->sysctl_rmem_max)));
		return 0;
	case SO_RCVBUFFORCE:
		sock_set_rcvbuf(sk, max(val, 0));
		return 0;
	case SO_RCVLOWAT:
		return sock_set_rcvlowat(sk, val);
	case SO_BUF_LOCK:
		if (val & ~(SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK))
			return -EINVAL;
		sk->sk_userlocks = (u8)((sk->sk_userlocks &
					 ~(SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK)) | val);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* Those that are one bit. -ENOPROTOOPT: another option. */
static int sk_setsockopt_bool(struct sock *sk, int optname, bool valbool)
{
	switch (optname) {
	case SO_DEBUG:
		sock_valbool_flag(sk, SOCK_DBG, valbool);
		return 0;
	case SO_REUSEADDR:
		sk->sk_reuse = valbool;
		return 0;
	case SO_REUSEPORT:
		sk->sk_reuseport = valbool;
		return 0;
	case SO_DONTROUTE:
		sock_valbool_flag(sk, SOCK_LOCALROUTE, valbool);
		sk_dst_reset(sk);
		return 0;
	case SO_BROADCAST:
		sock_valbool_flag(sk, SOCK_BROADCAST, valbool);
		return 0;
	case SO_KEEPALIVE:
		sock_set_keepalive(sk, valbool);
		return 0;
	case SO_OOBINLINE:
		sock_valbool_flag(sk, SOCK_URGINLINE, valbool);
		return 0;
	case SO_NO_CHECK:
		sk->sk_no_check_tx = valbool;
		return 0;
	case SO_TIMESTAMP:
	case SO_TIMESTAMP_NEW:
	case SO_TIMESTAMPNS:
	case SO_TIMESTAMPNS_NEW:
		sock_set_timestamp(sk, optname, valbool);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* The rest. @val: the first four bytes of the value. */
static int sk_setsockopt_value(struct sock *sk, int optname, int val,
			       const void __user *optval, unsigned int optlen)
{
	switch (optname) {
	case SO_PRIORITY:
		WRITE_ONCE(sk->sk_priority, (u32)val);
		return 0;
	case SO_MARK:
		if (sk->sk_mark != (u32)val) {
			WRITE_ONCE(sk->sk_mark, (u32)val);
			sk_dst_reset(sk);
		}
		return 0;
	case SO_LINGER:
		return sock_set_linger(sk, optval, optlen);
	case SO_RCVTIMEO:
	case SO_RCVTIMEO_NEW:
		return sock_set_timeout(&sk->sk_rcvtimeo, optval, optlen);
	case SO_SNDTIMEO:
	case SO_SNDTIMEO_NEW:
		return sock_set_timeout(&sk->sk_sndtimeo, optval, optlen);
	case SO_INCOMING_CPU:
		/* There is one. */
		return val ? -EINVAL : 0;
	case SO_MAX_PACING_RATE:
		return sock_set_pacing_rate(sk, val, optval, optlen);
	case SO_BINDTOIFINDEX:
		return sock_bindtoindex(sk, val);
	case SO_ZEROCOPY:
		return sock_set_zerocopy(sk, val);
	case SO_BUSY_POLL:
		if (val < 0)
			return -EINVAL;
		WRITE_ONCE(sk->sk_ll_usec, (unsigned int)val);
		return 0;
	case SO_BUSY_POLL_BUDGET:
		if (val < 0 || val > U16_MAX)
			return -EINVAL;
		WRITE_ONCE(sk->sk_busy_poll_budget, (u16)val);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int sk_setsockopt(struct sock *sk, int optname, int val, const void __user *optval,
			 unsigned int optlen)
{
	int err;

	err = sk_setsockopt_bool(sk, optname, val != 0);
	if (err == -ENOPROTOOPT)
		err = sk_setsockopt_buf(sk, optname, val);
	if (err == -ENOPROTOOPT)
		err = sk_setsockopt_value(sk, optname, val, optval, optlen);
	return err;
}

/**
 * sock_setsockopt - set an option of SOL_SOCKET
 * @sock: the socket
 * @level: SOL_SOCKET
 * @optname: SO_*
 * @optval: the program's
 * @optlen: its bytes
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL, -EFAULT, -EDOM, -ENODEV, -ENOPROTOOPT: no such option, or
 * not to be set.
 */
int sock_setsockopt(struct socket *sock, int level, int optname, const void __user *optval,
		    unsigned int optlen)
{
	struct sock *sk = sock->sk;
	int val, err;

	if (optname == SO_BINDTODEVICE) {
		lock_sock(sk);
		err = sock_bindtodevice(sk, optval, optlen);
		release_sock(sk);
		return err;
	}
	if (optlen < sizeof(int))
		return -EINVAL;
	if (copy_from_user(&val, optval, sizeof(val)))
		return -EFAULT;
	lock_sock(sk);
	err = sk_setsockopt(sk, optname, val, optval, optlen);
	release_sock(sk);
	return err;
}

/* ---- getting ------------------------------------------------------------------------------ */

union sockopt_val {
	int val;
	u64 val64;
	struct linger ling;
	struct __kernel_timeval tv;
	u32 meminfo[SK_MEMINFO_VARS];
	char name[IFNAMSIZ];
	struct sockaddr_storage address;
};

static struct __kernel_timeval sock_get_timeout(s64 timeo)
{
	struct __kernel_timeval tv = { 0, 0 };

	if (timeo != MAX_SCHEDULE_TIMEOUT) {
		tv.tv_sec = timeo / (s64)NSEC_PER_SEC;
		tv.tv_usec = timeo % (s64)NSEC_PER_SEC / (s64)NSEC_PER_USEC;
	}
	return tv;
}

static void sk_get_meminfo(const struct sock *sk, u32 *mem)
{
	mem[SK_MEMINFO_RMEM_ALLOC] = (u32)READ_ONCE(sk->sk_rmem_alloc);
	mem[SK_MEMINFO_RCVBUF] = (u32)READ_ONCE(sk->sk_rcvbuf);
	/* Without the one that stands for the socket itself. */
	mem[SK_MEMINFO_WMEM_ALLOC] = (u32)READ_ONCE(sk->sk_wmem_alloc) - 1;
	mem[SK_MEMINFO_SNDBUF] = (u32)READ_ONCE(sk->sk_sndbuf);
	mem[SK_MEMINFO_FWD_ALLOC] = (u32)sk->sk_forward_alloc;
	mem[SK_MEMINFO_WMEM_QUEUED] = (u32)READ_ONCE(sk->sk_wmem_queued);
	mem[SK_MEMINFO_OPTMEM] = (u32)READ_ONCE(sk->sk_omem_alloc);
	mem[SK_MEMINFO_BACKLOG] = READ_ONCE(sk->sk_backlog.len);
	mem[SK_MEMINFO_DROPS] = READ_ONCE(sk->sk_drops);
}

static u64 sock_gen_cookie(struct sock *sk)
{
	if (!sk->sk_cookie)
		sk->sk_cookie = ++sock_net(sk)->core.sock_cookie;
	return sk->sk_cookie;
}

/* SO_ERROR: the pending error, or the one that did not matter until asked. */
static int sock_take_error(struct sock *sk)
{
	int err = -sock_error(sk);

	return err ? err : __atomic_exchange_n(&sk->sk_err_soft, 0, __ATOMIC_RELAXED);
}

/* Bytes of the value, or -ENOPROTOOPT: another option. */
static int sk_getsockopt_bool(struct sock *sk, int optname, union sockopt_val *v)
{
	switch (optname) {
	case SO_DEBUG:
		v->val = sock_flag(sk, SOCK_DBG);
		break;
	case SO_DONTROUTE:
		v->val = sock_flag(sk, SOCK_LOCALROUTE);
		break;
	case SO_BROADCAST:
		v->val = sock_flag(sk, SOCK_BROADCAST);
		break;
	case SO_REUSEADDR:
		v->val = sk->sk_reuse;
		break;
	case SO_REUSEPORT:
		v->val = sk->sk_reuseport;
		break;
	case SO_KEEPALIVE:
		v->val = sock_flag(sk, SOCK_KEEPOPEN);
		break;
	case SO_OOBINLINE:
		v->val = sock_flag(sk, SOCK_URGINLINE);
		break;
	case SO_NO_CHECK:
		v->val = sk->sk_no_check_tx;
		break;
	case SO_TIMESTAMP:
	case SO_TIMESTAMP_NEW:
		v->val = sock_flag(sk, SOCK_RCVTSTAMP) && !sock_flag(sk, SOCK_RCVTSTAMPNS);
		break;
	case SO_TIMESTAMPNS:
	case SO_TIMESTAMPNS_NEW:
		v->val = sock_flag(sk, SOCK_RCVTSTAMPNS);
		break;
	case SO_ZEROCOPY:
		v->val = sock_flag(sk, SOCK_ZEROCOPY);
		break;
	case SO_ACCEPTCONN:
		v->val = sk->sk_state == TCP_LISTEN;
		break;
	default:
		return -ENOPROTOOPT;
	}
	return sizeof(int);
}

static int sk_getsockopt_int(struct sock *sk, int optname, union sockopt_val *v)
{
	switch (optname) {
	case SO_SNDBUF:
		v->val = sk->sk_sndbuf;
		break;
	case SO_RCVBUF:
		v->val = sk->sk_rcvbuf;
		break;
	case SO_TYPE:
		v->val = sk->sk_type;
		break;
	case SO_PROTOCOL:
		v->val = sk->sk_protocol;
		break;
	case SO_DOMAIN:
		v->val = sk->sk_family;
		break;
	case SO_ERROR:
		v->val = sock_take_error(sk);
		break;
	case SO_PRIORITY:
		v->val = (int)sk->sk_priority;
		break;
	case SO_MARK:
		v->val = (int)sk->sk_mark;
		break;
	case SO_RCVLOWAT:
		v->val = sk->sk_rcvlowat;
		break;
	case SO_SNDLOWAT:
		v->val = 1;
		break;
	case SO_INCOMING_CPU:
		v->val = 0;
		break;
	case SO_INCOMING_NAPI_ID:
		v->val = (int)READ_ONCE(sk->sk_napi_id);
		break;
	case SO_BUSY_POLL:
		v->val = (int)READ_ONCE(sk->sk_ll_usec);
		break;
	case SO_BUSY_POLL_BUDGET:
		v->val = READ_ONCE(sk->sk_busy_poll_budget);
		break;
	case SO_BINDTOIFINDEX:
		v->val = sk->sk_bound_dev_if;
		break;
	case SO_BUF_LOCK:
		v->val = sk->sk_userlocks & (SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK);
		break;
	default:
		return -ENOPROTOOPT;
	}
	return sizeof(int);
}

static int sk_getsockopt_large(struct sock *sk, int optname, union sockopt_val *v, int len)
{
	struct net_device *dev;

	switch (optname) {
	case SO_LINGER:
		v->ling.l_onoff = sock_flag(sk, SOCK_LINGER);
		v->ling.l_linger = (int)(sk->sk_lingertime_ns / NSEC_PER_SEC);
		return sizeof(v->ling);
	case SO_RCVTIMEO:
	case SO_RCVTIMEO_NEW:
		v->tv = sock_get_timeout(sk->sk_rcvtimeo);
		return sizeof(v->tv);
	case SO_SNDTIMEO:
	case SO_SNDTIMEO_NEW:
		v->tv = sock_get_timeout(sk->sk_sndtimeo);
		return sizeof(v->tv);
	case SO_MAX_PACING_RATE:
		v->val64 = sk->sk_max_pacing_rate;
		if ((size_t)len >= sizeof(v->val64))
			return sizeof(v->val64);
		v->val = (int)min_t(u64, v->val64, U32_MAX);
		return sizeof(int);
	case SO_COOKIE:
		v->val64 = sock_gen_cookie(sk);
		return (size_t)len < sizeof(v->val64) ? -EINVAL : (int)sizeof(v->val64);
	case SO_NETNS_COOKIE:
		v->val64 = (u64)sock_net(sk)->id + 1;
		return (size_t)len != sizeof(v->val64) ? -EINVAL : (int)sizeof(v->val64);
	case SO_MEMINFO:
		sk_get_meminfo(sk, v->meminfo);
		return sizeof(v->meminfo);
	case SO_BINDTODEVICE:
		dev = sk->sk_bound_dev_if ?
			      __dev_get_by_index(sock_net(sk), sk->sk_bound_dev_if) : NULL;
		if (!dev)
			return 0;
		if (len < IFNAMSIZ)
			return -EINVAL;
		strscpy(v->name, dev->name, sizeof(v->name));
		return (int)strlen(v->name) + 1;
	default:
		return -ENOPROTOOPT;
	}
}

static int sk_getsockopt(struct socket *sock, int optname, union sockopt_val *v, int len)
{
	struct sock *sk = sock->sk;
	int lv;

	if (optname == SO_PEERNAME) {
		lv = sock->ops->getname(sock, (struct sockaddr *)&v->address, 2);
		if (lv < 0)
			return -ENOTCONN;
		return lv < len ? -EINVAL : lv;
	}
	lv = sk_getsockopt_bool(sk, optname, v);
	if (lv == -ENOPROTOOPT)
		lv = sk_getsockopt_int(sk, optname, v);
	if (lv == -ENOPROTOOPT)
		lv = sk_getsockopt_large(sk, optname, v, len);
	return lv;
}

/**
 * sock_getsockopt - get an option of SOL_SOCKET
 * @sock: the socket
 * @level: SOL_SOCKET
 * @optname: SO_*
 * @optval: the program's buffer
 * @optlen: the program's: its bytes in, bytes of the value out
 *
 * Context: process.
 * Return: 0, -EINVAL, -EFAULT, -ENOTCONN, -ENOPROTOOPT: no such option.
 */
int sock_getsockopt(struct socket *sock, int level, int optname, char __user *optval,
		    int __user *optlen)
{
	union sockopt_val v;
	int len, lv;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	memset(&v, 0, sizeof(v));
	lv = sk_getsockopt(sock, optname, &v, len);
	if (lv < 0)
		return lv;
	len = min(len, lv);
	if (len && copy_to_user(optval, &v, (unsigned long)len))
		return -EFAULT;
	return put_user(len, optlen);
}
