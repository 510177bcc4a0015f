/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.  With PAE physical addresses are wider than
 * virtual ones.
 */

#ifndef _MACHINE_TYPES_H_
#define	_MACHINE_TYPES_H_

typedef long long		__int64_t;
typedef unsigned long long	__uint64_t;
typedef int			__intptr_t, __ssize_t, __time_t;
typedef unsigned int		__uintptr_t, __size_t;
typedef unsigned int		__vm_offset_t;
#ifdef PAE
typedef unsigned long long	__vm_paddr_t;
#else
typedef unsigned int		__vm_paddr_t;
#endif

#endif /* !_MACHINE_TYPES_H_ */
