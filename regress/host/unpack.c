/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Reading compressed dumps (see unpack.h).  The dump code's calls of the
 * compressor come through here (cc -Wl,--wrap).
 */

#include <sys/types.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <kern/minidump_deflate.h>

#include "unpack.h"

#define	PIECE		61440		/* plain bytes in all but the last */
#define	HEADER		18		/* bytes of a member */
#define	TRAILER		8
#define	GROUP		256		/* members, the first with all sizes */

static uint32_t
get(const unsigned char *p, unsigned bytes)
{
	uint32_t value;

	for (value = 0; bytes > 0;)
		value = value << 8 | p[--bytes];
	return (value);
}

/* Inflate all of "from" to "to".  Returns the bytes there, or -1. */
static long
inflate_all(const unsigned char *from, size_t len, unsigned char *to)
{
	z_stream stream;
	int error;

	memset(&stream, 0, sizeof(stream));
	stream.next_in = (unsigned char *)(uintptr_t)from;
	stream.avail_in = (unsigned)len;
	stream.next_out = to;
	stream.avail_out = PIECE;
	if (inflateInit2(&stream, -15) != Z_OK)
		return (-1);
	error = inflate(&stream, Z_FINISH);
	(void)inflateEnd(&stream);
	return (error == Z_STREAM_END && stream.avail_in == 0 ?
	    (long)stream.total_out : -1);
}

/*
 * The sizes of the members behind this one, at "end", up to the next that has
 * such.  Returns how many bytes the subfield has, or 0 if it is wrong.
 */
static unsigned
check_sizes(const unsigned char *p, unsigned extra, const unsigned char *next,
    const unsigned char *end)
{
	unsigned i, len;

	if (extra < 8 || memcmp(p, "MI", 2) != 0)
		return (0);
	len = get(p + 2, 2);
	if (len < 4 || len % 2 != 0 || len > extra - 4 ||
	    get(p + 4, 4) != crc32(0, p + 8, len - 4))
		return (0);
	for (i = 8; i < 4 + len; i += 2) {
		if (end - next < HEADER || get(p + i, 2) != get(next + 16, 2))
			return (0);
		next += get(p + i, 2) + 1;
	}
	/* All of them, but no more than a group has. */
	return (next > end || (len - 4) / 2 > GROUP - 1 || (next != end &&
	    (len - 4) / 2 != GROUP - 1) ? 0 : 4 + len);
}

/* The padding is in the first member, if it is anywhere. */
static const char *
check_extra(const unsigned char *p, unsigned extra, unsigned n,
    const unsigned char *next, const unsigned char *end)
{
	unsigned i;

	if (memcmp(p, "BC\2\0", 4) != 0)
		return ("no subfield BC");
	if (n % GROUP == 0) {
		i = check_sizes(p + 6, extra - 6, next, end);
		if (i == 0)
			return ("sizes of members");
		p += i;
		extra -= i;
	}
	if (extra == 6)
		return (NULL);
	if (n != 0)
		return ("padding in another than the first member");
	if (extra < 10 || memcmp(p + 6, "MP", 2) != 0 ||
	    get(p + 8, 2) != extra - 10 || extra >= 6 + 512 + 4)
		return ("size of the padding");
	for (i = 10; i < extra; i++)
		if (p[i] != 0)
			return ("padding is not zero");
	return (NULL);
}

const char *
unpack(const unsigned char *gz, struct form *f, struct image *plain,
    uint64_t *length)
{
	const unsigned char *end, *p, *tail;
	const char *error;
	unsigned char *to;
	unsigned extra, size;
	long len;

	if (f->length % DEV_BLOCK != 0)
		return ("not a multiple of a block");
	plain->mem = sim_grow(plain->mem, &plain->size,
	    (size_t)KERN_MEMBERS * PIECE);
	to = plain->mem;
	end = gz + f->length;
	len = PIECE;
	f->nmembers = 0;
	for (p = gz; p < end; p += size, to += len) {
		if (end - p < HEADER + TRAILER)
			return ("member is cut off");
		if (memcmp(p, "\x1f\x8b\x08\x04", 4) != 0 ||
		    memcmp(p + 8, "\0\xff", 2) != 0)
			return ("header of a member");
		if (get(p + 4, 4) != f->nmembers)
			return ("number of a member");
		extra = get(p + 10, 2);
		size = get(p + 16, 2) + 1;
		if (size > (size_t)(end - p) || extra < 6 ||
		    12 + extra + TRAILER > size)
			return ("size of a member");
		error = check_extra(p + 12, extra, f->nmembers, p + size, end);
		if (error != NULL)
			return (error);
		if (len != PIECE || f->nmembers == KERN_MEMBERS)
			return ("short member before the last");
		tail = p + size - TRAILER;
		len = inflate_all(p + 12 + extra, (size_t)(tail - p) - 12 -
		    extra, to);
		if (len <= 0)
			return ("member cannot be inflated");
		if (get(tail + 4, 4) != (uint32_t)len)
			return ("count of plain bytes");
		if (get(tail, 4) != crc32(0, to, (unsigned)len))
			return ("checksum");
		f->size[f->nmembers++] = size;
	}
	*length = (uint64_t)(to - plain->mem);
	if (f->length > *length + *length / 500 + DEV_BLOCK)
		return ("larger than incompressible data would be");
	return (NULL);
}

enum broken broken;
unsigned members_made;

size_t	__real_minidump_deflate(struct minidump_deflate *z, const u_char *from,
	    size_t len, u_char *to);
size_t	__wrap_minidump_deflate(struct minidump_deflate *z, const u_char *from,
	    size_t len, u_char *to);

/*
 * All that it looks things up in has other contents, and so has the piece, from
 * the next chunk on.
 */
size_t
__wrap_minidump_deflate(struct minidump_deflate *z, const u_char *from,
    size_t len, u_char *to)
{
	static struct minidump_deflate whole;
	static uint32_t x;
	unsigned char *p;
	size_t size;

	members_made++;
	if (broken == WHOLE || (broken == BROKEN_HALF && chance(50)))
		return (__real_minidump_deflate(z, from, len, to));
	whole = *z;
	for (p = z->distsym; p < (unsigned char *)(z + 1); p++)
		*p = (x = x * 1664525 + 1013904223) >> 24;
	size = __real_minidump_deflate(z, from, len, to);
	*z = whole;
	if (size > MINIDUMP_DEFLATE_MAX(len))
		abort();
	return (__real_minidump_deflate(z, from, len, to));
}
