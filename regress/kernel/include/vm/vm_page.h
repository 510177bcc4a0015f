/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: one of these for each page of physical memory,
 * from 0 on.  The fields are this kernel's own.
 */

#ifndef _VM_VM_PAGE_H_
#define	_VM_VM_PAGE_H_

#include <vm/vm.h>

struct vm_page {
	u_int	number : 24;
	u_int	content : 8;		/* enum content */
};

extern int		vm_page_array_size;	/* entries */
extern vm_page_t	vm_page_array;

#endif /* !_VM_VM_PAGE_H_ */
