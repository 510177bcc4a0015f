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

/*
 * What is printed while a dump is written gets into it: it may become as much
 * longer than was counted.
 */
#define	SLACK		PAGE_SIZE
#define	NO_LIMIT	((uint64_t)-1)

/* What is being written, for the message if it fails. */
static const char *what;

static u_int ticket;		/* of this dump, for kern_dumpout.c */
static int plain;		/* how this attempt is written */
static int deciding;		/* one did not fit, the console was told */
static uint64_t counted;	/* bytes of it, compressed; 0: not counted */
static uint64_t limit;		/* more need not be counted */

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
count(struct minidump *md __unused, uint64_t i __unused, const void *buf,
    size_t len)
{
	int error;

	error = dumpout_prepend(buf, len);
	return (error == 0 && dumpout_length() > limit ? DUMPOUT_FULL : error);
}

/*
 * Compress it all and write nothing, but do all else that is done when it is
 * written, as the buffer for the device is in the dump.
 */
static int
count_all(struct dumperinfo *di, uint64_t most)
{
	int error;

	limit = most;
	dumpout_count(di, ticket);
	error = minidump_gz(&dump, minidump_gz_arena, count);
	if (error == 0)
		counted = dumpout_length();
	return (error);
}

/* Freeze the dump without the first "nleft" kinds of pages. */
static int
leave_out(u_int nleft)
{
	uint64_t before;

	before = dump.set.npages;
	counted = 0;
	minidump_freeze(&dump, nleft);
	if (nleft == 0) {
		if (dump.hdr.msgbufsize == 0)
			printf("No message buffer at %p\n", msgbufp);
		if (dump.set.skipped != 0)
			printf("%u page tables not found: damaged entries\n",
			    dump.set.skipped);
		return (0);
	}
	/* Other CPUs may have added more than was left out. */
	if (dump.set.npages >= before)
		return (DUMPOUT_FULL);
	dump.pagesleft[nleft - 1] = before - dump.set.npages;
	printf("Leaving out %s: %u pages\n", minidump_kind[nleft - 1].name,
	    dump.pagesleft[nleft - 1]);
	return (0);
}

/*
 * Decide how it would be written, and whether it fits: DUMPOUT_FULL if not.
 */
static int
decide(struct dumperinfo *di, u_int nleft)
{
	uint64_t length, room;
	int error;

	what = "start";
	length = dump.npages * PAGE_SIZE;
	room = dumpout_room(di);
	plain = minidump_compress == 0 ||
	    (minidump_compress != 1 && nleft == 0 && length <= room);
	if (plain)
		return (length <= room ? 0 : DUMPOUT_FULL);
	/* What cannot be compressed becomes longer, but not by so much. */
	if (length + (length >> 10) + 4 * DEV_BSIZE <= room)
		return (0);
	if (!deciding) {
		deciding = 1;
		printf("Deciding what to leave out\n");
		error = dumpout_void(di, ticket);
		if (error != 0)
			return (error);
	}
	/* Of the last that can be done, all is of interest. */
	error = count_all(di, nleft < minidump_nkinds ? room + SLACK :
	    NO_LIMIT);
	if (error == 0 && counted > room + SLACK)
		error = DUMPOUT_FULL;
	return (error);
}

static int
write_dump(struct dumperinfo *di)
{
	uint64_t length;
	int error;

	length = dump.npages * PAGE_SIZE;
	printf("Dumping %ju MB (%ju pages)%s:", MB_UP(length),
	    (uintmax_t)dump.set.npages, plain ? "" : ", compressed");
	error = dumpout_open(di, ticket, plain ? length : 0);
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

/*
 * A dump can be begun while an earlier one has not ended: from a debugger that
 * was entered because of a fault in it.  All is set anew here, and the earlier
 * one cannot write any more.  (After a panic boot() begins no second one.)
 */
void
minidumpsys(struct dumperinfo *di)
{
	uint64_t length;
	u_int nleft;
	int error;

	if (minidump_frozen_bits == NULL) {
		printf("Dump failed: no page bitmap: error %d\n", ENXIO);
		return;
	}
	ticket = dumpout_claim();
	deciding = 0;
	bzero(&dump, sizeof(dump));
	dump.set.bits = minidump_frozen_bits;
	dump.set.slots = MINIDUMP_SLOTS_DUMP;
	dump.table = table;
	dump.scratch = scratch;
	error = DUMPOUT_FULL;
	for (nleft = 0; nleft <= minidump_nkinds && error == DUMPOUT_FULL;
	    nleft++) {
		error = leave_out(nleft);
		if (error == 0)
			error = decide(di, nleft);
		if (error == 0)
			error = write_dump(di);
	}
	/* How large a device would have to be for what was tried last. */
	length = dump.npages * PAGE_SIZE;
	if (error == DUMPOUT_FULL && minidump_compress != 0) {
		if (counted == 0 && count_all(di, NO_LIMIT) != 0)
			error = DUMPOUT_ABORTED;
		length = counted;
	}

	if (error == 0)
		printf("Dump complete\n");
	else if (error == DUMPOUT_ABORTED)
		printf("Dump aborted\n");
	else if (error == DUMPOUT_FULL)
		printf("Dump failed: device too small: %ju MB needed, "
		    "%ju MB there\n", MB_UP(dumpout_needed(length)),
		    MB(di->mediasize > 0 ? di->mediasize : 0));
	else if (error == DUMPOUT_REPLACED)
		printf("Dump failed: another has taken its place\n");
	else
		printf("Dump failed: %s: error %d\n", what, error);
	(void)dumpout_claim();
}
