/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps on the live system: the switches, and the size that a dump would
 * have.  Nothing here runs after a crash; so this may allocate and sleep.
 *
 * Any user may read the switches and debug.minidump_size; only root may set
 * the former, and ask for debug.minidump_gzsize.  All handlers run under the
 * sysctl lock, which also keeps two trials from the same window slots.  For the
 * size that is as long as it takes to look at each page table entry of the
 * kernel; for the compressed size, to compress GZ_SAMPLE members as well: under
 * a second, however large the dump.  Giant is not held meanwhile.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/limits.h>
#include <sys/lock.h>
#include <sys/minidump.h>
#include <sys/mutex.h>
#include <sys/proc.h>
#include <sys/sched.h>
#include <sys/sysctl.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <vm/vm_extern.h>
#include <vm/vm_kern.h>

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

/* Members that are compressed to tell what all would be: 15 MB of memory. */
#define	GZ_SAMPLE	256

/*
 * A dump that is made on the live system, for its size alone.  It has memory
 * and slots of its own, so that it cannot harm one that another CPU begins
 * meanwhile.  Behind it come the bits of its set, and the compressor's memory
 * if that is asked for.
 */
struct trial {
	struct minidump	md;
	pt_entry_t	table[NPTEPG] __aligned(PAGE_SIZE);
	char		scratch[PAGE_SIZE];
};
CTASSERT(sizeof(struct trial) % PAGE_SIZE == 0);

/*
 * Bytes of a dump that is made now; compressed, if there is an arena.  Of the
 * memory that "trial" takes, "size" bytes from there on, nothing would be in
 * it.  A slot is mapped for the CPU that asked for it, so this stays on one.
 */
static uint64_t
try_dump(struct trial *trial, vm_size_t size, void *arena)
{
	struct minidump *md;
	vm_size_t done;
	uint64_t bytes;

	md = &trial->md;
	sched_pin();
	minidump_freeze(md, 0);
	for (done = 0; done < size; done += PAGE_SIZE)
		minidump_forget(md, vtophys((vm_offset_t)trial + done));
	if (arena == NULL)
		bytes = md->npages * PAGE_SIZE;
	else
		bytes = minidump_gz_estimate(md, arena, GZ_SAMPLE);
	minidump_park(&md->set);
	sched_unpin();
	return (bytes);
}

/*
 * arg2 is 1 for the size of a compressed dump.  Memory comes from where it is
 * unmapped again when it is freed: the next dump is not to have it.
 */
static int
sysctl_minidump_size(SYSCTL_HANDLER_ARGS)
{
	struct trial *trial;
	vm_size_t bits, size;
	uint64_t bytes, need;
	u_long answer;
	void *arena;
	int error;

	if (arg2) {
		error = suser(req->td);
		if (error != 0)
			return (error);
	}
	/* sysctl(8) asks how long the answer is before it asks for that. */
	if (req->oldptr == NULL)
		return (SYSCTL_OUT(req, NULL, sizeof(answer)));

	bits = minidump_set_size();
	size = sizeof(*trial) + bits + (arg2 ? MINIDUMP_GZ_ARENA : 0);
	DROP_GIANT();
	trial = (struct trial *)kmem_alloc(kernel_map, size);
	bytes = 0;
	if (trial != NULL) {
		trial->md.set.bits = (u_int *)(trial + 1);
		trial->md.set.slots = MINIDUMP_SLOTS_TRIAL;
		trial->md.table = trial->table;
		trial->md.scratch = trial->scratch;
		arena = arg2 ? (char *)(trial + 1) + bits : NULL;
		bytes = try_dump(trial, size, arena);
		kmem_free(kernel_map, (vm_offset_t)trial, size);
	}
	PICKUP_GIANT();
	if (trial == NULL)
		return (ENOMEM);
	need = minidump_out_needed(bytes);
	answer = need < ULONG_MAX ? need : ULONG_MAX;
	return (SYSCTL_OUT(req, &answer, sizeof(answer)));
}
SYSCTL_PROC(_debug, OID_AUTO, minidump_size, CTLTYPE_ULONG | CTLFLAG_RD,
    NULL, 0, sysctl_minidump_size, "LU",
    "Bytes that a dump device must have for a minidump taken now");
/* Not listed: sysctl -a is not to wait for it. */
SYSCTL_PROC(_debug, OID_AUTO, minidump_gzsize, CTLTYPE_ULONG | CTLFLAG_RD |
    CTLFLAG_SKIP, NULL, 1, sysctl_minidump_size, "LU",
    "The same for a compressed minidump, estimated");
