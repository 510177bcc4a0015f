/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What vmcore save makes of a dump on the way: a compressed one of a plain one,
 * in the form that the kernel writes, or the reverse.  Memory does not depend
 * on the size of the dump.
 *
 * Functions that return an int return 0, or -1 after printing why.
 */

#ifndef _GZIP_H_
#define	_GZIP_H_

#include <stddef.h>
#include <stdint.h>

/* Takes the next bytes of what is made. */
typedef int	gzip_output_t(void *arg, const char *buf, size_t len);

enum gzip_mode { GZIP_COMPRESS, GZIP_DECOMPRESS };

struct gzip;

/* Whether a file begins with a member in the form that the kernel writes. */
int	gzip_ismember(const void *buf, size_t len);

/* Begin; "name" is what errors are about.  NULL after printing why not. */
struct gzip *gzip_open(const char *name, enum gzip_mode mode,
	    gzip_output_t *output, void *arg);

/*
 * Take the next bytes of the dump.  To be compressed they have to be a multiple
 * of MINIDUMP_GZ_PLAIN, but for the last.
 */
int	gzip_write(struct gzip *gz, char *buf, size_t len);

/* There is no more: check that it was whole, and put out the rest. */
int	gzip_end(struct gzip *gz);

/* Free it. */
void	gzip_close(struct gzip *gz);

#endif /* !_GZIP_H_ */
