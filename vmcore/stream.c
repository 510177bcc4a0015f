/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Decompresses dumps that later kernels compressed, for vmcore save.  Memory
 * use depends neither on the size of the dump nor on what the stream asks for.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "stream.h"
#include "vmcore.h"

/* Added to the window size, this makes zlib read gzip headers and trailers. */
#define	GZIP_WBITS	(MAX_WBITS + 16)
#define	OUTLEN		(1024 * 1024)
/* The largest window of zstd; the kernel uses 8 MB at most. */
#define	ZSTD_WINDOWLOG	23

/* Zeros up to the end of a block may follow the stream. */
#define	PADDING		4096

struct stream {
	const char	*name;
	int		iszstd;
	gzip_output_t	*output;
	void		*arg;
	z_stream	z;
#ifdef HAVE_ZSTD
	ZSTD_DStream	*zstd;
#endif
	uint64_t	in;		/* bytes read */
	uint64_t	trailing;	/* of these, after the stream */
	int		ended;
	char		*out;		/* OUTLEN bytes */
	size_t		outlen;		/* of them in use */
};

#ifdef HAVE_ZSTD
int
zstd_known(void)
{

	return (1);
}

size_t
zstd_start(const u_char *in, size_t inlen, u_char *out, size_t outlen,
    int *damaged)
{
	ZSTD_inBuffer from = { in, inlen, 0 };
	ZSTD_outBuffer to = { out, outlen, 0 };
	ZSTD_DStream *zs;
	size_t before, n;

	*damaged = 0;
	zs = ZSTD_createDStream();
	if (zs == NULL)
		return (0);
	(void)ZSTD_DCtx_setParameter(zs, ZSTD_d_windowLogMax, ZSTD_WINDOWLOG);
	do {
		before = from.pos + to.pos;
		n = ZSTD_decompressStream(zs, &to, &from);
	} while (!ZSTD_isError(n) && to.pos < to.size &&
	    before < from.pos + to.pos);
	*damaged = ZSTD_isError(n) != 0;
	ZSTD_freeDStream(zs);
	return (to.pos);
}

static const char *
open_zstd(struct stream *st)
{
	size_t n;

	st->zstd = ZSTD_createDStream();
	if (st->zstd == NULL)
		return ("no memory");
	n = ZSTD_DCtx_setParameter(st->zstd, ZSTD_d_windowLogMax,
	    ZSTD_WINDOWLOG);
	return (ZSTD_isError(n) ? ZSTD_getErrorName(n) : NULL);
}

static void
close_zstd(struct stream *st)
{

	ZSTD_freeDStream(st->zstd);
}

/* See step_gzip(). */
static const char *
step_zstd(struct stream *st, char **buf, size_t *len)
{
	ZSTD_inBuffer from = { *buf, *len, 0 };
	ZSTD_outBuffer to = { st->out, OUTLEN, st->outlen };
	size_t n;

	n = ZSTD_decompressStream(st->zstd, &to, &from);
	if (ZSTD_isError(n))
		return (ZSTD_getErrorName(n));
	*buf += from.pos;
	*len -= from.pos;
	st->outlen = to.pos;
	st->ended = n == 0;
	return (NULL);
}
#else
int
zstd_known(void)
{

	return (0);
}

size_t
zstd_start(const u_char *in, size_t inlen, u_char *out, size_t outlen,
    int *damaged)
{

	(void)in;
	(void)inlen;
	(void)out;
	(void)outlen;
	*damaged = 0;
	return (0);
}

static const char *
open_zstd(struct stream *st)
{

	(void)st;
	return ("vmcore was built without it");
}

static void
close_zstd(struct stream *st)
{

	(void)st;
}

static const char *
step_zstd(struct stream *st, char **buf, size_t *len)
{

	(void)buf;
	(void)len;
	return (open_zstd(st));
}
#endif

struct stream *
stream_open(const char *name, int iszstd, gzip_output_t *output, void *arg)
{
	struct stream *st;
	const char *error;
	int n;

	st = calloc(1, sizeof(*st));
	if (st == NULL || (st->out = malloc(OUTLEN)) == NULL) {
		xwarn("%s", name);
		free(st);
		return (NULL);
	}
	st->name = name;
	st->iszstd = iszstd;
	st->output = output;
	st->arg = arg;
	if (iszstd)
		error = open_zstd(st);
	else {
		n = inflateInit2(&st->z, GZIP_WBITS);
		error = n == Z_OK ? NULL : zError(n);
	}
	if (error != NULL) {
		xwarnx("%s: %s: %s", name, iszstd ? "zstd" : "zlib", error);
		if (iszstd)
			close_zstd(st);
		free(st->out);
		free(st);
		return (NULL);
	}
	return (st);
}

/*
 * Decompress some of "*len" bytes into the rest of the output buffer.  Returns
 * NULL, or what is wrong with them.
 */
static const char *
step_gzip(struct stream *st, char **buf, size_t *len)
{
	int error;

	st->z.next_in = (u_char *)*buf;
	st->z.avail_in = *len;
	st->z.next_out = (u_char *)st->out + st->outlen;
	st->z.avail_out = OUTLEN - st->outlen;
	error = inflate(&st->z, Z_NO_FLUSH);
	*buf += *len - st->z.avail_in;
	*len = st->z.avail_in;
	st->outlen = OUTLEN - st->z.avail_out;
	st->ended = error == Z_STREAM_END;
	/* Z_BUF_ERROR: it needs more input. */
	if (error == Z_OK || error == Z_STREAM_END || error == Z_BUF_ERROR)
		return (NULL);
	return (st->z.msg != NULL ? st->z.msg : zError(error));
}

/* Pass on the decompressed bytes. */
static int
flush_out(struct stream *st)
{
	size_t len;

	len = st->outlen;
	st->outlen = 0;
	return (len == 0 ? 0 : (*st->output)(st->arg, st->out, len));
}

/* Check that only padding follows the stream. */
static int
check_trailing(struct stream *st, const char *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len && st->trailing + i < PADDING; i++)
		if (buf[i] != 0)
			break;
	st->trailing += i;
	st->in += i;
	if (i == len)
		return (0);
	xwarnx("%s: byte %ju of the dump: the %s stream ends before the "
	    "dump does", st->name, (uintmax_t)st->in,
	    st->iszstd ? "zstd" : "gzip");
	return (-1);
}

int
stream_write(struct stream *st, char *buf, size_t len)
{
	const char *error;
	size_t left;
	int more;

	/*
	 * If the output buffer is full, there may be more without further
	 * input.
	 */
	for (more = 1; (len > 0 || more) && !st->ended; ) {
		left = len;
		error = st->iszstd ? step_zstd(st, &buf, &len) :
		    step_gzip(st, &buf, &len);
		st->in += left - len;
		more = st->outlen == OUTLEN;
		if (error == NULL && left == len && len > 0 && !more &&
		    !st->ended)
			error = "no progress";
		if (error != NULL) {
			xwarnx("%s: byte %ju of the dump: the %s stream is "
			    "damaged: %s", st->name, (uintmax_t)st->in,
			    st->iszstd ? "zstd" : "gzip", error);
			return (-1);
		}
		if (more && flush_out(st) == -1)
			return (-1);
	}
	return (check_trailing(st, buf, len));
}

int
stream_end(struct stream *st)
{

	if (flush_out(st) == -1)
		return (-1);
	if (st->ended)
		return (0);
	xwarnx("%s: byte %ju of the dump: ends in the %s stream", st->name,
	    (uintmax_t)st->in, st->iszstd ? "zstd" : "gzip");
	return (-1);
}

void
stream_close(struct stream *st)
{

	if (st->iszstd)
		close_zstd(st);
	else
		(void)inflateEnd(&st->z);
	free(st->out);
	free(st);
}
