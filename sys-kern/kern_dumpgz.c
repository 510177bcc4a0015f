/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Compressed minidumps.  The format is in minidump.h: the plain dump in pieces
 * of 15 pages, each a gzip member that can be found and decompressed alone.
 *
 * The length of a compressed dump is not known before it is made, but the dump
 * has to end where the device ends.  As the members are independent and any
 * page of the plain dump can be had at any time, they are made from the last
 * to the first, and the dump grows downwards from the end of the device.  It
 * takes one pass and no second copy, and nothing depends on memory staying as
 * it is.  That the length is a multiple of the device's blocks is taken care
 * of by the member that is made last, the first of the file.
 *
 * All memory is in the arena that was reserved at boot: the compressor's, the
 * piece that is compressed (a copy, as its checksum must be that of the bytes
 * that were compressed, and memory may change), and the member.
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

#define	PIECEPAGES	(MINIDUMP_GZ_PLAIN / PAGE_SIZE)

/* In front of the deflated bytes: the header, and room for the padding. */
#define	PADSIZE(n)	(4 + (n))	/* the subfield */
#define	HEADROOM	(MINIDUMP_GZ_HEADER + PADSIZE(DEV_BSIZE) + 2)

struct gz {
	u_char		plain[MINIDUMP_GZ_PLAIN];
	u_char		member[HEADROOM +
			    MINIDUMP_DEFLATE_ROOM(MINIDUMP_GZ_PLAIN)];
	struct minidump_deflate deflate;
	struct minidump_crc crc;
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

/*
 * Make a member of "len" bytes of gz->plain, which are gone then.  Its size is
 * such that with "behind", the bytes that follow it, the dump is a multiple of
 * DEV_BSIZE, if "first" is 1.  Returns the member, and its size in "*sizep".
 */
static const u_char *
make_member(struct gz *gz, size_t len, int first, uint64_t behind,
    size_t *sizep)
{
	static const u_char magic[] = {
		0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff
	};
	u_char *data, *end, *p, *start;
	size_t header, size;
	u_int pad;

	data = gz->member + HEADROOM;
	end = data + minidump_deflate(&gz->deflate, gz->plain, len, data);
	end = put32(end, minidump_crc32(&gz->crc, gz->plain, len));
	end = put32(end, len);

	header = MINIDUMP_GZ_HEADER;
	pad = 0;
	if (first)
		pad = -(behind + header + (end - data)) & (DEV_BSIZE - 1);
	if (pad != 0) {
		if (pad < PADSIZE(0))
			pad += DEV_BSIZE;
		header += pad;
	}
	size = header + (end - data);

	start = p = data - header;
	bcopy(magic, p, sizeof(magic));
	p = put16(p + sizeof(magic), header - 12);
	*p++ = 'B';
	*p++ = 'C';
	p = put16(p, 2);
	p = put16(p, size - 1);
	if (pad != 0) {
		*p++ = 'M';
		*p++ = 'P';
		p = put16(p, pad - PADSIZE(0));
		bzero(p, pad - PADSIZE(0));
	}
	*sizep = size;
	return (start);
}

/* Make the member of the pages from "first" on, up to "next". */
static const u_char *
make_piece(struct minidump *md, struct gz *gz, uint64_t first, uint64_t next,
    uint64_t behind, size_t *sizep)
{
	uint64_t i;

	for (i = first; i < next; i++)
		bcopy(minidump_page(md, i),
		    gz->plain + (size_t)(i - first) * PAGE_SIZE, PAGE_SIZE);
	return (make_member(gz, (size_t)(next - first) * PAGE_SIZE, first == 0,
	    behind, sizep));
}

/*
 * n modulo PIECEPAGES, in 32 bits: a 32-bit kernel need not have 64-bit
 * division.
 */
static u_int
piece_rest(uint64_t n)
{
	u_int high, low;

	high = (u_int)(n >> 32) % PIECEPAGES;
	low = (u_int)n % PIECEPAGES;
	return ((high * (u_int)(0x100000000ULL % PIECEPAGES) + low) %
	    PIECEPAGES);
}

int
minidump_gz(struct minidump *md, void *arena, minidump_put_t *put)
{
	struct gz *gz;
	const u_char *member;
	uint64_t behind, first, next;
	size_t size;
	int error;

	gz = gz_open(arena);
	behind = 0;
	for (next = md->npages; next > 0; next = first) {
		first = (next - 1) - piece_rest(next - 1);
		member = make_piece(md, gz, first, next, behind, &size);
		error = (*put)(md, first, member, size);
		if (error != 0)
			return (error);
		behind += size;
	}
	return (0);
}

/*
 * One member of each of "n" equal parts of the dump, wherever in the part: what
 * comes at regular distances in memory is not to be taken for all of it.  All
 * counts fit 32 bits, as a kernel of 6.x has no more than 512 GB of memory,
 * which is 2^27 pages.
 */
uint64_t
minidump_gz_estimate(struct minidump *md, void *arena, u_int most)
{
	struct gz *gz;
	uint64_t first, next, sum;
	size_t size;
	u_int bytes, i, n, npieces, seed;

	gz = gz_open(arena);
	seed = 1;
	npieces = howmany((u_int)md->npages, PIECEPAGES);
	n = npieces < most ? npieces : most;
	bytes = 0;
	for (i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		first = (i * npieces + (seed >> 8) % npieces) / n;
		first *= PIECEPAGES;
		next = first + PIECEPAGES;
		if (next > md->npages)
			next = md->npages;
		(void)make_piece(md, gz, first, next, 0, &size);
		bytes += size;
	}
	sum = (uint64_t)npieces * (bytes / n) + npieces * (bytes % n) / n;
	return (roundup2(sum, DEV_BSIZE));
}
