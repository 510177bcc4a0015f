/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Compressed minidumps.  The format is in minidump.h: each 15 pages of the
 * plain dump are a gzip member that can be found and decompressed alone.
 *
 * The length of a compressed dump is not known before it is made, but the dump
 * has to end where the device ends.  As the members are independent and any
 * page of the plain dump can be had at any time, they are made from the last to
 * the first, and the dump grows downwards from the end of the device.  It takes
 * one pass and no second copy, and nothing depends on memory staying as it is.
 * The member that is made last, the first of the file, is padded so that the
 * length is a multiple of the device's blocks.  As the members that follow a
 * member are made before it, it can have their sizes.
 *
 * All memory is in the arena that was reserved at boot: the compressor's, the
 * pages that are compressed (a copy, as the checksum must be that of the bytes
 * that were compressed, and memory may change), and the member.
 *
 * Called by kern_minidump.c, and by kern_minidumpctl.c for an estimate.  The
 * rules of minidump_md.h hold.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/minidump.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <kern/minidump_deflate.h>
#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

#define	MEMBERPAGES	(MINIDUMP_GZ_PLAIN / PAGE_SIZE)

/* Room before the deflated bytes for the header, with sizes and padding. */
#define	SUBFIELD(n)	(4 + (n))
#define	SIZESLEN	(2 * (MINIDUMP_GZ_GROUP - 1))
#define	HEADROOM	(MINIDUMP_GZ_HEADER + SUBFIELD(4 + SIZESLEN) +	\
			    SUBFIELD(DEV_BSIZE) + 2)

struct gz {
	u_char		plain[MINIDUMP_GZ_PLAIN];
	u_char		member[HEADROOM +
			    MINIDUMP_DEFLATE_ROOM(MINIDUMP_GZ_PLAIN)];
	struct minidump_deflate deflate;
	struct minidump_crc crc;
	u_char		sizes[SIZESLEN]; /* of a group, without the first's */
};
CTASSERT(sizeof(struct gz) <= MINIDUMP_GZ_ARENA);
CTASSERT(MINIDUMP_GZ_PLAIN <= MINIDUMP_DEFLATE_MOST);
CTASSERT(HEADROOM + MINIDUMP_DEFLATE_MAX(MINIDUMP_GZ_PLAIN) +
    MINIDUMP_GZ_TRAILER <= MINIDUMP_GZ_MAX);

static struct gz *
gz_open(void *arena)
{
	struct gz *gz;

	gz = arena;
	minidump_deflate_init(&gz->deflate);
	minidump_crc32_init(&gz->crc);
	return (gz);
}

static u_char *
put16(u_char *p, u_int n)
{

	*p++ = n;
	*p++ = n >> 8;
	return (p);
}

static u_char *
put32(u_char *p, uint32_t n)
{

	return (put16(put16(p, n & 0xffff), n >> 16));
}

static u_char *
put_subfield(u_char *p, u_char second, size_t len)
{

	*p++ = 'M';
	*p++ = second;
	return (put16(p, len));
}

/*
 * Put the subfield with the sizes of the members behind this one, "len" bytes.
 * gz->plain is overwritten.
 */
static u_char *
put_sizes(struct gz *gz, u_char *p, size_t len)
{

	p = put_subfield(p, 'I', 4 + len);
	bcopy(gz->sizes, p + 4, len);
	bcopy(p + 4, gz->plain, len);
	return (put32(p, minidump_crc32(&gz->crc, gz->plain, len)) + len);
}

/*
 * Return the size of the padding of member n, whose header has "header" bytes
 * without it.  It makes the length of the dump a multiple of DEV_BSIZE.
 * "behind" are the bytes from the deflated ones to the end of the dump.
 */
static u_int
padding(u_int n, size_t header, uint64_t behind)
{
	u_int pad;

	pad = n == 0 ? -(behind + header) & (DEV_BSIZE - 1) : 0;
	return (pad != 0 && pad < SUBFIELD(0) ? pad + DEV_BSIZE : pad);
}

/*
 * Make member n of "len" bytes of gz->plain, which are overwritten.  "behind"
 * bytes of the dump, "nbehind" members, follow it.  Returns the member, and its
 * size in "*sizep".
 */
static const u_char *
make_member(struct gz *gz, u_int n, size_t len, uint64_t behind, u_int nbehind,
    size_t *sizep)
{
	static const u_char magic[] = { 0x1f, 0x8b, 8, 4 };
	u_char *data, *end, *p, *start;
	size_t header, sizes;
	u_int pad;

	data = gz->member + HEADROOM;
	end = data + minidump_deflate(&gz->deflate, gz->plain, len, data);
	end = put32(end, minidump_crc32(&gz->crc, gz->plain, len));
	end = put32(end, len);

	header = MINIDUMP_GZ_HEADER;
	sizes = 2 * MIN(nbehind, MINIDUMP_GZ_GROUP - 1);
	if (n % MINIDUMP_GZ_GROUP == 0)
		header += SUBFIELD(4 + sizes);
	else
		(void)put16(gz->sizes + 2 * (n % MINIDUMP_GZ_GROUP - 1),
		    header + (end - data) - 1);
	pad = padding(n, header, behind + (end - data));
	header += pad;
	*sizep = header + (end - data);

	start = p = data - header;
	bcopy(magic, p, sizeof(magic));
	p = put32(p + sizeof(magic), n);
	p = put16(p, 0xff00);
	p = put16(p, header - 12);
	*p++ = 'B';
	*p++ = 'C';
	p = put16(p, 2);
	p = put16(p, *sizep - 1);
	if (n % MINIDUMP_GZ_GROUP == 0)
		p = put_sizes(gz, p, sizes);
	if (pad != 0) {
		p = put_subfield(p, 'P', pad - SUBFIELD(0));
		bzero(p, pad - SUBFIELD(0));
	}
	return (start);
}

/*
 * Return the number of members.  All counts fit 32 bits, as a kernel of 6.x has
 * no more than 512 GB of memory, which is 2^27 pages; and a 32-bit kernel need
 * not have 64-bit division.
 */
static u_int
count_members(const struct minidump *md)
{

	return (howmany((u_int)md->npages, MEMBERPAGES));
}

/* Make member n of its pages, MEMBERPAGES or those that are left. */
static const u_char *
compress_member(struct minidump *md, struct gz *gz, u_int n, uint64_t behind,
    size_t *sizep)
{
	u_int first, i, npages;

	first = n * MEMBERPAGES;
	npages = MIN((u_int)md->npages - first, MEMBERPAGES);
	for (i = 0; i < npages; i++)
		bcopy(minidump_page(md, first + i), gz->plain + i * PAGE_SIZE,
		    PAGE_SIZE);
	return (make_member(gz, n, npages * PAGE_SIZE, behind,
	    count_members(md) - 1 - n, sizep));
}

int
minidump_gz(struct minidump *md, void *arena, minidump_put_t *put)
{
	struct gz *gz;
	const u_char *member;
	uint64_t behind;
	size_t size;
	u_int n;
	int error;

	gz = gz_open(arena);
	behind = 0;
	for (n = count_members(md); n-- > 0;) {
		member = compress_member(md, gz, n, behind, &size);
		error = (*put)(md, n * MEMBERPAGES, member, size);
		if (error != 0)
			return (error);
		behind += size;
	}
	return (0);
}

/*
 * Compress one member of each of "n" equal parts of the dump, at random in the
 * part, as memory may repeat at regular distances.
 */
uint64_t
minidump_gz_estimate(struct minidump *md, void *arena, u_int most)
{
	struct gz *gz;
	uint64_t sum;
	size_t size;
	u_int bytes, i, member, n, nmembers, seed;

	gz = gz_open(arena);
	seed = 1;
	nmembers = count_members(md);
	n = nmembers < most ? nmembers : most;
	bytes = 0;
	for (i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		member = (i * nmembers + (seed >> 8) % nmembers) / n;
		(void)compress_member(md, gz, member, 0, &size);
		bytes += size;
	}
	sum = (uint64_t)nmembers * (bytes / n) + nmembers * (bytes % n) / n;
	return (roundup2(sum, DEV_BSIZE));
}
