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
#include <sys/proc.h>
#include <sys/sched.h>
#include <sys/sysctl.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

int do_minidump = 1;
TUNABLE_INT("debug.minidump", &do_minidump);
SYSCTL_INT(_debug, OID_AUTO, minidump, CTLFLAG_RW, &do_minidump, 0,
    "Dump the pages in use by the kernel instead of all memory");

int minidump_compress = 2;
TUNABLE_INT("debug.minidump_compress", &minidump_compress);
SYSCTL_INT(_debug, OID_AUTO, minidump_compress, CTLFLAG_RW,
    &minidump_compress, 0,
    "Compress minidumps: 0 never, 1 always, 2 if they do not fit plain");

/*
 * A dump that is made on the live system, for its size alone.  It has memory
 * and slots of its own, so that it cannot harm one that another CPU begins
 * meanwhile.
 */
struct trial {
	struct minidump	md;		/* first: count() gets this */
	uint64_t	bytes;
	pt_entry_t	table[NPTEPG];
	char		scratch[PAGE_SIZE];
};

static int
count(struct minidump *md, uint64_t i __unused, const void *buf __unused,
    size_t len)
{

	((struct trial *)md)->bytes += len;
	return (0);
}

/*
 * arg2 is 1 for the size of a compressed dump.  A slot is mapped for the CPU
 * that asked for it, so this stays on one.
 */
static int
sysctl_minidump_size(SYSCTL_HANDLER_ARGS)
{
	struct trial *trial;
	uint64_t need, page;
	u_long bytes;
	void *arena;

	trial = malloc(sizeof(*trial), M_TEMP, M_WAITOK | M_ZERO);
	trial->md.set.bits = malloc(minidump_set_size(), M_TEMP, M_WAITOK);
	trial->md.set.slots = MINIDUMP_NUSES;
	trial->md.table = trial->table;
	trial->md.scratch = trial->scratch;
	arena = arg2 ? malloc(MINIDUMP_GZ_ARENA, M_TEMP, M_WAITOK) : NULL;
	sched_pin();
	minidump_freeze(&trial->md, 0);
	if (arena == NULL)
		trial->bytes = trial->md.npages * PAGE_SIZE;
	else
		(void)minidump_gz(&trial->md, arena, count);
	/* What a slot shows is mapped: leave it a page that any dump has. */
	page = 0;
	if (minidump_set_next(&trial->md.set, &page))
		(void)minidump_map(&trial->md.set,
		    (vm_paddr_t)page << PAGE_SHIFT, MINIDUMP_PT);
	sched_unpin();
	need = dumpout_needed(trial->bytes);
	if (arena != NULL)
		free(arena, M_TEMP);
	free(trial->md.set.bits, M_TEMP);
	free(trial, M_TEMP);
	bytes = need < ULONG_MAX ? need : ULONG_MAX;
	return (SYSCTL_OUT(req, &bytes, sizeof(bytes)));
}
SYSCTL_PROC(_debug, OID_AUTO, minidump_size, CTLTYPE_ULONG | CTLFLAG_RD,
    NULL, 0, sysctl_minidump_size, "LU",
    "Bytes that a dump device must have for a minidump taken now");
SYSCTL_PROC(_debug, OID_AUTO, minidump_gzsize, CTLTYPE_ULONG | CTLFLAG_RD,
    NULL, 1, sysctl_minidump_size, "LU",
    "The same for a compressed minidump; finding out takes a while");
