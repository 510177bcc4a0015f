/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the layout of kernel address space.
 */

#ifndef _MACHINE_VMPARAM_H_
#define	_MACHINE_VMPARAM_H_

#define	KERNBASE		VADDR(KPTDI, 0)
#define	VM_MAX_KERNEL_ADDRESS	VADDR(KPTDI + NKPDE - 1, NPTEPG - 1)

/* Physical address of the kernel's image. */
#define	KERNLOAD		(1 << PDRSHIFT)

#endif /* !_MACHINE_VMPARAM_H_ */
