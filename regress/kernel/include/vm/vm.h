/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.
 */

#ifndef _VM_VM_H_
#define	_VM_VM_H_

#include <sys/types.h>

typedef u_char		vm_prot_t;
typedef struct vm_map	*vm_map_t;
typedef struct vm_page	*vm_page_t;

#define	VM_PROT_READ	((vm_prot_t)1)
#define	VM_PROT_WRITE	((vm_prot_t)2)

#endif /* !_VM_VM_H_ */
