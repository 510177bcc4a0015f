/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The disk that a machine has dumped to, as a file: sparse, and perhaps far
 * larger than this host's disk.  For the programs that promise.h names.
 */

#ifndef _DISK_H_
#define	_DISK_H_

#include <stdint.h>

struct disk {
	int		fd;
	uint8_t		*map;
	uint64_t	size;
};

/* Open and map it; it does not return if that cannot be done. */
void	disk_open(struct disk *d, const char *file);

/*
 * Every byte in [start, end) is "fill", as it was: else fail(), for each piece
 * that is not.
 */
void	disk_untouched(const struct disk *d, uint64_t start, uint64_t end,
	    int fill);

#endif /* !_DISK_H_ */
