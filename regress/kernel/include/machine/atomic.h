/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.
 */

#ifndef _MACHINE_ATOMIC_H_
#define	_MACHINE_ATOMIC_H_

#include <sys/types.h>

static __inline void
atomic_set_int(volatile u_int *p, u_int bits)
{

	__asm __volatile("lock; orl %1,%0" : "+m" (*p) : "ir" (bits) : "cc");
}

static __inline void
atomic_clear_int(volatile u_int *p, u_int bits)
{

	__asm __volatile("lock; andl %1,%0" : "+m" (*p) : "ir" (~bits) : "cc");
}

static __inline u_int
atomic_readandclear_int(volatile u_int *p)
{
	u_int old;

	old = 0;
	__asm __volatile("xchgl %0, %1" : "+r" (old), "+m" (*p) : : "memory");
	return (old);
}

static __inline int
atomic_cmpset_int(volatile u_int *p, u_int old, u_int new)
{
	u_char done;

	__asm __volatile("lock; cmpxchgl %3,%1; sete %0"
	    : "=q" (done), "+m" (*p), "+a" (old) : "r" (new) : "cc", "memory");
	return (done);
}

#endif /* !_MACHINE_ATOMIC_H_ */
