/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Where on the disk the dump is, between which headers, how it was written, and
 * what else was.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

#define	PATTERN		0xa5		/* what stands in METADATA */
#define	WRITE		65536		/* what a write should be */

static uint64_t
big(const uint8_t *p, int n)
{
	uint64_t x;

	for (x = 0; n > 0; n--)
		x = x << 8 | *p++;
	return (x);
}

static void
number_field(const uint8_t *p, int size, const char *what, uint64_t want)
{

	if (big(p, size) != want)
		fail("%s is %ju, not %ju", what, (uintmax_t)big(p, size),
		    (uintmax_t)want);
}

/* The headers before and after the dump.  Sets d->stored if they are good. */
int
check_device(const struct manifest *m, struct dump *d)
{
	const uint8_t *h;
	char version[512];
	uint32_t parity;
	uint64_t end;
	int i;

	promise("the dump stands between two good headers");
	end = m->mediaoffset + m->mediasize;
	if (end > d->disk.size || m->mediasize < METADATA + 2 * HEADER)
		die("the medium is not on the disk");
	h = d->disk.map + end - HEADER;
	text_field(h, 20, "magic", "FreeBSD Kernel Dump");
	text_field(h + 20, 12, "architecture", m->amd64 ? "amd64" : "i386");
	number_field(h + 32, 4, "version", 1);
	number_field(h + 36, 4, "architectureversion", 2);
	number_field(h + 48, 8, "dumptime",
	    manifest_number(m, "var", "time_second"));
	number_field(h + 56, 4, "blocksize", 512);
	text_field(h + 60, 64, "hostname",
	    manifest_text(m, "string", "hostname"));
	snprintf(version, sizeof(version), "%s\n",
	    manifest_text(m, "string", "version"));
	text_field(h + 124, 192, "versionstring", version);
	text_field(h + 316, 192, "panicstring",
	    manifest_text(m, "string", "panicstr"));
	for (parity = 0, i = 0; i < HEADER; i += 4)
		parity ^= big(h + i, 4);
	if (parity != 0)
		fail("parity");
	d->storedlen = big(h + 40, 8);
	if (d->storedlen > m->mediasize - METADATA - 2 * HEADER ||
	    d->storedlen < HEADER)
		fail("dumplength %ju", (uintmax_t)d->storedlen);
	else if (memcmp(h - d->storedlen - HEADER, h, HEADER) != 0)
		fail("the first header is not the last");
	else
		d->stored = h - d->storedlen;
	kept("%s", "");
	return (d->stored != NULL);
}

/* How large a device is needed for a vmcore of so many bytes. */
uint64_t
needed(uint64_t length)
{

	return (METADATA + 2 * HEADER + length);
}

/*
 * Plain, if it fits so or must not be compressed.  Sets d->core if what is
 * there is of the right form.
 */
void
check_form(const struct manifest *m, struct dump *d)
{
	uint64_t compress;
	int plain;

	compress = manifest_number(m, "sysctl", "debug.minidump_compress");
	plain = compress == 0 || (compress != 1 && d->nleft == 0 &&
	    manifest_number(m, "sysctl", "debug.minidump_size") <=
	    m->mediasize);
	promise("it is %s", plain ? "plain" : "compressed");
	if (plain == (d->stored[0] == 0x1f && d->stored[1] == 0x8b)) {
		fail("it is not");
	} else if (plain) {
		d->core = d->stored;
		d->length = d->storedlen;
	}
	if (kept("%s", "") && !plain)
		check_members(d);
}

/*
 * The measure is 2 % above the ideal; of a small dump that is less than the
 * writes that there must be: the older trailing header, once before what to
 * leave out is decided and once each time that it is tried, what is left in
 * the buffer at the end, and the new trailer.  It is tried once, or twice if
 * there is hardly too little room.
 */
void
check_writes(const struct manifest *m, const struct dump *d)
{
	double ideal, over;

	promise("its writes are large");
	if (m->written < d->storedlen + 3 * HEADER)
		fail("%ju bytes written", (uintmax_t)m->written);
	ideal = (double)m->written / WRITE;
	over = (m->writes - ideal) / ideal * 100;
	if (m->writes < ideal || (over > 2 &&
	    m->writes > m->written / WRITE + 5))
		fail("%ju writes for %ju bytes: %.2f %% more than %.1f",
		    (uintmax_t)m->writes, (uintmax_t)m->written, over, ideal);
	if (m->written > d->storedlen + m->mediasize)
		fail("%ju bytes written, more than twice", (uintmax_t)m->written);
	if (m->flushes == 0)
		fail("no flush");
	kept(": %ju for %ju bytes, %.2f %% above %.1f", (uintmax_t)m->writes,
	    (uintmax_t)m->written, over, ideal);
}

void
write_core(const struct dump *d, const char *file)
{
	FILE *fp;

	fp = fopen(file, "w");
	if (fp == NULL ||
	    fwrite(d->stored, 1, d->storedlen, fp) != d->storedlen ||
	    fclose(fp) != 0)
		die("%s: %s", file, strerror(errno));
}

/* What of the disk is written by who has read /dev/minidump. */
static uint64_t
live_room(uint64_t size)
{

	return ((size + WRITE - 1) / WRITE * WRITE);
}

/*
 * Nothing outside the part of the disk where a dump may be is written, and if
 * "start" is not 0, nothing before that byte of the disk.
 */
void
check_untouched(const struct manifest *m, const struct dump *d, uint64_t start,
    int fill)
{
	uint64_t end;

	end = m->mediaoffset + m->mediasize;
	promise("not a byte of the disk outside the dump is written");
	if (start == 0)
		start = m->mediaoffset + METADATA;
	disk_untouched(&d->disk, 0, METADATA, PATTERN);
	if (m->livesize != 0) {
		disk_untouched(&d->disk, METADATA, m->liveoffset, fill);
		disk_untouched(&d->disk, m->liveoffset + live_room(m->livesize),
		    start, fill);
	} else
		disk_untouched(&d->disk, METADATA, start, fill);
	disk_untouched(&d->disk, end, d->disk.size, fill);
	kept(": %ju bytes", (uintmax_t)(d->disk.size - (end - start) -
	    live_room(m->livesize)));
}

/* Nothing is written at all. */
void
check_nothing(const struct manifest *m, const struct dump *d, int fill)
{

	promise("nothing is written");
	if (m->writes != 0)
		fail("%ju writes", (uintmax_t)m->writes);
	disk_untouched(&d->disk, 0, METADATA, PATTERN);
	disk_untouched(&d->disk, METADATA, d->disk.size, fill);
	kept("%s", "");
}

/*
 * The same of a guest of which nothing else is known: it may have ended in any
 * way, before it said which part of the disk is the dump device, too.
 */
void
check_guard(const struct dump *d, int fill)
{
	const char *p;
	uint64_t end, start;
	uintmax_t live, offset, size;
	size_t len;
	char *manifest;

	manifest = read_file("manifest", &len);
	p = strstr(manifest, "\nmedia ");
	if (p != NULL && sscanf(p, " media %jx %jx\n", &offset, &size) == 2) {
		start = offset + METADATA;
		end = offset + size;
	} else
		start = end = d->disk.size;
	promise("not a byte of the disk outside the dump device is written");
	disk_untouched(&d->disk, 0, METADATA, PATTERN);
	/* It may have ended before it said so. */
	p = strstr(manifest, "\nlive ");
	if (p != NULL && sscanf(p, " live %jx %jx", &live, &size) == 2) {
		disk_untouched(&d->disk, METADATA, live, fill);
		disk_untouched(&d->disk, live + live_room(size), start, fill);
	} else
		disk_untouched(&d->disk, METADATA, start, fill);
	disk_untouched(&d->disk, end, d->disk.size, fill);
	kept("%s", "");
}
