/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The third machine's kernel address space: the last GB.
 */

#ifndef _MACHINE_VMPARAM_H_
#define	_MACHINE_VMPARAM_H_

#define	KERNBASE		0xffffffffc0000000UL
#define	VM_MAX_KERNEL_ADDRESS	0xfffffffffffff000UL

#endif /* !_MACHINE_VMPARAM_H_ */
