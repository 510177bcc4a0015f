/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Output to the dump device: up to its end, in large writes.
 *
 * Data of any length is collected in one buffer and written when the buffer is
 * full.  All writes go through window_write(), which knows the part of the
 * device that a dump may use and cannot write outside it.
 *
 * On the device a dump is a kernel dump header, the dump, and the same header
 * again at the very end.  savecore(8) accepts it if both headers are there and
 * agree.  So the trailing header of an older dump is overwritten before
 * anything else, and the new one is written last, after the dumper was asked to
 * flush.  If the dump ends early, there is no trailing header.
 *
 * An ATA disk confirms with the flush that all data is on the medium.  No other
 * dumper does: that of da asks the disk to write its cache, and returns 0
 * whatever the result; those of aac, amr, ida, ips, mfi and twe do nothing.
 * The data that they have accepted is on the medium only if the controller
 * writes it.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/cons.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/kerneldump.h>
#include <sys/minidump.h>
#include <sys/time.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

CTASSERT(sizeof(struct kerneldumpheader) == DEV_BSIZE);

/*
 * Every device accepts writes of this size; DFLTPHYS is larger in some trees.
 */
#define	MAXWRITE	65536
#define	STAGESIZE	((size_t)MIN(MAXDUMPPGS * PAGE_SIZE, MAXWRITE))
#define	CTRL_C		0x03

/*
 * Set anew by each minidump_out_open().  Forwards, the buffer is filled from
 * its beginning and written at "next"; backwards, it is filled from its end and
 * written below "next".
 */
static struct {
	struct dumperinfo *di;
	off_t		start;		/* the window: offsets on the device, */
	off_t		end;		/* [start, end) */
	off_t		trailer;	/* where the trailing header goes */
	off_t		next;
	size_t		fill;		/* bytes in the buffer */
	int		backwards;
	int		counting;	/* nothing is written */
	u_int		ticket;		/* of the dump that this is for */
	uint64_t	length;		/* of the dump: expected, or so far */
	u_int		tenths;		/* progress printed so far */
} minidump_out;
static char minidump_out_buf[STAGESIZE] __aligned(PAGE_SIZE);
static struct kerneldumpheader minidump_kdh;

/* The ticket of the dump that may write. */
static volatile u_int minidump_newest;

int
dump_refused(const struct dumperinfo *di)
{

	if (di->blocksize == DEV_BSIZE)
		return (0);
	printf("Dump failed: the device has blocks of %u bytes, not %d\n",
	    di->blocksize, DEV_BSIZE);
	return (1);
}

u_int
minidump_out_claim(void)
{

	minidump_out.fill = 0;
	return (++minidump_newest);
}

uint64_t
minidump_out_needed(uint64_t length)
{

	return (MINIDUMP_METADATA + length + 2 * sizeof(minidump_kdh));
}

uint64_t
minidump_out_room(const struct dumperinfo *di)
{

	if (di->mediasize < 0 ||
	    (uint64_t)di->mediasize < minidump_out_needed(0))
		return (0);
	return (di->mediasize - minidump_out_needed(0));
}

/* The only place that calls the dumper to write. */
static int
window_write(const void *buf, off_t offset, size_t len)
{
	int error;

	if (minidump_out.ticket != minidump_newest)
		return (MINIDUMP_OUT_REPLACED);
	if (offset < minidump_out.start || offset > minidump_out.end ||
	    len > (uint64_t)(minidump_out.end - offset))
		return (EFAULT);
	error = (*minidump_out.di->dumper)(minidump_out.di->priv,
	    __DECONST(void *, buf), 0, offset, len);
	return (minidump_out.ticket == minidump_newest ? error :
	    MINIDUMP_OUT_REPLACED);
}

/* Ask the dumper to flush all data to the medium. */
static int
flush(void)
{
	int error;

	if (minidump_out.ticket != minidump_newest)
		return (MINIDUMP_OUT_REPLACED);
	error = (*minidump_out.di->dumper)(minidump_out.di->priv, NULL, 0, 0,
	    0);
	return (minidump_out.ticket == minidump_newest ? error :
	    MINIDUMP_OUT_REPLACED);
}

/*
 * Once per write, check whether someone at the console wants to stop the dump.
 */
static int
poll_console(void)
{
	int c;

	c = cncheckc();
	if (minidump_out.ticket != minidump_newest)
		return (MINIDUMP_OUT_REPLACED);
	if (c == CTRL_C)
		return (MINIDUMP_OUT_ABORTED);
	if (c != -1)
		printf(" (CTRL-C to abort) ");
	return (0);
}

/* In 1024ths, as a 32-bit kernel may lack 64-bit division. */
void
minidump_out_progress(uint64_t part, uint64_t whole)
{
	u_int tenths;

	while (whole >= 1 << 20) {
		part >>= 10;
		whole >>= 10;
	}
	tenths = 10 * (u_int)part / (u_int)whole;
	if (tenths != minidump_out.tenths)
		printf(" %u%%", 10 * tenths);
	minidump_out.tenths = tenths;
}

/* Write the buffer, full or not. */
static int
drain(void)
{
	off_t offset;
	char *from;
	int error;

	if (minidump_out.ticket != minidump_newest)
		return (MINIDUMP_OUT_REPLACED);
	if (minidump_out.counting) {
		minidump_out.fill = 0;
		return (poll_console());
	}
	if (minidump_out.backwards) {
		if (minidump_out.fill >
		    (uint64_t)(minidump_out.next - minidump_out.start))
			return (MINIDUMP_OUT_FULL);
		offset = minidump_out.next - minidump_out.fill;
		from = minidump_out_buf + STAGESIZE - minidump_out.fill;
	} else {
		if (minidump_out.fill >
		    (uint64_t)(minidump_out.trailer - minidump_out.next))
			return (EFBIG);		/* more than expected */
		offset = minidump_out.next;
		from = minidump_out_buf;
	}
	error = window_write(from, offset, minidump_out.fill);
	if (error != 0)
		return (error);
	minidump_out.next = offset;
	if (!minidump_out.backwards)
		minidump_out.next += minidump_out.fill;
	minidump_out.fill = 0;
	return (poll_console());
}

int
minidump_out_append(const void *buf, size_t len)
{
	const char *p;
	size_t n;
	int error;

	for (p = buf; len > 0; p += n, len -= n) {
		n = STAGESIZE - minidump_out.fill;
		if (n > len)
			n = len;
		bcopy(p, minidump_out_buf + minidump_out.fill, n);
		minidump_out.fill += n;
		if (minidump_out.fill == STAGESIZE) {
			error = drain();
			if (error != 0)
				return (error);
		}
	}
	return (0);
}

int
minidump_out_prepend(const void *buf, size_t len)
{
	const char *p;
	size_t n;
	int error;

	minidump_out.length += len;
	for (p = (const char *)buf + len; len > 0; len -= n) {
		n = STAGESIZE - minidump_out.fill;
		if (n > len)
			n = len;
		p -= n;
		minidump_out.fill += n;
		bcopy(p, minidump_out_buf + STAGESIZE - minidump_out.fill, n);
		if (minidump_out.fill == STAGESIZE) {
			error = drain();
			if (error != 0)
				return (error);
		}
	}
	return (0);
}

static void
make_header(void)
{

	bzero(&minidump_kdh, sizeof(minidump_kdh));
	minidump_kdh.version = htod32(KERNELDUMPVERSION);
	strlcpy(minidump_kdh.magic, KERNELDUMPMAGIC,
	    sizeof(minidump_kdh.magic));
	minidump_kdh.architectureversion = htod32(cpu_minidump_archversion);
	strlcpy(minidump_kdh.architecture, MACHINE_ARCH,
	    sizeof(minidump_kdh.architecture));
	minidump_kdh.blocksize = htod32(minidump_out.di->blocksize);
	minidump_kdh.dumplength = htod64(minidump_out.length);
	minidump_kdh.dumptime = htod64(time_second);
	strlcpy(minidump_kdh.versionstring, version,
	    sizeof(minidump_kdh.versionstring));
	strlcpy(minidump_kdh.hostname, hostname, sizeof(minidump_kdh.hostname));
	if (panicstr != NULL)
		strlcpy(minidump_kdh.panicstring, panicstr,
		    sizeof(minidump_kdh.panicstring));
	minidump_kdh.parity = kerneldump_parity(&minidump_kdh);
}

/* Set the window for a dump, and clear all other state. */
static void
reset(struct dumperinfo *di, u_int ticket)
{

	bzero(&minidump_out, sizeof(minidump_out));
	bzero(minidump_out_buf, sizeof(minidump_kdh));
	minidump_out.ticket = ticket;
	minidump_out.di = di;
	minidump_out.start = di->mediaoffset + MINIDUMP_METADATA;
	minidump_out.end = di->mediaoffset + di->mediasize;
	minidump_out.trailer = minidump_out.end - sizeof(minidump_kdh);
}

int
minidump_out_void(struct dumperinfo *di, u_int ticket)
{
	int error;

	if (minidump_out_room(di) == 0)
		return (0);
	reset(di, ticket);
	error = window_write(minidump_out_buf, minidump_out.trailer,
	    sizeof(minidump_kdh));
	return (error != 0 ? error : flush());
}

void
minidump_out_count(struct dumperinfo *di, u_int ticket)
{

	reset(di, ticket);
	minidump_out.backwards = minidump_out.counting = 1;
}

uint64_t
minidump_out_length(void)
{

	return (minidump_out.length);
}

int
minidump_out_open(struct dumperinfo *di, u_int ticket, uint64_t length)
{
	int error;

	if (length > minidump_out_room(di) || minidump_out_room(di) == 0)
		return (MINIDUMP_OUT_FULL);
	error = minidump_out_void(di, ticket);
	if (error != 0)
		return (error);
	minidump_out.backwards = (length == 0);
	minidump_out.length = length;
	if (minidump_out.backwards) {
		minidump_out.next = minidump_out.trailer;
		return (0);
	}
	/* The leading header shares the first write with the dump. */
	minidump_out.next = minidump_out.trailer - length -
	    sizeof(minidump_kdh);
	make_header();
	return (minidump_out_append(&minidump_kdh, sizeof(minidump_kdh)));
}

int
minidump_out_close(void)
{
	int error;

	error = 0;
	if (minidump_out.backwards) {
		make_header();
		error = minidump_out_prepend(&minidump_kdh,
		    sizeof(minidump_kdh));
	}
	if (error == 0 && minidump_out.fill != 0)
		error = drain();
	if (error == 0 && !minidump_out.backwards &&
	    minidump_out.next != minidump_out.trailer)
		error = EINVAL;			/* less than expected */
	if (error == 0)
		error = flush();
	if (error != 0)
		return (error);
	error = window_write(&minidump_kdh, minidump_out.trailer,
	    sizeof(minidump_kdh));
	if (error == 0)
		error = flush();
	if (error != 0) {
		/* The header may or may not be on the medium: overwrite it. */
		bzero(&minidump_kdh, sizeof(minidump_kdh));
		(void)window_write(&minidump_kdh, minidump_out.trailer,
		    sizeof(minidump_kdh));
	}
	return (error);
}
