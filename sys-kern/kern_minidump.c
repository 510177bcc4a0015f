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

static struct minidump minidump_current;
static pt_entry_t minidump_table[NPTEPG] __aligned(PAGE_SIZE);
static char minidump_scratch[PAGE_SIZE] __aligned(PAGE_SIZE);

/*
 * What is printed while a dump is written gets into it: it may become as much
 * longer than was counted.
 */
#define	SLACK		PAGE_SIZE
#define	NO_LIMIT	((uint64_t)-1)

/* What is being written, for the message if it fails. */
static const char *minidump_stage;

static u_int minidump_ticket;	/* of this dump, for kern_dumpout.c */
static int minidump_plain;	/* how this attempt is written */
static int minidump_deciding;	/* one did not fit, the console was told */
static uint64_t minidump_counted; /* its bytes, compressed; 0: not counted */
static uint64_t minidump_limit;	/* more need not be counted */

static int
write_plain(void)
{
	uint64_t i;
	int error;

	error = 0;
	for (i = 0; i < minidump_current.npages && error == 0; i++) {
		minidump_stage = minidump_section(&minidump_current, i);
		error = minidump_out_append(minidump_page(&minidump_current,
		    i), PAGE_SIZE);
		if (error == 0)
			minidump_out_progress(i + 1, minidump_current.npages);
	}
	return (error);
}

static int
put(struct minidump *md, uint64_t i, const void *buf, size_t len)
{
	int error;

	minidump_stage = minidump_section(md, i);
	error = minidump_out_prepend(buf, len);
	if (error == 0)
		minidump_out_progress(md->npages - i, md->npages);
	return (error);
}

static int
count(struct minidump *md __unused, uint64_t i __unused, const void *buf,
    size_t len)
{
	int error;

	error = minidump_out_prepend(buf, len);
	if (error == 0 && minidump_out_length() > minidump_limit)
		error = MINIDUMP_OUT_FULL;
	return (error);
}

/*
 * Compress it all and write nothing, but do all else that is done when it is
 * written, as the buffer for the device is in the dump.
 */
static int
count_all(struct dumperinfo *di, uint64_t most)
{
	int error;

	minidump_limit = most;
	minidump_out_count(di, minidump_ticket);
	error = minidump_gz(&minidump_current, minidump_gz_arena, count);
	if (error == 0)
		minidump_counted = minidump_out_length();
	return (error);
}

/* Freeze the dump without the first "nleft" kinds of pages. */
static int
leave_out(u_int nleft)
{
	uint64_t before;

	before = minidump_current.set.npages;
	minidump_counted = 0;
	minidump_freeze(&minidump_current, nleft);
	if (nleft == 0) {
		if (minidump_current.hdr.msgbufsize == 0)
			printf("No message buffer at %p\n", msgbufp);
		if (minidump_current.set.skipped != 0)
			printf("%u page tables not found: damaged entries\n",
			    minidump_current.set.skipped);
		return (0);
	}
	/* Other CPUs may have added more than was left out. */
	if (minidump_current.set.npages >= before)
		return (MINIDUMP_OUT_FULL);
	minidump_current.pagesleft[nleft - 1] = before -
	    minidump_current.set.npages;
	printf("Leaving out %s: %u pages\n", minidump_kind[nleft - 1].name,
	    minidump_current.pagesleft[nleft - 1]);
	return (0);
}

/*
 * Decide how it would be written, and whether it fits: MINIDUMP_OUT_FULL if
 * not.
 */
static int
decide(struct dumperinfo *di, u_int nleft)
{
	uint64_t length, room;
	int error;

	minidump_stage = "start";
	length = minidump_current.npages * PAGE_SIZE;
	room = minidump_out_room(di);
	minidump_plain = minidump_compress == 0 ||
	    (minidump_compress != 1 && nleft == 0 && length <= room);
	if (minidump_plain)
		return (length <= room ? 0 : MINIDUMP_OUT_FULL);
	/* What cannot be compressed becomes longer, but not by so much. */
	if (length + (length >> 10) + 4 * DEV_BSIZE <= room)
		return (0);
	if (!minidump_deciding) {
		minidump_deciding = 1;
		printf("Deciding what to leave out\n");
		error = minidump_out_void(di, minidump_ticket);
		if (error != 0)
			return (error);
	}
	/* Of the last that can be done, all is of interest. */
	error = count_all(di, nleft < minidump_nkinds ? room + SLACK :
	    NO_LIMIT);
	if (error == 0 && minidump_counted > room + SLACK)
		error = MINIDUMP_OUT_FULL;
	return (error);
}

static int
write_dump(struct dumperinfo *di)
{
	uint64_t length;
	int error;

	length = minidump_current.npages * PAGE_SIZE;
	printf("Dumping %ju MB (%ju pages)%s:", MB_UP(length),
	    (uintmax_t)minidump_current.set.npages, minidump_plain ? "" :
	    ", compressed");
	error = minidump_out_open(di, minidump_ticket, minidump_plain ?
	    length : 0);
	if (error == 0)
		error = minidump_plain ? write_plain() :
		    minidump_gz(&minidump_current, minidump_gz_arena, put);
	if (error == 0) {
		minidump_stage = "end";
		error = minidump_out_close();
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
	minidump_ticket = minidump_out_claim();
	minidump_deciding = 0;
	bzero(&minidump_current, sizeof(minidump_current));
	minidump_current.set.bits = minidump_frozen_bits;
	minidump_current.set.slots = MINIDUMP_SLOTS_DUMP;
	minidump_current.table = minidump_table;
	minidump_current.scratch = minidump_scratch;
	error = MINIDUMP_OUT_FULL;
	for (nleft = 0; nleft <= minidump_nkinds && error == MINIDUMP_OUT_FULL;
	    nleft++) {
		error = leave_out(nleft);
		if (error == 0)
			error = decide(di, nleft);
		if (error == 0)
			error = write_dump(di);
	}
	/* How large a device would have to be for what was tried last. */
	length = minidump_current.npages * PAGE_SIZE;
	if (error == MINIDUMP_OUT_FULL && minidump_compress != 0) {
		if (minidump_counted == 0 && count_all(di, NO_LIMIT) != 0)
			error = MINIDUMP_OUT_ABORTED;
		length = minidump_counted;
	}

	if (error == 0)
		printf("Dump complete\n");
	else if (error == MINIDUMP_OUT_ABORTED)
		printf("Dump aborted\n");
	else if (error == MINIDUMP_OUT_FULL)
		printf("Dump failed: device too small: %ju MB needed, "
		    "%ju MB there\n", MB_UP(minidump_out_needed(length)),
		    MB(di->mediasize > 0 ? di->mediasize : 0));
	else if (error == MINIDUMP_OUT_REPLACED)
		printf("Dump failed: another has taken its place\n");
	else
		printf("Dump failed: %s: error %d\n", minidump_stage, error);
	(void)minidump_out_claim();
}
