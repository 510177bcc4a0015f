/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Included before all else in the dump code (cc -include): the kernel
 * interfaces that differ on a host.  Physical memory and page table entries are
 * the simulated machine's, and names that the host's library also has are
 * replaced.
 */

#ifndef _KERN_MD_H_
#define	_KERN_MD_H_

#define	bcopy	sim_copy
#define	bzero	sim_zero
#define	printf	kern_printf
#define	strlcpy	sim_strlcpy

#include <sys/param.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <machine/vmparam.h>

#include "kern.h"

#define	pte_load(ptep)		((pt_entry_t)sim_entry(ptep))

#endif /* !_KERN_MD_H_ */
