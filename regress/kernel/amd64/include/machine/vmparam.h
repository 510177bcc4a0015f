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

#define	KERNBASE		KVADDR(KPML4I, KPDPI, 0, 0)
#define	VM_MAX_KERNEL_ADDRESS \
	KVADDR(KPML4I, NPDPEPG - 1, NKPDE - 1, NPTEPG - 1)

#define	DMAP_MIN_ADDRESS	KVADDR(DMPML4I, 0, 0, 0)
#define	DMAP_MAX_ADDRESS	KVADDR(DMPML4I + 1, 0, 0, 0)
#define	PHYS_TO_DMAP(pa)	((pa) | DMAP_MIN_ADDRESS)

#endif /* !_MACHINE_VMPARAM_H_ */
