/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Where on a medium a dump can end: at the end of what a kernel may have had
 * as a dump device.
 */

#ifndef _PLACE_H_
#define	_PLACE_H_

#include "medium.h"

struct place {
	char		name[16];	/* "disk", "s1", "s1b", "b", "p3" */
	char		behind[20];	/* what stands behind it, or "" */
	uint64_t	start;		/* bytes of the medium */
	uint64_t	end;		/* exclusive */
};

/* No more than these are looked at, whatever the tables say. */
#define	PLACES_MAX	256

struct places {
	struct place	place[PLACES_MAX];
	u_int		n;
	int		more;		/* there are more than these */
};

/* Find the places of a medium: the whole of it is the first. */
void	places_find(const struct medium *m, struct places *pl);

/*
 * Add a place, if it is on the medium and not there yet: "name" is that of what
 * it is in, and "part" is put behind it.  Returns whether it is new.
 */
int	places_add(const struct medium *m, struct places *pl, const char *name,
	    const char *part, uint64_t start, uint64_t end);

/* Add the partitions of the medium, as its tables tell them. */
void	parttable_find(const struct medium *m, struct places *pl);

/*
 * Read the last MEDIUM_MAXBLOCK bytes before "end"; bits of "*bad" tell which
 * of their MEDIUM_BLOCKs could not be read.  What is not there is zero.
 */
void	place_tail(const struct medium *m, uint64_t end, char *buf,
	    u_int *bad);

#endif /* !_PLACE_H_ */
