/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The directories of kernel address space, of i386: for kern.c.
 */

#include <sys/param.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include "kern.h"

pd_entry_t *IdlePTD;

void
kern_set_root(kern_addr root)
{

	IdlePTD = (pd_entry_t *)(uintptr_t)root;
}
