/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the basic types, as the kernel has them.
 */

#ifndef _SYS_TYPES_H_
#define	_SYS_TYPES_H_

#include <sys/cdefs.h>

typedef signed char		int8_t;
typedef short			int16_t;
typedef int			int32_t;
typedef __int64_t		int64_t;
typedef unsigned char		uint8_t, u_int8_t, u_char;
typedef unsigned short		uint16_t, u_int16_t, u_short;
typedef unsigned int		uint32_t, u_int32_t, u_int;
typedef unsigned long		u_long;
typedef __uint64_t		uint64_t, u_int64_t, uintmax_t, u_quad_t;
typedef __int64_t		intmax_t, off_t, daddr_t, quad_t;
typedef __intptr_t		intptr_t;
typedef __uintptr_t		uintptr_t;
typedef __size_t		size_t;
typedef __ssize_t		ssize_t;
typedef __time_t		time_t;

typedef char			*caddr_t;
typedef int			boolean_t;

typedef __vm_offset_t		vm_offset_t;
typedef __vm_offset_t		vm_size_t;
typedef __vm_paddr_t		vm_paddr_t;

#ifndef NULL
#define	NULL	((void *)0)
#endif

#endif /* !_SYS_TYPES_H_ */
