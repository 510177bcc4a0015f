/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kinds of pages that a minidump can leave out if the device is too small:
 * ranges of addresses, the least useful first.  They are recorded while the
 * system is up, and never looked up after a crash, which may have broken the
 * maps.
 *
 * Never in the list: the kernel image, kernel stacks, page tables, memory that
 * UMA allocates, the message buffer.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/lock.h>
#include <sys/minidump.h>
#include <sys/mutex.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <vm/vm_kern.h>
#include <vm/vm_map.h>
#include <vm/vm_page.h>

#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

struct minidump_kind minidump_kind[] = {
	{ "buffer cache",	0, 0, 0 },
	{ "pipe buffers",	0, 0, 0 },
	{ "exec arguments",	0, 0, 0 },
	{ "vm_page array",	1, 0, 0 },
};
#define	NKINDS	(sizeof(minidump_kind) / sizeof(minidump_kind[0]))
const u_int minidump_nkinds = NKINDS;
CTASSERT(NKINDS <= MINIDUMP_LEFTOUT_MAX);

static void
learn_map(struct minidump_kind *kind, vm_map_t map)
{

	if (map != NULL) {
		kind->start = vm_map_min(map);
		kind->end = vm_map_max(map);
	}
}

/* Runs once the submaps of the kernel map exist. */
static void
minidump_learn(void *arg __unused)
{
	struct minidump_kind *kind;

	kind = minidump_kind;
	learn_map(kind++, buffer_map);
	learn_map(kind++, pipe_map);
	learn_map(kind++, exec_map);

	/* vm_page_startup() allocates it in contiguous physical memory. */
	kind->start = vtophys(vm_page_array);
	kind->end = round_page(kind->start +
	    vm_page_array_size * sizeof(struct vm_page));
}
SYSINIT(minidump, SI_SUB_DRIVERS, SI_ORDER_ANY, minidump_learn, NULL)
