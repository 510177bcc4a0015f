/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps on the live system: the switch, and the size that a dump would
 * have.  Nothing here runs after a crash; so this may allocate.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/limits.h>
#include <sys/malloc.h>
#include <sys/minidump.h>
#include <sys/msgbuf.h>
#include <sys/proc.h>
#include <sys/sched.h>
#include <sys/sysctl.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <sys/minidump_md.h>
#include <sys/minidump_int.h>

int do_minidump = 1;
TUNABLE_INT("debug.minidump", &do_minidump);
SYSCTL_INT(_debug, OID_AUTO, minidump, CTLFLAG_RW, &do_minidump, 0,
    "Dump the pages in use by the kernel instead of all memory");

/*
 * The same walk that a dump begins with, but into memory and slots of its own:
 * it cannot harm a dump that another CPU begins meanwhile.  A slot is mapped
 * for the CPU that asked for it, so the walk stays on one.
 */
static int
sysctl_minidump_size(SYSCTL_HANDLER_ARGS)
{
	struct minidump_set set;
	uint64_t need;
	u_long bytes;
	char *mem;

	mem = malloc(PAGE_SIZE + minidump_set_size(), M_TEMP, M_WAITOK);
	sched_pin();
	minidump_set_init(&set, (u_int *)(void *)(mem + PAGE_SIZE),
	    (pt_entry_t *)(void *)mem, MINIDUMP_NUSES);
	minidump_collect(&set);
	sched_unpin();
	free(mem, M_TEMP);
	need = dumpout_needed(minidump_length(&set, msgbufp->msg_size));
	bytes = need < ULONG_MAX ? need : ULONG_MAX;
	return (SYSCTL_OUT(req, &bytes, sizeof(bytes)));
}
SYSCTL_PROC(_debug, OID_AUTO, minidump_size, CTLTYPE_ULONG | CTLFLAG_RD,
    NULL, 0, sysctl_minidump_size, "LU",
    "Bytes that a dump device must have for a minidump taken now");
