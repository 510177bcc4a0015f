/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The places of a medium where vmcore save looks for dumps, and the metadata
 * that GEOM and others write at their ends.
 */

#include <sys/types.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "place.h"

int
places_add(const struct medium *m, struct places *pl, const char *name,
    const char *part, uint64_t start, uint64_t end)
{
	struct place *p;
	u_int i;

	if (start >= end || end > m->size)
		return (0);
	for (i = 0; i < pl->n; i++)
		if (pl->place[i].start == start && pl->place[i].end == end)
			return (0);
	if (pl->n == PLACES_MAX) {
		pl->more = 1;
		return (0);
	}
	p = &pl->place[pl->n++];
	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "%s%s", name, part);
	p->start = start;
	p->end = end;
	return (1);
}

void
place_tail(const struct medium *m, uint64_t end, char *buf, u_int *bad)
{
	size_t i, len;
	uint64_t ofs;

	len = end < MEDIUM_MAXBLOCK ? end : MEDIUM_MAXBLOCK;
	memset(buf, 0, MEDIUM_MAXBLOCK - len);
	buf += MEDIUM_MAXBLOCK - len;
	ofs = end - len;
	*bad = 0;
	if (medium_some(m, buf, len, ofs) == len)
		return;
	for (i = 0; i + MEDIUM_BLOCK <= len; i += MEDIUM_BLOCK)
		if (medium_some(m, buf + i, MEDIUM_BLOCK, ofs + i) !=
		    MEDIUM_BLOCK) {
			memset(buf + i, 0, MEDIUM_BLOCK);
			*bad |= 1 << (MEDIUM_MAXBLOCK - len + i) /
			    MEDIUM_BLOCK;
		}
}

/*
 * Return the size of metadata in the last block before "end", which is as large
 * as the medium's blocks; 0 if there is none.
 */
static u_int
metadata(const struct medium *m, uint64_t end, char *name, size_t size)
{
	static const char *const magics[] = { "GEOM::", "conectix" };
	char tail[MEDIUM_MAXBLOCK];
	const char *p;
	size_t n;
	u_int bad, block, i;

	place_tail(m, end, tail, &bad);
	for (block = MEDIUM_BLOCK; block <= MEDIUM_MAXBLOCK; block *= 2)
		for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
			p = tail + MEDIUM_MAXBLOCK - block;
			if (memcmp(p, magics[i], strlen(magics[i])) != 0)
				continue;
			/* GEOM:: and a word of capitals, or the whole magic. */
			n = strlen(magics[i]);
			while (i == 0 && n < 16 && n < size - 1 &&
			    p[n] >= '0' && p[n] <= 'Z')
				n++;
			snprintf(name, size, "%.*s", (int)n, p);
			return (block);
		}
	return (0);
}

/*
 * A GEOM provider, such as a mirror or a label, has its metadata in the last
 * sector of its consumer, and ends before that.
 */
static void
find_behind(const struct medium *m, struct places *pl)
{
	char name[sizeof(pl->place[0].before)];
	struct place *p;
	u_int block, i;

	/* Places added here are checked, too, as providers may be stacked. */
	for (i = 0; i < pl->n; i++) {
		p = &pl->place[i];
		block = metadata(m, p->end, name, sizeof(name));
		if (block != 0 && p->end - p->start > block &&
		    places_add(m, pl, p->name, "", p->start, p->end - block))
			snprintf(pl->place[pl->n - 1].before, sizeof(name),
			    "%s", name);
	}
}

void
places_find(const struct medium *m, struct places *pl)
{

	pl->n = 0;
	pl->more = 0;
	(void)places_add(m, pl, "disk", "", 0, m->size);
	parttable_find(m, pl);
	find_behind(m, pl);
}
