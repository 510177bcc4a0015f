/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Dumps that kernels later than 6.x have compressed: one stream of gzip or zstd
 * from the first byte to the last.  For zstd, its library has to be installed
 * when vmcore is built; see the Makefile.
 *
 * Functions that return an int return 0, or -1 after printing the reason,
 * unless noted.
 */

#ifndef _STREAM_H_
#define	_STREAM_H_

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "gzip.h"

struct stream;

/*
 * Begin.  Messages are about "name".  Returns NULL after printing the reason.
 */
struct stream *stream_open(const char *name, int iszstd,
	    gzip_output_t *output, void *arg);

/* Take the next bytes. */
int	stream_write(struct stream *st, char *buf, size_t len);

/*
 * End: check that the stream was complete, and put out the rest.  zlib and zstd
 * have checked the plain bytes against the stream.
 */
int	stream_end(struct stream *st);

/* Free it. */
void	stream_close(struct stream *st);

/* Return whether zstd is supported. */
int	zstd_known(void);

/*
 * Decompress the beginning of a zstd file.  Returns the number of bytes; sets
 * "*damaged" if damage ended it.
 */
size_t	zstd_start(const u_char *in, size_t inlen, u_char *out, size_t outlen,
	    int *damaged);

#endif /* !_STREAM_H_ */
