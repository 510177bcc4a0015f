/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Compresses and decompresses whole dumps for vmcore save.  Any gzip file can
 * be decompressed here.  Random access to compressed dumps is in the library.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <sys/minidump.h>

#include "gzip.h"
#include "vmcore.h"

#include <kern/minidump_deflate.h>

/* Added to the window size, this makes zlib read gzip headers and trailers. */
#define	GZIP_WBITS	(MAX_WBITS + 16)
#define	OUTLEN		(1024 * 1024)

struct gzip {
	const char	*name;
	enum gzip_mode	mode;
	gzip_output_t	*output;
	void		*arg;
	z_stream	z;		/* to decompress */
	struct minidump_deflate deflate;
	uint64_t	members;	/* begun */
	uint64_t	in;		/* bytes read */
	int		inside;		/* in a member */
	char		*out;		/* OUTLEN bytes */
	size_t		outlen;		/* of them in use */
};

int
gzip_ismember(const void *buf, size_t len)
{

	return (kvm_gzmember(buf, len) != 0);
}

struct gzip *
gzip_open(const char *name, enum gzip_mode mode, gzip_output_t *output,
    void *arg)
{
	struct gzip *gz;
	int error;

	gz = calloc(1, sizeof(*gz));
	if (gz == NULL || (gz->out = malloc(OUTLEN)) == NULL) {
		xwarn("%s", name);
		free(gz);
		return (NULL);
	}
	gz->name = name;
	gz->mode = mode;
	gz->output = output;
	gz->arg = arg;
	if (mode == GZIP_COMPRESS) {
		minidump_deflate_init(&gz->deflate);
		return (gz);
	}
	error = inflateInit2(&gz->z, GZIP_WBITS);
	if (error != Z_OK) {
		xwarnx("%s: zlib: %s", name, zError(error));
		free(gz->out);
		free(gz);
		return (NULL);
	}
	return (gz);
}

static void
put_le(u_char *p, uint32_t v, int size)
{

	for (; size > 0; size--, v >>= 8)
		*p++ = v & 0xff;
}

/* Make one member of these bytes. */
static int
compress_member(struct gzip *gz, u_char *buf, size_t len)
{
	u_char member[MINIDUMP_GZ_HEADER +
	    MINIDUMP_DEFLATE_ROOM(MINIDUMP_GZ_PLAIN) + MINIDUMP_GZ_TRAILER];
	size_t size;

	size = MINIDUMP_GZ_HEADER + minidump_deflate(&gz->deflate, buf, len,
	    member + MINIDUMP_GZ_HEADER) + MINIDUMP_GZ_TRAILER;
	memcpy(member, MINIDUMP_GZ_START, MINIDUMP_GZ_STARTLEN);
	put_le(member + MINIDUMP_GZ_STARTLEN, size - 1, 2);
	put_le(member + size - 8, crc32(0, buf, len), 4);
	put_le(member + size - 4, len, 4);
	return ((*gz->output)(gz->arg, (char *)member, size));
}

static int
compress_bytes(struct gzip *gz, char *buf, size_t len)
{
	size_t n;

	for (; len > 0; buf += n, len -= n) {
		n = len < MINIDUMP_GZ_PLAIN ? len : MINIDUMP_GZ_PLAIN;
		if (compress_member(gz, (u_char *)buf, n) == -1)
			return (-1);
		gz->in += n;
	}
	return (0);
}

/* Pass on the decompressed bytes. */
static int
flush_out(struct gzip *gz)
{
	size_t len;

	len = gz->outlen;
	gz->outlen = 0;
	return (len == 0 ? 0 : (*gz->output)(gz->arg, gz->out, len));
}

/* zlib produces all of a member's output before it reads the trailer. */
static int
decompress_bytes(struct gzip *gz, char *buf, size_t len)
{
	int error;

	gz->z.next_in = (u_char *)buf;
	gz->z.avail_in = len;
	while (gz->z.avail_in > 0) {
		gz->members += !gz->inside;
		gz->inside = 1;
		gz->z.next_out = (u_char *)gz->out + gz->outlen;
		gz->z.avail_out = OUTLEN - gz->outlen;
		error = inflate(&gz->z, Z_NO_FLUSH);
		gz->outlen = OUTLEN - gz->z.avail_out;
		if (error == Z_STREAM_END) {
			gz->inside = 0;
			error = inflateReset(&gz->z);
		}
		if (error != Z_OK) {
			xwarnx("%s: byte %ju: gzip member %ju is damaged: %s",
			    gz->name, (uintmax_t)(gz->in + len -
			    gz->z.avail_in), (uintmax_t)gz->members - 1,
			    gz->z.msg != NULL ? gz->z.msg : zError(error));
			return (-1);
		}
		if (gz->outlen == OUTLEN && flush_out(gz) == -1)
			return (-1);
	}
	gz->in += len;
	return (0);
}

int
gzip_write(struct gzip *gz, char *buf, size_t len)
{

	if (gz->mode == GZIP_COMPRESS)
		return (compress_bytes(gz, buf, len));
	return (decompress_bytes(gz, buf, len));
}

int
gzip_end(struct gzip *gz)
{

	if (flush_out(gz) == -1)
		return (-1);
	if (gz->inside) {
		xwarnx("%s: byte %ju: ends in gzip member %ju", gz->name,
		    (uintmax_t)gz->in, (uintmax_t)gz->members - 1);
		return (-1);
	}
	return (0);
}

void
gzip_close(struct gzip *gz)
{

	if (gz->mode == GZIP_DECOMPRESS)
		(void)inflateEnd(&gz->z);
	free(gz->out);
	free(gz);
}
