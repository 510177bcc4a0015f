/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: compiler attributes and token macros.  These
 * headers (include/ and {amd64,i386}/include/) have the names and the types of
 * the interfaces that the dump code uses, and no more.  The kernels here and
 * hosted unit tests share them, so nothing in them needs privilege.
 */

#ifndef _SYS_CDEFS_H_
#define	_SYS_CDEFS_H_

#define	__CONCAT1(x, y)		x ## y
#define	__CONCAT(x, y)		__CONCAT1(x, y)

#define	__inline		inline
#define	__aligned(n)		__attribute__((__aligned__(n)))
#define	__dead2			__attribute__((__noreturn__))
#define	__noinline		__attribute__((__noinline__))
#define	__packed		__attribute__((__packed__))
#define	__printflike(f, a)	__attribute__((__format__(__printf__, f, a)))
#define	__section(s)		__attribute__((__section__(s)))
#define	__unused		__attribute__((__unused__))
#define	__used			__attribute__((__used__))

#define	offsetof(type, field)	__builtin_offsetof(type, field)

#define	__DECONST(type, var)	((type)(__uintptr_t)(const void *)(var))

/* Source identification: nothing here needs it. */
#define	__FBSDID(s)		struct __hack

#include <machine/_types.h>

#endif /* !_SYS_CDEFS_H_ */
