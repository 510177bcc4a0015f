/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Included before everything else of the dump code (cc -include): what of the
 * kernel's interfaces cannot be the same on a host.  Physical memory and page
 * table entries are the simulated machine's, and names that the host's
 * library has too get names of their own.
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
