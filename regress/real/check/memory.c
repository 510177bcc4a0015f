/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A machine's memory at one time, by physical address.
 */

#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "../../promise.h"
#include "check.h"

void
memory_open(struct memory *m, const char *file, uint64_t low)
{
	struct stat st;
	int fd;

	fd = open(file, O_RDONLY);
	if (fd == -1 || fstat(fd, &st) == -1)
		die("%s: %s", file, strerror(errno));
	m->size = st.st_size;
	m->low = low < m->size ? low : m->size;
	m->map = mmap(NULL, m->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (m->map == MAP_FAILED)
		die("%s: %s", file, strerror(errno));
}

/* Return the page at "pa", or NULL if there is no memory. */
const uint8_t *
memory_page(const struct memory *m, uint64_t pa)
{

	pa &= ~PAGEMASK;
	if (pa < m->low)
		return (m->map + pa);
	if (pa < HOLE_END || pa - HOLE_END >= m->size - m->low)
		return (NULL);
	return (m->map + m->low + (pa - HOLE_END));
}

/* Return bytes of one page; 0 if there is no memory. */
int
memory_read(const struct memory *m, uint64_t pa, void *to, size_t len)
{
	const uint8_t *page;

	page = memory_page(m, pa);
	if (page == NULL || (pa & PAGEMASK) + len > PAGESIZE)
		return (0);
	memcpy(to, page + (pa & PAGEMASK), len);
	return (1);
}
