/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps: what dumpsys() calls after a panic, instead of copying all of
 * memory to the dump device.
 *
 * It decides in which form the dump is written, plain or compressed, and what
 * is left out if it does not fit; and it tells the console what became of it.
 * What is in the dump is kern_dumppages.c's business, where it goes is
 * kern_dumpout.c's.
 *
 * The rules of minidump_md.h hold for all of it: no allocation, no locks, no
 * trust in what the crash may have broken.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/minidump.h>
#include <sys/msgbuf.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

#define	MB(bytes)	((uintmax_t)(bytes) >> 20)
#define	MB_UP(bytes)	MB((bytes) + (1 << 20) - 1)

static struct minidump dump;
static pt_entry_t table[NPTEPG] __aligned(PAGE_SIZE);
static char scratch[PAGE_SIZE] __aligned(PAGE_SIZE);

/* What is being written, for the message if it fails. */
static const char *what;

/* Bytes that a compressed dump would have had, if it was only counted. */
static uint64_t counted;

static int
write_plain(void)
{
	uint64_t i;
	int error;

	error = 0;
	for (i = 0; i < dump.npages && error == 0; i++) {
		what = minidump_section(&dump, i);
		error = dumpout_append(minidump_page(&dump, i), PAGE_SIZE);
		if (error == 0)
			dumpout_progress(i + 1, dump.npages);
	}
	return (error);
}

static int
put(struct minidump *md, uint64_t i, const void *buf, size_t len)
{
	int error;

	what = minidump_section(md, i);
	error = dumpout_prepend(buf, len);
	if (error == 0)
		dumpout_progress(md->npages - i, md->npages);
	return (error);
}

static int
count(struct minidump *md __unused, uint64_t i __unused,
    const void *buf __unused, size_t len)
{

	counted += len;
	return (0);
}

/*
 * Try to get the dump onto the device, without the first "nleft" kinds of
 * pages.  Returns 0 or an error of kern_dumpout.c, of which DUMPOUT_FULL means
 * that this was not enough.
 */
static int
attempt(struct dumperinfo *di, u_int nleft)
{
	uint64_t before, length;
	int error, plain;

	what = "start";
	before = dump.set.npages;
	minidump_freeze(&dump, nleft);
	if (nleft == 0 && dump.hdr.msgbufsize == 0)
		printf("No message buffer at %p\n", msgbufp);
	if (nleft == 0 && dump.set.skipped != 0)
		printf("%u page tables not found: damaged entries\n",
		    dump.set.skipped);
	if (nleft > 0) {
		/* Other CPUs may have added more than was left out. */
		if (dump.set.npages >= before)
			return (DUMPOUT_FULL);
		dump.pagesleft[nleft - 1] = before - dump.set.npages;
		printf("Leaving out %s: %u pages\n",
		    minidump_kind[nleft - 1].name, dump.pagesleft[nleft - 1]);
	}

	length = dump.npages * PAGE_SIZE;
	plain = minidump_compress == 0 || (minidump_compress != 1 &&
	    nleft == 0 && length <= dumpout_room(di));
	if (plain && length > dumpout_room(di))
		return (DUMPOUT_FULL);
	printf("Dumping %ju MB (%ju pages)%s:", MB_UP(length),
	    (uintmax_t)dump.set.npages, plain ? "" : ", compressed");
	error = dumpout_open(di, plain ? length : 0);
	if (error == 0)
		error = plain ? write_plain() :
		    minidump_gz(&dump, minidump_gz_arena, put);
	if (error == 0) {
		what = "end";
		error = dumpout_close();
	}
	printf("\n");
	return (error);
}

/* How large a device would have to be for what attempt() tried last. */
static uint64_t
device_needed(void)
{

	if (minidump_compress == 0)
		return (dumpout_needed(dump.npages * PAGE_SIZE));
	counted = 0;
	(void)minidump_gz(&dump, minidump_gz_arena, count);
	return (dumpout_needed(counted));
}

void
minidumpsys(struct dumperinfo *di)
{
	static int busy;
	u_int nleft;
	int error;

	if (minidump_frozen_bits == NULL) {
		printf("Dump failed: no page bitmap: error %d\n", ENXIO);
		return;
	}
	/* A crash inside of this, and all that is here is in use. */
	if (busy) {
		printf("Dump failed: another is under way: error %d\n", EBUSY);
		return;
	}
	busy = 1;
	bzero(&dump, sizeof(dump));
	dump.set.bits = minidump_frozen_bits;
	dump.table = table;
	dump.scratch = scratch;
	error = DUMPOUT_FULL;
	for (nleft = 0; nleft <= minidump_nkinds && error == DUMPOUT_FULL;
	    nleft++)
		error = attempt(di, nleft);

	if (error == 0)
		printf("Dump complete\n");
	else if (error == DUMPOUT_ABORTED)
		printf("Dump aborted\n");
	else if (error == DUMPOUT_FULL)
		printf("Dump failed: device too small: %ju MB needed, "
		    "%ju MB there\n", MB_UP(device_needed()),
		    MB(di->mediasize > 0 ? di->mediasize : 0));
	else
		printf("Dump failed: %s: error %d\n", what, error);
	busy = 0;
}
