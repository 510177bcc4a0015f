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
 * Set anew by each dumpout_open().  Forwards, the buffer is filled from its
 * beginning and written at "next"; backwards, it is filled from its end and
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
} out;
static char buffer[STAGESIZE] __aligned(PAGE_SIZE);
static struct kerneldumpheader kdh;

/* The ticket of the dump that may write. */
static volatile u_int newest;

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
dumpout_claim(void)
{

	out.fill = 0;
	return (++newest);
}

uint64_t
dumpout_needed(uint64_t length)
{

	return (MINIDUMP_METADATA + length + 2 * sizeof(kdh));
}

uint64_t
dumpout_room(const struct dumperinfo *di)
{

	if (di->mediasize < 0 || (uint64_t)di->mediasize < dumpout_needed(0))
		return (0);
	return (di->mediasize - dumpout_needed(0));
}

/* The only place that calls the dumper to write. */
static int
window_write(const void *buf, off_t offset, size_t len)
{
	int error;

	if (out.ticket != newest)
		return (DUMPOUT_REPLACED);
	if (offset < out.start || offset > out.end ||
	    len > (uint64_t)(out.end - offset))
		return (EFAULT);
	error = (*out.di->dumper)(out.di->priv, __DECONST(void *, buf), 0,
	    offset, len);
	return (out.ticket == newest ? error : DUMPOUT_REPLACED);
}

/* Ask the dumper to flush all data to the medium. */
static int
flush(void)
{
	int error;

	if (out.ticket != newest)
		return (DUMPOUT_REPLACED);
	error = (*out.di->dumper)(out.di->priv, NULL, 0, 0, 0);
	return (out.ticket == newest ? error : DUMPOUT_REPLACED);
}

/*
 * Once per write, check whether someone at the console wants to stop the dump.
 */
static int
poll_console(void)
{
	int c;

	c = cncheckc();
	if (out.ticket != newest)
		return (DUMPOUT_REPLACED);
	if (c == CTRL_C)
		return (DUMPOUT_ABORTED);
	if (c != -1)
		printf(" (CTRL-C to abort) ");
	return (0);
}

/* In 1024ths, as a 32-bit kernel may lack 64-bit division. */
void
dumpout_progress(uint64_t part, uint64_t whole)
{
	u_int tenths;

	while (whole >= 1 << 20) {
		part >>= 10;
		whole >>= 10;
	}
	tenths = 10 * (u_int)part / (u_int)whole;
	if (tenths != out.tenths)
		printf(" %u%%", 10 * tenths);
	out.tenths = tenths;
}

/* Write the buffer, full or not. */
static int
drain(void)
{
	off_t offset;
	char *from;
	int error;

	if (out.ticket != newest)
		return (DUMPOUT_REPLACED);
	if (out.counting) {
		out.fill = 0;
		return (poll_console());
	}
	if (out.backwards) {
		if (out.fill > (uint64_t)(out.next - out.start))
			return (DUMPOUT_FULL);
		offset = out.next - out.fill;
		from = buffer + STAGESIZE - out.fill;
	} else {
		if (out.fill > (uint64_t)(out.trailer - out.next))
			return (EFBIG);		/* more than expected */
		offset = out.next;
		from = buffer;
	}
	error = window_write(from, offset, out.fill);
	if (error != 0)
		return (error);
	out.next = out.backwards ? offset : offset + (off_t)out.fill;
	out.fill = 0;
	return (poll_console());
}

int
dumpout_append(const void *buf, size_t len)
{
	const char *p;
	size_t n;
	int error;

	for (p = buf; len > 0; p += n, len -= n) {
		n = STAGESIZE - out.fill;
		if (n > len)
			n = len;
		bcopy(p, buffer + out.fill, n);
		out.fill += n;
		if (out.fill == STAGESIZE) {
			error = drain();
			if (error != 0)
				return (error);
		}
	}
	return (0);
}

int
dumpout_prepend(const void *buf, size_t len)
{
	const char *p;
	size_t n;
	int error;

	out.length += len;
	for (p = (const char *)buf + len; len > 0; len -= n) {
		n = STAGESIZE - out.fill;
		if (n > len)
			n = len;
		p -= n;
		out.fill += n;
		bcopy(p, buffer + STAGESIZE - out.fill, n);
		if (out.fill == STAGESIZE) {
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

	bzero(&kdh, sizeof(kdh));
	kdh.version = htod32(KERNELDUMPVERSION);
	strlcpy(kdh.magic, KERNELDUMPMAGIC, sizeof(kdh.magic));
	kdh.architectureversion = htod32(cpu_minidump_archversion);
	strlcpy(kdh.architecture, MACHINE_ARCH, sizeof(kdh.architecture));
	kdh.blocksize = htod32(out.di->blocksize);
	kdh.dumplength = htod64(out.length);
	kdh.dumptime = htod64(time_second);
	strlcpy(kdh.versionstring, version, sizeof(kdh.versionstring));
	strlcpy(kdh.hostname, hostname, sizeof(kdh.hostname));
	if (panicstr != NULL)
		strlcpy(kdh.panicstring, panicstr, sizeof(kdh.panicstring));
	kdh.parity = kerneldump_parity(&kdh);
}

/* Set the window for a dump, and clear all other state. */
static void
reset(struct dumperinfo *di, u_int ticket)
{

	bzero(&out, sizeof(out));
	bzero(buffer, sizeof(kdh));
	out.ticket = ticket;
	out.di = di;
	out.start = di->mediaoffset + MINIDUMP_METADATA;
	out.end = di->mediaoffset + di->mediasize;
	out.trailer = out.end - sizeof(kdh);
}

int
dumpout_void(struct dumperinfo *di, u_int ticket)
{
	int error;

	if (dumpout_room(di) == 0)
		return (0);
	reset(di, ticket);
	error = window_write(buffer, out.trailer, sizeof(kdh));
	return (error != 0 ? error : flush());
}

void
dumpout_count(struct dumperinfo *di, u_int ticket)
{

	reset(di, ticket);
	out.backwards = out.counting = 1;
}

uint64_t
dumpout_length(void)
{

	return (out.length);
}

int
dumpout_open(struct dumperinfo *di, u_int ticket, uint64_t length)
{
	int error;

	if (length > dumpout_room(di) || dumpout_room(di) == 0)
		return (DUMPOUT_FULL);
	error = dumpout_void(di, ticket);
	if (error != 0)
		return (error);
	out.backwards = (length == 0);
	out.length = length;
	if (out.backwards) {
		out.next = out.trailer;
		return (0);
	}
	/* The leading header shares the first write with the dump. */
	out.next = out.trailer - length - sizeof(kdh);
	make_header();
	return (dumpout_append(&kdh, sizeof(kdh)));
}

int
dumpout_close(void)
{
	int error;

	error = 0;
	if (out.backwards) {
		make_header();
		error = dumpout_prepend(&kdh, sizeof(kdh));
	}
	if (error == 0 && out.fill != 0)
		error = drain();
	if (error == 0 && !out.backwards && out.next != out.trailer)
		error = EINVAL;			/* less than expected */
	if (error == 0)
		error = flush();
	if (error != 0)
		return (error);
	error = window_write(&kdh, out.trailer, sizeof(kdh));
	if (error == 0)
		error = flush();
	if (error != 0) {
		/* The header may or may not be on the medium: overwrite it. */
		bzero(&kdh, sizeof(kdh));
		(void)window_write(&kdh, out.trailer, sizeof(kdh));
	}
	return (error);
}
