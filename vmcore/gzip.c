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

/* The subfield with the sizes of a group of "n" members. */
#define	SIZES(n)	(8 + 2 * ((n) - 1))

struct gzip {
	const char	*name;
	enum gzip_mode	mode;
	gzip_output_t	*output;
	void		*arg;
	z_stream	z;		/* to decompress */
	struct minidump_deflate deflate;
	u_char		*group;		/* without the first's header */
	size_t		grouplen;	/* bytes of it in use */
	size_t		groupmax;
	uint16_t	size[MINIDUMP_GZ_GROUP]; /* of each member, less 1 */
	u_int		nsizes;
	uint64_t	members;	/* begun, or written */
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

static void
put_header(u_char *p, uint64_t number, u_int extra, u_int size)
{

	memcpy(p, MINIDUMP_GZ_START, MINIDUMP_GZ_STARTLEN);
	put_le(p + MINIDUMP_GZ_NUMBER, number, 4);
	put_le(p + 10, 6 + extra, 2);
	put_le(p + MINIDUMP_GZ_STARTLEN, size - 1, 2);
}

/*
 * Write the group: its first member's header has the sizes of the others, and
 * so is not in gz->group.
 */
static int
flush_group(struct gzip *gz)
{
	u_char hdr[MINIDUMP_GZ_HEADER + SIZES(MINIDUMP_GZ_GROUP)], *p;
	u_int extra, i, n;

	n = gz->nsizes;
	if (n == 0)
		return (0);
	extra = SIZES(n);
	put_header(hdr, gz->members, extra, gz->size[0] + 1 + extra);
	p = hdr + MINIDUMP_GZ_HEADER;
	memcpy(p, "MI", 2);
	put_le(p + 2, extra - 4, 2);
	for (i = 1; i < n; i++)
		put_le(p + SIZES(i), gz->size[i], 2);
	put_le(p + 4, crc32(0, p + 8, extra - 8), 4);
	if ((*gz->output)(gz->arg, (char *)hdr, MINIDUMP_GZ_HEADER +
	    extra) == -1 || (*gz->output)(gz->arg, (char *)gz->group,
	    gz->grouplen) == -1)
		return (-1);
	gz->members += n;
	gz->grouplen = gz->nsizes = 0;
	return (0);
}

/* Make room for another member in the group. */
static u_char *
grow_group(struct gzip *gz)
{
	u_char *group;

	if (gz->groupmax - gz->grouplen < MINIDUMP_GZ_MAX) {
		group = realloc(gz->group, gz->groupmax * 2 + MINIDUMP_GZ_MAX);
		if (group == NULL) {
			xwarn("%s", gz->name);
			return (NULL);
		}
		gz->group = group;
		gz->groupmax = gz->groupmax * 2 + MINIDUMP_GZ_MAX;
	}
	return (gz->group + gz->grouplen);
}

/* Make one member of these bytes. */
static int
compress_member(struct gzip *gz, u_char *buf, size_t len)
{
	u_char *p;
	size_t size;

	p = grow_group(gz);
	if (p == NULL)
		return (-1);
	if (gz->nsizes > 0)
		p += MINIDUMP_GZ_HEADER;
	size = MINIDUMP_GZ_HEADER + minidump_deflate(&gz->deflate, buf, len,
	    p) + MINIDUMP_GZ_TRAILER;
	p += size - MINIDUMP_GZ_HEADER;
	put_le(p - 8, crc32(0, buf, len), 4);
	put_le(p - 4, len, 4);
	if (gz->nsizes > 0)
		put_header(p - size, gz->members + gz->nsizes, 0, size);
	gz->grouplen = p - gz->group;
	gz->size[gz->nsizes++] = size - 1;
	return (gz->nsizes == MINIDUMP_GZ_GROUP ? flush_group(gz) : 0);
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

	if (gz->mode == GZIP_COMPRESS)
		return (flush_group(gz));
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
	free(gz->group);
	free(gz->out);
	free(gz);
}
