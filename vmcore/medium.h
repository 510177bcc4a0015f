/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The medium that vmcore save reads: a disk, a partition, or a file.
 */

#ifndef _MEDIUM_H_
#define	_MEDIUM_H_

#include <stddef.h>
#include <stdint.h>

/* The smallest block of a medium; unreadable data is lost in units of this. */
#define	MEDIUM_BLOCK	512
/* The largest; reads of raw devices have to be multiples of this. */
#define	MEDIUM_MAXBLOCK	4096

struct medium {
	const char	*name;
	int		fd;
	uint64_t	size;		/* bytes */
};

/* Open it and find its size.  Returns -1 after printing the reason. */
int	medium_open(struct medium *m, const char *name, int flags);

/*
 * Read as much of this as possible.  Returns the number of bytes; if it is too
 * few, errno has the reason, or is 0 at the end of the medium.
 */
size_t	medium_some(const struct medium *m, void *buf, size_t len,
	    uint64_t ofs);

/*
 * The same, but if a read fails as a whole, return the blocks up to the first
 * unreadable one.
 */
size_t	medium_start(const struct medium *m, void *buf, size_t len,
	    uint64_t ofs);

/*
 * Read data that has to be there: a short read is an error.  Returns -1 after
 * printing it.
 */
int	medium_read(const struct medium *m, void *buf, size_t len,
	    uint64_t ofs);

/*
 * The reason for a failed read, for a message: "error" is errno, or 0 at the
 * end.
 */
const char *medium_error(int error);

#endif /* !_MEDIUM_H_ */
