/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Conversion of a dump on the way, for vmcore save: compresses a plain dump, in
 * the form that the kernel writes, or decompresses one.  Memory use does not
 * depend on the size of the dump: at most 16 MB, a group of members.
 *
 * Functions that return an int return 0, or -1 after printing the reason.
 */

#ifndef _GZIP_H_
#define	_GZIP_H_

#include <stddef.h>
#include <stdint.h>

/* Called with the next bytes of output. */
typedef int	gzip_output_t(void *arg, const char *buf, size_t len);

enum gzip_mode { GZIP_COMPRESS, GZIP_DECOMPRESS };

struct gzip;

/* Return whether a file begins with a member in the kernel's form. */
int	gzip_ismember(const void *buf, size_t len);

/*
 * Begin.  Messages are about "name".  Returns NULL after printing the reason.
 */
struct gzip *gzip_open(const char *name, enum gzip_mode mode,
	    gzip_output_t *output, void *arg);

/*
 * Take the next bytes of the dump.  For compression, all but the last have to
 * be a multiple of MINIDUMP_GZ_PLAIN.
 */
int	gzip_write(struct gzip *gz, char *buf, size_t len);

/* End: check that the input was complete, and put out the rest. */
int	gzip_end(struct gzip *gz);

/* Free it. */
void	gzip_close(struct gzip *gz);

#endif /* !_GZIP_H_ */
