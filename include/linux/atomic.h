/* SPDX-License-Identifier: MIT */
/* Integers that interrupts and, one day, other CPUs may change under us. */
#ifndef LINUX_ATOMIC_H
#define LINUX_ATOMIC_H

#include <linux/barrier.h>
#include <linux/compiler.h>
#include <linux/types.h>

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter;
} atomic64_t;

typedef atomic64_t atomic_long_t;

#define ATOMIC_INIT(i)	{ (i) }
#define ATOMIC64_INIT(i) { (i) }
#define ATOMIC_LONG_INIT(i) { (i) }

/* One set of functions for each width. *_return gives the new value, fetch_*
 * the old one. */
#define __ATOMIC_OPS(name, type, c_type)				\
static inline c_type name##_read(const type *v)				\
{									\
	return READ_ONCE(v->counter);					\
}									\
static inline void name##_set(type *v, c_type i)			\
{									\
	WRITE_ONCE(v->counter, i);					\
}									\
static inline c_type name##_add_return(c_type i, type *v)		\
{									\
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline c_type name##_sub_return(c_type i, type *v)		\
{									\
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline c_type name##_fetch_add(c_type i, type *v)		\
{									\
	return __atomic_fetch_add(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline c_type name##_fetch_sub(c_type i, type *v)		\
{									\
	return __atomic_fetch_sub(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline void name##_add(c_type i, type *v)			\
{									\
	(void)name##_fetch_add(i, v);					\
}									\
static inline void name##_sub(c_type i, type *v)			\
{									\
	(void)name##_fetch_sub(i, v);					\
}									\
static inline void name##_inc(type *v)					\
{									\
	(void)name##_fetch_add(1, v);					\
}									\
static inline void name##_dec(type *v)					\
{									\
	(void)name##_fetch_sub(1, v);					\
}									\
static inline c_type name##_inc_return(type *v)				\
{									\
	return name##_add_return(1, v);					\
}									\
static inline c_type name##_dec_return(type *v)				\
{									\
	return name##_sub_return(1, v);					\
}									\
static inline bool name##_inc_and_test(type *v)				\
{									\
	return name##_add_return(1, v) == 0;				\
}									\
static inline bool name##_dec_and_test(type *v)				\
{									\
	return name##_sub_return(1, v) == 0;				\
}									\
static inline bool name##_sub_and_test(c_type i, type *v)		\
{									\
	return name##_sub_return(i, v) == 0;				\
}									\
static inline c_type name##_xchg(type *v, c_type i)			\
{									\
	return __atomic_exchange_n(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline c_type name##_cmpxchg(type *v, c_type old, c_type to)	\
{									\
	__atomic_compare_exchange_n(&v->counter, &old, to, false,	\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	return old;							\
}									\
static inline bool name##_add_unless(type *v, c_type i, c_type unless)	\
{									\
	c_type old = name##_read(v);					\
									\
	while (old != unless) {						\
		if (__atomic_compare_exchange_n(&v->counter, &old, old + i, \
				false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) \
			return true;					\
	}								\
	return false;							\
}									\
static inline bool name##_inc_not_zero(type *v)				\
{									\
	return name##_add_unless(v, 1, 0);				\
}									\
static inline void name##_or(c_type i, type *v)				\
{									\
	(void)__atomic_fetch_or(&v->counter, i, __ATOMIC_SEQ_CST);	\
}									\
static inline void name##_and(c_type i, type *v)			\
{									\
	(void)__atomic_fetch_and(&v->counter, i, __ATOMIC_SEQ_CST);	\
}

__ATOMIC_OPS(atomic, atomic_t, int)
__ATOMIC_OPS(atomic64, atomic64_t, s64)

#define atomic_long_read	atomic64_read
#define atomic_long_set		atomic64_set
#define atomic_long_add		atomic64_add
#define atomic_long_sub		atomic64_sub
#define atomic_long_inc		atomic64_inc
#define atomic_long_dec		atomic64_dec
#define atomic_long_add_return	atomic64_add_return
#define atomic_long_sub_return	atomic64_sub_return
#define atomic_long_inc_return	atomic64_inc_return
#define atomic_long_dec_return	atomic64_dec_return

#define xchg(ptr, v)	__atomic_exchange_n(ptr, v, __ATOMIC_SEQ_CST)
#define cmpxchg(ptr, old, to) ({					\
	__typeof__(*(ptr)) __cold_v = (old);				\
	__atomic_compare_exchange_n(ptr, &__cold_v, to, false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	__cold_v; })

/* Read-modify-writes are full barriers on x86-64. */
#define smp_mb__before_atomic()	barrier()
#define smp_mb__after_atomic()	barrier()
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)

#endif
