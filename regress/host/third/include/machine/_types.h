/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The third machine's: as amd64's, as it runs on such a host.
 */

#ifndef _MACHINE_TYPES_H_
#define	_MACHINE_TYPES_H_

typedef long		__int64_t;
typedef unsigned long	__uint64_t;
typedef long		__intptr_t, __ssize_t, __time_t;
typedef unsigned long	__uintptr_t, __size_t;
typedef unsigned long	__vm_offset_t, __vm_paddr_t;

#endif /* !_MACHINE_TYPES_H_ */
