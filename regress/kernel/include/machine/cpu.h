/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.
 */

#ifndef _MACHINE_CPU_H_
#define	_MACHINE_CPU_H_

static __inline void
cpu_spinwait(void)
{

	__asm __volatile("pause");
}

#endif /* !_MACHINE_CPU_H_ */
