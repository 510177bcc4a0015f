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
 * The compressor is the kernel's zlib.  All memory is in the arena that was
 * reserved at boot: what zlib asks for, the piece that is compressed (a copy,
 * as its checksum must be that of the bytes that were compressed, and memory
 * may change), and the member.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/libkern.h>
#include <sys/minidump.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <net/zlib.h>

#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

#define	PIECEPAGES	(MINIDUMP_GZ_PLAIN / PAGE_SIZE)

/*
 * The fastest level.  Smaller windows would save memory, but zlib slides them
 * more often: one of 8 KB makes it take nearly twice the time.
 */
#define	LEVEL		1
#define	WINDOWBITS	15
#define	MEMLEVEL	8

#define	STORED_HEADER	5		/* of a stored block of deflate */

/* In front of the deflated bytes: the header, and room for the padding. */
#define	PADSIZE(n)	(4 + (n))	/* the subfield */
#define	HEADROOM	(MINIDUMP_GZ_HEADER + PADSIZE(DEV_BSIZE) + 2)

struct gz {
	z_stream	stream;
	u_char		*free;		/* what zlib has not asked for */
	u_char		*end;
	u_char		plain[MINIDUMP_GZ_PLAIN];
	u_char		member[HEADROOM + MINIDUMP_GZ_MAX];
};

static voidpf
arena_alloc(voidpf opaque, u_int items, u_int size)
{
	struct gz *gz;
	u_char *p;
	size_t len;

	gz = opaque;
	len = roundup2((size_t)items * size, 16);
	if (len > (size_t)(gz->end - gz->free))
		return (NULL);
	p = gz->free;
	gz->free += len;
	return (p);
}

static void
arena_free(voidpf opaque __unused, voidpf p __unused)
{
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
 * Deflate "len" bytes of gz->plain to "to".  Returns the number of bytes there.
 * What the compressor cannot do, for lack of room or because the crash has
 * broken its state, is stored as it is.
 */
static size_t
deflate_piece(struct gz *gz, u_char *to, size_t len)
{
	u_char *p;

	gz->stream.next_in = gz->plain;
	gz->stream.avail_in = len;
	gz->stream.next_out = to;
	gz->stream.avail_out = MINIDUMP_GZ_MAX - MINIDUMP_GZ_HEADER -
	    MINIDUMP_GZ_TRAILER;
	if (deflateReset(&gz->stream) == Z_OK &&
	    deflate(&gz->stream, Z_FINISH) == Z_STREAM_END &&
	    (size_t)(gz->stream.next_out - to) < len + STORED_HEADER)
		return (gz->stream.next_out - to);
	p = to;
	*p++ = 1;			/* the last block, stored */
	p = put16(p, len);
	p = put16(p, ~len & 0xffff);
	bcopy(gz->plain, p, len);
	return (STORED_HEADER + len);
}

/*
 * Make a member of "len" bytes of gz->plain.  Its size is such that with
 * "behind", the bytes that follow it, the dump is a multiple of DEV_BSIZE, if
 * "first" is 1.  Returns the member, and its size in "*sizep".
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
	end = data + deflate_piece(gz, data, len);
	end = put32(end, ~crc32_raw(gz->plain, len, ~0U));
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

/* Set the compressor up in the arena; NULL if it will not. */
static struct gz *
gz_open(void *arena)
{
	struct gz *gz;

	gz = arena;
	bzero(&gz->stream, sizeof(gz->stream));
	gz->free = (u_char *)roundup2((uintptr_t)(gz + 1), 16);
	gz->end = (u_char *)arena + MINIDUMP_GZ_ARENA;
	gz->stream.zalloc = arena_alloc;
	gz->stream.zfree = arena_free;
	gz->stream.opaque = gz;
	if (deflateInit2(&gz->stream, LEVEL, Z_DEFLATED, -WINDOWBITS, MEMLEVEL,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		return (NULL);
	return (gz);
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
	if (gz == NULL)
		return (EIO);
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
int
minidump_gz_estimate(struct minidump *md, void *arena, u_int most,
    uint64_t *bytesp)
{
	struct gz *gz;
	uint64_t first, next;
	size_t size;
	u_int bytes, i, n, npieces, seed;

	gz = gz_open(arena);
	if (gz == NULL)
		return (EIO);
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
	*bytesp = (uint64_t)npieces * (bytes / n) + npieces * (bytes % n) / n;
	*bytesp = roundup2(*bytesp, DEV_BSIZE);
	return (0);
}
