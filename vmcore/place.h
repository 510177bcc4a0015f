/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The places of a medium where a dump can end: the ends of whatever a kernel
 * may have used as a dump device.
 */

#ifndef _PLACE_H_
#define	_PLACE_H_

#include "medium.h"

struct place {
	char		name[16];	/* "disk", "s1", "s1b", "b", "p3" */
	char		before[20];	/* what follows it, or "" */
	uint64_t	start;		/* bytes of the medium */
	uint64_t	end;		/* exclusive */
};

/* The number of places that are searched, whatever the tables say. */
#define	PLACES_MAX	256

struct places {
	struct place	place[PLACES_MAX];
	u_int		n;
	int		more;		/* there are more than these */
};

/* Find the places of a medium; the first is all of it. */
void	places_find(const struct medium *m, struct places *pl);

/*
 * Add a place, if it is on the medium and new.  "name" is the name of what it
 * is in, and "part" is appended to it.  Returns whether it was added.
 */
int	places_add(const struct medium *m, struct places *pl, const char *name,
	    const char *part, uint64_t start, uint64_t end);

/* Add the partitions in the medium's tables. */
void	parttable_find(const struct medium *m, struct places *pl);

/*
 * Read the last MEDIUM_MAXBLOCK bytes before "end".  Bits of "*bad" say which
 * MEDIUM_BLOCKs could not be read; these, and bytes before the medium, are
 * zero.
 */
void	place_tail(const struct medium *m, uint64_t end, char *buf,
	    u_int *bad);

#endif /* !_PLACE_H_ */
