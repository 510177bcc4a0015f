/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Dumps that kernels later than 6.x compressed themselves: one stream of gzip
 * or zstd from the first byte to the last.  zstd needs its library when vmcore
 * is built, see the Makefile.
 *
 * Functions that return an int return 0, or -1 after printing why, unless they
 * say otherwise.
 */

#ifndef _STREAM_H_
#define	_STREAM_H_

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "gzip.h"

struct stream;

/* Begin; "name" is what errors are about.  NULL after printing why not. */
struct stream *stream_open(const char *name, int iszstd,
	    gzip_output_t *output, void *arg);

/* Take the next bytes. */
int	stream_write(struct stream *st, char *buf, size_t len);

/*
 * There is no more: check that it was whole, and put out the rest.  zlib and
 * zstd have compared the plain bytes with what the stream says of them.
 */
int	stream_end(struct stream *st);

/* Free it. */
void	stream_close(struct stream *st);

/* Whether zstd is there. */
int	zstd_known(void);

/*
 * Decompress the beginning of a zstd file: returns how many bytes there are,
 * "*damaged" is whether there could be more.
 */
size_t	zstd_start(const u_char *in, size_t inlen, u_char *out, size_t outlen,
	    int *damaged);

#endif /* !_STREAM_H_ */
