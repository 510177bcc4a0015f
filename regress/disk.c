/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * See disk.h.
 */

#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"
#include "promise.h"

void
disk_open(struct disk *d, const char *file)
{
	struct stat st;

	d->fd = open(file, O_RDONLY);
	if (d->fd == -1 || fstat(d->fd, &st) == -1)
		die("%s: %s", file, strerror(errno));
	d->size = st.st_size;
	d->map = mmap(NULL, d->size, PROT_READ, MAP_PRIVATE, d->fd, 0);
	if (d->map == MAP_FAILED)
		die("%s: %s", file, strerror(errno));
}

/* Find the next hole, or the next data, of the disk file from "at" on. */
static uint64_t
seek(const struct disk *d, uint64_t at, int whence)
{
	off_t next;

	next = lseek(d->fd, at, whence);
	return (next == -1 ? d->size : (uint64_t)next);
}

/*
 * Check that every byte of the disk in [start, end) is unchanged.  Holes of the
 * file are all zero, and may be very large.
 */
void
disk_untouched(const struct disk *d, uint64_t start, uint64_t end, int fill)
{
	const uint8_t *p;
	uint64_t stop;

	for (; start < end; start = stop) {
		if (fill == 0)
			start = seek(d, start, SEEK_DATA);
		stop = fill == 0 ? seek(d, start, SEEK_HOLE) : end;
		if (stop > end)
			stop = end;
		if (start >= stop)
			return;
		p = d->map + start;
		if (*p == fill && memcmp(p, p + 1, stop - start - 1) == 0)
			continue;
		while (*p == fill)
			p++;
		fail("byte %td of the disk is 0x%x", p - d->map, *p);
	}
}
