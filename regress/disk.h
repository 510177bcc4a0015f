/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The disk that a machine has dumped to, as a sparse file, which may appear far
 * larger than this host's disk.  For the programs that promise.h lists.
 */

#ifndef _DISK_H_
#define	_DISK_H_

#include <stdint.h>

struct disk {
	int		fd;
	uint8_t		*map;
	uint64_t	size;
};

/* Open and map it; does not return on failure. */
void	disk_open(struct disk *d, const char *file);

/*
 * Check that every byte in [start, end) still is "fill"; calls fail() for each
 * piece that is not.
 */
void	disk_untouched(const struct disk *d, uint64_t start, uint64_t end,
	    int fill);

#endif /* !_DISK_H_ */
