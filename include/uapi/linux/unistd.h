/* SPDX-License-Identifier: MIT */
/*
 * System call numbers of Linux x86-64, and the door: programs and kernel share
 * an address space, so a system call is a function call. Numbers from
 * __NR_SOJOURN on are our own.
 *
 * Linux: arch/x86/entry/syscalls/syscall_64.tbl
 */
#ifndef UAPI_LINUX_UNISTD_H
#define UAPI_LINUX_UNISTD_H

#define __NR_read		0
#define __NR_write		1
#define __NR_open		2
#define __NR_close		3
#define __NR_poll		7
#define __NR_lseek		8
#define __NR_mmap		9
#define __NR_munmap		11
#define __NR_ioctl		16
#define __NR_readv		19
#define __NR_writev		20
#define __NR_sched_yield	24
#define __NR_dup		32
#define __NR_nanosleep		35
#define __NR_getpid		39
#define __NR_sendfile		40
#define __NR_socket		41
#define __NR_connect		42
#define __NR_accept		43
#define __NR_sendto		44
#define __NR_recvfrom		45
#define __NR_sendmsg		46
#define __NR_recvmsg		47
#define __NR_shutdown		48
#define __NR_bind		49
#define __NR_listen		50
#define __NR_getsockname	51
#define __NR_getpeername	52
#define __NR_setsockopt		54
#define __NR_getsockopt		55
#define __NR_exit		60
#define __NR_kill		62
#define __NR_uname		63
#define __NR_fcntl		72
#define __NR_reboot		169
#define __NR_gettid		186
#define __NR_epoll_create	213
#define __NR_clock_gettime	228
#define __NR_exit_group		231
#define __NR_epoll_wait		232
#define __NR_epoll_ctl		233
#define __NR_accept4		288
#define __NR_epoll_create1	291
#define __NR_getrandom		318
#define __NR_memfd_create	319

#define __NR_SOJOURN		512
/* A thread that runs @fn(@arg) in this program: clone(2) would need a stack
 * from the caller. (fn, arg, name): its number. */
#define __NR_thread_create	512
#define __NR_MAX		513

/* The result, or -errno. */
long syscall_dispatch(long nr, long a0, long a1, long a2, long a3, long a4, long a5);

#endif
