/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Reading compressed dumps (see unpack.h).  The calls of the dump code to zlib
 * come through here (cc -Wl,--wrap), to fail.
 */

#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "unpack.h"

#define	PIECE		61440		/* plain bytes in all but the last */
#define	HEADER		18		/* bytes of a member */
#define	TRAILER		8

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

/* The padding is in the first member, if it is anywhere. */
static const char *
check_extra(const unsigned char *p, unsigned extra, int first)
{
	unsigned i;

	if (memcmp(p, "BC\2\0", 4) != 0)
		return ("no subfield BC");
	if (extra == 6)
		return (NULL);
	if (!first)
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
		if (memcmp(p, "\x1f\x8b\x08\x04\0\0\0\0\0\xff", 10) != 0)
			return ("header of a member");
		extra = get(p + 10, 2);
		size = get(p + 16, 2) + 1;
		if (size > (size_t)(end - p) || extra < 6 ||
		    12 + extra + TRAILER > size)
			return ("size of a member");
		error = check_extra(p + 12, extra, p == gz);
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

enum zlib_fails zlib_fails;
unsigned zlib_members;

int	__real_deflateInit2_(z_streamp stream, int level, int method, int bits,
	    int memlevel, int strategy, const char *version, int size);
int	__real_deflateReset(z_streamp stream);
int	__real_deflate(z_streamp stream, int flush);
int	__wrap_deflateInit2_(z_streamp stream, int level, int method, int bits,
	    int memlevel, int strategy, const char *version, int size);
int	__wrap_deflateReset(z_streamp stream);
int	__wrap_deflate(z_streamp stream, int flush);

static int
now(void)
{

	return (zlib_fails == ZLIB_ALWAYS || (zlib_fails == ZLIB_HALF &&
	    chance(50)));
}

int
__wrap_deflateInit2_(z_streamp stream, int level, int method, int bits,
    int memlevel, int strategy, const char *ver, int size)
{

	return (zlib_fails == ZLIB_INIT ? Z_MEM_ERROR :
	    __real_deflateInit2_(stream, level, method, bits, memlevel,
	    strategy, ver, size));
}

/* What fails leaves things as they should not be. */
int
__wrap_deflateReset(z_streamp stream)
{
	int error;

	zlib_members++;
	error = __real_deflateReset(stream);
	if (!now())
		return (error);
#ifndef TREE_ZLIB
	(void)deflatePrime(stream, 7, 0x55);
#endif
	return (Z_STREAM_ERROR);
}

int
__wrap_deflate(z_streamp stream, int flush)
{
	unsigned char *out;
	int error;

	out = stream->next_out;
	error = __real_deflate(stream, flush);
	if (!now())
		return (error);
	memset(out, 0x5a, (size_t)(stream->next_out - out));
	return (chance(50) ? Z_OK : Z_STREAM_ERROR);
}
