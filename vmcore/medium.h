/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What vmcore save reads from: a disk, a partition, or a file.
 */

#ifndef _MEDIUM_H_
#define	_MEDIUM_H_

#include <stddef.h>
#include <stdint.h>

/* The smallest block of a medium; what cannot be read is lost in these. */
#define	MEDIUM_BLOCK	512
/* The largest, which all reads of raw devices have to be multiples of. */
#define	MEDIUM_MAXBLOCK	4096

struct medium {
	const char	*name;
	int		fd;
	uint64_t	size;		/* bytes */
};

/* Open it and find its size.  Returns -1 after printing why not. */
int	medium_open(struct medium *m, const char *name, int flags);

/*
 * Read as much as there is of this, and return how much that is.  If it is not
 * all, errno says why, and is 0 at the end of the medium.
 */
size_t	medium_some(const struct medium *m, void *buf, size_t len,
	    uint64_t ofs);

/*
 * The same, but from a read that fails as a whole take the blocks up to the
 * first that cannot be read.
 */
size_t	medium_start(const struct medium *m, void *buf, size_t len,
	    uint64_t ofs);

/*
 * What is said to be there must be, so that a short read is an error: -1 after
 * printing it.
 */
int	medium_read(const struct medium *m, void *buf, size_t len,
	    uint64_t ofs);

/*
 * Why a read failed, for a message: errno is "error", 0 the end.
 */
const char *medium_error(int error);

#endif /* !_MEDIUM_H_ */
